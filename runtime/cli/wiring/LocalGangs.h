//===- LocalGangs.h - A run loop's gangs, as workers of this process ------===//
//
// Between the run loop, which journals, and the gang runner, which forks: what
// one reports the other records, and what is recorded is told back. One wiring
// for `weft`, for its tests, and for the simulator.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/RunLoop.h"
#include "runtime/gang/GangRunner.h"

#include <functional>

namespace weft::cli {

struct LocalGangOptions {
  gang::GangRunner::Options runner;
  /// See GangRunner::Handlers; all may be empty.
  std::function<void(std::uint64_t id, std::uint32_t slot, int pid, const std::string &where)> worker = {};
  std::function<void(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports)> progress = {};
  std::function<void(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin)> begun = {};
  std::function<void(const std::string &text)> notice = {};
};

class LocalGangs {
public:
  /// `loop` is asked for when something is to be told, never inside the constructor: a loop is made after its starter.
  /// The doors outlive this. Destruction ends all workers.
  LocalGangs(io::Doors &doors, std::function<frame::RunLoop &()> loop, LocalGangOptions options = {});

  /// What the loop is made with; valid as long as this lives.
  frame::GangStarter starter();

private:
  gang::GangRunner runner;
};

} // namespace weft::cli
