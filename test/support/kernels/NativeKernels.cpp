//===- NativeKernels.cpp - Compiles and calls kernels in a test -----------===//

#include "test/support/kernels/NativeKernels.h"

#include "dialects/dist/Dist.h"

#include <gtest/gtest.h>

#include <cstring>
#include <dlfcn.h>
#include <sys/mman.h>
#include <unistd.h>

namespace weft::test {
using namespace mlir;
using reference::Tensor;

std::vector<cpu::Isa> runnableIsas() {
  std::vector<cpu::Isa> isas = {cpu::Isa::baseline};
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    isas.push_back(cpu::Isa::avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq"))
    isas.push_back(cpu::Isa::avx512);
  return isas;
}

namespace {

template <typename T> std::vector<uint8_t> encode(const Tensor &tensor) {
  std::vector<uint8_t> bytes(tensor.elements.size() * sizeof(T));
  for (size_t i = 0; i < tensor.elements.size(); ++i) {
    T value = static_cast<T>(tensor.elements[i]);
    std::memcpy(bytes.data() + i * sizeof(T), &value, sizeof(T));
  }
  return bytes;
}

template <typename T> void decode(const void *bytes, Tensor &tensor) {
  for (size_t i = 0; i < tensor.elements.size(); ++i) {
    T value;
    std::memcpy(&value, static_cast<const uint8_t *>(bytes) + i * sizeof(T), sizeof(T));
    tensor.elements[i] = static_cast<double>(value);
  }
}

/// Aligned as kernels expect, with a guard behind that shows a write past the end.
struct AlignedBuffer {
  explicit AlignedBuffer(size_t bytes) : bytes(bytes) {
    size_t room = (bytes + guard + 63) / 64 * 64;
    data = static_cast<uint8_t *>(std::aligned_alloc(64, room));
    std::memset(data, 0xa5, room);
  }
  ~AlignedBuffer() {
    for (size_t i = 0; i < guard; ++i)
      EXPECT_EQ(data[bytes + i], 0xa5) << "a kernel wrote " << i << " bytes past a buffer of " << bytes;
    std::free(data);
  }
  static constexpr size_t guard = 64;
  size_t bytes;
  uint8_t *data;
};

} // namespace

namespace {

/// Calls `use` with a value of the C++ type of an element; bf16 and f16 are their bits.
template <typename Use> auto withElement(Type element, Use use) {
  if (element.isF32())
    return use(float());
  if (element.isF64())
    return use(double());
  if (element.isInteger(32))
    return use(int32_t());
  if (element.isInteger(64))
    return use(int64_t());
  if (element.isInteger(16) || element.isBF16() || element.isF16())
    return use(uint16_t());
  if (element.isUnsignedInteger(8) || element.isInteger(1))
    return use(uint8_t());
  return use(int8_t());
}

/// Elements of a narrow float as numbers whose value is their bits, or back.
Tensor narrowBits(const Tensor &tensor, Type element, bool toBits) {
  auto type = dyn_cast<FloatType>(element);
  if (!type || type.getWidth() != 16)
    return tensor;
  Tensor result = tensor;
  for (double &value : result.elements) {
    bool isInexact = false;
    if (toBits) {
      APFloat number(value);
      number.convert(type.getFloatSemantics(), APFloat::rmNearestTiesToEven, &isInexact);
      value = double(number.bitcastToAPInt().getZExtValue());
    } else {
      APFloat number(type.getFloatSemantics(), APInt(16, static_cast<uint64_t>(value)));
      number.convert(APFloat::IEEEdouble(), APFloat::rmNearestTiesToEven, &isInexact);
      value = number.convertToDouble();
    }
  }
  return result;
}

} // namespace

std::vector<uint8_t> toBytes(const Tensor &tensor, Type element) {
  Tensor numbers = narrowBits(tensor, element, true);
  return withElement(element, [&](auto kind) { return encode<decltype(kind)>(numbers); });
}

Tensor fromBytes(const void *bytes, ArrayRef<int64_t> shape, Type element) {
  Tensor tensor = Tensor::ofShape(shape);
  withElement(element, [&](auto kind) { decode<decltype(kind)>(bytes, tensor); });
  return narrowBits(tensor, element, false);
}

LoadedKernel::LoadedKernel(const cpu::KernelImage &image)
    : workspaceBytes(image.workspaceBytes), threadBytes(image.threadBytes), phases(image.phases) {
  // Open as long as it is loaded: the loader knows libraries by path, and the next file would get this one's number.
  file = memfd_create("kernel", 0);
  EXPECT_EQ(write(file, image.elf.data(), image.elf.size()), static_cast<ssize_t>(image.elf.size()));
  library = dlopen(("/proc/self/fd/" + std::to_string(file)).c_str(), RTLD_NOW | RTLD_LOCAL);
  EXPECT_NE(library, nullptr) << dlerror();
  if (library)
    function = reinterpret_cast<EntryPoint>(dlsym(library, image.symbol.c_str()));
  EXPECT_NE(function, nullptr) << "no symbol " << image.symbol;
}

LoadedKernel::LoadedKernel(LoadedKernel &&other) noexcept
    : file(std::exchange(other.file, -1)), library(std::exchange(other.library, nullptr)), function(other.function),
      workspaceBytes(other.workspaceBytes), threadBytes(other.threadBytes), phases(std::move(other.phases)) {}

LoadedKernel::~LoadedKernel() {
  if (library)
    dlclose(library);
  if (file >= 0)
    close(file);
}

void LoadedKernel::operator()(const std::vector<void *> &inputsAndOutputs, bool atOnce) const {
  AlignedBuffer workspace(workspaceBytes), scratch(threadBytes);
  std::vector<void *> buffers = inputsAndOutputs;
  if (workspaceBytes)
    buffers.push_back(workspace.data);
  // From the last item to the first, each alone: the order and the ranges are the device's to choose.
  for (uint32_t phase = 0; phase < phases.size(); ++phase)
    if (atOnce)
      function(buffers.data(), phase, 0, phases[phase], scratch.data);
    else
      for (uint64_t item = phases[phase]; item-- > 0;)
        function(buffers.data(), phase, item, item + 1, scratch.data);
}

std::vector<Tensor> runNatively(ModuleOp module, cpu::Isa isa, const std::vector<Tensor> &inputs) {
  auto kernel = *module.getOps<func::FuncOp>().begin();
  kernel->setAttr(dist::kernelAttrName, UnitAttr::get(module.getContext()));
  auto images = cpu::compileKernels(module, isa);
  EXPECT_TRUE(succeeded(images));
  if (failed(images))
    return {};
  LoadedKernel native(images->front());
  if (!native.isLoaded())
    return {};
  std::vector<std::unique_ptr<AlignedBuffer>> buffers;
  std::vector<void *> pointers;
  auto add = [&](size_t bytes) {
    buffers.push_back(std::make_unique<AlignedBuffer>(bytes));
    pointers.push_back(buffers.back()->data);
    return buffers.back()->data;
  };
  std::vector<std::vector<uint8_t>> before;
  for (auto [type, input] : llvm::zip(kernel.getArgumentTypes(), inputs)) {
    before.push_back(toBytes(input, cast<RankedTensorType>(type).getElementType()));
    std::memcpy(add(before.back().size()), before.back().data(), before.back().size());
  }
  for (Type type : kernel.getResultTypes()) {
    auto tensor = cast<RankedTensorType>(type);
    add(tensor.getNumElements() * ((tensor.getElementTypeBitWidth() + 7) / 8));
  }
  native(pointers, /*atOnce=*/true);
  std::vector<std::vector<uint8_t>> once;
  for (size_t i = before.size(); i < pointers.size(); ++i)
    once.emplace_back(buffers[i]->data, buffers[i]->data + buffers[i]->bytes);
  native(pointers);
  for (size_t i = before.size(); i < pointers.size(); ++i)
    EXPECT_EQ(std::memcmp(pointers[i], once[i - before.size()].data(), once[i - before.size()].size()), 0)
        << "output " << i - before.size() << " depends on how items are put together";
  for (size_t i = 0; i < before.size(); ++i)
    EXPECT_EQ(std::memcmp(pointers[i], before[i].data(), before[i].size()), 0) << "a kernel wrote to input " << i;
  std::vector<Tensor> results;
  for (auto [i, type] : llvm::enumerate(kernel.getResultTypes())) {
    auto tensor = cast<RankedTensorType>(type);
    results.push_back(fromBytes(pointers[inputs.size() + i], tensor.getShape(), tensor.getElementType()));
  }
  return results;
}

} // namespace weft::test
