//===- Session.h - One run on this process, from the journal to the exit code =//
//
// What `run`, `resume` and `answer` share: the project's journal, a run loop
// with drivers and gangs, progress, Ctrl-C, the result on standard output.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/Progress.h"
#include "runtime/cli/Project.h"
#include "runtime/cli/testing/Recording.h"
#include "runtime/cli/wiring/LocalGangs.h"
#include "runtime/frame/RunLoop.h"
#include "runtime/journal/Journal.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::cli {

/// Of a step's number, on the screen.
constexpr std::size_t stepDigits = 8;

struct SessionOptions {
  bool quiet = false;
  bool stream = false; ///< Print what the run emits, one line of JSON each, before the result.
  std::string record;  ///< The file that calls and answers are added to; empty: none.
};

/// Opens the journal of a project. Errors: busy (the message names the process that has it), and what the journal
/// finds.
base::Result<std::unique_ptr<journal::Journal>> openJournal(io::Doors &doors, const Project &project);

/// The run that a person means: "last", or any beginning or end of its id, or a beginning of what is shown of it, that
/// fits one run only. Errors: notFound,
/// invalid with the candidates.
base::Result<journal::RunHead> findRun(io::AsioRuntime &runtime, journal::Journal &journal, const std::string &name);

/// All heads, oldest first.
base::Result<std::vector<journal::RunHead>> listRuns(io::AsioRuntime &runtime, journal::Journal &journal);

/// The agent that asks: the binding of a person without its ending.
std::string askerName(const plan::Plan &plan, std::uint32_t member);
/// A question as a person sees it: who asks, what, what an answer looks like, and the command that gives it.
std::string questionText(const plan::Plan &plan, journal::RunId run, std::uint32_t member, std::string_view prompt,
                         const std::string &step);

/// How runs are called on the screen: the end of the id, which is random.
std::string shortName(journal::RunId run);

/// The result of a run on standard output; gives the exit code. What standard output does not take is not lost: the
/// code is `interrupted` then, and resuming prints it again.
int printResult(const plan::Plan &plan, const plan::Entry &entry, journal::RunId run, const value::Value &value);

/// The run's durable records from `fromLsn` on, oldest first, blobs not loaded.
base::Result<std::vector<journal::Record>> readRecords(io::AsioRuntime &runtime, journal::Journal &journal,
                                                       journal::RunId run, std::uint64_t fromLsn = 0);

class Session final : public frame::RunListener {
public:
  Session(io::AsioRuntime &runtime, Project project, std::unique_ptr<journal::Journal> journal,
          std::shared_ptr<const plan::Plan> plan, SessionOptions options);
  ~Session();

  /// Runs to the end, until it parks, or until it is interrupted; prints the result; gives the exit code.
  int start(std::uint32_t entry, std::vector<value::Value> args);
  int resume(const journal::RunHead &head, frame::ResumeReason reason);
  /// Resumes the run and answers its question; `step` (the agent that asks, or any beginning of the step's number) says
  /// which, where there are several.
  int answer(const journal::RunHead &head, const std::string &step, const std::string &typed);

  /// Ends a run whose journal says that it is cancelled.
  int cancel(const journal::RunHead &head);

private:
  void ended(journal::RunId run, const frame::RunEnd &end) override;
  void parked(journal::RunId run, std::uint64_t questions, std::int64_t wakeWallNs) override;
  void asked(journal::RunId run, const frame::Question &question) override;
  void answerRefused(journal::RunId run, base::Hash128 step, std::string_view why) override;
  void emitted(journal::RunId run, const journal::StepKey &key, const value::Value &value) override;
  void stopped(journal::RunId run) override;
  void refused(journal::RunId run, const base::Error &error) override;
  void observed(const observe::Event &event) override;
  void journalFailed(const base::Error &error) override;

  void begun(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin);
  void written(std::string_view name, base::Hash128 path, std::string_view text);
  void learned(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports);
  base::Result<> makeDrivers();
  int drive(journal::RunId run);
  /// What is recorded is written; what keeps it from being is told.
  int recorded(int code);
  base::Result<> readRecording();
  int finish(int exitCode, const std::string &message = "");
  int waitingForPeople(journal::RunId run);
  base::Result<const frame::Question *> questionMeant(const std::string &step) const;
  base::Result<> takeUp(const journal::RunHead &head);
  std::string failureText() const;
  /// Of a run that failed: what resuming it does.
  std::string howToGoOn() const;
  /// Of a run that has ended: ": it failed, …".
  std::string howItEnded() const;
  void runtimeExit();

  io::AsioRuntime &runtime;
  Project project;
  std::unique_ptr<journal::Journal> journal;
  std::shared_ptr<const plan::Plan> plan;
  SessionOptions options;
  std::optional<Progress> progress;
  std::optional<LocalGangs> gangs;
  std::vector<std::unique_ptr<agent::Driver>> drivers;
  std::unique_ptr<frame::RunLoop> loop;

  std::vector<std::pair<std::string, std::string>> environment;
  const plan::Entry *entry = nullptr;
  journal::RunId current;
  std::optional<int> code;
  std::optional<frame::RunEnd> end;
  Recording recording;
  std::string recordingTrouble;
  std::vector<frame::Question> questions; ///< Open ones, in the order in which they were asked.
  std::optional<base::Hash128> answered;
  std::string refusedAnswer;
  bool waits = false, interrupts = false;
};

} // namespace weft::cli
