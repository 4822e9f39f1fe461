//===- HistoryChecker.cpp - Does a journal tell what really happened? -----===//

#include "HistoryChecker.h"

#include "runtime/checkpoint/Manifest.h"
#include "runtime/membership/View.h"

#include <algorithm>
#include <map>
#include <set>

namespace weft::simulation {
namespace {

using journal::Record;
using journal::RecordKind;
using journal::RunId;
using journal::StepKey;

using Step = std::pair<RunId, StepKey>;

std::string textOf(const Step &step) {
  const auto &[run, key] = step;
  return "run " + run.hex() + ", step " + key.path.hex() + "/" + std::to_string(key.stableId) + ", iteration " +
         std::to_string(key.iteration) + ", attempt " + std::to_string(key.attempt);
}

class Checker {
public:
  explicit Checker(const History &history) : history(history) {}

  std::vector<std::string> check() {
    checkRecords();
    checkCalls();
    for (const ObservedEffect &effect : history.effects)
      if (!durableBefore(decisions, {effect.run, effect.decision}, effect.durableLsn))
        broken("H8", textOf({effect.run, effect.decision}) + ": '" + effect.what + "' at durable lsn " +
                         std::to_string(effect.durableLsn) + " without a durable decision");
    return std::move(sentences);
  }

private:
  using Lsns = std::map<Step, std::uint64_t>; ///< The first record of its kind.

  void broken(const char *rule, const std::string &what) { sentences.push_back(std::string(rule) + ": " + what); }

  static bool durableBefore(const Lsns &lsns, const Step &step, std::uint64_t durableLsn) {
    auto found = lsns.find(step);
    return found != lsns.end() && found->second <= durableLsn;
  }

  void checkRecords() {
    struct Run {
      std::uint64_t last = 0;
      bool ended = false;
    };
    std::map<RunId, Run> runs;
    std::uint64_t lsn = 0, epoch = 0;
    for (const Record &record : history.records) {
      std::string place = "record " + std::to_string(record.lsn);
      if (record.lsn != lsn + 1)
        broken("H1", place + " follows " + std::to_string(lsn));
      lsn = record.lsn;
      Run &run = runs[record.run];
      if (record.prev != run.last)
        broken("H1", place + " of run " + record.run.hex() + " has prev " + std::to_string(record.prev) +
                         ", the run's last is " + std::to_string(run.last));
      if (record.epoch < epoch)
        broken("H2", place + " has epoch " + std::to_string(record.epoch) + " after " + std::to_string(epoch));
      epoch = std::max(epoch, record.epoch);
      if ((record.kind == RecordKind::runStarted) != (run.last == 0))
        broken("H3", place + " of run " + record.run.hex() +
                         (run.last == 0 ? " comes before its start" : " starts it once more"));
      if (record.kind == RecordKind::runEnded && std::exchange(run.ended, true))
        broken("H3", place + " ends run " + record.run.hex() + " once more");
      run.last = record.lsn;
      Step step{record.run, record.key};
      if (record.kind == RecordKind::intent)
        intents.emplace(step, record.lsn);
      else if (record.kind == RecordKind::outcome)
        outcomes.emplace(step, record.lsn);
      else if (record.kind == RecordKind::decision)
        decisions.emplace(step, record.lsn);
      else if (record.kind == RecordKind::gangEpoch || record.kind == RecordKind::checkpoint)
        checkGang(record, place);
    }
  }

  struct Gang {
    std::uint64_t epoch = 0, safeStep = 0;
  };

  void checkGang(const Record &record, const std::string &place) {
    Gang &gang = gangs[{record.run, record.key.path}];
    if (record.kind == RecordKind::gangEpoch) {
      auto view = membership::decodeView(record.body);
      if (!view)
        return broken("H10", place + ": " + view.error().message);
      if (view->epoch <= gang.epoch)
        broken("H10", place + " is view " + std::to_string(view->epoch) + " after view " + std::to_string(gang.epoch));
      if (view->fromStep < gang.safeStep)
        broken("H11", place + " begins with step " + std::to_string(view->fromStep) + ", the checkpoint is of step " +
                          std::to_string(gang.safeStep));
      gang.epoch = view->epoch;
      return;
    }
    auto manifest = checkpoint::decodeManifest(record.body);
    if (!manifest)
      return broken("H11", place + ": " + manifest.error().message);
    if (manifest->step <= gang.safeStep)
      broken("H11", place + " is a checkpoint of step " + std::to_string(manifest->step) + " after one of step " +
                        std::to_string(gang.safeStep));
    gang.safeStep = manifest->step;
  }

  void checkCalls() {
    std::set<std::tuple<Step, std::uint64_t, std::uint32_t>> made; // with epoch and taking
    std::map<std::string, Step> taken;
    for (const ObservedCall &call : history.calls) {
      Step step{call.run, call.key};
      std::string at = " left at durable lsn " + std::to_string(call.durableLsn);
      if (call.needsIntent && !durableBefore(intents, step, call.durableLsn))
        broken("H4", textOf(step) + at + " without a durable intent");
      if (durableBefore(outcomes, step, call.durableLsn))
        broken("H5", textOf(step) + at + " though its outcome is record " + std::to_string(outcomes[step]));
      if (!made.insert({step, call.epoch, call.taking}).second)
        broken("H6", textOf(step) + at + " a second time in epoch " + std::to_string(call.epoch));
      if (call.tookEffect && !call.idempotencyKey.empty()) {
        auto [other, first] = taken.emplace(call.idempotencyKey, step);
        if (!first)
          broken("H7",
                 textOf(step) + " took effect for '" + call.idempotencyKey + "', as had " + textOf(other->second));
      }
      if (call.durableLsn > 0 && call.durableLsn <= history.records.size() &&
          history.records[call.durableLsn - 1].epoch > call.epoch)
        broken("H9", textOf(step) + at + " by epoch " + std::to_string(call.epoch) + ", the owner is epoch " +
                         std::to_string(history.records[call.durableLsn - 1].epoch));
    }
  }

  const History &history;
  Lsns intents, outcomes, decisions;
  std::map<std::pair<RunId, base::Hash128>, Gang> gangs;
  std::vector<std::string> sentences;
};

} // namespace

std::vector<std::string> checkHistory(const History &history) { return Checker(history).check(); }

} // namespace weft::simulation
