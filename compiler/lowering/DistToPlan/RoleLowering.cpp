//===- RoleLowering.cpp - The program of one slot as actors ---------------===//
//
// Every op of the body becomes an actor, in order. What moves nothing becomes a
// view: a reshaped tensor lies where its operand lies, a slice of a stacked one
// within it. A scan is laid out turn by turn: its kernels are the same in each, and
// only the buffers differ.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/DistToPlan/RoleLowering.h"

#include "compiler/lowering/DistToPlan/RoleBuffers.h"
#include "compiler/lowering/DistToPlan/ShareBuffers.h"
#include "dialects/expr/ConstantValue.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <optional>

namespace weft::lowering {
namespace {
using namespace mlir;
using namespace dist;

std::optional<base::ElementType> elementTypeOf(Type type) {
  return expr::elementTypeOf(cast<RankedTensorType>(type).getElementType());
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
  RoleLowering(SpmdOp spmd, std::int64_t slot, const KernelNames &kernels, const GangInterface &interface)
      : spmd(spmd), slot(slot), kernels(kernels), interface(interface), mesh(lookUpMesh(spmd, spmd.getMeshAttr())) {
    role.slot = static_cast<std::uint32_t>(slot);
  }

  FailureOr<GangRole> run() {
    for (auto [use, whole, part] : llvm::zip(interface.arguments, spmd.getInputs(), spmd.getBody().getArguments())) {
      if (failed(addBuffer(part)))
        return failure();
      addArgument(use, whole, part);
    }
    if (failed(lowerBody(spmd.getBody().front())))
      return failure();
    role.kept.resize(role.states.size());
    for (std::uint32_t state : interface.returnedStates) {
      role.outputs.push_back(role.states[state]);
      role.outputs.back().value = static_cast<std::uint32_t>(role.outputs.size() - 1);
    }
    for (auto [use, whole, part] : llvm::zip(interface.results, spmd.getOutputs(), spmd.getYielded()))
      addResult(use, whole, part);
    addConsumers();
    shareInPlace(role, buffers, kernels);
    role.buffers = buffers.place(role.actors.size(), role.arenaBytes);
    return std::move(role);
  }

private:
  LogicalResult addBuffer(Value value) {
    std::optional<base::ElementType> type = elementTypeOf(value.getType());
    if (!type)
      return emitError(value.getLoc()) << "a buffer of " << value.getType()
                                       << " is not carried; wanted elements that a tensor of the language has";
    places[value] = buffers.add(*type, shapeOf(value));
    return success();
  }

  void addArgument(GangInterface::Use use, Value whole, Value part) {
    std::uint32_t buffer = places[part];
    buffers.use(buffer, 0); // it is filled before the first actor
    // What a later step reads again must be there then; what is fed without a state of its own evaluates a training,
    // batch after batch.
    if (!interface.gang.states.empty() || !interface.gang.sources.empty())
      buffers.keep(buffer);
    switch (use.kind) {
    case GangInterface::Kind::operand:
      role.inputs.push_back(portOf(use.number, whole, part));
      break;
    case GangInterface::Kind::state:
      role.states.push_back(portOf(use.number, whole, part));
      break;
    case GangInterface::Kind::feed:
      role.feeds.push_back(portOf(use.number, whole, part));
      break;
    default:
      role.step = buffer;
    }
  }

  void addResult(GangInterface::Use use, Value whole, Value part) {
    if (isKeptElsewhere(use, places.lookup(part)))
      places[part] = copyOf(part);
    std::uint32_t buffer = places.lookup(part);
    buffers.use(buffer, role.actors.size());
    if (use.kind == GangInterface::Kind::state)
      role.kept[use.number] = buffer;
    else if (use.kind == GangInterface::Kind::report)
      role.reports.push_back(portOf(use.number, whole, part));
    else
      role.outputs.push_back(
          portOf(use.number + static_cast<std::uint32_t>(interface.returnedStates.size()), whole, part));
  }

  /// Whether a result is what a step began with and not that state's own next value: as the step ends it is written
  /// over.
  bool isKeptElsewhere(GangInterface::Use use, std::uint32_t buffer) const {
    if (!buffers.isKept(buffer))
      return false;
    return use.kind != GangInterface::Kind::state || !buffers.isWhole(buffer) ||
           buffers.storageOf(buffer) != buffers.storageOf(role.states[use.number].buffer);
  }

  std::uint32_t copyOf(Value part) {
    auto type = cast<RankedTensorType>(part.getType());
    std::uint32_t copy = buffers.add(*elementTypeOf(type), shapeOf(part));
    append(kernelActor(kernels.ofCopy(type), {places.lookup(part)}, {copy}));
    return copy;
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

  LogicalResult lowerBody(Block &body) {
    for (Operation &op : body.without_terminator())
      if (failed(lower(op)))
        return failure();
    return success();
  }

  LogicalResult lower(Operation &op) {
    if (auto scan = dyn_cast<nn::ScanOp>(op))
      return lowerScan(scan);
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
    for (Value value : op.getResults()) {
      auto given = destinations.find(value);
      if (given != destinations.end())
        places[value] = given->second;
      else if (failed(addBuffer(value)))
        return failure();
    }
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

  LogicalResult lowerScan(nn::ScanOp scan) {
    for (Value stack : scan.getStackedOutputs())
      if (failed(addBuffer(stack)))
        return failure();
    nn::ScanBody arguments = scan.getBodyArguments();
    SmallVector<std::uint32_t> carried;
    for (Value value : scan.getCarried())
      carried.push_back(places.lookup(value));
    for (auto [outside, inside] : llvm::zip(scan.getShared(), arguments.getShared()))
      places[inside] = places.lookup(outside);
    auto count = static_cast<std::int64_t>(scan.getCount());
    for (std::int64_t turn = 0; turn < count; ++turn)
      if (failed(lowerTurn(scan, scan.getReverse() ? count - 1 - turn : turn, carried)))
        return failure();
    for (auto [value, buffer] : llvm::zip(scan.getLastCarried(), carried))
      places[value] = buffer;
    return success();
  }

  /// Turn `i` of a scan; `carried` are the buffers before it, and then those behind it.
  LogicalResult lowerTurn(nn::ScanOp scan, std::int64_t i, SmallVectorImpl<std::uint32_t> &carried) {
    nn::ScanBody arguments = scan.getBodyArguments();
    if (!arguments.getIndex().use_empty()) {
      if (failed(addBuffer(arguments.getIndex())))
        return failure();
      append(kernelActor(kernels.ofNumber(i), {}, {places[arguments.getIndex()]}));
    }
    for (auto [value, buffer] : llvm::zip(arguments.getCarried(), carried))
      places[value] = buffer;
    for (auto [stack, slice] : llvm::zip(scan.getStacked(), arguments.getSlices()))
      places[slice] = sliceOf(places.lookup(stack), slice, i);
    // What a turn makes for a stacked result is made where it belongs; what is not made in the turn is copied there.
    SmallVector<std::pair<Value, std::uint32_t>> copies;
    for (Value value : scan.getYieldedSlices())
      destinations.erase(value);
    for (auto [stack, value] : llvm::zip(scan.getStackedOutputs(), scan.getYieldedSlices())) {
      std::uint32_t place = sliceOf(places.lookup(stack), value, i);
      bool isMade =
          value.getParentBlock() == &scan.getBody().front() && isa_and_nonnull<func::CallOp>(value.getDefiningOp());
      if (!isMade || !destinations.try_emplace(value, place).second)
        copies.push_back({value, place});
    }
    if (failed(lowerBody(scan.getBody().front())))
      return failure();
    for (auto [value, place] : copies)
      append(kernelActor(kernels.ofCopy(cast<RankedTensorType>(value.getType())), {places.lookup(value)}, {place}));
    carried = llvm::map_to_vector(scan.getNextCarried(), [&](Value value) { return places.lookup(value); });
    return success();
  }

  static GangActor kernelActor(std::uint32_t kernel, std::vector<std::uint32_t> inputs,
                               std::vector<std::uint32_t> outputs) {
    GangActor actor{};
    actor.isKernel = true;
    actor.kernel = kernel;
    actor.inputs = std::move(inputs);
    actor.outputs = std::move(outputs);
    return actor;
  }

  std::uint32_t sliceOf(std::uint32_t stack, Value slice, std::int64_t i) {
    std::vector<std::uint64_t> shape = shapeOf(slice);
    std::uint64_t bytes = base::sizeOf(buffers.type(stack));
    for (std::uint64_t size : shape)
      bytes *= size;
    return buffers.addView(stack, static_cast<std::uint64_t>(i) * bytes, std::move(shape));
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
  const GangInterface &interface;
  MeshInterface mesh;
  GangRole role{};
  RoleBuffers buffers;
  DenseMap<Value, std::uint32_t> places;       ///< The buffer of each value in reach.
  DenseMap<Value, std::uint32_t> destinations; ///< Where a value is to be made.
};

} // namespace

FailureOr<GangRole> lowerRole(SpmdOp spmd, std::int64_t slot, const KernelNames &kernels,
                              const GangInterface &interface) {
  return RoleLowering(spmd, slot, kernels, interface).run();
}

} // namespace weft::lowering
