//===- SimulatedModel.h - A model that answers by the clock ---------------===//
//
// Stands in for every model and every folder of a spec, on a virtual clock:
//
//   model    the first token comes 300 ms after a request has left, then 50 tokens a second; four bytes are a token.
//            Prompts of one request are answered side by side, and the request is answered when the longest is. Nothing
//            is remembered from one prompt to the next: that calls with a common beginning stand together is counted
//            and shortens nothing.
//   answer   a function of system prompt, prompt and schema: of the schema's type, as long as the prompt says ("about
//   120
//            words"), else 60 to 120 words, 4 to 14 for a text inside a record.
//   folder   5 ms for a call; files are those that the head of the spec lists, their text a function of their name.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/io/Doors.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace weft::bench {

/// A line `// files: essays/*.md = 40 of 5200 characters` of a spec; `count` is 1 without "40 of".
struct Files {
  std::string pattern;
  std::uint64_t count = 1, characters = 0;
};
std::vector<Files> filesOf(const std::string &spec);

struct Tally {
  std::uint64_t calls = 0;    ///< Of models.
  std::uint64_t requests = 0; ///< That left: several calls may go in one.
  std::uint64_t reads = 0;    ///< Of folders.
  std::uint64_t tokensIn = 0, tokensOut = 0;
  std::uint64_t alike = 0; ///< Calls that begin as the one before them on their model.
};

/// Serves all bindings of a plan.
class SimulatedWorld final : public agent::Driver {
public:
  SimulatedWorld(io::Clock &clock, std::shared_ptr<const plan::Plan> plan, std::vector<Files> files, Tally &tally);

  void start(agent::CallRequest request, Done done) override;
  void startTogether(std::vector<agent::CallRequest> requests, Done done) override;
  void cancel(agent::CallId) override {}

private:
  agent::CallOutcome ask(const agent::CallRequest &request);
  agent::CallOutcome look(const agent::CallRequest &request);
  const Files *filesFor(const std::string &name) const;

  io::Clock &clock;
  std::shared_ptr<const plan::Plan> plan;
  std::vector<Files> files;
  Tally &tally;
  std::unordered_map<std::string, value::TypeId> bySchema;
  std::unordered_map<std::uint32_t, std::uint64_t> lastPrefix; ///< By binding.
};

} // namespace weft::bench
