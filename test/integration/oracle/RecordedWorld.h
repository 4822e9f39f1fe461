//===- RecordedWorld.h - A world that answers from a recording ------------===//
#pragma once

#include "test/integration/oracle/Recording.h"

namespace weft::oracle {

/// A call is found by its place. Where the run made equal reads once, the others are found by name and arguments. Where
/// it put a body in place of its call, by the step's own place: each answer once, in program order.
class RecordedWorld : public reference::World {
public:
  using Tensors = std::function<reference::Value(const sema::Symbol *fn, const reference::Values &arguments)>;

  RecordedWorld(const Recording &recording, Tensors tensors) : recording(recording), tensors(std::move(tensors)) {}

  std::string model(const reference::Place &place, const std::string &name, const std::string &system,
                    const std::string &prompt) override;
  reference::Json member(const reference::Place &place, const std::string &name,
                         const reference::Json &arguments) override;
  reference::Json person(const reference::Place &place, const std::string &agent, const std::string &prompt) override;
  std::optional<std::uint32_t> raceWinner(const reference::Place &place, std::uint32_t arms) override;
  bool secondCounts(const reference::Place &place) override;
  std::vector<std::uint32_t> voteKept(const reference::Place &place, std::int64_t keep, std::int64_t samples) override;
  std::optional<reference::Failure> failureThatWon(const reference::Place &place, source::Location at) override;
  std::string environment(const std::string &name) override;
  reference::Value tensor(const reference::Place &, const sema::Symbol *fn,
                          const reference::Values &arguments) override;
  std::string now(const reference::Place &place) override;
  double random(const reference::Place &place) override;
  std::string uuid(const reference::Place &place) override;

  std::size_t answered = 0;
  bool usedTensors = false;

private:
  reference::Json answer(const reference::Place &place, const std::string &name, const reference::Json &arguments);
  const Answer *inFront(const reference::Place &place, const std::string &name) const;

  const Recording &recording;
  Tensors tensors;
  std::map<std::string, const Answer *> made; ///< By name and arguments.
  std::set<const Answer *> used;
};

} // namespace weft::oracle
