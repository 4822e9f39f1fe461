//===- Meshes.cpp - Clusters, meshes, and marks on tensors ----------------===//
//
// A mark names axes of one mesh. What is marked is obeyed, so what cannot hold is
// told before anything is planned: an axis twice, a mesh larger than its cluster,
// tensors that no device can keep.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>
#include <cstdio>

namespace weft::sema {
using syntax::as;

namespace {

std::string gib(double bytes) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.1fGiB", bytes / (1 << 30));
  return buffer;
}
} // namespace

void Checker::checkCluster(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::ClusterDecl *>(symbol->node);
  ClusterInfo &cluster = *symbol->cluster;
  if (!decl->provider.empty()) {
    cluster.local = decl->provider.text == "local";
    if (!cluster.local)
      error(Code::unknownCluster, decl->provider.span, "a cluster is `local`, or has a body with its nodes")
          .hint("`cluster " + symbol->name + " = local`");
    return;
  }
  withBody(Place::constant, symbol->module, nullptr, [&] {
    std::map<std::string, Span> nodes;
    for (const syntax::ClusterItem *item : decl->items) {
      if (item->kind == syntax::ClusterItemKind::node) {
        if (auto [first, fresh] = nodes.emplace(item->name.text, item->name.span); !fresh)
          error(Code::duplicateName, item->name.span, "the node `" + item->name.text + "` stands twice")
              .note(first->second, "the first one");
        readNode(item, cluster);
      } else if (item->kind == syntax::ClusterItemKind::link) {
        readFigures(item->items, {{"bandwidth", syntax::Quantity::bandwidth}, {"latency", syntax::Quantity::duration}},
                    "a link", nullptr);
      } else {
        error(Code::unknownKey, item->name.span, "a cluster has nodes and links")
            .hint("`node a[4] { cpu { memory: 64GiB } }`");
      }
    }
    if (nodes.empty())
      error(Code::missingKey, symbol->span, "the cluster `" + symbol->name + "` has no nodes");
  });
}

void Checker::readNode(const syntax::ClusterItem *node, ClusterInfo &cluster) {
  bool any = false;
  for (const syntax::ClusterItem *item : node->items) {
    if (item->kind == syntax::ClusterItemKind::entry) {
      note(item->value);
      const auto *rate = as<syntax::RateExpr>(item->value);
      const auto *amount = rate ? as<syntax::QuantityExpr>(rate->amount) : nullptr;
      if (rate)
        note(rate->amount);
      if (item->name.text != "price")
        error(Code::unknownKey, item->name.span, "a node does not know `" + item->name.text + "`")
            .hint("it has devices, `cpu { … }`, and a `price`");
      else if (!amount || amount->quantity != syntax::Quantity::money || rate->base != syntax::RateBase::time)
        error(Code::unitMismatch, item->value->span, "the price of a node is money per time").hint("`$0.40 per h`");
      continue;
    }
    any = true;
    DeviceInfo device{node->name.text, item->name.text, item->count * node->count, std::nullopt};
    readFigures(item->items,
                {{"cores", std::nullopt},
                 {"memory", syntax::Quantity::size},
                 {"flops", syntax::Quantity::compute},
                 {"bandwidth", syntax::Quantity::bandwidth}},
                "a device", &device.memoryBytes);
    cluster.devices.push_back(std::move(device));
  }
  if (!any)
    error(Code::missingKey, node->name.span, "the node `" + node->name.text + "` has no devices")
        .hint("`cpu { cores: 16, memory: 64GiB }`");
}

void Checker::readFigures(const std::vector<syntax::ClusterItem *> &items,
                          const std::vector<std::pair<std::string, std::optional<syntax::Quantity>>> &known,
                          const char *what, std::optional<std::int64_t> *memory) {
  for (const syntax::ClusterItem *item : items) {
    auto found =
        std::find_if(known.begin(), known.end(), [&](const auto &one) { return one.first == item->name.text; });
    if (item->kind != syntax::ClusterItemKind::entry || found == known.end()) {
      error(Code::unknownKey, item->name.span, std::string(what) + " does not know `" + item->name.text + "`");
      if (item->value)
        note(item->value);
      continue;
    }
    note(item->value);
    const auto *quantity = as<syntax::QuantityExpr>(item->value);
    bool fits =
        found->second ? quantity && quantity->quantity == *found->second : as<syntax::IntExpr>(item->value) != nullptr;
    if (!fits) {
      error(Code::unitMismatch, item->value->span, "`" + item->name.text + "` has another unit")
          .hint(found->second ? "`memory: 64GiB`, `bandwidth: 10Gbps`, `latency: 80us`, `flops: 1.2TFLOPS`"
                              : "a whole number");
      continue;
    }
    if (memory && item->name.text == "memory")
      *memory = quantity->amount;
  }
}

void Checker::checkMesh(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::MeshDecl *>(symbol->node);
  MeshInfo &mesh = *symbol->mesh;
  Symbol *cluster = inModule(decl->cluster.text);
  if (cluster && cluster->kind == SymbolKind::cluster)
    mesh.cluster = cluster;
  else if (!mayBeMissing(body.module, decl->cluster.text))
    error(Code::unknownCluster, decl->cluster.span, "there is no cluster `" + decl->cluster.text + "`")
        .hint("describe it: `cluster " + decl->cluster.text + " = local`, or with its nodes");
  std::int64_t slots = 1;
  withBody(Place::constant, symbol->module, nullptr, [&] {
    for (const syntax::Entry *axis : decl->axes) {
      if (std::find(mesh.axes.begin(), mesh.axes.end(), axis->key.text) != mesh.axes.end())
        error(Code::duplicateKey, axis->key.span, "the axis `" + axis->key.text + "` stands twice");
      std::optional<std::int64_t> size = amountOf(axis->value, TypeKind::integer, "the size of an axis");
      if (size && (*size < 1 || *size > 65536))
        error(Code::badSize, axis->value->span, "an axis has at least 1 slot and at most 65536");
      mesh.axes.push_back(axis->key.text);
      mesh.sizes.push_back(size && *size >= 1 && *size <= 65536 ? *size : 1);
      if (__builtin_mul_overflow(slots, mesh.sizes.back(), &slots))
        slots = INT64_MAX;
    }
  });
  if (mesh.axes.empty())
    error(Code::missingKey, symbol->span, "a mesh has at least one axis").hint("`{ model: 2 }`");
  if (!mesh.cluster || mesh.cluster->cluster->local)
    return;
  std::int64_t devices = mesh.cluster->cluster->deviceCount();
  if (devices > 0 && slots > devices)
    error(Code::meshTooLarge, symbol->span,
          "`" + symbol->name + "` has " + std::to_string(slots) + " slots, its cluster " + std::to_string(devices) +
              " devices")
        .note(mesh.cluster->span, "declared here");
}

void Checker::checkMarks(const syntax::NamedType *type, Marks &marks) {
  struct Use {
    const syntax::Name *axis;
    const syntax::Dimension *dimension;
  };
  std::vector<Use> uses;
  for (const syntax::Dimension *dimension : type->dimensions)
    for (const syntax::Name &axis : dimension->axes)
      uses.push_back({&axis, dimension});
  const Symbol *mesh = nullptr;
  for (const auto &[name, symbol] : moduleScopes[body.module].own()) {
    if (!symbol->mesh)
      continue;
    auto has = [&](const Use &use) {
      return std::find(symbol->mesh->axes.begin(), symbol->mesh->axes.end(), use.axis->text) !=
             symbol->mesh->axes.end();
    };
    if (std::all_of(uses.begin(), uses.end(), has)) {
      mesh = symbol;
      break;
    }
  }
  if (mesh) {
    marks.mesh = mesh->name;
    const_cast<Symbol *>(mesh)->used = true;
  } else if (!uses.empty()) {
    bool told = false;
    for (const Use &use : uses) {
      bool known = false;
      for (const auto &[name, symbol] : moduleScopes[body.module].own())
        known |= symbol->mesh && std::find(symbol->mesh->axes.begin(), symbol->mesh->axes.end(), use.axis->text) !=
                                     symbol->mesh->axes.end();
      if (!known) {
        told = true;
        error(Code::unknownAxis, use.axis->span, "no mesh of this module has an axis `" + use.axis->text + "`")
            .hint("`mesh grid on here { " + use.axis->text + ": 2 }`");
      }
    }
    if (!told)
      error(Code::severalMeshes, type->span, "these axes belong to different meshes");
  }
  for (std::size_t i = 0; i < uses.size(); ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (uses[i].axis->text == uses[j].axis->text) {
        if (uses[i].dimension->partialSum || uses[j].dimension->partialSum)
          error(Code::axisSplitsTwice, uses[i].axis->span,
                "`" + uses[i].axis->text + "` cannot split a dimension and carry a partial sum at once")
              .note(uses[j].axis->span, "the other use");
        else
          error(Code::axisSplitsTwice, uses[i].axis->span,
                "`" + uses[i].axis->text +
                    "` splits two dimensions of one tensor; each device would hold a diagonal block only")
              .note(uses[j].axis->span, "it already splits this one");
        return;
      }
}

void Checker::checkTensorFn(Symbol *symbol) {
  const Symbol *mesh = nullptr;
  auto take = [&](const std::string &name, Span span) {
    if (name.empty())
      return;
    Symbol *found = moduleScopes[symbol->module].find(name);
    if (mesh && found != mesh) {
      error(Code::severalMeshes, span,
            "`" + symbol->name + "` is marked for two meshes, `" + mesh->name + "` and `" + name + "`");
      return;
    }
    mesh = found;
  };
  for (const Parameter &parameter : symbol->callable->parameters) {
    take(parameter.marks.mesh, parameter.span);
    // Records bring the marks of their fields.
    walk(parameter.type, [&](Type type) {
      for (const Field &field : type->fields)
        take(field.marks.mesh, parameter.span);
    });
  }
  take(symbol->callable->resultMarks.mesh, symbol->span);
  symbol->fn->mesh = mesh;
  if (mesh)
    checkMemory(symbol);
}

void Checker::checkMemory(Symbol *symbol) {
  const MeshInfo &mesh = *symbol->fn->mesh->mesh;
  if (!mesh.cluster || mesh.cluster->cluster->local || mesh.cluster->cluster->devices.empty())
    return;
  std::int64_t memory = INT64_MAX;
  std::string where;
  for (const DeviceInfo &device : mesh.cluster->cluster->devices)
    if (device.memoryBytes && *device.memoryBytes < memory) {
      memory = *device.memoryBytes;
      where = device.node + " (" + device.kind + ")";
    }
  auto axisSize = [&](const std::string &name) {
    auto found = std::find(mesh.axes.begin(), mesh.axes.end(), name);
    return found == mesh.axes.end()
               ? 1
               : static_cast<double>(mesh.sizes[static_cast<std::size_t>(found - mesh.axes.begin())]);
  };
  double slots = 1, least = 0, unmarked = 0;
  for (std::int64_t size : mesh.sizes)
    slots *= static_cast<double>(size);
  const Parameter *heaviest = nullptr;
  double most = 0;
  for (const Parameter &parameter : symbol->callable->parameters) {
    if (!parameter.type->is(TypeKind::tensor))
      continue;
    double bytes = static_cast<double>(bytesOf(parameter.type->elementType));
    for (const Dim &dim : parameter.type->dims)
      bytes *= static_cast<double>(dim.value().value_or(1));
    double split = 1;
    bool free = parameter.marks.dims.empty();
    for (const DimMark &mark : parameter.marks.dims) {
      for (const std::string &axis : mark.axes)
        split *= axisSize(axis);
      free |= mark.empty();
    }
    double here = bytes / (free ? slots : split);
    least += here;
    unmarked += bytes / slots;
    if (here > most) {
      most = here;
      heaviest = &parameter;
    }
  }
  if (!heaviest || memory == INT64_MAX || least <= static_cast<double>(memory))
    return;
  Diagnostic &report = error(Code::doesNotFit, symbol->span,
                             "`" + symbol->name + "` does not fit: a device of " + where + " needs at least " +
                                 gib(least) + " and has " + gib(static_cast<double>(memory)));
  report.note(heaviest->span, "`" + heaviest->name + "` alone takes " + gib(most) + " of each device");
  if (unmarked < least)
    report.hint("without the marks " + gib(unmarked) + " each");
}

} // namespace weft::sema
