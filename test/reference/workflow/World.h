//===- World.h - What a program asks of the world around it ---------------===//
//
// The reference answers nothing itself: each call, each winner, each tensor is
// asked here, with the place it stands at. ScriptedWorld answers from a table;
// the harness of test/integration/oracle answers from a journal.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/workflow/Json.h"
#include "test/reference/workflow/Value.h"

#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace weft::reference::workflow {

/// One form or call on the way to a place: `for` number 3 of line 12.
struct Step {
  enum class Kind : std::uint8_t { call, forEach, loop, race, vote, repair } kind = Kind::call;
  source::Location at;
  std::uint32_t iteration = 0;
  bool inOrder = false; ///< Of `for`: `parallel 1`, its iterations come one after the other.
  bool operator==(const Step &) const = default;
};

/// Where a call stands in this run: the steps around it, outermost first, itself last.
struct Place {
  std::vector<Step> steps;
  std::uint32_t attempt = 0;
  std::optional<source::Location> agent = {}; ///< Of a model: where the agent with the prompt is declared.
};

class World {
public:
  virtual ~World() = default;

  /// The raw text of a model. `name` is the model's.
  virtual std::string model(const Place &place, const std::string &name, const std::string &system,
                            const std::string &prompt) = 0;
  /// The answer of a tool, "docs.read", as JSON of its result type. `arguments` is a list.
  virtual Json member(const Place &place, const std::string &name, const Json &arguments) = 0;
  /// A person's answer as JSON of the type asked.
  virtual Json person(const Place &place, const std::string &agent, const std::string &prompt) = 0;
  /// The world does not know who wins: the first arm, as written, that succeeds.
  virtual bool firstArmWins() { return false; }
  /// Arm that won; nothing if all failed.
  virtual std::optional<std::uint32_t> raceWinner(const Place &place, std::uint32_t arms) = 0;
  /// Of what is hedged: whether the second activation's end counts. The last step of `place` is the first one.
  virtual bool secondCounts(const Place &) { return false; }
  /// Samples kept, in order of success.
  virtual std::vector<std::uint32_t> voteKept(const Place &place, std::int64_t keep, std::int64_t samples) = 0;
  /// The failure that ended the body of the `try` at `at`; nothing where the order of the source decides. In a body of
  /// which several things fail, it is a matter of time which one did first.
  virtual std::optional<Failure> failureThatWon(const Place &, source::Location) { return std::nullopt; }
  virtual std::string environment(const std::string &name) = 0;
  /// Result of a tensor function on values: floats and tensors.
  virtual Value tensor(const Place &place, const sema::Symbol *fn, const Values &arguments) = 0;
  virtual std::string now(const Place &place) = 0;
  virtual double random(const Place &place) = 0;
  virtual std::string uuid(const Place &place) = 0;
  /// What the program streams.
  virtual void emitted(const Json &) {}

  /// A call of a test that a mock is about to answer; `arguments` is a list.
  virtual void mocked(const Place &, const sema::Symbol *, const Json & /*arguments*/) {}
  /// A name of this moment, for `cutShort`.
  virtual std::size_t mark() { return 0; }
  /// What was called since that moment may as well not have been called: a failure ended what held it, and time decides
  /// what was called by then.
  virtual void cutShort(std::size_t /*mark*/) {}
  /// Whether iterations of a `for` beside the one that failed are looked into: they may have been under way.
  virtual bool looksAside() { return false; }
};

/// Answers by name and arguments: what a call was sent decides what it gives. A name with several answers for the same
/// arguments gives them in turn, the last one stays. Throws Unsupported where nothing answers.
class ScriptedWorld : public World {
public:
  struct Answer {
    Json value;
    std::optional<Failure> failure;
  };

  /// `arguments` is the JSON list of the arguments; of models and people [prompt]. Empty text: any arguments.
  void answer(const std::string &name, const std::string &arguments, Answer answer);
  std::vector<std::uint32_t> winners; ///< Of races, in the order they are met.
  std::vector<std::vector<std::uint32_t>> kept;
  std::optional<Failure> won; ///< Whatever `try` it is.
  std::map<std::string, std::string> variables;
  std::vector<std::string> log; ///< name(arguments) of each call, as they were made.
  std::vector<Json> stream;

  std::string model(const Place &, const std::string &name, const std::string &system,
                    const std::string &prompt) override;
  Json member(const Place &, const std::string &name, const Json &arguments) override;
  Json person(const Place &, const std::string &agent, const std::string &prompt) override;
  std::optional<std::uint32_t> raceWinner(const Place &, std::uint32_t arms) override;
  std::vector<std::uint32_t> voteKept(const Place &, std::int64_t keep, std::int64_t samples) override;
  std::optional<Failure> failureThatWon(const Place &, source::Location) override { return won; }
  std::string environment(const std::string &name) override;
  Value tensor(const Place &, const sema::Symbol *fn, const Values &arguments) override;
  std::string now(const Place &) override { return "2026-01-02T03:04:05Z"; }
  double random(const Place &) override { return 0.25; }
  std::string uuid(const Place &) override { return "00000000-0000-4000-8000-000000000000"; }
  void emitted(const Json &value) override { stream.push_back(value); }

private:
  Json answered(const std::string &name, const Json &arguments);
  std::map<std::pair<std::string, std::string>, std::deque<Answer>> answers;
  std::size_t races = 0, votes = 0;
};

} // namespace weft::reference::workflow
