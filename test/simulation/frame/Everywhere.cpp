//===- Everywhere.cpp - Killed at every record, evicted at every rest -----===//

#include "test/simulation/frame/Everywhere.h"

#include <algorithm>
#include <map>

namespace weft::test {
namespace {

bool sameEnd(const Ended &one, const Ended &other) {
  return one.state == other.state && one.value == other.value && one.failure == other.failure && one.step == other.step;
}

std::string show(const Ended &end) {
  if (end.state == frame::EndState::succeeded)
    return "success";
  return std::string(base::name(end.failure.kind)) + " '" + end.failure.why + "' in " + end.step;
}

bool plainWriteCut(const FrameWorld &world, const plan::Plan &plan) {
  return std::any_of(world.calls.begin(), world.calls.end(), [&](const CallSeen &call) {
    return call.inFlightAtCrash && plan.members[call.member].effect >= plan::Effect::write_undo;
  });
}

void examine(const Scenario &scenario, FrameWorld &world, const Ended *undisturbed, const std::string &where,
             Everywhere &result) {
  ++result.points;
  const Ended &end = world.finish();
  auto report = [&](const std::string &what) { result.wrong.push_back(where + ": " + what); };
  for (const std::string &error : world.wrong)
    report(error);
  for (const std::string &error : historyErrors(world, *scenario.plan))
    report(error);
  for (const std::string &refusal : world.refusals)
    if (!refusal.starts_with("no question waits")) // a person may answer after the scope of the question has failed
      report("refused: " + refusal);
  bool unknown = end.failure.kind == base::FailKind::unknownOutcome && end.state == frame::EndState::failed;
  if (unknown && plainWriteCut(world, *scenario.plan)) {
    ++result.unknownOutcomes;
  } else if (scenario.judge) {
    if (auto error = scenario.judge(world, end))
      report(*error);
  } else if (undisturbed && !sameEnd(end, *undisturbed)) {
    report("ends with " + show(end) + ", undisturbed with " + show(*undisturbed));
  }
}

void begin(const Scenario &scenario, FrameWorld &world) {
  if (scenario.scripts)
    scenario.scripts(world);
  world.start(scenario.entry, scenario.args, scenario.environment);
}

std::pair<Ended, std::size_t> undisturbedRun(const Scenario &scenario, Everywhere &result) {
  FrameWorld world(scenario.plan, scenario.options);
  begin(scenario, world);
  examine(scenario, world, nullptr, "undisturbed", result);
  return {*world.ended, world.journal.size()};
}

} // namespace

std::vector<std::string> historyErrors(const FrameWorld &world, const plan::Plan &plan) {
  std::vector<std::string> errors;
  std::map<std::pair<base::Hash128, std::uint32_t>, std::vector<const CallSeen *>> sends;
  std::map<base::Hash128, std::string> keys;
  for (const CallSeen &call : world.calls) {
    std::string name = "call of '" + std::string(plan.members[call.member].name) + "'";
    auto &before = sends[{call.path, call.attempt}];
    if (!before.empty()) {
      const CallSeen &last = *before.back();
      if (!last.inFlightAtCrash)
        errors.push_back(name + " was made again, the first was not in flight when the process died");
      else if (plan.members[call.member].effect >= plan::Effect::write_undo)
        errors.push_back(name + ", a write that is not idempotent, was made again");
      if (before.size() > static_cast<std::size_t>(world.deaths))
        errors.push_back(name + " was made more than once more");
    }
    before.push_back(&call);
    auto [key, isNew] = keys.emplace(call.path, call.onceKey);
    if (!isNew && key->second != call.onceKey)
      errors.push_back(name + " carries another idempotency key at another attempt");
    // What the journal knew when it left.
    std::size_t from = 0;
    for (std::size_t i = 0; i < call.durableThen && i < world.journal.size(); ++i)
      if (world.journal[i].kind == journal::RecordKind::signal)
        if (auto body = frame::decodeBody(journal::RecordKind::signal, world.journal[i].body);
            body && std::get<frame::SignalBody>(*body).what == frame::SignalBody::What::retry)
          from = i;
    for (std::size_t i = from; i < call.durableThen && i < world.journal.size(); ++i) {
      const journal::Record &record = world.journal[i];
      if (record.kind != journal::RecordKind::outcome || record.key.path != call.path)
        continue;
      auto body = frame::decodeBody(record.kind, record.body);
      auto status = std::get<frame::OutcomeBody>(*body).status;
      if (status == frame::OutcomeBody::Status::ok)
        errors.push_back(name + " was made although its answer is in the journal");
      else if (status == frame::OutcomeBody::Status::failed && record.key.attempt == call.attempt)
        errors.push_back(name + ": an attempt was made again although its failure is in the journal");
    }
  }
  for (const auto &[key, times] : world.applied) {
    auto call =
        std::find_if(world.calls.begin(), world.calls.end(), [&](const CallSeen &one) { return one.onceKey == key; });
    // One that can be taken back is, and made again.
    if (times > 1 && plan.members[call->member].effect == plan::Effect::write)
      errors.push_back("a write took effect " + std::to_string(times) + " times");
  }
  return errors;
}

Everywhere crashEverywhere(const Scenario &scenario) {
  Everywhere result;
  auto [undisturbed, records] = undisturbedRun(scenario, result);
  for (std::uint64_t at = 0; at < records; ++at)
    for (bool torn : {false, true}) {
      WorldOptions options = scenario.options;
      options.crashAtRecord = at;
      options.tearLast = torn;
      FrameWorld world(scenario.plan, options);
      begin(scenario, world);
      std::string where = "killed after record " + std::to_string(at) + (torn ? ", the next one torn" : "");
      examine(scenario, world, &undisturbed, where, result);
      if (world.deaths == 0)
        result.wrong.push_back(where + ": did not die");
    }
  return result;
}

Everywhere crashTwice(const Scenario &scenario, std::uint64_t first) {
  Everywhere result;
  auto [undisturbed, records] = undisturbedRun(scenario, result);
  for (std::uint64_t second = first; second <= records + 2; ++second) {
    WorldOptions options = scenario.options;
    options.crashAtRecord = first;
    FrameWorld world(scenario.plan, options);
    begin(scenario, world);
    world.run();
    if (world.dead()) {
      world.crashAt(second);
      world.restart();
    }
    examine(scenario, world, &undisturbed,
            "killed after records " + std::to_string(first) + " and " + std::to_string(second), result);
  }
  return result;
}

Everywhere evictEverywhere(const Scenario &scenario) {
  Everywhere result;
  Ended undisturbed = undisturbedRun(scenario, result).first;
  WorldOptions options = scenario.options;
  options.evictAlways = true;
  FrameWorld world(scenario.plan, options);
  begin(scenario, world);
  examine(scenario, world, &undisturbed, "evicted at every rest", result);
  result.points = world.evictions;
  return result;
}

} // namespace weft::test
