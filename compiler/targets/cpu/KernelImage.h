//===- KernelImage.h - Native code of one kernel --------------------------===//
//
// The contract between compiled kernels and whoever calls them:
//
//   extern "C" void NAME(void *const *buffers);
//
// `buffers` holds the inputs, then the outputs, then one workspace where
// `workspaceBytes` is not 0. Every buffer is contiguous, row-major and aligned to
// 64 bytes; inputs are only read; none overlaps another. A kernel calls nothing,
// allocates nothing, keeps nothing, and may run on several threads at once, each
// with its own outputs and workspace.
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
  std::uint64_t workspaceBytes;  ///< The same for every ISA of a symbol.
};

} // namespace weft::cpu
