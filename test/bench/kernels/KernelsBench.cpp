//===- KernelsBench.cpp - Generated kernels on this machine ---------------===//
//
//   bench_kernels THREADS < NAMES
//
// For each line with the name of a case (Cases.cpp), or `c loop: ` and such a name, a short
// burst of runs and one line `{"us", "least_us"}`, their median and least time; `{}` where
// there is no such case. Peers speak the same, so that `test/bench/run kernels` lets all
// of them take turns, many times: what the machine does meanwhile meets all of them alike.
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
#include <functional>
#include <iostream>

namespace weft::bench {
namespace {

/// A burst is short, so that many of them alternate with those of the peers.
constexpr double secondsOfBurst = 0.08;

void measure(const std::function<void()> &run) {
  using Clock = std::chrono::steady_clock;
  run(); // the caches are another process's
  std::vector<double> times;
  for (auto start = Clock::now();
       times.size() < 3 || Clock::now() - start < std::chrono::duration<double>(secondsOfBurst);) {
    auto before = Clock::now();
    run();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"us\": %.2f, \"least_us\": %.2f}\n", times[times.size() / 2], times.front());
}

/// A kernel with its buffers; inputs are small numbers, of both signs where they are multiplied, so that what follows
/// on their products is no border of its function.
struct Loaded {
  std::unique_ptr<device::Kernel> kernel;
  std::vector<void *> buffers;
  std::size_t inputs = 0;
};

constexpr std::string_view loopMark = "c loop: ";

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

  /// The case stays loaded until another is asked for.
  void run(const std::string &name) {
    bool isLoop = name.starts_with(loopMark);
    std::string wanted = isLoop ? name.substr(loopMark.size()) : name;
    if (wanted != loadedName && !load(wanted))
      return void(std::puts("{}"));
    if (isLoop)
      return runLoop();
    measure([&] {
      for (Loaded &loaded : kernels)
        device->launch(*loaded.kernel, loaded.buffers);
    });
  }

private:
  using Range = std::function<void(std::int64_t, std::int64_t)>;

  bool load(const std::string &name) {
    kernels.clear();
    memories.clear();
    loadedName.clear();
    void *last = nullptr;
    for (const Case &one : cases())
      for (const std::string &text : one.name == name ? one.text : std::vector<std::string>()) {
        Loaded loaded = load(text, last);
        if (!loaded.kernel)
          return false;
        last = loaded.buffers[loaded.inputs];
        kernels.push_back(std::move(loaded));
        loadedName = name;
      }
    return !loadedName.empty();
  }

  void runLoop() {
    std::vector<void *> &b = kernels[0].buffers;
    auto at = [&](int i) { return static_cast<float *>(b[i]); };
    if (loadedName.starts_with("chain"))
      return loop([&](std::int64_t begin, std::int64_t end) { chainOfSix(at(0), at(1), begin, end); });
    if (loadedName.starts_with("adamw"))
      return loop([&](std::int64_t begin, std::int64_t end) {
        adamw(at(0), at(1), at(2), at(3), at(4), at(5), at(6), begin, end);
      });
    std::puts("{}");
  }

  void loop(const Range &body) {
    void *buffers[] = {const_cast<Range *>(&body)};
    auto entry = [](void *const *buffers, std::uint32_t, std::uint64_t begin, std::uint64_t end, void *) {
      (*static_cast<const Range *>(buffers[0]))(begin << 18, end << 18);
    };
    std::vector<std::uint64_t> phases = {64};
    measure([&] { pool.run(entry, buffers, phases, nullptr, 0); });
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
    float least = text.find("nn.matmul") != std::string::npos ? 0.5F : 0;
    Loaded loaded;
    auto function = *module->getOps<mlir::func::FuncOp>().begin();
    loaded.inputs = function.getNumArguments();
    for (mlir::Type type : llvm::concat<const mlir::Type>(function.getArgumentTypes(), function.getResultTypes())) {
      std::int64_t count = mlir::cast<mlir::RankedTensorType>(type).getNumElements();
      bool isGiven = first && loaded.buffers.empty();
      float *buffer = isGiven ? static_cast<float *>(first) : memory(count * 4);
      if (!isGiven)
        for (std::int64_t i = 0; i < count; ++i)
          buffer[i] = static_cast<float>((i * 7919 + 13) % 1000) / 1000 - least;
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
  std::string loadedName;
  std::vector<Loaded> kernels;
  std::vector<std::unique_ptr<device::Memory>> memories;
};

} // namespace
} // namespace weft::bench

int main(int count, char **words) {
  if (count != 2 || std::atoi(words[1]) < 1) {
    std::fprintf(stderr, "usage: bench_kernels THREADS < NAMES\n");
    return 2;
  }
  weft::bench::Bench bench(static_cast<std::uint32_t>(std::atoi(words[1])));
  for (std::string name; std::getline(std::cin, name); std::fflush(stdout))
    bench.run(name);
}
