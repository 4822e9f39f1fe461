//===- onednn.cpp - The same cases in oneDNN ------------------------------===//
//
//   onednn < NAMES        OMP_NUM_THREADS says how many threads
//
// Speaks as bench_kernels does. Built by test/bench/run where the library is installed; no part of the build.
//
//===----------------------------------------------------------------------===//

#include <oneapi/dnnl/dnnl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace dnnl;
using Clock = std::chrono::steady_clock;
constexpr auto f32 = memory::data_type::f32;

engine cpu(engine::kind::cpu, 0);
stream line(cpu);
std::map<std::string, std::function<void()>> cases;

void measure(const std::function<void()> &run) {
  std::vector<double> times;
  run();
  line.wait();
  for (auto start = Clock::now(); times.size() < 3 || Clock::now() - start < std::chrono::milliseconds(80);) {
    auto before = Clock::now();
    run();
    line.wait();
    times.push_back(std::chrono::duration<double, std::micro>(Clock::now() - before).count());
  }
  std::sort(times.begin(), times.end());
  std::printf("{\"us\": %.2f, \"least_us\": %.2f}\n", times[times.size() / 2], times[0]);
}

/// As bench_kernels does for products.
void fill(const memory &made, memory::dim count) {
  for (memory::dim i = 0; i < count; ++i)
    static_cast<float *>(made.get_data_handle())[i] = static_cast<float>((i * 7919 + 13) % 1000) / 1000 - 0.5f;
}

memory make(memory::dims dims) {
  memory::dims strides(dims.size());
  memory::dim stride = 1;
  for (size_t i = dims.size(); i-- > 0; stride *= dims[i])
    strides[i] = stride;
  memory made(memory::desc(dims, f32, strides), cpu);
  fill(made, stride);
  return made;
}

matmul product(const memory &a, const memory &b, const memory &c, const memory *bias, bool gelu, float scale = 1) {
  primitive_attr attributes;
  post_ops ops;
  if (gelu)
    ops.append_eltwise(1, algorithm::eltwise_gelu_erf, 0, 0);
  attributes.set_post_ops(ops);
  if (scale != 1)
    attributes.set_output_scales(0, {scale});
  auto desc = bias ? matmul::desc(a.get_desc(), b.get_desc(), bias->get_desc(), c.get_desc())
                   : matmul::desc(a.get_desc(), b.get_desc(), c.get_desc());
  return matmul(matmul::primitive_desc(desc, attributes, cpu));
}

} // namespace

int main() {
  for (int n : {256, 512, 1024, 2048}) {
    memory a = make({n, n}), b = make({n, n}), c = make({n, n});
    matmul step = product(a, b, c, nullptr, false);
    cases["gemm " + std::to_string(n)] = [=] {
      step.execute(line, {{DNNL_ARG_SRC, a}, {DNNL_ARG_WEIGHTS, b}, {DNNL_ARG_DST, c}});
    };
  }
  {
    memory x = make({512, 768}), up = make({768, 3072}), b1 = make({1, 3072}), h = make({512, 3072});
    memory down = make({3072, 768}), b2 = make({1, 768}), y = make({512, 768});
    matmul first = product(x, up, h, &b1, true), second = product(h, down, y, &b2, false);
    cases["mlp 512x768x3072"] = [=] {
      first.execute(line, {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, up}, {DNNL_ARG_BIAS, b1}, {DNNL_ARG_DST, h}});
      second.execute(line, {{DNNL_ARG_SRC, h}, {DNNL_ARG_WEIGHTS, down}, {DNNL_ARG_BIAS, b2}, {DNNL_ARG_DST, y}});
    };
  }
  {
    // Three primitives: this release has no fused one.
    memory q = make({8, 512, 64}), v = make({8, 512, 64}), s = make({8, 512, 512}), o = make({8, 512, 64});
    memory k(memory::desc({8, 64, 512}, f32, memory::dims{512 * 64, 1, 64}), cpu);
    fill(k, 8 * 512 * 64);
    matmul scores = product(q, k, s, nullptr, false, 0.125f), mix = product(s, v, o, nullptr, false);
    softmax_forward weigh(softmax_forward::primitive_desc({prop_kind::forward_inference, s.get_desc(), 2}, cpu));
    cases["attention 8x512x64"] = [=] {
      scores.execute(line, {{DNNL_ARG_SRC, q}, {DNNL_ARG_WEIGHTS, k}, {DNNL_ARG_DST, s}});
      weigh.execute(line, {{DNNL_ARG_SRC, s}, {DNNL_ARG_DST, s}});
      mix.execute(line, {{DNNL_ARG_SRC, s}, {DNNL_ARG_WEIGHTS, v}, {DNNL_ARG_DST, o}});
    };
  }
  memory x = make({512, 768}), y = make({512, 768}), scale = make({768}), shift = make({768});
  layer_normalization_forward norm(
      layer_normalization_forward::primitive_desc({prop_kind::forward_inference, x.get_desc(), 1e-5f,
                                                   normalization_flags::use_scale | normalization_flags::use_shift},
                                                  cpu));
  cases["layer norm 512x768"] = [=] {
    norm.execute(line, {{DNNL_ARG_SRC, x}, {DNNL_ARG_SCALE, scale}, {DNNL_ARG_SHIFT, shift}, {DNNL_ARG_DST, y}});
  };
  softmax_forward weigh(softmax_forward::primitive_desc({prop_kind::forward_inference, x.get_desc(), 1}, cpu));
  cases["softmax 512x768"] = [=] { weigh.execute(line, {{DNNL_ARG_SRC, x}, {DNNL_ARG_DST, y}}); };

  for (std::string name; std::getline(std::cin, name); std::fflush(stdout))
    if (auto found = cases.find(name); found != cases.end())
      measure(found->second);
    else
      std::puts("{}");
}
