//===- GangReader.cpp - The tables of a gang to plain structs -------------===//

#include "runtime/plan/GangReader.h"

#include "runtime/plan/TableReading.h"

#include <algorithm>

namespace weft::plan {
namespace {

Port portFrom(const fb::Port &port) {
  return {port.value(),         port.buffer(),          static_cast<base::ElementType>(port.dtype()),
          copied(port.whole()), copied(port.offsets()), copied(port.sizes())};
}

Role roleFrom(const fb::Role &role) {
  return {copied(role.slots()),
          copied(role.arenas()),
          structs(role.buffers()),
          structs(role.actors()),
          numbers(role.indices()),
          tables<Port>(role.inputs(), portFrom),
          tables<Port>(role.outputs(), portFrom),
          tables<Port>(role.states(), portFrom),
          copied(role.kept()),
          tables<Port>(role.feeds(), portFrom),
          tables<Port>(role.reports(), portFrom),
          index(role.step()),
          copied(role.storages())};
}

} // namespace

Gang gangFrom(const fb::Gang &gang) {
  Gang out;
  out.name = text(gang.name());
  out.mesh = gang.mesh();
  out.roles = tables<Role>(gang.roles(), roleFrom);
  out.states = tables<State>(gang.states(), [](const fb::State &state) {
    return State{text(state.name()), state.type(), copied(state.shard_dims()), state.replicas(), index(state.init())};
  });
  out.params = copied(gang.params());
  out.results = copied(gang.results());
  out.checkpointEvery = gang.checkpoint_every();
  out.stableId = gang.stable_id();
  out.steps = gang.steps();
  out.sources = tables<TextSource>(gang.sources(), [](const fb::TextSource &source) {
    return TextSource{text(source.files()), source.context(), source.batch(), source.seed(), source.held_out()};
  });
  out.feeds = tables<Feed>(gang.feeds(), [](const fb::Feed &feed) {
    return Feed{feed.source(), feed.part(), feed.type()};
  });
  out.reports = tables<Report>(gang.reports(), [](const fb::Report &report) {
    return Report{text(report.name()), report.type()};
  });
  out.checkpointKeep = std::max(1u, gang.checkpoint_keep());
  out.checkpointTo = text(gang.checkpoint_to());
  out.paramNames = texts(gang.param_names());
  out.files = tables<FileOperand>(gang.files(), [](const fb::FileOperand &file) {
    return FileOperand{file.operand(), text(file.file()), text(file.tensor())};
  });
  if (const fb::Evaluation *evaluation = gang.evaluation())
    out.evaluation = Evaluation{evaluation->gang(), copied(evaluation->states()), evaluation->batches()};
  return out;
}

bool trains(const Gang &gang) {
  bool roles = std::any_of(gang.roles.begin(), gang.roles.end(), [](const Role &role) {
    return !role.feeds.empty() || !role.reports.empty() || role.step != noIndex;
  });
  return roles || !gang.sources.empty() || !gang.feeds.empty() || !gang.reports.empty() || gang.checkpointKeep > 1 ||
         !gang.checkpointTo.empty() || !gang.files.empty() || gang.evaluation;
}

} // namespace weft::plan
