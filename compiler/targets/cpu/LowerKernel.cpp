//===- LowerKernel.cpp - One kernel from nn to LLVM's dialect -------------===//
//
// Tensors are fused, bufferized, and become loops; products of matrices become
// register-tiled loops by Gemm.cpp, everything else is vectorised by LLVM. A
// buffer that the kernel would allocate becomes an argument, so that a kernel
// needs no allocator.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/LowerKernel.h"

#include "compiler/lowering/NnToLinalg/Passes.h"
#include "compiler/targets/cpu/Attention.h"
#include "compiler/targets/cpu/Gemm.h"
#include "compiler/targets/cpu/LoopPhases.h"
#include "compiler/targets/cpu/Mosaic.h"
#include "compiler/targets/cpu/PlainProducts.h"
#include "compiler/targets/cpu/Rows.h"
#include "dialects/dist/Dist.h"
#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/FuncBufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotModuleBufferize.h"
#include "mlir/Dialect/Bufferization/Transforms/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Passes.h"
#include "mlir/Dialect/Linalg/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/SCF/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/BufferizableOpInterfaceImpl.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"
#include "mlir/Transforms/Passes.h"

namespace weft::cpu {
using namespace mlir;

namespace {

/// Loops fuse where both run over the same number of dimensions: a value for each row stays outside of the loop over a
/// row's elements, where it would be computed again for each.
LogicalResult fuseLoops(ModuleOp module) {
  RewritePatternSet patterns(module.getContext());
  linalg::populateElementwiseOpsFusionPatterns(patterns, [](OpOperand *operand) {
    auto producer = operand->get().getDefiningOp<linalg::LinalgOp>();
    auto consumer = dyn_cast<linalg::LinalgOp>(operand->getOwner());
    return producer && consumer && producer->hasOneUse() && producer.getNumLoops() == consumer.getNumLoops();
  });
  return applyPatternsGreedily(module, std::move(patterns));
}

LogicalResult bufferize(ModuleOp module) {
  for (auto function : module.getOps<func::FuncOp>())
    for (unsigned i = 0; i < function.getNumArguments(); ++i)
      function.setArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName,
                          BoolAttr::get(module.getContext(), false));
  bufferization::OneShotBufferizationOptions options;
  options.bufferizeFunctionBoundaries = true;
  options.setFunctionBoundaryTypeConversion(bufferization::LayoutMapOption::IdentityLayoutMap);
  bufferization::BufferizationState state;
  if (failed(bufferization::runOneShotModuleBufferize(module, options, state)))
    return failure();
  return success();
}

/// Every result becomes an argument behind the others. A buffer that the kernel would allocate for it is the caller's
/// then; an operand that is a result, or a second result that is the same buffer, is copied. Upstream's pass does the
/// first and ends the process at the last.
void promoteResults(func::FuncOp kernel) {
  Operation *end = kernel.getBody().front().getTerminator();
  OpBuilder builder(end);
  for (unsigned i = 0; i < end->getNumOperands(); ++i) {
    Value result = end->getOperand(i);
    (void)kernel.insertArgument(kernel.getNumArguments(), result.getType(), {}, result.getLoc());
    Value argument = kernel.getArguments().back();
    if (auto alloc = result.getDefiningOp<memref::AllocOp>()) {
      alloc.replaceAllUsesWith(argument);
      alloc.erase();
    } else {
      memref::CopyOp::create(builder, result.getLoc(), result, argument);
    }
  }
  end->setOperands({});
  kernel.setType(builder.getFunctionType(kernel.getArgumentTypes(), {}));
}

/// Whether a copy goes from an argument to the result that may lie there. `inputs` are the arguments before results.
bool mayBeThere(memref::CopyOp copy, func::FuncOp kernel, unsigned inputs) {
  auto from = dyn_cast<BlockArgument>(copy.getSource()), to = dyn_cast<BlockArgument>(copy.getTarget());
  if (!from || !to || from.getArgNumber() >= inputs)
    return false;
  auto result = kernel.getArgAttrOfType<IntegerAttr>(from.getArgNumber(), dist::inPlaceAttrName);
  return result && to.getArgNumber() == inputs + static_cast<unsigned>(result.getInt());
}

/// A copy becomes a loop: as an op of its own it would call memcpy. What lies there already is not copied.
void lowerCopies(func::FuncOp kernel, unsigned inputs) {
  kernel.walk([&](memref::CopyOp copy) {
    OpBuilder builder(copy);
    if (mayBeThere(copy, kernel, inputs)) {
      auto address = [&](Value buffer) -> Value {
        return memref::ExtractAlignedPointerAsIndexOp::create(builder, copy.getLoc(), buffer);
      };
      Value apart = arith::CmpIOp::create(builder, copy.getLoc(), arith::CmpIPredicate::ne, address(copy.getSource()),
                                          address(copy.getTarget()));
      auto guard = scf::IfOp::create(builder, copy.getLoc(), apart, /*withElseRegion=*/false);
      builder.setInsertionPointToStart(guard.thenBlock());
    }
    int64_t rank = cast<MemRefType>(copy.getTarget().getType()).getRank();
    SmallVector<AffineMap> maps(2, builder.getMultiDimIdentityMap(rank));
    SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
    linalg::GenericOp::create(
        builder, copy.getLoc(), copy.getSource(), copy.getTarget(), maps, loops,
        [](OpBuilder &inner, Location at, ValueRange elements) { linalg::YieldOp::create(inner, at, elements[0]); });
    copy.erase();
  });
}

/// Every buffer that the kernel allocates becomes an argument; deallocations go. Gives their sizes.
std::vector<std::uint64_t> promoteTemporaries(func::FuncOp kernel) {
  std::vector<std::uint64_t> bytes;
  kernel.walk([](memref::DeallocOp dealloc) { dealloc.erase(); });
  SmallVector<memref::AllocOp> allocs;
  kernel.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
  for (memref::AllocOp alloc : allocs) {
    MemRefType type = alloc.getType();
    auto size = static_cast<std::uint64_t>(type.getNumElements()) * ((type.getElementTypeBitWidth() + 7) / 8);
    bytes.push_back((size + 63) / 64 * 64);
    (void)kernel.insertArgument(kernel.getNumArguments(), type, {}, alloc.getLoc());
    alloc.replaceAllUsesWith(kernel.getArguments().back());
    alloc.erase();
  }
  return bytes;
}

/// Buffers do not overlap but for those in `coinciding`. Behind them stand the items' bounds, which one item does not
/// ask for.
void describeArguments(func::FuncOp kernel, const llvm::SmallBitVector &coinciding) {
  Builder builder(kernel.getContext());
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i) {
    kernel.removeArgAttr(i, bufferization::BufferizationDialect::kWritableAttrName);
    if (i >= coinciding.size() || !coinciding[i])
      kernel.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
  }
  for (int i = 0; i < 2; ++i)
    (void)kernel.insertArgument(kernel.getNumArguments(), builder.getIndexType(), {}, kernel.getLoc());
}

LogicalResult run(ModuleOp module, function_ref<void(PassManager &)> build) {
  PassManager passes(module.getContext());
  build(passes);
  return passes.run(module);
}

/// One of the forms whose loops are written here; nothing where the kernel is another one.
std::optional<KernelFrame> lowerKnownForm(func::FuncOp kernel, Isa isa) {
  for (auto *lower : {lowerProduct, lowerAttention, lowerAttentionGrad})
    if (std::optional<KernelFrame> frame = lower(kernel, isa))
      return frame;
  auto expanded = cast<func::FuncOp>(kernel->clone());
  OpBuilder(kernel).insert(expanded);
  expandRowOps(expanded);
  if (std::optional<KernelFrame> frame = lowerRows(expanded)) {
    kernel.erase();
    return frame;
  }
  expanded.erase();
  return lowerMosaic(kernel);
}

/// Any kernel, by upstream's loops.
FailureOr<KernelFrame> lowerByLinalg(ModuleOp module, Isa isa) {
  llvm::SmallBitVector coinciding = mayCoincide(*module.getOps<func::FuncOp>().begin());
  auto toLinalg = [](PassManager &passes) {
    passes.addNestedPass<func::FuncOp>(createLowerNnToLinalg());
    passes.addPass(createCanonicalizerPass());
    passes.addPass(createCSEPass());
  };
  if (failed(run(module, toLinalg)) || failed(fuseLoops(module)) || failed(bufferize(module)))
    return failure();
  auto kernel = *module.getOps<func::FuncOp>().begin();
  unsigned inputs = kernel.getNumArguments();
  promoteResults(kernel);
  lowerMatmuls(kernel, isa);
  lowerCopies(kernel, inputs);
  auto toLoops = [](PassManager &passes) {
    passes.addNestedPass<func::FuncOp>(createConvertLinalgToParallelLoopsPass());
    passes.addPass(memref::createExpandStridedMetadataPass());
  };
  if (failed(run(module, toLoops)))
    return failure();
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    kernel.removeArgAttr(i, dist::inPlaceAttrName);
  KernelFrame frame{promoteTemporaries(kernel), {}, {}};
  describeArguments(kernel, coinciding);
  frame.phases = cutIntoPhases(kernel);
  return frame;
}

} // namespace

llvm::SmallBitVector mayCoincide(func::FuncOp kernel) {
  llvm::SmallBitVector coinciding(kernel.getNumArguments() + kernel.getNumResults());
  for (unsigned i = 0; i < kernel.getNumArguments(); ++i)
    if (auto result = kernel.getArgAttrOfType<IntegerAttr>(i, dist::inPlaceAttrName)) {
      coinciding.set(i);
      coinciding.set(kernel.getNumArguments() + static_cast<unsigned>(result.getInt()));
    }
  return coinciding;
}

FailureOr<KernelFrame> lowerKernel(ModuleOp module, Isa isa) {
  // Passes load the dialects that they make ops of; the steps here that are no passes do so themselves.
  module.getContext()
      ->loadDialect<affine::AffineDialect, arith::ArithDialect, bufferization::BufferizationDialect,
                    linalg::LinalgDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                    tensor::TensorDialect, vector::VectorDialect, LLVM::LLVMDialect>();
  KernelFrame frame;
  if (std::optional<KernelFrame> known = lowerKnownForm(*module.getOps<func::FuncOp>().begin(), isa)) {
    frame = *std::move(known);
  } else {
    FailureOr<KernelFrame> plain = lowerByLinalg(module, isa);
    if (failed(plain))
      return failure();
    frame = *std::move(plain);
  }
  auto toLlvm = [](PassManager &passes) {
    passes.addPass(createLowerAffinePass());
    passes.addPass(createCanonicalizerPass());
    passes.addPass(createCSEPass());
    passes.addPass(createSCFToControlFlowPass());
    passes.addPass(createConvertVectorToLLVMPass());
    passes.addPass(createConvertMathToLLVMPass());
    passes.addPass(createArithToLLVMConversionPass());
    passes.addPass(createConvertIndexToLLVMPass());
    passes.addPass(createFinalizeMemRefToLLVMConversionPass());
    passes.addPass(createConvertControlFlowToLLVMPass());
    ConvertFuncToLLVMPassOptions barePointers;
    barePointers.useBarePtrCallConv = true;
    passes.addPass(createConvertFuncToLLVMPass(barePointers));
    passes.addPass(createUBToLLVMConversionPass());
    passes.addPass(createReconcileUnrealizedCastsPass());
  };
  if (failed(run(module, toLlvm)))
    return failure();
  return frame;
}

void registerKernelLowering(DialectRegistry &registry) {
  registry.insert<affine::AffineDialect, arith::ArithDialect, bufferization::BufferizationDialect,
                  linalg::LinalgDialect, math::MathDialect, memref::MemRefDialect, scf::SCFDialect,
                  tensor::TensorDialect, vector::VectorDialect, LLVM::LLVMDialect>();
  arith::registerBufferizableOpInterfaceExternalModels(registry);
  bufferization::func_ext::registerBufferizableOpInterfaceExternalModels(registry);
  linalg::registerBufferizableOpInterfaceExternalModels(registry);
  scf::registerBufferizableOpInterfaceExternalModels(registry);
  tensor::registerBufferizableOpInterfaceExternalModels(registry);
  registerBuiltinDialectTranslation(registry);
  registerLLVMDialectTranslation(registry);
}

} // namespace weft::cpu
