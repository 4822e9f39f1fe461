//===- TensorPipeline.cpp - The phases of tensor functions, in order ------===//

#include "compiler/pipelines/TensorPipeline.h"

#include "compiler/autodiff/Passes.h"
#include "compiler/communication/Passes.h"
#include "compiler/decoding/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/sharding/Passes.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

namespace weft::pipelines {
namespace {
using namespace mlir;

void buildGrad(OpPassManager &passes, std::uint64_t keptBytes) {
  DifferentiateOptions options;
  options.memoryLimitBytes = keptBytes;
  passes.addPass(createDifferentiate(options));
  passes.addPass(createInlinerPass());
  passes.addPass(createMakeDecoders());
}

void buildSharding(OpPassManager &passes) {
  passes.addPass(createSymbolDCEPass());
  passes.addPass(createAssignMeshes());
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createPlaceOnOneSlot());
  functions.addPass(createPropagateShardings());
  functions.addPass(createInsertReshards());
  // One operand resharded for two readers is resharded once.
  functions.addPass(createCSEPass());
  functions.addPass(createVerifyShardings());
  functions.addPass(createPartition());
  functions.addPass(createVerifyPartition());
}

void buildCommunication(OpPassManager &passes) {
  OpPassManager &functions = passes.nest<func::FuncOp>();
  functions.addPass(createFuseCollectives());
  functions.addPass(createPackCollectives());
  functions.addPass(createCanonicalizerPass());
  functions.addPass(createCSEPass());
  functions.addPass(createVerifyCommunication());
}

void buildFusion(OpPassManager &passes) {
  passes.addPass(createOutlineKernels());
  passes.addPass(createVerifyKernels());
}

} // namespace

void buildTensorPipeline(OpPassManager &passes, std::uint64_t keptBytes) {
  buildGrad(passes, keptBytes);
  buildSharding(passes);
  buildCommunication(passes);
  buildFusion(passes);
}

void registerTensorPipelines() {
  PassPipelineRegistration<>("weft-grad", "Derivatives, and models that answer position by position",
                             [](OpPassManager &passes) { buildGrad(passes, 0); });
  PassPipelineRegistration<>("weft-sharding", "From marked tensors to one program per slot", buildSharding);
  PassPipelineRegistration<>("weft-communication", "Fewer and contiguous bytes between slots", buildCommunication);
  PassPipelineRegistration<>("weft-fusion", "Kernels between collectives", buildFusion);
  PassPipelineRegistration<>("weft-tensor", "All phases of tensor functions",
                             [](OpPassManager &passes) { buildTensorPipeline(passes); });
}

} // namespace weft::pipelines
