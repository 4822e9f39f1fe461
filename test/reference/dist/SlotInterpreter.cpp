//===- SlotInterpreter.cpp - A mesh of slots in one loop ------------------===//

#include "test/reference/dist/SlotInterpreter.h"

#include <cmath>
#include <map>

namespace weft::reference {
namespace {
using namespace mlir;
using namespace dist;

/// Where a slot stands along each axis, by the definition: row by row, the first axis slowest.
std::map<std::string, int64_t> placeInMesh(MeshInterface mesh, int64_t slot) {
  std::map<std::string, int64_t> place;
  auto names = mesh.getAxisNames();
  std::vector<int64_t> sizes(mesh.getAxisSizes().begin(), mesh.getAxisSizes().end());
  std::vector<int64_t> index = indexOf(slot, sizes);
  for (size_t i = 0; i < names.size(); ++i)
    place[names[i].str()] = index[i];
  return place;
}

/// The number of a slot among those that differ only along `axes`, the first of them slowest.
int64_t numberAlong(MeshInterface mesh, ArrayRef<StringRef> axes, int64_t slot) {
  auto place = placeInMesh(mesh, slot);
  int64_t number = 0;
  for (StringRef axis : axes)
    number = number * axisSize(mesh, axis) + place[axis.str()];
  return number;
}

/// The slots that differ from `slot` only along `axes`, in their order.
std::vector<int64_t> groupOf(MeshInterface mesh, ArrayRef<StringRef> axes, int64_t slot) {
  std::vector<std::pair<int64_t, int64_t>> members;
  auto mine = placeInMesh(mesh, slot);
  for (int64_t other = 0; other < slotCount(mesh); ++other) {
    bool isMember = true;
    for (auto &[axis, at] : placeInMesh(mesh, other))
      isMember = isMember && (at == mine[axis] || llvm::is_contained(axes, StringRef(axis)));
    if (isMember)
      members.push_back({numberAlong(mesh, axes, other), other});
  }
  std::sort(members.begin(), members.end());
  std::vector<int64_t> slots;
  for (auto [number, other] : members)
    slots.push_back(other);
  return slots;
}

/// The `number`-th of `count` equal parts of `whole` along `dim`.
Tensor cut(const Tensor &whole, int64_t dim, int64_t number, int64_t count) {
  std::vector<int64_t> shape = whole.shape;
  shape[dim] /= count;
  Tensor part = Tensor::ofShape(shape);
  for (int64_t place = 0; place < part.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, shape);
    at[dim] += number * shape[dim];
    part.elements[place] = whole.elements[placeOf(at, whole.shape)];
  }
  return part;
}

void paste(Tensor &whole, const Tensor &part, ArrayRef<int64_t> offsets) {
  for (int64_t place = 0; place < part.count(); ++place) {
    std::vector<int64_t> at = indexOf(place, part.shape);
    for (size_t dim = 0; dim < at.size(); ++dim)
      at[dim] += offsets[dim];
    whole.elements[placeOf(at, whole.shape)] = part.elements[place];
  }
}

Tensor combined(const std::vector<Tensor> &parts, ReduceKind kind) {
  Tensor sum = parts.front();
  for (size_t i = 1; i < parts.size(); ++i)
    for (int64_t place = 0; place < sum.count(); ++place) {
      double &a = sum.elements[place], b = parts[i].elements[place];
      bool isNan = std::isnan(a) || std::isnan(b);
      a = kind == ReduceKind::sum ? a + b : isNan ? NAN : kind == ReduceKind::min ? std::fmin(a, b) : std::fmax(a, b);
    }
  return sum;
}

class SlotInterpreter {
public:
  explicit SlotInterpreter(SpmdOp spmd)
      : spmd(spmd), mesh(lookUpMesh(spmd, spmd.getMeshAttr())), values(slotCount(mesh)) {}

  std::vector<Tensor> run(const std::vector<Tensor> &inputs) {
    for (auto [i, argument] : llvm::enumerate(spmd.getBody().getArguments()))
      for (int64_t slot = 0; slot < slotCount(mesh); ++slot)
        values[slot][argument] = partOf(inputs[i], cast<RankedTensorType>(spmd.getInputs()[i].getType()), mesh, slot);
    for (Operation &op : spmd.getBody().front().without_terminator())
      step(op);
    std::vector<Tensor> results;
    for (auto [whole, part] : llvm::zip(spmd.getOutputs(), spmd.getYielded())) {
      std::vector<Tensor> parts;
      for (auto &slot : values)
        parts.push_back(slot.at(part));
      results.push_back(joined(parts, cast<RankedTensorType>(whole.getType()), mesh, 1e-12));
    }
    return results;
  }

private:
  void step(Operation &op) {
    std::vector<std::vector<Tensor>> results(values.size());
    for (size_t slot = 0; slot < values.size(); ++slot)
      results[slot] = onSlot(op, static_cast<int64_t>(slot));
    for (size_t slot = 0; slot < values.size(); ++slot)
      for (auto [value, tensor] : llvm::zip(op.getResults(), results[slot]))
        values[slot][value] = tensor;
  }

  std::vector<Tensor> onSlot(Operation &op, int64_t slot) {
    auto axesOf = [](auto step) { return llvm::to_vector(step.getAxes().template getAsValueRange<StringAttr>()); };
    auto ofGroup = [&](ArrayRef<StringRef> axes, Value value) {
      std::vector<Tensor> parts;
      for (int64_t member : groupOf(mesh, axes, slot))
        parts.push_back(values[member].at(value));
      return parts;
    };
    if (auto reduce = dyn_cast<AllReduceOp>(op))
      return {combined(ofGroup(axesOf(reduce), reduce.getInput()), reduce.getKind())};
    if (auto scatter = dyn_cast<ReduceScatterOp>(op)) {
      auto parts = ofGroup(axesOf(scatter), scatter.getInput());
      return {cut(combined(parts, scatter.getKind()), scatter.getDim(), numberAlong(mesh, axesOf(scatter), slot),
                  static_cast<int64_t>(parts.size()))};
    }
    if (auto gather = dyn_cast<AllGatherOp>(op)) {
      Tensor whole = Tensor::ofShape(gather.getType().getShape());
      std::vector<int64_t> offsets(whole.shape.size(), 0);
      for (const Tensor &part : ofGroup(axesOf(gather), gather.getInput())) {
        paste(whole, part, offsets);
        offsets[gather.getDim()] += part.shape[gather.getDim()];
      }
      return {whole};
    }
    if (auto shard = dyn_cast<TakeShardOp>(op)) {
      auto axes = axesOf(shard);
      return {
          cut(values[slot].at(shard.getInput()), shard.getDim(), numberAlong(mesh, axes, slot), axesSize(mesh, axes))};
    }
    if (auto index = dyn_cast<SlotIndexOp>(op))
      return {Tensor{{}, {double(numberAlong(mesh, axesOf(index), slot))}}};
    std::vector<Tensor> operands;
    for (Value operand : op.getOperands())
      operands.push_back(values[slot].at(operand));
    return evaluate(&op, operands);
  }

  SpmdOp spmd;
  MeshInterface mesh;
  std::vector<DenseMap<Value, Tensor>> values;
};

std::vector<int64_t> offsetsOf(const Tensor &part, RankedTensorType type, MeshInterface mesh, int64_t slot) {
  std::vector<int64_t> offsets;
  for (unsigned dim = 0; dim < part.shape.size(); ++dim)
    offsets.push_back(numberAlong(mesh, shardingOf(type).getAxesOf(dim), slot) * part.shape[dim]);
  return offsets;
}

} // namespace

Tensor partOf(const Tensor &whole, RankedTensorType type, MeshInterface mesh, int64_t slot) {
  Tensor part = whole;
  // Axis by axis, the outermost first: a part of a part.
  for (unsigned dim = 0; dim < whole.shape.size(); ++dim)
    for (StringRef axis : shardingOf(type).getAxesOf(dim))
      part = cut(part, dim, placeInMesh(mesh, slot)[axis.str()], axisSize(mesh, axis));
  return part;
}

Tensor joined(const std::vector<Tensor> &parts, RankedTensorType type, MeshInterface mesh, double tolerance) {
  Tensor whole = Tensor::ofShape(type.getShape());
  for (size_t slot = 0; slot < parts.size(); ++slot)
    paste(whole, parts[slot], offsetsOf(parts[slot], type, mesh, static_cast<int64_t>(slot)));
  for (size_t slot = 0; slot < parts.size(); ++slot)
    if (distance(parts[slot], partOf(whole, type, mesh, static_cast<int64_t>(slot))) > tolerance)
      std::fill(whole.elements.begin(), whole.elements.end(), NAN);
  return whole;
}

std::vector<Tensor> evaluateOnSlots(func::FuncOp function, const std::vector<Tensor> &inputs) {
  return SlotInterpreter(cast<SpmdOp>(function.getBody().front().front())).run(inputs);
}

} // namespace weft::reference
