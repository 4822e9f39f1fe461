//===- GangWriter.cpp - Gangs and their code into the plan ----------------===//

#include "compiler/plan/GangWriter.h"

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"

#include <algorithm>
#include <cstring>
#include <set>

namespace weft::planning {
namespace {

namespace fb = plan::fb;
using namespace lowering;

class GangWriter {
public:
  explicit GangWriter(fb::PlanT &plan) : plan(plan) {}

  void mesh(const GangMesh &mesh) {
    auto made = std::make_unique<fb::MeshT>();
    made->name = mesh.name;
    made->axes = mesh.axes;
    made->sizes = mesh.sizes;
    made->elastic = mesh.elastic;
    plan.meshes.push_back(std::move(made));
  }

  void kernel(const std::string &symbol, const std::vector<cpu::KernelImage> &images) {
    auto made = std::make_unique<fb::KernelT>();
    made->symbol = symbol;
    for (const cpu::KernelImage &image : images)
      if (image.symbol == symbol) {
        auto variant = std::make_unique<fb::VariantT>();
        variant->isa = cpu::name(image.isa);
        variant->image = image.elf;
        variant->code = std::make_unique<fb::Digest>(digest(image.elf));
        made->variants.push_back(std::move(variant));
        made->workspace_bytes = image.workspaceBytes;
        made->phases = image.phases;
        made->thread_bytes = image.threadBytes;
      }
    plan.kernels.push_back(std::move(made));
  }

  void gang(const GangPlan &gang) {
    auto made = std::make_unique<fb::GangT>();
    made->name = gang.name;
    made->mesh = gang.mesh;
    made->stable_id = base::hashOf(base::bytesOf("gang " + gang.name)).low;
    for (const GangRole &one : gang.roles)
      made->roles.push_back(role(one));
    made->params = params(gang);
    made->results = types(gang, &GangRole::outputs);
    made->steps = gang.steps;
    made->checkpoint_every = gang.checkpointEvery;
    made->checkpoint_keep = gang.checkpointKeep;
    made->checkpoint_to = gang.checkpointTo;
    made->param_names = gang.paramNames;
    states(gang, *made);
    reading(gang, *made);
    for (const GangFile &one : gang.files) {
      auto file = std::make_unique<fb::FileOperandT>();
      file->operand = one.operand;
      file->file = one.file;
      file->tensor = one.tensor;
      made->files.push_back(std::move(file));
    }
    if (gang.evaluation) {
      made->evaluation = std::make_unique<fb::EvaluationT>();
      made->evaluation->gang = gang.evaluation->gang;
      made->evaluation->states = gang.evaluation->states;
      made->evaluation->batches = gang.evaluation->batches;
    }
    name(*made);
    plan.gangs.push_back(std::move(made));
  }

private:
  void states(const GangPlan &gang, fb::GangT &made) {
    std::map<std::uint32_t, std::uint32_t> byValue = typesByValue(gang, &GangRole::states);
    for (std::uint32_t at = 0; at < gang.states.size(); ++at) {
      auto state = std::make_unique<fb::StateT>();
      state->name = gang.states[at].name;
      state->type = byValue.contains(at) ? byValue[at] : ~0u;
      state->init = gang.states[at].init ? static_cast<std::int32_t>(*gang.states[at].init) : -1;
      made.states.push_back(std::move(state));
    }
  }

  void reading(const GangPlan &gang, fb::GangT &made) {
    for (const GangTextSource &one : gang.sources) {
      auto source = std::make_unique<fb::TextSourceT>();
      source->files = one.files;
      source->context = one.context;
      source->batch = one.batch;
      source->seed = one.seed;
      source->held_out = one.heldOut;
      made.sources.push_back(std::move(source));
    }
    for (const GangFeed &one : gang.feeds) {
      auto feed = std::make_unique<fb::FeedT>();
      feed->source = one.source;
      feed->part = one.isY ? fb::FeedPart::y : fb::FeedPart::x;
      const GangTextSource &source = gang.sources[one.source];
      feed->type = tensor({0, 0, base::ElementType::i32, {source.batch, source.context}, {}, {}});
      made.feeds.push_back(std::move(feed));
    }
    for (const std::string &one : gang.reports) {
      auto report = std::make_unique<fb::ReportT>();
      report->name = one;
      report->type = tensor({0, 0, base::ElementType::f32, {}, {}, {}});
      made.reports.push_back(std::move(report));
    }
  }

  /// The plan names what a gang needs of who runs it.
  void name(const fb::GangT &gang) {
    auto add = [&](const char *feature) {
      if (std::find(plan.features.begin(), plan.features.end(), feature) == plan.features.end())
        plan.features.push_back(feature);
    };
    if (gang.steps != 1 || !gang.states.empty())
      add("state");
    bool numbered = std::any_of(gang.roles.begin(), gang.roles.end(), [](const auto &role) { return role->step >= 0; });
    if (numbered || !gang.sources.empty() || !gang.reports.empty() || gang.checkpoint_keep > 1 ||
        !gang.checkpoint_to.empty() || !gang.files.empty() || gang.evaluation)
      add("train");
  }

  static fb::Digest digest(const std::vector<std::uint8_t> &bytes) {
    base::Digest digest = base::digestOf({reinterpret_cast<const std::byte *>(bytes.data()), bytes.size()});
    std::uint64_t words[4];
    std::memcpy(words, digest.bytes.data(), sizeof words);
    return {words[0], words[1], words[2], words[3]};
  }

  static fb::Range add(std::vector<std::uint32_t> &pool, const std::vector<std::uint32_t> &values) {
    fb::Range range(static_cast<std::uint32_t>(pool.size()), static_cast<std::uint32_t>(values.size()));
    pool.insert(pool.end(), values.begin(), values.end());
    return range;
  }

  /// One arena per role; every buffer has one credit, for each actor runs once per call.
  static std::unique_ptr<fb::RoleT> role(const GangRole &role) {
    auto made = std::make_unique<fb::RoleT>();
    made->slots = {role.slot};
    made->arenas = {role.arenaBytes};
    for (const GangBuffer &buffer : role.buffers)
      made->buffers.emplace_back(buffer.offset, buffer.bytes, 0, 1, static_cast<std::uint8_t>(buffer.type), 0);
    for (const GangActor &actor : role.actors) {
      fb::Range inputs = add(made->indices, actor.inputs), outputs = add(made->indices, actor.outputs),
                consumers = add(made->indices, actor.consumers);
      made->actors.emplace_back(actor.isKernel ? fb::ActorKind::kernel : fb::ActorKind::collective,
                                static_cast<fb::Collective>(actor.collective), static_cast<fb::Reduce>(actor.combine),
                                static_cast<std::uint8_t>(actor.type),
                                actor.isKernel ? static_cast<std::int32_t>(actor.kernel) : -1, actor.axesMask, inputs,
                                outputs, consumers, actor.opId, 0);
    }
    made->inputs = ports(role.inputs);
    made->outputs = ports(role.outputs);
    made->states = ports(role.states);
    made->kept = role.kept;
    made->feeds = ports(role.feeds);
    made->reports = ports(role.reports);
    std::set<std::uint32_t> storages;
    for (const GangBuffer &buffer : role.buffers)
      storages.insert(buffer.storage);
    if (storages.size() < role.buffers.size())
      for (const GangBuffer &buffer : role.buffers)
        made->storages.push_back(buffer.storage);
    made->step = role.step ? static_cast<std::int32_t>(*role.step) : -1;
    return made;
  }

  static std::vector<std::unique_ptr<fb::PortT>> ports(const std::vector<GangPort> &ports) {
    std::vector<std::unique_ptr<fb::PortT>> made;
    for (const GangPort &port : ports) {
      auto one = std::make_unique<fb::PortT>();
      one->value = port.value;
      one->buffer = port.buffer;
      one->dtype = static_cast<std::uint8_t>(port.type);
      one->whole = port.whole;
      one->offsets = port.offsets;
      one->sizes = port.sizes;
      made.push_back(std::move(one));
    }
    return made;
  }

  /// Of operands, results or states: every role has a port for each, or at least one does.
  std::map<std::uint32_t, std::uint32_t> typesByValue(const GangPlan &gang, std::vector<GangPort> GangRole::*side) {
    std::map<std::uint32_t, std::uint32_t> byValue;
    for (const GangRole &role : gang.roles)
      for (const GangPort &port : role.*side)
        if (!byValue.contains(port.value))
          byValue[port.value] = tensor(port);
    return byValue;
  }

  std::vector<std::uint32_t> types(const GangPlan &gang, std::vector<GangPort> GangRole::*side) {
    std::vector<std::uint32_t> list;
    for (auto [value, type] : typesByValue(gang, side))
      list.push_back(type);
    return list;
  }

  /// An operand that a state begins with needs no port of its own: its type is the state's.
  std::vector<std::uint32_t> params(const GangPlan &gang) {
    std::map<std::uint32_t, std::uint32_t> byValue = typesByValue(gang, &GangRole::inputs);
    for (auto [state, type] : typesByValue(gang, &GangRole::states))
      if (state < gang.states.size() && gang.states[state].init)
        byValue.emplace(*gang.states[state].init, type);
    std::vector<std::uint32_t> list;
    for (auto [value, type] : byValue)
      list.push_back(type);
    return list;
  }

  std::uint32_t tensor(const GangPort &port) {
    std::vector<std::int64_t> dims(port.whole.begin(), port.whole.end());
    for (std::size_t index = 0; index < plan.types.size(); ++index) {
      const fb::TypeT &type = *plan.types[index];
      if (type.kind == fb::TypeKind::tensor && type.dtype == static_cast<std::uint8_t>(port.type) && type.dims == dims)
        return static_cast<std::uint32_t>(index);
    }
    auto made = std::make_unique<fb::TypeT>();
    made->kind = fb::TypeKind::tensor;
    made->dtype = static_cast<std::uint8_t>(port.type);
    made->dims = std::move(dims);
    plan.types.push_back(std::move(made));
    return static_cast<std::uint32_t>(plan.types.size()) - 1;
  }

  fb::PlanT &plan;
};

} // namespace

std::map<std::string, std::uint32_t> writeGangs(const GangModule &module, const std::vector<cpu::KernelImage> &images,
                                                fb::PlanT &plan) {
  GangWriter writer(plan);
  for (const GangMesh &mesh : module.meshes)
    writer.mesh(mesh);
  for (const std::string &symbol : module.kernels)
    writer.kernel(symbol, images);
  if (!module.kernels.empty()) // their entry point takes phases, even where there is one
    plan.features.push_back("phases");
  std::map<std::string, std::uint32_t> indices;
  for (const GangPlan &gang : module.gangs) {
    indices[gang.name] = static_cast<std::uint32_t>(plan.gangs.size());
    writer.gang(gang);
  }
  return indices;
}

} // namespace weft::planning
