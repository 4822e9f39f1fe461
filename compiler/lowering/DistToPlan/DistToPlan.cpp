//===- DistToPlan.cpp - From programs of one slot to gang tables ----------===//
//
// Every slot runs the same ops, so roles differ only in which part of an operand
// or result a port holds, and in the kernel that writes a slot's number.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/DistToPlan/DistToPlan.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/TypeSwitch.h"

#include <optional>

namespace weft::lowering {
namespace {
using namespace mlir;
using namespace dist;

/// Buffers start on a line of the cache, as kernels expect.
constexpr std::uint64_t alignmentBytes = 64;

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

/// What all roles of a module share.
class ModuleLowering {
public:
  explicit ModuleLowering(ModuleOp module) : module(module), symbols(module) {}

  FailureOr<GangModule> run() {
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      auto meshName = function->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
      if (!meshName)
        continue;
      auto spmd = function.isExternal() ? SpmdOp() : dyn_cast<SpmdOp>(function.getBody().front().front());
      if (!spmd)
        return function.emitError() << "is not one dist.spmd; wanted a partitioned function, run weft-tensor first";
      GangPlan gang{function.getName().str(), meshIndex(spmd), {}};
      for (std::int64_t slot = 0, slots = slotCount(lookUpMesh(spmd, spmd.getMeshAttr())); slot < slots; ++slot) {
        FailureOr<GangRole> role = lowerRole(spmd, slot);
        if (failed(role))
          return failure();
        gang.roles.push_back(std::move(*role));
      }
      result.gangs.push_back(std::move(gang));
    }
    return std::move(result);
  }

private:
  std::uint32_t meshIndex(SpmdOp spmd) {
    std::string name = spmd.getMesh().str();
    for (auto [i, mesh] : llvm::enumerate(result.meshes))
      if (mesh.name == name)
        return static_cast<std::uint32_t>(i);
    MeshInterface mesh = lookUpMesh(spmd, spmd.getMeshAttr());
    GangMesh made{name, {}, {}, {}};
    for (auto [axis, size, elastic] : llvm::zip(mesh.getAxisNames(), mesh.getAxisSizes(), mesh.getElasticAxes())) {
      made.axes.push_back(axis.str());
      made.sizes.push_back(static_cast<std::uint32_t>(size));
      made.elastic.push_back(elastic);
    }
    result.meshes.push_back(std::move(made));
    return static_cast<std::uint32_t>(result.meshes.size() - 1);
  }

  std::uint32_t kernelIndex(StringRef symbol) {
    auto found = llvm::find(result.kernels, symbol);
    if (found == result.kernels.end()) {
      result.kernels.push_back(symbol.str());
      return static_cast<std::uint32_t>(result.kernels.size() - 1);
    }
    return static_cast<std::uint32_t>(found - result.kernels.begin());
  }

  /// A kernel that writes `number`; made once for each number.
  StringRef numberKernel(std::int64_t number) {
    std::string &name = numberKernels[number];
    if (name.empty()) {
      auto builder = OpBuilder::atBlockEnd(module.getBody());
      Location place = module.getLoc();
      auto type = RankedTensorType::get({}, builder.getI32Type());
      auto kernel = func::FuncOp::create(builder, place, "slot_number_" + std::to_string(number),
                                         builder.getFunctionType({}, type));
      kernel.setPrivate();
      kernel->setAttr(kernelAttrName, builder.getUnitAttr());
      symbols.insert(kernel);
      builder.setInsertionPointToStart(kernel.addEntryBlock());
      auto value = DenseElementsAttr::get(type, static_cast<std::int32_t>(number));
      Value constant = nn::ConstantOp::create(builder, place, type, value);
      func::ReturnOp::create(builder, place, constant);
      name = kernel.getName().str();
    }
    return name;
  }

  FailureOr<GangRole> lowerRole(SpmdOp spmd, std::int64_t slot);
  LogicalResult lowerOp(Operation &op, std::int64_t slot, GangRole &role, DenseMap<Value, std::uint32_t> &buffers);

  ModuleOp module;
  SymbolTable symbols;
  GangModule result;
  std::map<std::int64_t, std::string> numberKernels;
};

/// The next buffer of the role's arena, for `value`.
LogicalResult addBuffer(GangRole &role, Value value, DenseMap<Value, std::uint32_t> &buffers) {
  std::optional<base::ElementType> type = elementTypeOf(value.getType());
  if (!type)
    return emitError(value.getLoc()) << "a buffer of " << value.getType()
                                     << " is not carried; wanted f32, f64, i32 or i64";
  auto tensor = cast<RankedTensorType>(value.getType());
  std::uint64_t bytes = static_cast<std::uint64_t>(tensor.getNumElements()) * base::sizeOf(*type);
  buffers[value] = static_cast<std::uint32_t>(role.buffers.size());
  role.buffers.push_back({role.arenaBytes, bytes, *type, unsignedOf(tensor.getShape())});
  role.arenaBytes += (bytes + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
  return success();
}

GangPort portOf(std::size_t number, Value whole, Value part, std::uint32_t buffer, MeshInterface mesh,
                std::int64_t slot) {
  auto type = cast<RankedTensorType>(whole.getType());
  return {static_cast<std::uint32_t>(number),
          buffer,
          *elementTypeOf(part.getType()),
          unsignedOf(type.getShape()),
          unsignedOf(shardOffsets(type, mesh, slot)),
          unsignedOf(cast<RankedTensorType>(part.getType()).getShape())};
}

std::uint32_t maskOf(MeshInterface mesh, ArrayAttr axes) {
  std::uint32_t mask = 0;
  for (auto [i, name] : llvm::enumerate(mesh.getAxisNames()))
    if (llvm::is_contained(axes.getAsValueRange<StringAttr>(), name))
      mask |= std::uint32_t(1) << i;
  return mask;
}

void addConsumers(GangRole &role) {
  for (GangActor &maker : role.actors)
    for (auto [i, reader] : llvm::enumerate(role.actors))
      if (llvm::any_of(maker.outputs, [&](std::uint32_t buffer) { return llvm::is_contained(reader.inputs, buffer); }))
        maker.consumers.push_back(static_cast<std::uint32_t>(i));
}

FailureOr<GangRole> ModuleLowering::lowerRole(SpmdOp spmd, std::int64_t slot) {
  MeshInterface mesh = lookUpMesh(spmd, spmd.getMeshAttr());
  GangRole role{static_cast<std::uint32_t>(slot), 0, {}, {}, {}, {}};
  DenseMap<Value, std::uint32_t> buffers;
  for (auto [i, whole, part] : llvm::enumerate(spmd.getInputs(), spmd.getBody().getArguments())) {
    if (failed(addBuffer(role, part, buffers)))
      return failure();
    role.inputs.push_back(portOf(i, whole, part, buffers[part], mesh, slot));
  }
  for (Operation &op : spmd.getBody().front().without_terminator())
    if (failed(lowerOp(op, slot, role, buffers)))
      return failure();
  for (auto [i, whole, part] : llvm::enumerate(spmd.getOutputs(), spmd.getYielded()))
    role.outputs.push_back(portOf(i, whole, part, buffers.lookup(part), mesh, slot));
  addConsumers(role);
  return role;
}

LogicalResult ModuleLowering::lowerOp(Operation &op, std::int64_t slot, GangRole &role,
                                      DenseMap<Value, std::uint32_t> &buffers) {
  GangActor actor{.isKernel = true};
  actor.opId = static_cast<std::uint32_t>(role.actors.size());
  auto collective = [&](auto step, CollectiveKind kind) {
    actor.isKernel = false;
    actor.collective = kind;
    actor.type = *elementTypeOf(step.getType());
    actor.axesMask = maskOf(lookUpMesh(step, step.getMeshAttr()), step.getAxesAttr());
    return success();
  };
  for (Value value : op.getResults())
    if (failed(addBuffer(role, value, buffers)))
      return failure();
  LogicalResult known =
      llvm::TypeSwitch<Operation *, LogicalResult>(&op)
          .Case<func::CallOp>([&](auto call) {
            actor.kernel = kernelIndex(call.getCallee());
            return success();
          })
          .Case<SlotIndexOp>([&](auto index) {
            auto axes = llvm::to_vector(index.getAxes().template getAsValueRange<StringAttr>());
            actor.kernel = kernelIndex(numberKernel(indexInGroup(lookUpMesh(index, index.getMeshAttr()), axes, slot)));
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
    actor.inputs.push_back(buffers.lookup(operand));
  for (Value value : op.getResults())
    actor.outputs.push_back(buffers.lookup(value));
  role.actors.push_back(std::move(actor));
  return success();
}

} // namespace

FailureOr<GangModule> lowerToGangs(ModuleOp module) { return ModuleLowering(module).run(); }

} // namespace weft::lowering
