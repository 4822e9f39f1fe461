//===- KernelImage.h - Native code of one kernel --------------------------===//
//
// The contract between compiled kernels and whoever calls them:
//
//   extern "C" void NAME(void *const *buffers, uint32_t phase, uint64_t begin,
//                        uint64_t end, void *scratch);
//
// `buffers` holds the inputs, then the outputs, then one workspace where
// `workspaceBytes` is not 0. Every buffer is contiguous and row-major; inputs and
// outputs are aligned to their elements, the workspace to 64 bytes; inputs are only
// read; none overlaps another, but that an output may be the input that
// `dist.in_place` pairs with it. A call does the items `begin` up to `end` of one
// phase; phases follow each other, the items of one run in any ranges on any
// threads at once, each thread with a `scratch` of `threadBytes`, aligned to 64
// bytes. What an item computes does not depend on its range or its thread. A kernel
// calls nothing, allocates nothing, and keeps nothing.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace weft::cpu {

/// What the code may use: baseline is x86-64 with SSE2, the others are x86-64-v3 and x86-64-v4.
enum class Isa : std::uint8_t { baseline, avx2, avx512 };

/// As written in the plan: the psABI levels "x86-64", "x86-64-v3", "x86-64-v4".
const char *name(Isa isa);

struct KernelImage {
  std::string symbol;
  Isa isa;
  std::vector<std::uint8_t> elf; ///< A shared object that defines `symbol` and needs no library.
  // The rest is the same for every ISA of a symbol.
  std::uint64_t workspaceBytes = 0;
  std::vector<std::uint64_t> phases = {1}; ///< Items of each.
  std::uint64_t threadBytes = 0;
};

} // namespace weft::cpu
