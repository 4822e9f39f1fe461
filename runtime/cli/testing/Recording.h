//===- Recording.h - Calls of a run, kept to be answered again ------------===//
//
// `weft run --record FILE` writes what models, tools and people answered, and
// `replay "FILE"` in a test answers from it. The file is JSON with a line for
// each call, so that a change of it can be read:
//
//   {"call":"docs.read","arguments":{"path":"a.txt"},"gives":"…","milliseconds":3}
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/base/Result.h"
#include "runtime/frame/RunLoop.h"
#include "runtime/plan/Plan.h"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weft::cli {

/// "docs.read", or "local" for a model, or the agent that asks for a person.
std::string memberName(const plan::Plan &plan, std::uint32_t member);

/// One attempt that has ended.
struct RecordedCall {
  std::string call;      ///< As `memberName` says it.
  std::string arguments; ///< Canonical JSON: an object by parameter; of a person `{"prompt":…}`.
  std::string gives;     ///< Canonical JSON; empty when it failed.
  base::Failure failure;
  std::int64_t tokensIn = 0, tokensOut = 0, costNano = 0;
  std::int64_t milliseconds = 0;
};

constexpr std::uint64_t maxRecordingBytes = 256 << 20;

class Recording {
public:
  /// Errors: `invalid`, with the place and what was expected.
  static base::Result<Recording> read(std::string_view text);
  std::string text() const;

  /// Calls with the same name and arguments are answered in the order in which they are added.
  void add(RecordedCall call);
  /// What the call was answered when it was made for the `time`th time, counted from 0, the last one from then on; null
  /// when it was never made.
  const RecordedCall *find(const std::string &call, const std::string &arguments, std::size_t time) const;

private:
  std::vector<RecordedCall> calls;
  std::map<std::pair<std::string, std::string>, std::vector<std::size_t>> byCall;
};

/// The arguments as they stand in a recording. Errors: those of value::toJson, for functions and agents.
base::Result<std::string> recordedArguments(const plan::Plan &plan, std::uint32_t member,
                                            std::span<const value::Value> args);
std::string recordedPrompt(std::string_view prompt);

/// What the recording says, as a value of the type. Errors: `invalid`, where the recorded JSON is not of it.
base::Result<value::Value> recordedValue(const plan::Plan &plan, const RecordedCall &call, std::uint32_t type);

/// Writes what passes through it, and what it cannot write into `trouble`.
class RecordingDriver final : public agent::Driver {
public:
  RecordingDriver(io::Clock &clock, std::shared_ptr<const plan::Plan> plan, std::unique_ptr<agent::Driver> inner,
                  Recording &recording, std::string &trouble)
      : clock(clock), plan(std::move(plan)), inner(std::move(inner)), recording(recording), trouble(trouble) {}

  void start(agent::CallRequest request, Done done) override;
  void cancel(agent::CallId id) override { inner->cancel(id); }

private:
  io::Clock &clock;
  std::shared_ptr<const plan::Plan> plan;
  std::unique_ptr<agent::Driver> inner;
  Recording &recording;
  std::string &trouble;
};

/// Notes what a person has answered.
void recordAnswer(const plan::Plan &plan, const frame::Question &question, const value::Value &answer,
                  Recording &recording, std::string &trouble);

} // namespace weft::cli
