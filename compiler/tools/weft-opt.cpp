//===- weft-opt.cpp - Runs passes on IR, for people who write passes ------===//

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"

#include "mlir/InitAllDialects.h"
#include "mlir/InitAllPasses.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  mlir::registerAllDialects(registry);
  registry.insert<weft::dist::DistDialect, weft::nn::NnDialect, weft::topo::TopoDialect>();
  mlir::registerAllPasses();
  return mlir::asMainReturnCode(mlir::MlirOptMain(argc, argv, "weft-opt: runs passes of Weft on MLIR\n", registry));
}
