//===- DistToPlan.cpp - From programs of one slot to gang tables ----------===//
//
// Every slot runs the same ops, so roles differ only in which part of an operand
// or result a port holds, and in the kernel that writes a slot's number.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/DistToPlan/DistToPlan.h"

#include "compiler/lowering/DistToPlan/RoleLowering.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"

#include <map>

namespace weft::lowering {
namespace {
using namespace mlir;
using namespace dist;

/// What all roles of a module share.
class ModuleLowering {
public:
  explicit ModuleLowering(ModuleOp module) : module(module), symbols(module) {}

  FailureOr<GangModule> run() {
    KernelNames kernels{[this](StringRef symbol) { return kernelIndex(symbol); },
                        [this](std::uint32_t kernel) { return inPlace(kernel); },
                        [this](std::int64_t number) { return numberKernel(number); },
                        [this](RankedTensorType type) { return copyKernel(type); }};
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>())) {
      auto meshName = function->getAttrOfType<FlatSymbolRefAttr>(meshAttrName);
      if (!meshName)
        continue;
      SpmdOp spmd = programOf(function.getBody());
      if (!spmd)
        return function.emitError() << "is not one dist.spmd; wanted a partitioned function, run weft-tensor first";
      FailureOr<GangInterface> interface = interfaceOf(function);
      if (failed(interface))
        return failure();
      GangPlan &gang = interface->gang;
      gang.mesh = meshIndex(spmd);
      for (std::int64_t slot = 0, slots = slotCount(lookUpMesh(spmd, spmd.getMeshAttr())); slot < slots; ++slot) {
        FailureOr<GangRole> role = lowerRole(spmd, slot, kernels, *interface);
        if (failed(role))
          return failure();
        gang.roles.push_back(std::move(*role));
      }
      if (!interface->evaluation.empty())
        evaluated.push_back({result.gangs.size(), interface->evaluation});
      result.gangs.push_back(std::move(gang));
    }
    for (const auto &[gang, by] : evaluated)
      if (failed(evaluate(result.gangs[gang], by)))
        return failure();
    return std::move(result);
  }

private:
  /// The function `by` measures what the states of a gang are worth: its operands are states, by name.
  LogicalResult evaluate(GangPlan &gang, StringRef by) {
    auto found = llvm::find_if(result.gangs, [&](const GangPlan &other) { return other.name == by; });
    if (found == result.gangs.end())
      return module.emitError() << "'" << gang.name << "' is evaluated by '" << by
                                << "', which is no tensor function of the module";
    GangEvaluation evaluation{static_cast<std::uint32_t>(found - result.gangs.begin()), {}};
    for (const std::string &name : found->paramNames) {
      auto state = llvm::find_if(gang.states, [&](const GangState &one) { return one.name == name; });
      if (state == gang.states.end())
        return module.emitError() << "'" << by << "' takes '" << name << "', which '" << gang.name
                                  << "' does not keep; wanted the name of a state";
      evaluation.states.push_back(static_cast<std::uint32_t>(state - gang.states.begin()));
    }
    gang.evaluation = std::move(evaluation);
    return success();
  }

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
    auto [found, isNew] = kernelIndices.try_emplace(symbol, static_cast<std::uint32_t>(result.kernels.size()));
    if (isNew)
      result.kernels.push_back(symbol.str());
    return found->second;
  }

  /// As its arguments say in `dist.in_place`.
  ArrayRef<std::pair<unsigned, unsigned>> inPlace(std::uint32_t kernel) {
    auto [found, isNew] = inPlaceOf.try_emplace(kernel);
    if (isNew)
      if (auto function = symbols.lookup<func::FuncOp>(result.kernels[kernel]))
        for (unsigned at = 0; at < function.getNumArguments(); ++at)
          if (auto over = function.getArgAttrOfType<IntegerAttr>(at, inPlaceAttrName))
            found->second.push_back({at, static_cast<unsigned>(over.getInt())});
    return found->second;
  }

  std::uint32_t numberKernel(std::int64_t number) {
    std::string &name = numberKernels[number];
    if (name.empty()) {
      auto type = RankedTensorType::get({}, IntegerType::get(module.getContext(), 32));
      name = makeKernel("slot_number_" + std::to_string(number), {}, type, [&](OpBuilder &builder, ValueRange) {
        auto value = DenseElementsAttr::get(type, static_cast<std::int32_t>(number));
        return nn::ConstantOp::create(builder, module.getLoc(), type, value).getResult();
      });
    }
    return kernelIndex(name);
  }

  std::uint32_t copyKernel(RankedTensorType type) {
    std::string &name = copyKernels[type];
    if (name.empty())
      name = makeKernel("copy_" + std::to_string(copyKernels.size() - 1), type, type,
                        [](OpBuilder &, ValueRange values) { return values[0]; });
    return kernelIndex(name);
  }

  /// A kernel behind all others; gives its name, which is `name` or one like it.
  std::string makeKernel(const std::string &name, TypeRange operands, Type result,
                         function_ref<Value(OpBuilder &, ValueRange)> body) {
    auto builder = OpBuilder::atBlockEnd(module.getBody());
    auto kernel =
        func::FuncOp::create(builder, module.getLoc(), name, builder.getFunctionType(operands, TypeRange(result)));
    kernel.setPrivate();
    kernel->setAttr(kernelAttrName, builder.getUnitAttr());
    symbols.insert(kernel);
    builder.setInsertionPointToStart(kernel.addEntryBlock());
    Value value = body(builder, kernel.getArguments());
    func::ReturnOp::create(builder, module.getLoc(), value);
    return kernel.getName().str();
  }

  ModuleOp module;
  SymbolTable symbols;
  GangModule result;
  std::vector<std::pair<std::size_t, std::string>> evaluated; ///< A gang, and the function that evaluates it.
  llvm::StringMap<std::uint32_t> kernelIndices;
  std::map<std::int64_t, std::string> numberKernels;
  std::map<std::uint32_t, SmallVector<std::pair<unsigned, unsigned>>> inPlaceOf;
  llvm::DenseMap<Type, std::string> copyKernels;
};

} // namespace

FailureOr<GangModule> lowerToGangs(ModuleOp module) { return ModuleLowering(module).run(); }

} // namespace weft::lowering
