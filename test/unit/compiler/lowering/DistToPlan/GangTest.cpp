//===- GangTest.cpp - Gang tables, run natively against whole programs ----===//
//
// What the smallest executor computes must be what the whole program is.
//
//===----------------------------------------------------------------------===//

#include "test/support/Seeds.h"
#include "test/unit/compiler/lowering/DistToPlan/GangFixture.h"

namespace weft::test {
namespace {

constexpr const char *mlp = R"(
topo.mesh @mesh {model = 2}
func.func @mlp(%x: tensor<4x8xf32>, %w1: tensor<8x16xf32>, %w2: tensor<16x8xf32>) -> tensor<4x8xf32> {
  %a = dist.constrain %w1 to <@mesh, [[], ["model"]]> open [0] : tensor<8x16xf32>
  %b = dist.constrain %w2 to <@mesh, [["model"], []]> open [1] : tensor<16x8xf32>
  %0 = nn.matmul %x, %a : tensor<4x8xf32>, tensor<8x16xf32> -> tensor<4x16xf32>
  %1 = nn.elementwise gelu %0 : (tensor<4x16xf32>) -> tensor<4x16xf32>
  %2 = nn.matmul %1, %b : tensor<4x16xf32>, tensor<16x8xf32> -> tensor<4x8xf32>
  return %2 : tensor<4x8xf32>
}
)";

TEST_F(GangTest, MlpIsTwoProductsAndOneAllReduceOnTwoSlots) {
  auto module = parseSourceString<ModuleOp>(mlp, &context);
  FailureOr<GangModule> gangs = lower(*module);
  ASSERT_TRUE(succeeded(gangs));
  ASSERT_EQ(gangs->gangs.size(), 1u);
  EXPECT_EQ(gangs->meshes[0].name, "mesh");
  EXPECT_EQ(gangs->meshes[0].elastic, std::vector<bool>{false});
  EXPECT_EQ(gangs->kernels, (std::vector<std::string>{"mlp_k0", "mlp_k1"}));
  const GangPlan &gang = gangs->gangs[0];
  EXPECT_EQ(gang.name, "mlp");
  ASSERT_EQ(gang.roles.size(), 2u);
  for (const GangRole &role : gang.roles) {
    ASSERT_EQ(role.actors.size(), 3u);
    EXPECT_TRUE(role.actors[0].isKernel);
    EXPECT_EQ(role.actors[0].inputs, (std::vector<std::uint32_t>{0, 1}));
    EXPECT_EQ(role.actors[0].consumers, std::vector<std::uint32_t>{1});
    EXPECT_TRUE(role.actors[1].isKernel);
    EXPECT_FALSE(role.actors[2].isKernel);
    EXPECT_EQ(role.actors[2].collective, CollectiveKind::allReduce);
    EXPECT_EQ(role.actors[2].axesMask, 1u);
    EXPECT_EQ(role.actors[2].opId, 2u);
    ASSERT_EQ(role.inputs.size(), 3u);
    EXPECT_EQ(role.inputs[1].whole, (std::vector<std::uint64_t>{8, 16}));
    EXPECT_EQ(role.inputs[1].offsets, (std::vector<std::uint64_t>{0, 8 * role.slot}));
    EXPECT_EQ(role.inputs[1].sizes, (std::vector<std::uint64_t>{8, 8}));
    EXPECT_EQ(role.inputs[2].offsets, (std::vector<std::uint64_t>{8 * role.slot, 0}));
    EXPECT_EQ(role.outputs[0].sizes, (std::vector<std::uint64_t>{4, 8}));
    for (const GangBuffer &buffer : role.buffers)
      EXPECT_EQ(buffer.offset % 64, 0u);
    // The sum lies where an operand lay that nobody needs any more.
    EXPECT_EQ(role.arenaBytes, 128u + 256 + 256 + 128);
  }
}

TEST_F(GangTest, MlpOnTwoSlotsIsTheWholeMlp) {
  auto module = parseSourceString<ModuleOp>(mlp, &context);
  auto whole = *module->getOps<func::FuncOp>().begin();
  std::vector<Tensor> inputs = reference::randomInputs(whole, 11);
  Tensor wanted = reference::evaluate(whole, inputs)[0];
  FailureOr<GangModule> gangs = lower(*module);
  ASSERT_TRUE(succeeded(gangs));
  for (cpu::Isa isa : runnableIsas()) {
    auto images = cpu::compileKernels(*module, isa);
    ASSERT_TRUE(succeeded(images));
    Tensor found = NativeGang(*gangs, *images).run(gangs->gangs[0], inputs)[0];
    EXPECT_LE(reference::distance(found, wanted), 1e-6) << cpu::name(isa);
  }
}

TEST_F(GangTest, RandomMarkedProgramsRunNatively) {
  unsigned numbers = 0;
  for (std::uint64_t seed = 1000; seed < 1000 + test::tries(30, 300); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    bool doubles = seed % 3 == 0;
    auto module = reference::generate(context, seed, {.ops = 8, .marks = true, .doubles = doubles});
    auto whole = *module->getOps<func::FuncOp>().begin();
    std::vector<Tensor> inputs = reference::randomInputs(whole, seed);
    std::vector<Tensor> wanted = reference::evaluate(whole, inputs);
    FailureOr<GangModule> gangs = lower(*module);
    ASSERT_TRUE(succeeded(gangs));
    auto images = cpu::compileKernels(*module, runnableIsas().back());
    ASSERT_TRUE(succeeded(images));
    for (const std::string &kernel : gangs->kernels)
      numbers += kernel.rfind("slot_number", 0) == 0;
    std::vector<Tensor> found = NativeGang(*gangs, *images).run(gangs->gangs[0], inputs);
    ASSERT_EQ(found.size(), wanted.size());
    for (size_t i = 0; i < found.size(); ++i)
      EXPECT_LE(reference::distance(found[i], wanted[i]), 1e-5) << "result " << i;
  }
  // Some program must cut what it holds whole, or the kernels that tell a slot its number are not met.
  EXPECT_GT(numbers, 0u);
}

/// Three layers, and then the same from the last to the first: h <- h * w + i. Every turn runs the same kernel.
constexpr const char *layers = R"(
topo.mesh @single {}
#v = #dist.sharding<@single, [[]]>
#m = #dist.sharding<@single, [[], []]>
func.func @layers(%x: tensor<3xf32, #v>, %w: tensor<3x3xf32, #m>)
    -> (tensor<3xf32, #v>, tensor<3x3xf32, #m>, tensor<3x3xf32, #m>) attributes {dist.mesh = @single} {
  %0:3 = dist.spmd on @single (%h = %x : tensor<3xf32, #v> as tensor<3xf32>, %ws = %w : tensor<3x3xf32, #m> as tensor<3x3xf32>)
      -> (tensor<3xf32, #v>, tensor<3x3xf32, #m>, tensor<3x3xf32, #m>) {
    %1:2 = nn.scan count 3 carry(%h) stacked(%ws) : (tensor<3xf32>, tensor<3x3xf32>) -> (tensor<3xf32>, tensor<3x3xf32>) {
    ^bb0(%i: tensor<i32>, %c: tensor<3xf32>, %l: tensor<3xf32>):
      %r = func.call @layer(%c, %l, %i) : (tensor<3xf32>, tensor<3xf32>, tensor<i32>) -> tensor<3xf32>
      nn.yield %r, %r : tensor<3xf32>, tensor<3xf32>
    }
    %2:2 = nn.scan count 3 reverse carry(%1#0) stacked(%ws) : (tensor<3xf32>, tensor<3x3xf32>) -> (tensor<3xf32>, tensor<3x3xf32>) {
    ^bb0(%i: tensor<i32>, %c: tensor<3xf32>, %l: tensor<3xf32>):
      %r = func.call @layer(%c, %l, %i) : (tensor<3xf32>, tensor<3xf32>, tensor<i32>) -> tensor<3xf32>
      nn.yield %r, %l : tensor<3xf32>, tensor<3xf32>
    }
    dist.yield %2#0, %1#1, %2#1 : tensor<3xf32>, tensor<3x3xf32>, tensor<3x3xf32>
  }
  return %0#0, %0#1, %0#2 : tensor<3xf32, #v>, tensor<3x3xf32, #m>, tensor<3x3xf32, #m>
}
func.func private @layer(%h: tensor<3xf32>, %w: tensor<3xf32>, %i: tensor<i32>) -> tensor<3xf32> attributes {dist.kernel} {
  %0 = nn.elementwise mul %h, %w : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  %1 = nn.cast %i : tensor<i32> -> tensor<f32>
  %2 = nn.broadcast %1 dims [] : tensor<f32> -> tensor<3xf32>
  %3 = nn.elementwise add %0, %2 : (tensor<3xf32>, tensor<3xf32>) -> tensor<3xf32>
  return %3 : tensor<3xf32>
}
)";

TEST_F(GangTest, AScanIsLaidOutTurnByTurnOverOneKernel) {
  auto module = parseSourceString<ModuleOp>(layers, &context);
  ASSERT_TRUE(module);
  FailureOr<GangModule> gangs = lowerToGangs(*module);
  ASSERT_TRUE(succeeded(gangs));
  EXPECT_EQ(gangs->kernels,
            (std::vector<std::string>{"slot_number_0", "layer", "slot_number_1", "slot_number_2", "copy_0"}));
  auto images = cpu::compileKernels(*module, runnableIsas().back());
  ASSERT_TRUE(succeeded(images));
  Tensor x{{3}, {1, 2, 3}}, w{{3, 3}, {2, 3, 4, 5, 6, 7, 8, 9, 10}};
  std::vector<Tensor> found = NativeGang(*gangs, *images).run(gangs->gangs[0], {x, w});
  Tensor h = x, stacked = w;
  auto turn = [&](std::int64_t i) {
    for (std::int64_t k = 0; k < 3; ++k)
      h.elements[k] = h.elements[k] * w.elements[i * 3 + k] + double(i);
  };
  for (std::int64_t i = 0; i < 3; ++i) {
    turn(i);
    std::copy(h.elements.begin(), h.elements.end(), stacked.elements.begin() + i * 3);
  }
  for (std::int64_t i = 3; i-- > 0;)
    turn(i);
  EXPECT_EQ(reference::distance(found[0], h), 0);
  EXPECT_EQ(reference::distance(found[1], stacked), 0);
  EXPECT_EQ(reference::distance(found[2], w), 0);
}

TEST_F(GangTest, RefusesAttributesThatDoNotFit) {
  auto refused = [&](const std::string &attributes, const std::string &argument, const std::string &result) {
    auto module = parseSourceString<ModuleOp>("topo.mesh @mesh {}\nfunc.func @f(%x: tensor<2xf32> " + argument +
                                                  ") -> (tensor<2xf32> " + result + ") attributes {dist.mesh = @mesh" +
                                                  attributes + "} { return %x : tensor<2xf32> }",
                                              &context);
    std::string message;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
      message = diagnostic.str();
      return success();
    });
    EXPECT_TRUE(failed(lower(*module)));
    return message;
  };
  EXPECT_NE(refused("", "", "{dist.state = \"w\"}").find("which no argument begins with"), std::string::npos);
  EXPECT_NE(refused(", dist.evaluation = @g", "", "").find("is no tensor function"), std::string::npos);
}

TEST_F(GangTest, RefusesWhatIsNotPartitioned) {
  auto module =
      parseSourceString<ModuleOp>("topo.mesh @mesh {}\nfunc.func @f(%x: tensor<2xf32>) -> tensor<2xf32> attributes "
                                  "{dist.mesh = @mesh} { return %x : tensor<2xf32> }",
                                  &context);
  std::string message;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diagnostic) {
    message = diagnostic.str();
    return success();
  });
  EXPECT_TRUE(failed(lowerToGangs(*module)));
  EXPECT_NE(message.find("wanted a partitioned function"), std::string::npos) << message;
}

} // namespace
} // namespace weft::test
