//===- GangRunner.h - The smallest executor of a gang ---------------------===//
//
// Roles in lockstep, kernels by their ABI, collectives in slot order. What it
// computes must be what the whole program is.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/DistToPlan.h"
#include "compiler/pipelines/TensorPipeline.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/nn/Generator.h"
#include "test/support/kernels/NativeKernels.h"

#include <gtest/gtest.h>

#include <cstring>
#include <map>

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

/// Runs one step of a gang on f32 or f64 tensors.
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
      for (const GangPort &port : role.states)
        copyPart(port, toBytes(inputs[gang.states[port.value].init.value()], element).data(), at(role, port.buffer),
                 /*isIn=*/true);
    }
    for (size_t i = 0; i < gang.roles.front().actors.size(); ++i)
      step(gang, i);
    for (const GangRole &role : gang.roles)
      for (auto [port, kept] : llvm::zip(role.states, role.kept))
        std::memmove(at(role, port.buffer), at(role, kept), role.buffers[kept].bytes);
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

} // namespace weft::test
