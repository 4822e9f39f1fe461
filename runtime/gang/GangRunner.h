//===- GangRunner.h - Gangs as forked workers on this machine -------------===//
//
// One process per slot, one shared segment per gang. A worker that dies is
// noticed by its process, not by a timeout, and its slot is given to a new one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/io/Doors.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weft::gang {

struct GangEnd {
  std::optional<std::vector<value::Value>> results;
  base::Failure failure; ///< Where there are no results.
};

struct GangCall {
  std::uint64_t id = 0; ///< The caller's name for it.
  std::uint32_t gang = 0;
  std::vector<value::Value> inputs;
  base::Bytes lastView; ///< Body of the last view journaled for this step, or empty.
};

class GangRunner {
public:
  struct Handlers {
    /// A view that must be durable before the gang acts under it: answer with `durable(id)`.
    std::function<void(std::uint64_t id, base::Bytes view)> report;
    /// Once per call, never inside `start`.
    std::function<void(std::uint64_t id, GangEnd end)> ended;
    /// A worker was started (`pid`) or lost (0, and `where` its slot stood); for progress.
    std::function<void(std::uint64_t id, std::uint32_t slot, int pid, const std::string &where)> worker;
  };

  struct Options {
    /// Work of one turn on a board: see StepSpec.
    std::uint32_t pieceBytes = 512 * 1024;
    /// Of each worker's device; 0 is no bound.
    std::uint64_t memoryLimitBytes = 0;
    /// See WorkerSetup; runs in the worker.
    std::function<void(std::uint64_t member, std::uint64_t piece)> beforePiece = {};
  };

  /// `doors` outlive the runner. Destruction ends all workers.
  GangRunner(io::Doors &doors, Handlers handlers, Options options);
  GangRunner(io::Doors &doors, Handlers handlers) : GangRunner(doors, std::move(handlers), Options()) {}
  ~GangRunner();

  void start(std::shared_ptr<const plan::Plan> plan, GangCall call);
  void durable(std::uint64_t id);
  void cancel(std::uint64_t id);

private:
  struct State;
  std::shared_ptr<State> state;
};

} // namespace weft::gang
