//===- KernelsBench.cpp - Generated kernels on this machine ---------------===//
//
//   bench_kernels THREADS [NAME]     only cases whose name begins so
//
// Prints a line `{"name", "us", "least_us", "processor_us"}` for each case: median and
// least time of a run, and the least processor time, which others on the machine disturb less; plain loops beside those
// that have one. `test/bench/run kernels` sets them beside their peers, round after round.
//
//===----------------------------------------------------------------------===//

#include "test/bench/kernels/Cases.h"
#include "test/bench/kernels/PlainLoops.h"

#include "compiler/targets/cpu/CompileKernels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/device/cpu/ThreadPool.h"
#include "runtime/io/AsioRuntime.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <functional>

namespace weft::bench {
namespace {

/// Long enough for a median, short enough for many rounds.
constexpr double secondsOfCase = 0.4;

void measure(const std::string &name, const std::function<void()> &run) {
  using Clock = std::chrono::steady_clock;
  run();
  std::vector<double> times;
  double processor = 1e300;
  for (auto start = Clock::now();
       times.size() < 5 || Clock::now() - start < std::chrono::duration<double>(secondsOfCase);) {
    auto before = Clock::now();
    std::clock_t used = std::clock();
    run();
    processor = std::min(processor, double(std::clock() - used) * 1e6 / CLOCKS_PER_SEC);
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"name\": \"%s\", \"us\": %.2f, \"least_us\": %.2f, \"processor_us\": %.2f}\n", name.c_str(),
              times[times.size() / 2], times.front(), processor);
  std::fflush(stdout);
}

/// A kernel with its buffers; inputs are small numbers that no op makes slow.
struct Loaded {
  std::unique_ptr<device::Kernel> kernel;
  std::vector<void *> buffers;
  std::size_t inputs = 0;
};

class Bench {
public:
  explicit Bench(std::uint32_t threads)
      : threads(threads), device(device::makeCpuDevice(runtime.doors().process, 0, threads)),
        pool(runtime.doors().process, threads) {
    mlir::DialectRegistry registry;
    cpu::registerCpuTarget(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
  }

  void run(const Case &one) {
    std::vector<Loaded> kernels;
    void *last = nullptr;
    for (const std::string &text : one.text) {
      Loaded loaded = load(text, last);
      if (!loaded.kernel)
        return;
      last = loaded.buffers[loaded.inputs];
      kernels.push_back(std::move(loaded));
    }
    measure(one.name, [&] {
      for (Loaded &loaded : kernels)
        device->launch(*loaded.kernel, loaded.buffers);
    });
    std::vector<void *> &b = kernels[0].buffers;
    auto at = [&](int i) { return static_cast<float *>(b[i]); };
    if (one.name.starts_with("chain"))
      loop(one.name, [&](std::int64_t begin, std::int64_t end) { chainOfSix(at(0), at(1), begin, end); });
    if (one.name.starts_with("adamw"))
      loop(one.name, [&](std::int64_t begin, std::int64_t end) {
        adamw(at(0), at(1), at(2), at(3), at(4), at(5), at(6), begin, end);
      });
    memories.clear();
  }

private:
  using Range = std::function<void(std::int64_t, std::int64_t)>;

  void loop(const std::string &name, const Range &body) {
    void *buffers[] = {const_cast<Range *>(&body)};
    auto entry = [](void *const *buffers, std::uint32_t, std::uint64_t begin, std::uint64_t end, void *) {
      (*static_cast<const Range *>(buffers[0]))(begin << 18, end << 18);
    };
    std::vector<std::uint64_t> phases = {64};
    measure("c loop: " + name, [&] { pool.run(entry, buffers, phases, nullptr, 0); });
  }

  float *memory(std::int64_t bytes) {
    auto made = device->allocate(bytes);
    memories.push_back(*std::move(made));
    return static_cast<float *>(memories.back()->address());
  }

  Loaded load(const std::string &text, void *first) {
    auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context);
    if (!module)
      return {};
    auto images = cpu::compileKernels(*module, {cpu::Isa::baseline, cpu::Isa::avx2, cpu::Isa::avx512});
    if (failed(images))
      return {};
    Loaded loaded;
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    loaded.inputs = function.getNumArguments();
    for (mlir::Type type : llvm::concat<const mlir::Type>(function.getArgumentTypes(), function.getResultTypes())) {
      std::int64_t count = mlir::cast<mlir::RankedTensorType>(type).getNumElements();
      bool isGiven = first && loaded.buffers.empty();
      float *buffer = isGiven ? static_cast<float *>(first) : memory(count * 4);
      if (!isGiven)
        for (std::int64_t i = 0; i < count; ++i)
          buffer[i] = static_cast<float>((i * 7919 + 13) % 1000) / 1000;
      loaded.buffers.push_back(buffer);
    }
    if (images->front().workspaceBytes > 0)
      loaded.buffers.push_back(memory(static_cast<std::int64_t>(images->front().workspaceBytes)));
    std::vector<device::Image> variants;
    for (const cpu::KernelImage &image : *images)
      variants.push_back({cpu::name(image.isa), std::as_bytes(std::span(image.elf))});
    auto kernel = device->load(images->front().symbol, variants, {images->front().phases, images->front().threadBytes});
    if (!kernel) {
      std::fprintf(stderr, "%s\n", kernel.error().message.c_str());
      return {};
    }
    loaded.kernel = *std::move(kernel);
    return loaded;
  }

  std::uint32_t threads;
  io::AsioRuntime runtime;
  std::unique_ptr<device::Device> device;
  device::ThreadPool pool;
  mlir::MLIRContext context;
  std::vector<std::unique_ptr<device::Memory>> memories;
};

} // namespace
} // namespace weft::bench

int main(int count, char **words) {
  if (count < 2 || std::atoi(words[1]) < 1) {
    std::fprintf(stderr, "usage: bench_kernels THREADS [NAME]\n");
    return 2;
  }
  weft::bench::Bench bench(static_cast<std::uint32_t>(std::atoi(words[1])));
  std::string wanted = count > 2 ? words[2] : "";
  for (const weft::bench::Case &one : weft::bench::cases())
    if (one.name.starts_with(wanted))
      bench.run(one);
}
