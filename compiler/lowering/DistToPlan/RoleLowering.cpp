//===- RoleLowering.cpp - The program of one slot as actors ---------------===//
//
// Every op of the body becomes an actor, in order. What moves nothing becomes a
// view: a reshaped tensor lies where its operand lies.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/DistToPlan/RoleLowering.h"

#include "compiler/lowering/DistToPlan/RoleBuffers.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <optional>

namespace weft::lowering {
namespace {
using namespace mlir;
using namespace dist;

std::optional<base::ElementType> elementTypeOf(Type type) {
  Type element = cast<RankedTensorType>(type).getElementType();
  if (element.isF32())
    return base::ElementType::f32;
  if (element.isF64())
    return base::ElementType::f64;
  if (element.isInteger(32))
    return base::ElementType::i32;
  if (element.isInteger(64))
    return base::ElementType::i64;
  return std::nullopt;
}

std::vector<std::uint64_t> unsignedOf(ArrayRef<int64_t> sizes) { return {sizes.begin(), sizes.end()}; }
std::vector<std::uint64_t> shapeOf(Value value) {
  return unsignedOf(cast<RankedTensorType>(value.getType()).getShape());
}

std::uint32_t maskOf(MeshInterface mesh, ArrayAttr axes) {
  std::uint32_t mask = 0;
  for (auto [i, name] : llvm::enumerate(mesh.getAxisNames()))
    if (llvm::is_contained(axes.getAsValueRange<StringAttr>(), name))
      mask |= std::uint32_t(1) << i;
  return mask;
}

class RoleLowering {
public:
  RoleLowering(SpmdOp spmd, std::int64_t slot, const KernelNames &kernels)
      : spmd(spmd), slot(slot), kernels(kernels), mesh(lookUpMesh(spmd, spmd.getMeshAttr())) {
    role.slot = static_cast<std::uint32_t>(slot);
  }

  FailureOr<GangRole> run() {
    for (auto [i, whole, part] : llvm::enumerate(spmd.getInputs(), spmd.getBody().getArguments())) {
      if (failed(addBuffer(part)))
        return failure();
      buffers.use(places[part], 0); // it is filled before the first actor
      role.inputs.push_back(portOf(i, whole, part));
    }
    for (Operation &op : spmd.getBody().front().without_terminator())
      if (failed(lower(op)))
        return failure();
    for (auto [i, whole, part] : llvm::enumerate(spmd.getOutputs(), spmd.getYielded())) {
      buffers.use(places.lookup(part), role.actors.size());
      role.outputs.push_back(portOf(i, whole, part));
    }
    addConsumers();
    role.buffers = buffers.place(role.actors.size(), role.arenaBytes);
    return std::move(role);
  }

private:
  LogicalResult addBuffer(Value value) {
    std::optional<base::ElementType> type = elementTypeOf(value.getType());
    if (!type)
      return emitError(value.getLoc()) << "a buffer of " << value.getType()
                                       << " is not carried; wanted f32, f64, i32 or i64";
    places[value] = buffers.add(*type, shapeOf(value));
    return success();
  }

  GangPort portOf(std::size_t number, Value whole, Value part) {
    auto type = cast<RankedTensorType>(whole.getType());
    return {static_cast<std::uint32_t>(number),
            places.lookup(part),
            *elementTypeOf(part.getType()),
            unsignedOf(type.getShape()),
            unsignedOf(shardOffsets(type, mesh, slot)),
            shapeOf(part)};
  }

  LogicalResult lower(Operation &op) {
    if (auto reshape = dyn_cast<nn::ReshapeOp>(op)) {
      places[reshape.getResult()] = buffers.addView(places.lookup(reshape.getInput()), 0, shapeOf(reshape.getResult()));
      return success();
    }
    GangActor actor{};
    actor.isKernel = true;
    auto collective = [&](auto step, CollectiveKind kind) {
      actor.isKernel = false;
      actor.collective = kind;
      actor.type = *elementTypeOf(step.getType());
      actor.axesMask = maskOf(lookUpMesh(step, step.getMeshAttr()), step.getAxesAttr());
      return success();
    };
    for (Value value : op.getResults())
      if (failed(addBuffer(value)))
        return failure();
    LogicalResult known =
        llvm::TypeSwitch<Operation *, LogicalResult>(&op)
            .Case<func::CallOp>([&](auto call) {
              actor.kernel = kernels.indexOf(call.getCallee());
              return success();
            })
            .Case<SlotIndexOp>([&](auto index) {
              auto axes = llvm::to_vector(index.getAxes().template getAsValueRange<StringAttr>());
              actor.kernel = kernels.ofNumber(indexInGroup(lookUpMesh(index, index.getMeshAttr()), axes, slot));
              return success();
            })
            .Case<AllReduceOp>([&](auto step) {
              actor.combine = static_cast<CombineKind>(step.getKind());
              return collective(step, CollectiveKind::allReduce);
            })
            .Case<ReduceScatterOp>([&](auto step) {
              actor.combine = static_cast<CombineKind>(step.getKind());
              return collective(step, CollectiveKind::reduceScatter);
            })
            .Case<AllGatherOp>([&](auto step) { return collective(step, CollectiveKind::allGather); })
            .Default([](Operation *other) {
              return other->emitError() << "is run by slots; wanted a collective or the call of a kernel";
            });
    if (failed(known))
      return failure();
    for (Value operand : op.getOperands())
      actor.inputs.push_back(places.lookup(operand));
    for (Value value : op.getResults())
      actor.outputs.push_back(places.lookup(value));
    append(std::move(actor));
    return success();
  }

  void append(GangActor actor) {
    std::size_t number = role.actors.size();
    actor.opId = static_cast<std::uint32_t>(number);
    for (const std::vector<std::uint32_t> *side : {&actor.inputs, &actor.outputs})
      for (std::uint32_t buffer : *side)
        buffers.use(buffer, number);
    role.actors.push_back(std::move(actor));
  }

  /// Who reads what an actor has written, through whatever view, until it is written again.
  void addConsumers() {
    llvm::DenseMap<std::uint32_t, SmallVector<std::size_t, 2>> makers; // by storage
    for (auto [reader, actor] : llvm::enumerate(role.actors)) {
      for (std::uint32_t buffer : actor.inputs)
        for (std::size_t maker : makers.lookup(buffers.storageOf(buffer)))
          if (auto &consumers = role.actors[maker].consumers;
              maker != reader && (consumers.empty() || consumers.back() != reader))
            consumers.push_back(static_cast<std::uint32_t>(reader));
      for (std::uint32_t buffer : actor.outputs)
        makers[buffers.storageOf(buffer)].push_back(reader);
    }
  }

  SpmdOp spmd;
  std::int64_t slot;
  const KernelNames &kernels;
  MeshInterface mesh;
  GangRole role{};
  RoleBuffers buffers;
  DenseMap<Value, std::uint32_t> places; ///< The buffer of each value in reach.
};

} // namespace

FailureOr<GangRole> lowerRole(SpmdOp spmd, std::int64_t slot, const KernelNames &kernels) {
  return RoleLowering(spmd, slot, kernels).run();
}

} // namespace weft::lowering
