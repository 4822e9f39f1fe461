//===- GangRunner.h - Gangs as forked workers on this machine -------------===//
//
// One process per slot, one shared segment per gang and view that began anew. A
// worker that dies is noticed by its process, not by a timeout. States that are
// kept over steps are written into a folder per gang and come back from there.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/gang/Message.h"
#include "runtime/gang/Sabotage.h"
#include "runtime/gang/Sources.h"
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

/// What a gang that learns begins with, for people.
struct GangBegin {
  std::uint64_t fromStep = 0;   ///< Of the checkpoint that it goes on from; 0: from the start.
  std::vector<TextTold> texts;  ///< That it learns from.
  std::optional<double> bigram; ///< See Sources::bigram.
};

struct GangCall {
  std::uint64_t id = 0; ///< The caller's name for it.
  std::uint32_t gang = 0;
  std::vector<value::Value> inputs;
  base::Bytes lastView = {};       ///< Body of the last view journaled for this step, or empty.
  base::Bytes lastCheckpoint = {}; ///< Body of the last checkpoint journaled for it, or empty.
  std::string name = {};           ///< The same in every process that runs this step; its checkpoints lie under it.
};

class GangRunner {
public:
  struct Handlers {
    /// A view that must be durable before the gang acts under it: answer with `durable(id)`.
    std::function<void(std::uint64_t id, base::Bytes view)> report;
    /// A checkpoint whose shards are durable: answer with `durable(id)` when its record is. Answers come in the order
    /// of the reports of both kinds. Without this handler no checkpoints are taken.
    std::function<void(std::uint64_t id, base::Bytes manifest)> checkpoint;
    /// Once per call, never inside `start`.
    std::function<void(std::uint64_t id, GangEnd end)> ended;
    /// A worker was started (`pid`) or lost (0, and `where` its slot stood); for progress.
    std::function<void(std::uint64_t id, std::uint32_t slot, int pid, const std::string &where)> worker = {};
    /// Once for each gang that tells of its steps, before its first member is started; for progress.
    std::function<void(std::uint64_t id, std::uint32_t gang, const GangBegin &begin)> begun = {};
    /// A checkpoint is spoiled, and what is gone on from instead; for people.
    std::function<void(const std::string &text)> notice = {};
    /// What steps told, each once and in order, a few times a second; for progress.
    std::function<void(std::uint64_t id, std::uint32_t gang, std::span<const StepReport> reports)> progress = {};
  };

  struct Options {
    /// Work of one turn on a board: see StepSpec.
    std::uint32_t pieceBytes = 512 * 1024;
    /// Of each worker's device; 0 is no bound.
    std::uint64_t memoryLimitBytes = 0;
    /// Of this machine, for the devices of all workers of a gang; each has one at least.
    std::uint32_t threads = 1;
    /// Where gangs keep their checkpoints, each in a folder of its name; empty: none are taken.
    std::string checkpointFolder = {};
    /// The spec's: where patterns of texts, files of weights and folders for what was learned begin.
    std::string specFolder = ".";
    Sabotage sabotage = {};
    /// See WorkerSetup; runs in the worker.
    std::function<void(std::uint64_t member, std::uint64_t piece)> beforePiece = {};
  };

  /// `doors` outlive the runner. Destruction ends all workers.
  GangRunner(io::Doors &doors, Handlers handlers, Options options);
  GangRunner(io::Doors &doors, Handlers handlers) : GangRunner(doors, std::move(handlers), Options()) {}
  ~GangRunner();

  void start(std::shared_ptr<const plan::Plan> plan, GangCall call);
  /// What was reported first and not answered yet is durable. After `ended` with results, and when all reports are
  /// answered: so are the results, and the gang's checkpoints are removed.
  void durable(std::uint64_t id);
  void cancel(std::uint64_t id);

private:
  struct State;
  std::shared_ptr<State> state;
};

} // namespace weft::gang
