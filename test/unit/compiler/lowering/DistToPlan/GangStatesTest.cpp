//===- GangStatesTest.cpp - What a gang keeps from step to step -----------===//

#include "test/unit/compiler/lowering/DistToPlan/GangFixture.h"

namespace weft::test {
namespace {

/// One step of descent, and what measures it.
constexpr const char *training = R"(
topo.mesh @single {}
func.func @step(%w: tensor<4xf32> {dist.state = "w"}, %m: tensor<4xf32> {dist.state = "optimizer.m.w", dist.zeros},
                %n: tensor<i32> {dist.step}, %x: tensor<2x4xi32> {dist.feed = [0, "x"]}, %y: tensor<2x4xi32> {dist.feed = [0, "y"]},
                %rate: tensor<f32>)
    -> (tensor<4xf32> {dist.state = "w"}, tensor<4xf32> {dist.state = "optimizer.m.w"}, tensor<f32> {dist.report = "loss"})
    attributes {dist.mesh = @single, dist.steps = 7 : i64, dist.evaluation = @measure,
                dist.checkpoint = {every = 3 : i64, keep = 2 : i64, to = "weights"},
                dist.data = [{kind = "text", files = "*.txt", context = 4 : i64, batch = 2 : i64, seed = 5 : i64, held_out = 0.1}]} {
  %0 = nn.cast %x : tensor<2x4xi32> -> tensor<2x4xf32>
  %1 = nn.reduce sum %0 dims [0] : tensor<2x4xf32> -> tensor<4xf32>
  %2 = nn.broadcast %rate dims [] : tensor<f32> -> tensor<4xf32>
  %3 = nn.elementwise mul %1, %2 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %4 = nn.elementwise add %m, %3 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %5 = nn.elementwise sub %w, %4 : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>
  %6 = nn.reduce sum %5 dims [0] : tensor<4xf32> -> tensor<f32>
  return %5, %4, %6 : tensor<4xf32>, tensor<4xf32>, tensor<f32>
}
func.func @measure(%x: tensor<2x4xi32> {dist.feed = [0, "x"]}, %w: tensor<4xf32> {dist.state = "w"})
    -> (tensor<f32> {dist.report = "held_out"})
    attributes {dist.mesh = @single, dist.data = [{kind = "text", files = "*.txt", context = 4 : i64, batch = 2 : i64, seed = 5 : i64, held_out = 0.1}]} {
  %0 = nn.reduce sum %w dims [0] : tensor<4xf32> -> tensor<f32>
  return %0 : tensor<f32>
}
)";

/// A state that a kernel moves in place, one that is read once more behind it, and a value that dies between kernels.
constexpr const char *inPlace = R"(
topo.mesh @single {}
#v = #dist.sharding<@single, [[]]>
func.func @step(%a: tensor<16xf32, #v> {dist.state = "a"}, %b: tensor<16xf32, #v> {dist.state = "b"})
    -> (tensor<16xf32, #v> {dist.state = "a"}, tensor<16xf32, #v> {dist.state = "b"}) attributes {dist.mesh = @single} {
  %0:2 = dist.spmd on @single (%x = %a : tensor<16xf32, #v> as tensor<16xf32>, %y = %b : tensor<16xf32, #v> as tensor<16xf32>)
      -> (tensor<16xf32, #v>, tensor<16xf32, #v>) {
    %t = func.call @apart(%y) : (tensor<16xf32>) -> tensor<16xf32>
    %u = func.call @over(%t) : (tensor<16xf32>) -> tensor<16xf32>
    %1 = func.call @both(%x, %u) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    %2 = func.call @over(%y) : (tensor<16xf32>) -> tensor<16xf32>
    %3 = func.call @both(%2, %y) : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
    dist.yield %1, %3 : tensor<16xf32>, tensor<16xf32>
  }
  return %0#0, %0#1 : tensor<16xf32, #v>, tensor<16xf32, #v>
}
func.func private @apart(%x: tensor<16xf32>) -> tensor<16xf32> attributes {dist.kernel} {
  return %x : tensor<16xf32>
}
func.func private @over(%x: tensor<16xf32> {dist.in_place = 0}) -> tensor<16xf32> attributes {dist.kernel} {
  %0 = nn.elementwise neg %x : (tensor<16xf32>) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}
func.func private @both(%x: tensor<16xf32> {dist.in_place = 0}, %y: tensor<16xf32>) -> tensor<16xf32> attributes {dist.kernel} {
  %0 = nn.elementwise sub %x, %y : (tensor<16xf32>, tensor<16xf32>) -> tensor<16xf32>
  return %0 : tensor<16xf32>
}
)";

TEST_F(GangTest, WhatDiesIsWrittenOverWhereTheKernelAllowsIt) {
  auto module = parseSourceString<ModuleOp>(inPlace, &context);
  ASSERT_TRUE(module);
  FailureOr<GangModule> gangs = lowerToGangs(*module);
  ASSERT_TRUE(succeeded(gangs));
  const GangRole &role = gangs->gangs[0].roles[0];
  auto offset = [&](std::uint32_t buffer) { return role.buffers[buffer].offset; };
  auto in = [&](std::size_t actor, std::size_t place) { return offset(role.actors[actor].inputs[place]); };
  auto out = [&](std::size_t actor) { return offset(role.actors[actor].outputs[0]); };
  EXPECT_EQ(out(1), in(1, 0)) << "the value is dead, and the kernel works in place";
  EXPECT_EQ(out(2), in(2, 0)) << "a state is moved in place";
  EXPECT_EQ(role.kept[0], role.states[0].buffer) << "and need not be copied";
  EXPECT_NE(out(3), in(3, 0)) << "the state is read once more";
  EXPECT_EQ(out(4), in(4, 0));
  EXPECT_NE(role.kept[1], role.states[1].buffer) << "its next value was made before it was read for the last time";
  EXPECT_EQ(role.arenaBytes, 3u * 64);
}

TEST_F(GangTest, AttributesSayWhatATrainingKeepsReadsAndTells) {
  auto module = parseSourceString<ModuleOp>(training, &context);
  ASSERT_TRUE(module);
  FailureOr<GangModule> gangs = lower(*module);
  ASSERT_TRUE(succeeded(gangs));
  ASSERT_EQ(gangs->gangs.size(), 2u);
  const GangPlan &gang = gangs->gangs[0];
  EXPECT_EQ(gang.steps, 7u);
  EXPECT_EQ(gang.checkpointEvery, 3u);
  EXPECT_EQ(gang.checkpointKeep, 2u);
  EXPECT_EQ(gang.checkpointTo, "weights");
  ASSERT_EQ(gang.sources.size(), 1u);
  EXPECT_EQ(gang.sources[0].files, "*.txt");
  EXPECT_EQ(gang.sources[0].heldOut, 0.1);
  ASSERT_EQ(gang.states.size(), 2u);
  EXPECT_EQ(gang.states[0].name, "w");
  EXPECT_EQ(gang.states[0].init, 0u);
  EXPECT_EQ(gang.states[1].init, std::nullopt) << "begins as zeros";
  EXPECT_EQ(gang.paramNames, (std::vector<std::string>{"w", ""}));
  ASSERT_EQ(gang.feeds.size(), 2u);
  EXPECT_FALSE(gang.feeds[0].isY);
  EXPECT_TRUE(gang.feeds[1].isY);
  EXPECT_EQ(gang.reports, std::vector<std::string>{"loss"});
  ASSERT_TRUE(gang.evaluation);
  EXPECT_EQ(gang.evaluation->gang, 1u);
  EXPECT_EQ(gang.evaluation->states, std::vector<std::uint32_t>{0});

  const GangRole &role = gang.roles[0];
  ASSERT_EQ(role.inputs.size(), 1u);
  EXPECT_EQ(role.inputs[0].value, 1u) << "the rate; operand 0 is what the state begins with";
  ASSERT_EQ(role.states.size(), 2u);
  ASSERT_EQ(role.kept.size(), 2u);
  ASSERT_EQ(role.outputs.size(), 1u) << "what was learned, without what the optimizer kept";
  EXPECT_EQ(role.outputs[0].buffer, role.states[0].buffer);
  EXPECT_TRUE(role.step);
  EXPECT_EQ(role.feeds.size(), 2u);
  EXPECT_EQ(role.reports.size(), 1u);
  // Whatever is made in a step, what the next one begins with lies apart from it.
  for (std::uint32_t kept : {role.inputs[0].buffer, role.states[0].buffer, role.states[1].buffer})
    for (std::uint32_t other = 0; other < role.buffers.size(); ++other) {
      const GangBuffer &a = role.buffers[kept], &b = role.buffers[other];
      EXPECT_TRUE(kept == other || a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset);
    }
}

/// Two states that change places, and what both were before.
constexpr const char *swapped = R"(
topo.mesh @single {}
func.func @step(%a: tensor<16xf32> {dist.state = "a"}, %b: tensor<16xf32> {dist.state = "b"})
    -> (tensor<16xf32> {dist.state = "a"}, tensor<16xf32> {dist.state = "b"}, tensor<16xf32>, tensor<16xf32>)
    attributes {dist.mesh = @single, dist.steps = 1 : i64} {
  %0 = nn.elementwise neg %a : (tensor<16xf32>) -> tensor<16xf32>
  return %b, %0, %a, %b : tensor<16xf32>, tensor<16xf32>, tensor<16xf32>, tensor<16xf32>
}
)";

TEST_F(GangTest, WhatAStepBeganWithIsStillThereWhereItEnds) {
  auto module = parseSourceString<ModuleOp>(swapped, &context);
  ASSERT_TRUE(module);
  FailureOr<GangModule> gangs = lower(*module);
  ASSERT_TRUE(succeeded(gangs));
  auto images = cpu::compileKernels(*module, runnableIsas().back());
  ASSERT_TRUE(succeeded(images));
  Tensor a = Tensor::ofShape({16}), b = Tensor::ofShape({16}), negated = Tensor::ofShape({16});
  for (std::int64_t i = 0; i < 16; ++i) {
    a.elements[i] = double(i) + 1;
    b.elements[i] = 100 - double(i);
    negated.elements[i] = -a.elements[i];
  }
  std::vector<Tensor> found = NativeGang(*gangs, *images).run(gangs->gangs[0], {a, b});
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(reference::distance(found[0], b), 0);
  EXPECT_EQ(reference::distance(found[1], negated), 0);
  EXPECT_EQ(reference::distance(found[2], a), 0);
  EXPECT_EQ(reference::distance(found[3], b), 0);
}

} // namespace
} // namespace weft::test
