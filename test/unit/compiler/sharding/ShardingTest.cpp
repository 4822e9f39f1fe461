//===- ShardingTest.cpp - Programs on slots against whole programs --------===//

#include "compiler/communication/Passes.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "compiler/sharding/Passes.h"
#include "compiler/sharding/ReshardSteps.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/dist/SlotInterpreter.h"
#include "test/reference/nn/Generator.h"
#include "test/support/Seeds.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {
using namespace mlir;
using dist::ShardingAttr;
using reference::Tensor;

class ShardingTest : public ::testing::Test {
protected:
  ShardingTest() { context.loadDialect<nn::NnDialect, dist::DistDialect, topo::TopoDialect, func::FuncDialect>(); }

  static func::FuncOp function(ModuleOp module) { return *module.getOps<func::FuncOp>().begin(); }

  LogicalResult run(ModuleOp module, bool propagates, bool fuses) {
    PassManager passes(&context);
    if (propagates) {
      passes.addPass(createAssignMeshes());
      passes.addNestedPass<func::FuncOp>(createPropagateShardings());
      passes.addNestedPass<func::FuncOp>(createInsertReshards());
    }
    passes.addNestedPass<func::FuncOp>(createVerifyShardings());
    passes.addNestedPass<func::FuncOp>(createPartition());
    passes.addNestedPass<func::FuncOp>(createVerifyPartition());
    if (fuses) {
      passes.addNestedPass<func::FuncOp>(createFuseCollectives());
      passes.addNestedPass<func::FuncOp>(createPackCollectives());
      passes.addNestedPass<func::FuncOp>(createVerifyCommunication());
    }
    return passes.run(module);
  }

  MLIRContext context;
};

/// All shardings of a matrix over a subset of the axes a and b, in either order.
std::vector<ShardingAttr> allShardings(FlatSymbolRefAttr mesh) {
  using Dims = ShardingAttr::DimAxes;
  std::vector<ShardingAttr> all;
  for (const Dims &dims : std::vector<Dims>{{{}, {}},
                                            {{"a"}, {}},
                                            {{"b"}, {}},
                                            {{}, {"a"}},
                                            {{}, {"b"}},
                                            {{"a"}, {"b"}},
                                            {{"b"}, {"a"}},
                                            {{"a", "b"}, {}},
                                            {{"b", "a"}, {}},
                                            {{}, {"a", "b"}},
                                            {{}, {"b", "a"}}})
    all.push_back(ShardingAttr::get(mesh, dims));
  return all;
}

// The reshardings that upstream's partitioner gets wrong are among them: two axes on one dimension, exchanged, moved.
TEST_F(ShardingTest, EveryReshardingOfAMatrixKeepsItsValues) {
  auto mesh = FlatSymbolRefAttr::get(&context, "grid");
  unsigned checked = 0;
  for (ShardingAttr from : allShardings(mesh))
    for (ShardingAttr to : allShardings(mesh)) {
      auto module = parseSourceString<ModuleOp>("topo.mesh @grid {a = 2, b = 3}", &context);
      auto builder = OpBuilder::atBlockEnd(module->getBody());
      auto plain = RankedTensorType::get({12, 18}, builder.getF32Type());
      auto before = dist::withSharding(plain, from), after = dist::withSharding(plain, to);
      auto f = func::FuncOp::create(builder, builder.getUnknownLoc(), "f", builder.getFunctionType(before, after));
      f->setAttr(dist::meshAttrName, mesh);
      builder.setInsertionPointToStart(f.addEntryBlock());
      Value moved = dist::ReshardOp::create(builder, builder.getUnknownLoc(), after, f.getArgument(0));
      func::ReturnOp::create(builder, builder.getUnknownLoc(), moved);
      Tensor input = reference::randomInputs(f, 3)[0];
      for (bool fuses : {false, true}) {
        OwningOpRef<ModuleOp> copy(cast<ModuleOp>(module->clone()));
        ASSERT_TRUE(succeeded(run(*copy, false, fuses)));
        std::vector<Tensor> found = reference::evaluateOnSlots(function(*copy), {input});
        std::string text;
        llvm::raw_string_ostream(text) << from << " to " << to;
        EXPECT_EQ(found[0].elements, input.elements) << text;
        ++checked;
      }
    }
  EXPECT_EQ(checked, 242u);
}

// A partial product, left so over one or two axes, to every sharding that is left.
TEST_F(ShardingTest, EveryReshardingOfAPartialSumKeepsItsValues) {
  auto mesh = FlatSymbolRefAttr::get(&context, "grid");
  for (ShardingAttr to : allShardings(mesh)) {
    std::string text;
    llvm::raw_string_ostream(text)
        << "topo.mesh @grid {a = 2, b = 3}\n#to = " << to
        << "\nfunc.func @f(%x: tensor<12x6xf32, #dist.sharding<@grid, [[], [\"a\", \"b\"]]>>,"
           " %w: tensor<6x18xf32, #dist.sharding<@grid, [[\"a\", \"b\"], []]>>) -> tensor<12x18xf32, #to>"
           " attributes {dist.mesh = @grid} {\n"
           "%0 = nn.matmul %x, %w : tensor<12x6xf32, #dist.sharding<@grid, [[], [\"a\", \"b\"]]>>,"
           " tensor<6x18xf32, #dist.sharding<@grid, [[\"a\", \"b\"], []]>> ->"
           " tensor<12x18xf32, #dist.sharding<@grid, [[], []], partial = sum [\"a\", \"b\"]>>\n"
           "%1 = dist.reshard %0 : tensor<12x18xf32, #dist.sharding<@grid, [[], []], partial = sum [\"a\", \"b\"]>>"
           " -> tensor<12x18xf32, #to>\nreturn %1 : tensor<12x18xf32, #to>\n}";
    auto module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module) << text;
    std::vector<Tensor> inputs = reference::randomInputs(function(*module), 5);
    Tensor wanted = reference::evaluate(&function(*module).getBody().front().front(), inputs)[0];
    ASSERT_TRUE(succeeded(run(*module, false, true))) << text;
    EXPECT_LE(reference::distance(reference::evaluateOnSlots(function(*module), inputs)[0], wanted), 1e-12) << text;
  }
}

TEST_F(ShardingTest, RandomMarkedProgramsKeepTheirValues) {
  unsigned collectives = 0;
  for (std::uint64_t seed = 1; seed <= test::tries(150, 1500); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    auto module = reference::generate(context, seed, {.ops = 9, .marks = true, .doubles = true});
    std::vector<Tensor> inputs = reference::randomInputs(function(*module), seed);
    std::vector<Tensor> wanted = reference::evaluate(function(*module), inputs);
    ASSERT_TRUE(succeeded(run(*module, true, seed % 2)));
    module->walk(
        [&](Operation *op) { collectives += isa<dist::AllReduceOp, dist::AllGatherOp, dist::ReduceScatterOp>(op); });
    std::vector<Tensor> found = reference::evaluateOnSlots(function(*module), inputs);
    ASSERT_EQ(found.size(), wanted.size());
    for (size_t i = 0; i < found.size(); ++i)
      EXPECT_LE(reference::distance(found[i], wanted[i]), 1e-5) << "result " << i;
  }
  // Programs without communication would show nothing.
  EXPECT_GT(collectives, 150u);
}

TEST_F(ShardingTest, StepsAreTheCheapestOfTheirKind) {
  auto module = parseSourceString<ModuleOp>("topo.mesh @grid {a = 2, b = 2, one = 1}", &context);
  auto mesh = cast<MeshInterface>(*module->getBody()->begin());
  auto name = FlatSymbolRefAttr::get(&context, "grid");
  auto plan = [&](ShardingAttr from, ShardingAttr to) {
    std::string text;
    for (const sharding::ReshardStep &step : sharding::planReshard(from, to, mesh))
      text += "rsgt"[static_cast<int>(step.kind)] + llvm::join(step.axes, "") + " ";
    return text;
  };
  auto dims = [&](ShardingAttr::DimAxes axes) { return ShardingAttr::get(name, axes); };
  auto partial = [&](ShardingAttr::DimAxes axes, ArrayRef<StringRef> over) {
    return ShardingAttr::get(name, axes, ReduceKind::sum, over);
  };
  EXPECT_EQ(plan(dims({{"a"}, {}}), dims({{"a"}, {}})), "");
  EXPECT_EQ(plan(dims({{"a"}, {}}), dims({{"a", "b"}, {}})), "tb ");
  EXPECT_EQ(plan(dims({{"a", "b"}, {}}), dims({{"a"}, {}})), "gb ");
  EXPECT_EQ(plan(dims({{"a", "b"}, {}}), dims({{"b"}, {}})), "gb ga tb ");
  EXPECT_EQ(plan(partial({{}, {}}, {"b", "a"}), dims({{}, {}})), "rab ");
  EXPECT_EQ(plan(partial({{}, {}}, {"a"}), dims({{"a"}, {}})), "sa ");
  EXPECT_EQ(plan(partial({{}, {}}, {"a", "b"}), dims({{"b", "a"}, {}})), "sb sa ");
  EXPECT_EQ(plan(partial({{}, {}}, {"a", "b"}), partial({{}, {}}, {"b"})), "ra ");
  EXPECT_EQ(plan(partial({{"one"}, {}}, {"a"}), dims({{}, {}})), "ra ");
}

TEST_F(ShardingTest, CostIsTheBytesThatASlotSends) {
  auto module = parseSourceString<ModuleOp>("topo.mesh @grid {a = 4}", &context);
  auto mesh = cast<MeshInterface>(*module->getBody()->begin());
  auto name = FlatSymbolRefAttr::get(&context, "grid");
  auto type = RankedTensorType::get({1024}, Float32Type::get(&context));
  auto cost = [&](ShardingAttr from, ShardingAttr to) {
    return sharding::costOf(sharding::planReshard(from, to, mesh), type, from, mesh);
  };
  ShardingAttr whole = ShardingAttr::get(name, {{}}), rows = ShardingAttr::get(name, {{"a"}});
  ShardingAttr sum = ShardingAttr::get(name, {{}}, ReduceKind::sum, {"a"});
  EXPECT_EQ(cost(whole, rows), 0);
  EXPECT_EQ(cost(rows, whole), 4096 * 3 / 4 + sharding::bytesPerStep);
  EXPECT_EQ(cost(sum, rows), 4096 * 3 / 4 + sharding::bytesPerStep);
  EXPECT_EQ(cost(sum, whole), 2 * 4096 * 3 / 4 + sharding::bytesPerStep);
}

} // namespace
} // namespace weft::test
