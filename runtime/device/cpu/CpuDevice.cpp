//===- CpuDevice.cpp - Kernels as native code of this process -------------===//

#include "runtime/device/cpu/CpuDevice.h"

#include "runtime/device/cpu/ThreadPool.h"

#include <array>
#include <cstdlib>
#include <cstring>

namespace weft::device {
namespace {

constexpr std::size_t alignmentBytes = 64;

class CpuMemory final : public Memory {
public:
  /// `room` has the bytes, and as many more as they have to be moved to be aligned.
  CpuMemory(void *room, std::uint64_t sizeBytes, std::uint64_t &used)
      : room(room), bytes(reinterpret_cast<void *>((reinterpret_cast<std::uintptr_t>(room) + alignmentBytes - 1) /
                                                   alignmentBytes * alignmentBytes)),
        size(sizeBytes), used(used) {}
  ~CpuMemory() override {
    std::free(room);
    used -= size;
  }
  std::uint64_t sizeBytes() const override { return size; }
  void *address() override { return bytes; }

private:
  void *room, *bytes;
  std::uint64_t size;
  std::uint64_t &used;
};

class CpuKernel final : public Kernel {
public:
  CpuKernel(std::unique_ptr<io::NativeCode> code, EntryPoint entry, std::vector<std::uint64_t> phases)
      : code(std::move(code)), entry(entry), phases(std::move(phases)) {}
  std::unique_ptr<io::NativeCode> code;
  EntryPoint entry;
  std::vector<std::uint64_t> phases;
};

class CpuDevice final : public Device {
public:
  CpuDevice(io::Process &process, std::uint64_t limitBytes, std::uint32_t threads)
      : process(process), limitBytes(limitBytes), pool(process, threads) {}

  std::string name() const override { return "cpu " + std::string(processorLevels().front()); }

  base::Result<std::unique_ptr<Memory>> allocate(std::uint64_t sizeBytes) override {
    std::uint64_t rounded = (sizeBytes + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
    if (limitBytes && (rounded < sizeBytes || rounded > limitBytes - used))
      return base::error(base::Code::limit, "the device has " + std::to_string(limitBytes - used) + " bytes left, " +
                                                std::to_string(sizeBytes) + " were asked for");
    // Fresh pages are zero as they come, so that what nobody touches costs nothing: the room of an operand that is
    // lent.
    bool isSize = rounded >= sizeBytes && rounded <= SIZE_MAX - alignmentBytes;
    void *room = isSize ? std::calloc(rounded + alignmentBytes, 1) : nullptr;
    if (!room)
      return base::error(base::Code::limit, "the system has no " + std::to_string(sizeBytes) + " bytes of memory");
    used += rounded;
    return std::unique_ptr<Memory>(std::make_unique<CpuMemory>(room, rounded, used));
  }

  base::Result<std::unique_ptr<Kernel>> load(const std::string &symbol, std::span<const Image> variants,
                                             const Work &work) override {
    if (auto room = makeScratch(work.threadBytes); !room)
      return std::move(room).error().in("kernel '" + symbol + "'");
    for (std::string_view level : processorLevels())
      for (const Image &image : variants)
        if (image.isa == level)
          return loadImage(symbol, image, work);
    std::string have;
    for (const Image &image : variants)
      have += (have.empty() ? "" : ", ") + std::string(image.isa);
    return base::error(base::Code::unsupported,
                       "kernel '" + symbol + "' was compiled for " + have + "; this processor runs " + name());
  }

  void launch(Kernel &kernel, std::span<void *const> buffers) override {
    auto &code = static_cast<CpuKernel &>(kernel);
    pool.run(code.entry, buffers.data(), code.phases, scratch ? static_cast<std::byte *>(scratch->address()) : nullptr,
             scratchBytes);
  }

  void copyIn(void *to, base::ConstBytes from) override {
    if (!from.empty())
      std::memcpy(to, from.data(), from.size());
  }
  void copyOut(base::MutableBytes to, const void *from) override {
    if (!to.empty())
      std::memcpy(to.data(), from, to.size());
  }
  void copyWithin(void *to, const void *from, std::uint64_t sizeBytes) override {
    if (sizeBytes > 0)
      std::memcpy(to, from, sizeBytes);
  }
  base::Result<> finish() override { return {}; }

private:
  base::Result<std::unique_ptr<Kernel>> loadImage(const std::string &symbol, const Image &image, const Work &work) {
    auto code = process.loadCode(image.code);
    if (!code)
      return std::move(code).error().in("kernel '" + symbol + "'");
    auto entry = reinterpret_cast<EntryPoint>((*code)->symbol(symbol));
    if (!entry)
      return base::error(base::Code::invalid,
                         "the code for " + std::string(image.isa) + " has no symbol '" + symbol + "'");
    return std::unique_ptr<Kernel>(std::make_unique<CpuKernel>(*std::move(code), entry, work.phases));
  }

  /// As much for each thread as the neediest kernel wants: kernels run one after the other.
  base::Result<> makeScratch(std::uint64_t threadBytes) {
    threadBytes = (threadBytes + alignmentBytes - 1) / alignmentBytes * alignmentBytes;
    if (threadBytes <= scratchBytes)
      return {};
    auto memory = allocate(threadBytes * pool.threads());
    if (!memory)
      return std::move(memory).error();
    scratch = *std::move(memory);
    scratchBytes = threadBytes;
    return {};
  }

  io::Process &process;
  std::uint64_t limitBytes, used = 0;
  std::unique_ptr<Memory> scratch;
  std::uint64_t scratchBytes = 0; ///< Of each thread.
  ThreadPool pool;                ///< Last: its threads end before what they use.
};

} // namespace

std::span<const std::string_view> processorLevels() {
  static constexpr std::array<std::string_view, 3> all = {"x86-64-v4", "x86-64-v3", "x86-64"};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("x86-64-v4"))
    return all;
  if (__builtin_cpu_supports("x86-64-v3"))
    return std::span(all).subspan(1);
  return std::span(all).subspan(2);
#else
  return {};
#endif
}

std::unique_ptr<Device> makeCpuDevice(io::Process &process, std::uint64_t memoryLimitBytes, std::uint32_t threads) {
  return std::make_unique<CpuDevice>(process, memoryLimitBytes, threads);
}

} // namespace weft::device
