//===- TrainPlan.cpp - A plan whose gang learns from text -----------------===//

#include "test/simulation/gang/TrainPlan.h"

#include "test/simulation/gang/GangDraft.h"

namespace weft::simulation {
namespace {

using namespace plan::fb;
using base::ElementType;

constexpr std::uint64_t placeBytes = trainWidth * sizeof(float);

/// Buffers, each in a place of its own.
void place(RoleT &role, std::uint64_t bytes, ElementType type) {
  role.buffers.emplace_back(role.buffers.size() * placeBytes, bytes, 0, 1, static_cast<std::uint8_t>(type), 0);
  role.arenas = {role.buffers.size() * placeBytes};
}

void placeWindows(RoleT &role) {
  for (int part = 0; part < 2; ++part)
    place(role, trainRows * trainContext * sizeof(std::int32_t), ElementType::i32);
}

std::unique_ptr<PortT> windows(std::uint32_t feed, std::uint32_t buffer, std::uint32_t batch, std::uint32_t slot) {
  return draftPort(feed, buffer, {batch, trainContext}, {slot * trainRows, 0}, {trainRows, trainContext},
                   ElementType::i32);
}

std::unique_ptr<PortT> wholeTable(std::uint32_t value, std::uint32_t buffer) {
  return draftPort(value, buffer, {trainWidth}, {0}, {trainWidth});
}

std::unique_ptr<RoleT> trainRole(const TrainShape &shape, std::uint32_t slot) {
  enum Place : std::uint32_t { table, moments, x, y, step, partial, sum, nextTable, nextMoments, loss };
  auto out = std::make_unique<RoleT>();
  out->slots = {slot};
  for (int state = 0; state < 2; ++state)
    place(*out, placeBytes, ElementType::f32);
  placeWindows(*out);
  place(*out, sizeof(std::int32_t), ElementType::i32);
  for (int made = 0; made < 4; ++made)
    place(*out, placeBytes, ElementType::f32);
  place(*out, sizeof(float), ElementType::f32);
  out->indices = {table, x, y, partial, sum, table, moments, sum, step, nextTable, nextMoments, loss};
  out->actors = {
      Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 0, 0, Range(0, 3), Range(3, 1), Range(), 0, 0),
      Actor(ActorKind::collective, Collective::all_reduce, Reduce::sum, 0, -1, 1, Range(3, 1), Range(4, 1), Range(), 1,
            0),
      Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 1, 0, Range(5, 4), Range(9, 3), Range(), 2, 0)};
  out->states.push_back(wholeTable(0, table));
  out->states.push_back(wholeTable(1, moments));
  out->kept = {nextTable, nextMoments};
  out->feeds.push_back(windows(0, x, shape.batch(), slot));
  out->feeds.push_back(windows(1, y, shape.batch(), slot));
  out->step = step;
  out->reports.push_back(draftPort(0, loss, {}, {}, {}));
  out->outputs.push_back(wholeTable(0, table));
  return out;
}

std::unique_ptr<RoleT> evaluationRole() {
  enum Place : std::uint32_t { table, x, y, loss };
  auto out = std::make_unique<RoleT>();
  out->slots = {0};
  place(*out, placeBytes, ElementType::f32);
  placeWindows(*out);
  place(*out, sizeof(float), ElementType::f32);
  out->indices = {table, x, y, loss};
  out->actors = {
      Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 2, 0, Range(0, 3), Range(3, 1), Range(), 0, 0)};
  out->inputs.push_back(wholeTable(0, table));
  out->feeds.push_back(windows(0, x, trainRows, 0));
  out->feeds.push_back(windows(1, y, trainRows, 0));
  out->reports.push_back(draftPort(0, loss, {}, {}, {}));
  return out;
}

std::unique_ptr<GangT> gangNamed(const char *name, std::uint64_t stableId, std::uint32_t mesh) {
  auto out = std::make_unique<GangT>();
  out->name = name;
  out->stable_id = stableId;
  out->mesh = mesh;
  return out;
}

/// The text, both parts of its windows, and the number that comes of them.
void reads(GangT &gang, test::PlanBuilder &plan, const TrainShape &shape, std::uint32_t batch, const char *reported) {
  auto source = std::make_unique<TextSourceT>();
  source->files = shape.files;
  source->context = trainContext;
  source->batch = batch;
  source->seed = shape.seed;
  source->held_out = shape.heldOut;
  gang.sources.push_back(std::move(source));
  std::uint32_t windowType = plan.type(draftTensor({batch, trainContext}, ElementType::i32));
  for (FeedPart part : {FeedPart::x, FeedPart::y}) {
    auto feed = std::make_unique<FeedT>();
    feed->part = part;
    feed->type = windowType;
    gang.feeds.push_back(std::move(feed));
  }
  auto report = std::make_unique<ReportT>();
  report->name = reported;
  report->type = plan.type(draftTensor({}));
  gang.reports.push_back(std::move(report));
}

std::unique_ptr<MeshT> mesh(const char *name, std::uint32_t slots) {
  auto out = std::make_unique<MeshT>();
  out->name = name;
  out->axes = {"data"};
  out->sizes = {slots};
  out->elastic = {false};
  return out;
}

} // namespace

base::Bytes trainPlanFile(const TrainShape &shape) {
  test::PlanBuilder plan;
  plan.draft.features = {"state", "train"};
  std::uint32_t tableType = plan.type(draftTensor({trainWidth}));
  plan.draft.meshes.push_back(mesh("workers", shape.slots));
  plan.draft.meshes.push_back(mesh("one", 1));
  for (const char *symbol : {"train_partial", "train_update", "train_held_out"})
    plan.draft.kernels.push_back(draftKernel(symbol));

  auto gang = gangNamed("lm.train", 4712, 0);
  for (std::uint32_t slot = 0; slot < shape.slots; ++slot)
    gang->roles.push_back(trainRole(shape, slot));
  for (const char *name : {"table", "optimizer.m.table"}) {
    auto state = std::make_unique<StateT>();
    state->name = name;
    state->type = tableType;
    state->init = gang->states.empty() ? 0 : -1;
    gang->states.push_back(std::move(state));
  }
  gang->params = gang->results = {tableType};
  gang->param_names = {"table"};
  if (!shape.weights.empty()) {
    auto file = std::make_unique<FileOperandT>();
    file->file = shape.weights;
    file->tensor = "table";
    gang->files.push_back(std::move(file));
  }
  reads(*gang, plan, shape, shape.batch(), "loss");
  gang->steps = shape.steps;
  gang->checkpoint_every = shape.checkpointEvery;
  gang->checkpoint_keep = shape.keep;
  gang->checkpoint_to = shape.to;
  if (shape.evaluates) {
    gang->evaluation = std::make_unique<EvaluationT>();
    gang->evaluation->gang = 1;
    gang->evaluation->states = {0};
  }
  plan.draft.gangs.push_back(std::move(gang));

  if (shape.evaluates) {
    auto evaluation = gangNamed("lm.evaluate", 4713, 1);
    evaluation->roles.push_back(evaluationRole());
    evaluation->params = {tableType};
    reads(*evaluation, plan, shape, trainRows, "held_out");
    plan.draft.gangs.push_back(std::move(evaluation));
  }

  bool given = shape.weights.empty();
  auto &main = plan.block("main", given ? 1 : 0);
  main.result(main.gang(0, given ? test::Regs{main.param(0)} : test::Regs{}, 1)[0]);
  plan.entry("main", main, given ? std::vector<std::uint32_t>{tableType} : std::vector<std::uint32_t>{}, tableType);
  return plan.file();
}

std::shared_ptr<const plan::Plan> trainPlan(const TrainShape &shape) { return readDraft(trainPlanFile(shape)); }

} // namespace weft::simulation
