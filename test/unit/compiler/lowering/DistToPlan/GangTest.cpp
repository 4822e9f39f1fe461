//===- GangTest.cpp - Gang tables, run natively against whole programs ----===//
//
// The smallest executor of a gang: roles in lockstep, kernels by their ABI,
// collectives in slot order. What it computes must be what the whole program is.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/nn/Generator.h"
#include "test/support/Seeds.h"
#include "test/support/kernels/NativeKernels.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

namespace weft::test {
namespace {
using namespace mlir;
using namespace lowering;
using reference::Tensor;

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

/// Runs one gang on f32 or f64 tensors.
class GangRunner {
public:
  GangRunner(const GangModule &module, const std::vector<cpu::KernelImage> &images) : module(module) {
    for (const cpu::KernelImage &image : images)
      kernels.emplace(image.symbol, LoadedKernel(image));
  }

  std::vector<Tensor> run(const GangPlan &gang, const std::vector<Tensor> &inputs, Type element) {
    for (const GangRole &role : gang.roles) {
      auto *memory = static_cast<std::uint8_t *>(std::aligned_alloc(64, role.arenaBytes + 64));
      arenas.emplace_back(memory, std::free);
      for (const GangPort &port : role.inputs)
        copyPart(port, toBytes(inputs[port.value], element).data(), at(role, port.buffer), /*isIn=*/true);
    }
    for (size_t i = 0; i < gang.roles.front().actors.size(); ++i)
      step(gang, i);
    std::vector<Tensor> results(gang.roles.front().outputs.size());
    for (size_t i = 0; i < results.size(); ++i) {
      const GangPort &first = gang.roles.front().outputs[i];
      std::vector<std::int64_t> shape(first.whole.begin(), first.whole.end());
      std::vector<std::uint8_t> whole = toBytes(Tensor::ofShape(shape), element);
      for (const GangRole &role : gang.roles)
        copyPart(role.outputs[i], whole.data(), at(role, role.outputs[i].buffer), /*isIn=*/false);
      results[i] = fromBytes(whole.data(), shape, element);
    }
    return results;
  }

private:
  std::uint8_t *at(const GangRole &role, std::uint32_t buffer) const {
    return arenas[role.slot].get() + role.buffers[buffer].offset;
  }

  static void copyPart(const GangPort &port, const void *whole, void *part, bool isIn) {
    size_t bytes = base::sizeOf(port.type);
    std::vector<std::int64_t> sizes(port.sizes.begin(), port.sizes.end()), shape(port.whole.begin(), port.whole.end());
    std::int64_t count = 1;
    for (std::int64_t size : sizes)
      count *= size;
    for (std::int64_t i = 0; i < count; ++i) {
      std::vector<std::int64_t> index = reference::indexOf(i, sizes);
      for (size_t dim = 0; dim < index.size(); ++dim)
        index[dim] += static_cast<std::int64_t>(port.offsets[dim]);
      auto *outside = static_cast<std::uint8_t *>(const_cast<void *>(whole)) + reference::placeOf(index, shape) * bytes;
      auto *inside = static_cast<std::uint8_t *>(part) + i * bytes;
      isIn ? std::memcpy(inside, outside, bytes) : std::memcpy(outside, inside, bytes);
    }
  }

  void step(const GangPlan &gang, size_t number) {
    for (const GangRole &role : gang.roles) {
      const GangActor &actor = role.actors[number];
      EXPECT_EQ(actor.opId, gang.roles.front().actors[number].opId);
      if (actor.isKernel) {
        std::vector<void *> buffers;
        for (std::uint32_t buffer : actor.inputs)
          buffers.push_back(at(role, buffer));
        for (std::uint32_t buffer : actor.outputs)
          buffers.push_back(at(role, buffer));
        kernels.at(module.kernels[actor.kernel])(buffers);
      } else if (actor.type == base::ElementType::f64) {
        collective<double>(gang, role, number);
      } else {
        collective<float>(gang, role, number);
      }
    }
  }

  template <typename T> void collective(const GangPlan &gang, const GangRole &mine, size_t number) {
    const GangActor &actor = mine.actors[number];
    std::vector<const GangRole *> group;
    for (const GangRole &role : gang.roles)
      if (keyOf(gang, role.slot, actor.axesMask) == keyOf(gang, mine.slot, actor.axesMask))
        group.push_back(&role);
    size_t place = std::find(group.begin(), group.end(), &mine) - group.begin();
    std::uint64_t inCount = mine.buffers[actor.inputs[0]].bytes / sizeof(T);
    std::uint64_t outCount = mine.buffers[actor.outputs[0]].bytes / sizeof(T);
    auto *out = reinterpret_cast<T *>(at(mine, actor.outputs[0]));
    auto in = [&](const GangRole &role) { return reinterpret_cast<const T *>(at(role, actor.inputs[0])); };
    if (actor.collective == CollectiveKind::allGather) {
      for (size_t i = 0; i < group.size(); ++i)
        std::memcpy(out + i * inCount, in(*group[i]), inCount * sizeof(T));
      return;
    }
    std::uint64_t first = actor.collective == CollectiveKind::reduceScatter ? place * outCount : 0;
    for (std::uint64_t i = 0; i < outCount; ++i) {
      T sum = in(*group[0])[first + i];
      for (size_t k = 1; k < group.size(); ++k) {
        T next = in(*group[k])[first + i];
        sum = actor.combine == CombineKind::sum   ? sum + next
              : actor.combine == CombineKind::min ? std::min(sum, next)
                                                  : std::max(sum, next);
      }
      out[i] = sum;
    }
  }

  /// What the slots of a group have in common: their places along the other axes.
  std::vector<std::uint32_t> keyOf(const GangPlan &gang, std::uint32_t slot, std::uint32_t mask) const {
    const GangMesh &mesh = module.meshes[gang.mesh];
    std::vector<std::uint32_t> key;
    for (size_t i = mesh.sizes.size(); i-- > 0; slot /= mesh.sizes[i])
      if (!(mask >> i & 1))
        key.push_back(slot % mesh.sizes[i]);
    return key;
  }

  const GangModule &module;
  std::map<std::string, LoadedKernel> kernels;
  std::vector<std::unique_ptr<std::uint8_t, void (*)(void *)>> arenas;
};

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
    Tensor found = GangRunner(*gangs, *images).run(gangs->gangs[0], inputs, Float32Type::get(&context))[0];
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
    Type element = doubles ? Type(Float64Type::get(&context)) : Type(Float32Type::get(&context));
    std::vector<Tensor> found = GangRunner(*gangs, *images).run(gangs->gangs[0], inputs, element);
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
  std::vector<Tensor> found = GangRunner(*gangs, *images).run(gangs->gangs[0], {x, w}, Float32Type::get(&context));
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
  ASSERT_EQ(role.outputs.size(), 2u) << "what was learned";
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
