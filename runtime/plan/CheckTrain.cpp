//===- CheckTrain.cpp - What a gang reads, reports, evaluates and keeps ---===//
//
// A member fills feeds, reads reports and evaluates without asking again, so
// what it does that with is proved here: shapes of batches, numbers of rank 0,
// and an evaluation that one slot can run alone with what it holds.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckTrain.h"

#include "runtime/plan/CheckStates.h"

#include <algorithm>

namespace weft::plan {
namespace {

bool isTensor(const Plan &plan, std::uint32_t type, base::ElementType element, const std::vector<std::int64_t> &dims) {
  return type < plan.types.size() && plan.types[type].kind == value::TypeKind::tensor &&
         plan.types[type].dtype == element && plan.types[type].dims == dims;
}

/// What is named, told and written has a name, and no two have one.
base::Result<> checkName(std::string_view name, const std::string &place) {
  if (name.empty())
    return broken(place + ": has no name");
  if (name.size() > maxStateNameBytes)
    return broken(place + ": its name has " + number(name.size()) + " bytes, at most " + number(maxStateNameBytes) +
                  " are recorded");
  return {};
}

base::Result<> checkSource(const TextSource &source, const std::string &place) {
  if (source.files.empty() || source.files.find('\0') != std::string_view::npos)
    return broken(place + ": its pattern of files is empty or has a byte 0");
  if (source.context == 0 || source.context > maxContext)
    return broken(place + ": a context of " + number(source.context) + " bytes, wanted 1 to " + number(maxContext));
  if (source.batch == 0 || source.batch > maxBatch)
    return broken(place + ": a batch of " + number(source.batch) + " windows, wanted 1 to " + number(maxBatch));
  if (!(source.heldOut >= 0.0 && source.heldOut < 1.0))
    return broken(place + ": holds out " + std::to_string(source.heldOut) + " of each file, wanted 0 to below 1");
  return {};
}

base::Result<> checkFiles(const Gang &gang, const std::string &name) {
  if (!gang.paramNames.empty() && gang.paramNames.size() != gang.params.size())
    return broken(name + ": names " + number(gang.paramNames.size()) + " of its " + number(gang.params.size()) +
                  " operands");
  for (std::size_t at = 0; at < gang.files.size(); ++at) {
    const FileOperand &file = gang.files[at];
    if (file.operand >= gang.params.size() || (at > 0 && file.operand <= gang.files[at - 1].operand))
      return broken(name + ": file " + number(at) + " gives operand " + number(file.operand) + " of " +
                    number(gang.params.size()) + "; wanted them rising");
    if (file.file.empty() || file.tensor.empty())
      return broken(name + ": operand " + number(file.operand) + " comes from a file or tensor without a name");
  }
  return {};
}

/// The state lies whole in slot 0, which evaluates.
bool heldWhole(const Gang &gang, std::uint32_t state) {
  for (const Role &role : gang.roles)
    if (std::find(role.slots.begin(), role.slots.end(), 0) != role.slots.end())
      for (const Port &port : role.states)
        if (port.value == state && port.sizes == port.whole)
          return true;
  return false;
}

base::Result<> checkEvaluation(const Plan &plan, const Gang &gang, const Evaluation &evaluation,
                               const std::string &name) {
  if (evaluation.gang >= plan.gangs.size() || &plan.gangs[evaluation.gang] == &gang)
    return broken(name + ": is evaluated by gang " + number(evaluation.gang) + " of " + number(plan.gangs.size()) +
                  ", wanted another one");
  const Gang &by = plan.gangs[evaluation.gang];
  std::string place = name + ", evaluated by " + std::string(by.name);
  bool collective = std::any_of(by.roles.begin(), by.roles.end(), [](const Role &role) {
    return std::any_of(role.actors.begin(), role.actors.end(),
                       [](const fb::Actor &actor) { return actor.kind() == fb::ActorKind::collective; });
  });
  if (by.roles.size() != 1 || by.roles.front().slots.size() != 1 || collective)
    return broken(place + ": that runs on more than one slot, wanted one without collectives");
  if (by.steps != 1 || !by.states.empty() || by.evaluation || !by.files.empty())
    return broken(place + ": that has steps, states, files or an evaluation of its own");
  if (by.feeds.empty() || by.reports.empty())
    return broken(place + ": that reads nothing or reports nothing");
  if (evaluation.states.size() != by.params.size())
    return broken(place + ": is given " + number(evaluation.states.size()) + " states for " + number(by.params.size()) +
                  " operands");
  for (std::size_t at = 0; at < evaluation.states.size(); ++at) {
    std::uint32_t state = evaluation.states[at];
    if (state >= gang.states.size() || gang.states[state].type != by.params[at])
      return broken(place + ": operand " + number(at) + " is state " + number(state) + ", which is none of its type");
    if (!heldWhole(gang, state))
      return broken(place + ": slot 0 does not hold the whole of state " + std::string(gang.states[state].name));
  }
  return {};
}

} // namespace

base::Result<> checkSources(const Plan &plan, const Gang &gang, const std::string &name) {
  for (std::size_t at = 0; at < gang.sources.size(); ++at)
    if (auto ok = checkSource(gang.sources[at], name + ", source " + number(at)); !ok)
      return ok;
  for (std::size_t at = 0; at < gang.feeds.size(); ++at) {
    const Feed &feed = gang.feeds[at];
    std::string place = name + ", feed " + number(at);
    if (feed.source >= gang.sources.size() || feed.part > fb::FeedPart::MAX)
      return broken(place + ": reads source " + number(feed.source) + " of " + number(gang.sources.size()) +
                    ", or neither its x nor its y");
    const TextSource &source = gang.sources[feed.source];
    if (!isTensor(plan, feed.type, base::ElementType::i32, {source.batch, source.context}))
      return broken(place + ": wanted i32[" + number(source.batch) + ", " + number(source.context) +
                    "], the batch and context of source " + number(feed.source) + "; it has " +
                    (feed.type < plan.types.size() ? plan.types.text(feed.type) : "no type"));
  }
  if (gang.reports.size() > maxReports)
    return broken(name + ": reports " + number(gang.reports.size()) + " numbers, at most " + number(maxReports));
  for (std::size_t at = 0; at < gang.reports.size(); ++at) {
    const Report &report = gang.reports[at];
    std::string place = name + ", report " + number(at);
    if (auto ok = checkName(report.name, place); !ok)
      return ok;
    for (std::size_t other = 0; other < at; ++other)
      if (gang.reports[other].name == report.name)
        return broken(place + ": has the name of report " + number(other));
    if (!isTensor(plan, report.type, base::ElementType::f32, {}))
      return broken(place + " (" + std::string(report.name) + "): wanted one f32");
  }
  if (gang.checkpointKeep > maxCheckpointsKept)
    return broken(name + ": keeps " + number(gang.checkpointKeep) + " checkpoints, at most " +
                  number(maxCheckpointsKept));
  return checkFiles(gang, name);
}

base::Result<> checkTrain(const Plan &plan, const Gang &gang, const std::string &name) {
  for (std::uint32_t at = 0; at < gang.reports.size(); ++at) {
    bool held = std::any_of(gang.roles.begin(), gang.roles.end(), [&](const Role &role) {
      return std::any_of(role.reports.begin(), role.reports.end(), [&](const Port &port) { return port.value == at; });
    });
    if (!held)
      return broken(name + ": no slot has report " + std::string(gang.reports[at].name));
  }
  return gang.evaluation ? checkEvaluation(plan, gang, *gang.evaluation, name) : base::Result<>();
}

} // namespace weft::plan
