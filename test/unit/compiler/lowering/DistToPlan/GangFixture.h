//===- GangFixture.h - What the tests of gang tables share ----------------===//
#pragma once

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/nn/Generator.h"
#include "test/support/gangs/NativeGang.h"

#include <gtest/gtest.h>

namespace weft::test {
using namespace mlir;
using namespace lowering;
using reference::Tensor;

class GangTest : public ::testing::Test {
protected:
  GangTest() {
    DialectRegistry registry;
    cpu::registerCpuTarget(registry);
    registry.insert<topo::TopoDialect>();
    context.appendDialectRegistry(registry);
    context.loadDialect<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>();
  }

  FailureOr<GangModule> lower(ModuleOp module) {
    PassManager passes(&context);
    pipelines::buildTensorPipeline(passes);
    EXPECT_TRUE(succeeded(passes.run(module)));
    return lowerToGangs(module);
  }

  MLIRContext context;
};

} // namespace weft::test
