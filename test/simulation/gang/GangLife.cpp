//===- GangLife.cpp - One process with a run that has a gang --------------===//

#include "test/simulation/gang/GangLife.h"

#include "runtime/checkpoint/Manifest.h"
#include "runtime/gang/Leftovers.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/membership/View.h"
#include "test/simulation/HistoryChecker.h"

#include <algorithm>
#include <set>

namespace weft::simulation {
namespace {

constexpr journal::RunId theRun{7, 7};

/// Each loss takes one slot out, from one step on: for good, or to a step from which all slots began anew. Every way of
/// doing so is tried.
class Admissible {
public:
  Admissible(const LoopShape &shape, const std::vector<value::Value> &inputs, const std::vector<float> &result,
             std::set<std::uint64_t> ends)
      : shape(shape), inputs(inputs), result(result), ends(std::move(ends)) {}

  bool with(const std::vector<std::uint64_t> &contributors, int losses) const {
    if (result == loopReference(shape, inputs, contributors))
      return true;
    if (losses == 0)
      return false;
    for (std::uint32_t slot = 0; slot < shape.slots; ++slot)
      for (std::uint64_t from = 0; from < shape.steps; ++from)
        for (auto end = ends.upper_bound(from); end != ends.end(); ++end) {
          std::vector<std::uint64_t> fewer = contributors;
          for (std::uint64_t step = from; step < *end; ++step)
            fewer[step] &= ~(1ULL << slot);
          bool nobody = std::find(fewer.begin(), fewer.end(), 0) != fewer.end();
          if (!nobody && fewer != contributors && with(fewer, losses - 1))
            return true;
        }
    return false;
  }

private:
  const LoopShape &shape;
  const std::vector<value::Value> &inputs;
  const std::vector<float> &result;
  std::set<std::uint64_t> ends; ///< Of a slot's absence.
};

} // namespace

std::vector<std::uint64_t> GangHistory::viewSteps() const {
  std::vector<std::uint64_t> steps;
  for (const journal::Record &record : records)
    if (record.kind == journal::RecordKind::gangEpoch)
      if (auto view = membership::decodeView(record.body))
        steps.push_back(view->fromStep);
  return steps;
}

std::vector<std::uint64_t> GangHistory::checkpointSteps() const {
  std::vector<std::uint64_t> steps;
  for (const journal::Record &record : records)
    if (record.kind == journal::RecordKind::checkpoint)
      if (auto manifest = checkpoint::decodeManifest(record.body))
        steps.push_back(manifest->step);
  return steps;
}

std::string GangHistory::fault(const LoopShape &shape, const std::vector<value::Value> &inputs, int losses) const {
  std::string said;
  for (const std::string &error : errors)
    said += error + "; ";
  if (!end)
    return "the run has not ended; " + said;
  if (end->state != frame::EndState::succeeded)
    return "the run failed: " + end->failure.why + "; " + said;
  for (const std::string &sentence : checkHistory({records, {}, {}}))
    said += sentence + "; ";
  if (!said.empty())
    return said;
  std::vector<std::uint64_t> everybody(shape.steps, (1ULL << shape.slots) - 1);
  std::set<std::uint64_t> ends{shape.steps};
  for (const journal::Record &record : records)
    if (record.kind == journal::RecordKind::gangEpoch)
      if (auto view = membership::decodeView(record.body); view && view->complete())
        ends.insert(view->fromStep);
  std::vector<float> result = floatsOf(end->value);
  return Admissible(shape, inputs, result, std::move(ends)).with(everybody, losses)
             ? ""
             : "the result is the state of no admissible contributors";
}

GangLife::GangLife(io::Doors &doors, std::shared_ptr<const plan::Plan> sharedPlan, std::vector<value::Value> operands,
                   GangLifeOptions options, GangHistory &history)
    : history(history), plan(std::move(sharedPlan)), inputs(std::move(operands)) {
  auto opened = journal::openSqliteJournal(doors, options.folder + "/journal");
  if (!opened) {
    history.errors.push_back(opened.error().message);
    return;
  }
  journal = options.wrap ? options.wrap(*std::move(opened)) : *std::move(opened);
  gang::removeLeftovers(doors, *journal, options.checkpoints());
  cli::LocalGangOptions local;
  local.runner = std::move(options.runner);
  local.runner.pieceBytes = 64;
  local.runner.checkpointFolder = options.checkpoints();
  if (options.worker)
    local.worker = [worker = std::move(options.worker)](std::uint64_t, std::uint32_t slot, int pid,
                                                        const std::string &where) { worker(slot, pid, where); };
  if (options.progress)
    local.progress = [progress = std::move(options.progress)](std::uint64_t, std::uint32_t,
                                                              std::span<const gang::StepReport> reports) {
      progress(reports);
    };
  gangs.emplace(
      doors, [this]() -> frame::RunLoop & { return *loop; }, std::move(local));
  frame::RunLoopOptions loopOptions;
  loopOptions.jitter = false;
  loop = std::make_unique<frame::RunLoop>(
      doors, *journal, *this, [](const plan::Plan &, std::uint32_t) { return nullptr; }, gangs->starter(), loopOptions);
  journal->head(theRun, [this](base::Result<journal::RunHead> head) {
    if (head)
      loop->resume(theRun, plan);
    else
      loop->start(theRun, plan, 0, inputs, 1);
  });
}

void GangLife::ended(journal::RunId, const frame::RunEnd &end) {
  history.end = end;
  journal->read(theRun, 0, [this](base::Result<std::vector<journal::Record>> records) {
    if (records)
      history.records = *std::move(records);
    else
      history.errors.push_back(records.error().message);
  });
}

} // namespace weft::simulation
