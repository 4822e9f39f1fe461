//===- TrainBench.cpp - A step of a training on this machine --------------===//
//
//   bench_train PLAN GANG THREADS [--kernels]
//
// Runs steps of a gang of one slot in this process, on bytes drawn at random, from
// parameters drawn at random: a burst of three for each line on standard input, so
// that somebody can let it and a peer take turns. Answers with a line of JSON: least
// time of a step, the last loss, and the peak of the process's memory above what it
// held before. With `--kernels` it tells at the end of the input how a step's time is
// spread over its kernels, the most first: runs in a step, and their least time.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Random.h"
#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/plan/PlanReader.h"
#include "runtime/tensor/RoleMemory.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace weft::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int stepsOfBurst = 3;

double microseconds(Clock::duration time) { return std::chrono::duration<double, std::micro>(time).count(); }

int fail(const std::string &why) {
  std::fprintf(stderr, "bench_train: %s\n", why.c_str());
  return 1;
}

/// A line of /proc/self/status, in bytes.
std::uint64_t statusBytes(const std::string &key) {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;)
    if (std::uint64_t kilobytes = 0; word == key && status >> kilobytes)
      return kilobytes * 1024;
  return 0;
}

class Bench {
public:
  Bench(const plan::Plan &plan, const plan::Gang &gang, device::Device &device, tensor::RoleMemory memory)
      : plan(plan), gang(gang), role(gang.roles.front()), device(device), memory(std::move(memory)) {}

  /// States that begin with an operand are parameters: small numbers of both signs.
  void begin() {
    for (const plan::Port &port : role.states) {
      if (gang.states[port.value].init == plan::noIndex)
        continue;
      base::MutableBytes bytes = memory.bytes(port.buffer);
      std::vector<float> values(bytes.size() / sizeof(float));
      for (float &value : values)
        value = static_cast<float>(random.uniform() - 0.5) * 0.17F; // as wide as a normal of 0.05
      device.copyIn(bytes.data(), std::as_bytes(std::span(values)));
    }
  }

  double step(std::int32_t number) {
    for (const plan::Port &port : role.feeds) {
      base::MutableBytes bytes = memory.bytes(port.buffer);
      std::vector<std::int32_t> tokens(bytes.size() / sizeof(std::int32_t));
      for (std::int32_t &token : tokens)
        token = static_cast<std::int32_t>(random.below(256));
      device.copyIn(bytes.data(), std::as_bytes(std::span(tokens)));
    }
    if (role.step != plan::noIndex)
      device.copyIn(memory.bytes(role.step).data(), std::as_bytes(std::span(&number, 1)));
    auto start = Clock::now();
    std::map<std::uint32_t, Spent> step;
    for (std::size_t actor = 0; actor < role.actors.size(); ++actor) {
      auto before = Clock::now();
      memory.launch(actor);
      Spent &spent = step[static_cast<std::uint32_t>(role.actors[actor].kernel())];
      ++spent.runs;
      spent.microseconds += microseconds(Clock::now() - before);
    }
    memory.keepStates();
    double all = microseconds(Clock::now() - start);
    for (const auto &[kernel, spent] : step) {
      auto [least, isFirst] = kernels.try_emplace(kernel, spent);
      least->second.microseconds = std::min(least->second.microseconds, spent.microseconds);
    }
    return all;
  }

  float loss() const {
    float value = NAN;
    if (!role.reports.empty())
      std::memcpy(&value, memory.bytes(role.reports.front().buffer).data(), sizeof value);
    return value;
  }

  void tell() const {
    std::vector<std::pair<std::uint32_t, Spent>> order(kernels.begin(), kernels.end());
    std::sort(order.begin(), order.end(),
              [](const auto &a, const auto &b) { return a.second.microseconds > b.second.microseconds; });
    for (const auto &[kernel, spent] : order) {
      std::string items;
      for (std::uint64_t phase : plan.kernels[kernel].phases)
        items += (items.empty() ? "" : "+") + std::to_string(phase);
      std::printf("%10.1f us  %4zu runs  %-28s items %s\n", spent.microseconds, spent.runs,
                  std::string(plan.kernels[kernel].symbol).c_str(), items.c_str());
    }
  }

private:
  struct Spent {
    std::size_t runs = 0;
    double microseconds = 0;
  };
  const plan::Plan &plan;
  const plan::Gang &gang;
  const plan::Role &role;
  device::Device &device;
  tensor::RoleMemory memory;
  base::Random random{7};
  std::map<std::uint32_t, Spent> kernels;
};

int run(const std::string &file, const std::string &name, std::uint32_t threads, bool byKernel) {
  std::ifstream stream(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto bytes = base::bytesOf(text);
  auto plan = plan::readPlan(base::Bytes(bytes.begin(), bytes.end()));
  if (!plan)
    return fail(file + ": " + plan.error().message);
  auto gang = std::find_if((*plan)->gangs.begin(), (*plan)->gangs.end(),
                           [&](const plan::Gang &one) { return one.name == name; });
  if (gang == (*plan)->gangs.end() || gang->roles.size() != 1)
    return fail(file + " has no gang '" + name + "' of one slot");
  io::AsioRuntime runtime;
  auto device = device::makeCpuDevice(runtime.doors().process, 0, threads);
  std::uint64_t before = statusBytes("VmRSS:");
  auto memory = tensor::RoleMemory::make(**plan, gang->roles.front(), *device);
  if (!memory)
    return fail(memory.error().message);
  Bench bench(**plan, *gang, *device, *std::move(memory));
  bench.begin();
  std::int32_t number = 0;
  for (std::string line; std::getline(std::cin, line);) {
    double least = INFINITY;
    for (int step = 0; step < stepsOfBurst; ++step)
      least = std::min(least, bench.step(number++) / 1000);
    std::printf("{\"least_ms\": %.3f, \"loss\": %.6f, \"peak_bytes\": %llu}\n", least,
                static_cast<double>(bench.loss()), static_cast<unsigned long long>(statusBytes("VmHWM:") - before));
    std::fflush(stdout);
  }
  if (byKernel)
    bench.tell();
  return 0;
}

} // namespace
} // namespace weft::bench

int main(int argc, char **argv) {
  bool byKernel = argc == 5 && std::strcmp(argv[4], "--kernels") == 0;
  int threads = argc > 3 ? std::atoi(argv[3]) : 0;
  if (threads < 1 || (argc != 4 && !byKernel)) {
    std::fprintf(stderr, "usage: bench_train PLAN GANG THREADS [--kernels]\n");
    return 2;
  }
  return weft::bench::run(argv[1], argv[2], static_cast<std::uint32_t>(threads), byKernel);
}
