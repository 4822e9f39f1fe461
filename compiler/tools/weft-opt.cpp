//===- weft-opt.cpp - Runs passes on IR, for people who write passes ------===//

#include "compiler/autodiff/Passes.h"
#include "compiler/communication/Passes.h"
#include "compiler/decoding/Passes.h"
#include "compiler/flow/Passes.h"
#include "compiler/fusion/Passes.h"
#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Passes.h"
#include "compiler/pipelines/FlowPipeline.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "compiler/sharding/Passes.h"
#include "dialects/dist/Dist.h"
#include "dialects/expr/Expr.h"
#include "dialects/flow/Flow.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllExtensions.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  mlir::registerAllExtensions(registry);
  registry.insert<weft::dist::DistDialect, weft::expr::ExprDialect, weft::flow::FlowDialect, weft::nn::NnDialect,
                  weft::topo::TopoDialect>();
  weft::lowering::registerLinalgForms(registry);
  mlir::registerAllPasses();
  weft::registerAutodiffPasses();
  weft::registerShardingPasses();
  weft::registerCommunicationPasses();
  weft::registerDecodingPasses();
  weft::registerFusionPasses();
  weft::registerNnToLinalgPasses();
  weft::registerFlowPasses();
  weft::pipelines::registerTensorPipelines();
  weft::pipelines::registerFlowPipelines();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "weft-opt: runs passes of Weft on MLIR\n", registry));
}
