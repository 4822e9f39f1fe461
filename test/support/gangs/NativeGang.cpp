//===- NativeGang.cpp - Runs a gang's tables in a test --------------------===//

#include "test/support/gangs/NativeGang.h"

#include "mlir/IR/Builders.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace weft::test {
using namespace mlir;
using namespace lowering;
using reference::Tensor;

namespace {

Type typeOf(base::ElementType element) {
  static MLIRContext context(MLIRContext::Threading::DISABLED);
  Builder builder(&context);
  switch (element) {
  case base::ElementType::f32:
    return builder.getF32Type();
  case base::ElementType::f64:
    return builder.getF64Type();
  case base::ElementType::bf16:
    return builder.getBF16Type();
  case base::ElementType::f16:
    return builder.getF16Type();
  case base::ElementType::i64:
    return builder.getI64Type();
  case base::ElementType::i32:
    return builder.getI32Type();
  case base::ElementType::i8:
    return builder.getIntegerType(8);
  case base::ElementType::u8:
    return builder.getIntegerType(8, /*isSigned=*/false);
  case base::ElementType::boolean:
    return builder.getI1Type();
  }
  return {};
}

/// Copies the part of a whole tensor that a port holds, in or out.
void copyPart(const GangPort &port, void *whole, void *part, bool isIn) {
  size_t bytes = base::sizeOf(port.type);
  std::vector<int64_t> sizes(port.sizes.begin(), port.sizes.end()), shape(port.whole.begin(), port.whole.end());
  int64_t count = 1;
  for (int64_t size : sizes)
    count *= size;
  for (int64_t i = 0; i < count; ++i) {
    std::vector<int64_t> index = reference::indexOf(i, sizes);
    for (size_t dim = 0; dim < index.size(); ++dim)
      index[dim] += static_cast<int64_t>(port.offsets[dim]);
    auto *outside = static_cast<uint8_t *>(whole) + reference::placeOf(index, shape) * bytes;
    auto *inside = static_cast<uint8_t *>(part) + i * bytes;
    isIn ? std::memcpy(inside, outside, bytes) : std::memcpy(outside, inside, bytes);
  }
}

} // namespace

NativeGang::NativeGang(const GangModule &module, const std::vector<cpu::KernelImage> &images) : module(module) {
  for (const cpu::KernelImage &image : images)
    kernels.emplace(image.symbol, LoadedKernel(image));
}

std::vector<Tensor> NativeGang::run(const GangPlan &gang, const std::vector<Tensor> &inputs) {
  arenas.clear();
  for (const GangRole &role : gang.roles) {
    size_t room = (role.arenaBytes + 127) / 64 * 64;
    arenas.emplace_back(static_cast<uint8_t *>(std::aligned_alloc(64, room)), std::free);
    // What nobody wrote must not look like a number: every byte set is a NaN.
    std::memset(arenas.back().get(), 0xff, room);
    for (const GangPort &port : role.inputs)
      copyPart(port, toBytes(inputs[port.value], typeOf(port.type)).data(), at(role, port.buffer), /*isIn=*/true);
    for (const GangPort &port : role.states)
      if (std::optional<uint32_t> init = gang.states[port.value].init)
        copyPart(port, toBytes(inputs[*init], typeOf(port.type)).data(), at(role, port.buffer), /*isIn=*/true);
      else
        std::memset(at(role, port.buffer), 0, role.buffers[port.buffer].bytes);
  }
  for (size_t i = 0; i < gang.roles.front().actors.size(); ++i)
    step(gang, i);
  for (const GangRole &role : gang.roles)
    for (size_t i = 0; i < role.states.size(); ++i)
      std::memmove(at(role, role.states[i].buffer), at(role, role.kept[i]), role.buffers[role.kept[i]].bytes);
  std::vector<Tensor> results;
  for (const GangPort &first : gang.roles.front().outputs) {
    std::vector<int64_t> shape(first.whole.begin(), first.whole.end());
    std::vector<uint8_t> whole = toBytes(Tensor::ofShape(shape), typeOf(first.type));
    for (const GangRole &role : gang.roles) {
      const GangPort &port = role.outputs[results.size()];
      copyPart(port, whole.data(), at(role, port.buffer), /*isIn=*/false);
    }
    results.push_back(fromBytes(whole.data(), shape, typeOf(first.type)));
  }
  return results;
}

uint8_t *NativeGang::at(const GangRole &role, uint32_t buffer) const {
  return arenas[role.slot].get() + role.buffers[buffer].offset;
}

void NativeGang::step(const GangPlan &gang, size_t number) {
  for (const GangRole &role : gang.roles) {
    const GangActor &actor = role.actors[number];
    EXPECT_EQ(actor.opId, gang.roles.front().actors[number].opId);
    if (actor.isKernel) {
      std::vector<void *> buffers;
      for (uint32_t buffer : actor.inputs)
        buffers.push_back(at(role, buffer));
      for (uint32_t buffer : actor.outputs)
        buffers.push_back(at(role, buffer));
      kernels.at(module.kernels[actor.kernel])(buffers);
      continue;
    }
    switch (base::sizeOf(actor.type)) {
    case 8:
      actor.type == base::ElementType::f64 ? collective<double>(gang, role, number)
                                           : collective<int64_t>(gang, role, number);
      break;
    case 4:
      actor.type == base::ElementType::f32 ? collective<float>(gang, role, number)
                                           : collective<int32_t>(gang, role, number);
      break;
    case 2:
      collective<uint16_t>(gang, role, number);
      break;
    default:
      collective<uint8_t>(gang, role, number);
    }
  }
}

template <typename T> void NativeGang::collective(const GangPlan &gang, const GangRole &mine, size_t number) {
  const GangActor &actor = mine.actors[number];
  std::vector<const GangRole *> group;
  for (const GangRole &role : gang.roles)
    if (keyOf(gang, role.slot, actor.axesMask) == keyOf(gang, mine.slot, actor.axesMask))
      group.push_back(&role);
  size_t place = std::find(group.begin(), group.end(), &mine) - group.begin();
  uint64_t inCount = mine.buffers[actor.inputs[0]].bytes / sizeof(T);
  uint64_t outCount = mine.buffers[actor.outputs[0]].bytes / sizeof(T);
  auto *out = reinterpret_cast<T *>(at(mine, actor.outputs[0]));
  auto in = [&](const GangRole &role) { return reinterpret_cast<const T *>(at(role, actor.inputs[0])); };
  if (actor.collective == CollectiveKind::allGather) {
    for (size_t i = 0; i < group.size(); ++i)
      std::memcpy(out + i * inCount, in(*group[i]), inCount * sizeof(T));
    return;
  }
  // Narrow elements are their bits here, which can be moved and not combined.
  if (sizeof(T) < 4) {
    ADD_FAILURE() << "nothing combines elements of " << base::name(actor.type) << " here";
    return;
  }
  uint64_t first = actor.collective == CollectiveKind::reduceScatter ? place * outCount : 0;
  for (uint64_t i = 0; i < outCount; ++i) {
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

std::vector<uint32_t> NativeGang::keyOf(const GangPlan &gang, uint32_t slot, uint32_t mask) const {
  const GangMesh &mesh = module.meshes[gang.mesh];
  std::vector<uint32_t> key;
  for (size_t i = mesh.sizes.size(); i-- > 0; slot /= mesh.sizes[i])
    if (!(mask >> i & 1))
      key.push_back(slot % mesh.sizes[i]);
  return key;
}

} // namespace weft::test
