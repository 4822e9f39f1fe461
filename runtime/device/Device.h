//===- Device.h - Where kernels run and tensors lie -----------------------===//
//
// One interface for every kind of device; test/conformance/device runs on each.
// Memory is one arena per role of a gang, cut by the plan: the runtime never
// allocates while a gang runs. Work of one queue happens in the order in which
// it was asked for; `finish` says when all of it is done.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Result.h"

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::device {

/// Memory of a device, 64-byte aligned, zero at first. On `cpu` it can be touched directly.
class Memory {
public:
  virtual ~Memory() = default;
  virtual std::uint64_t sizeBytes() const = 0;
  /// What kernels are given; on a GPU not an address of this process.
  virtual void *address() = 0;
};

/// A loaded kernel. On `cpu` its symbol is
///
///   extern "C" void symbol(void *const *buffers, uint32_t phase, uint64_t begin, uint64_t end, void *scratch);
///
/// `buffers`: inputs, outputs, then the workspace if it has one. A launch runs the kernel's phases one after the other;
/// of each phase every item once, items `begin` up to `end` in one call, on any threads at the same time. What an item
/// computes follows from the items of the phases before, not from the ranges or the thread. `scratch` is the calling
/// thread's own, 64-byte aligned, and holds nothing that a call may read before it wrote it.
class Kernel {
public:
  virtual ~Kernel() = default;
};

/// What the plan says of a kernel's work.
struct Work {
  std::vector<std::uint64_t> phases = {1}; ///< Items of each.
  std::uint64_t threadBytes = 0;           ///< Scratch of each thread.
};

/// One of the plan's variants of a kernel.
struct Image {
  std::string_view isa; ///< "x86-64", "x86-64-v3", "x86-64-v4"; later "sm_90".
  base::ConstBytes code;
};

/// Not thread-safe: one owner.
class Device {
public:
  virtual ~Device() = default;

  /// "cpu", with what tells machines apart: "cpu x86-64-v4".
  virtual std::string name() const = 0;

  /// Errors: limit (not enough memory; the message has what was asked and what there is).
  virtual base::Result<std::unique_ptr<Memory>> allocate(std::uint64_t sizeBytes) = 0;

  /// Loads the best variant that this device runs. The caller has checked the digests. Errors: unsupported (no
  /// variant fits; the message lists them), invalid (no such symbol, or the loader's words), limit (no memory for the
  /// threads' scratch).
  virtual base::Result<std::unique_ptr<Kernel>> load(const std::string &symbol, std::span<const Image> variants,
                                                     const Work &work = {}) = 0;

  /// Queues a launch. `buffers` are addresses inside this device's memory, apart from each other; inputs and outputs
  /// are aligned to their elements, the workspace to 64 bytes.
  virtual void launch(Kernel &kernel, std::span<void *const> buffers) = 0;

  /// Queue copies between host and device; the host bytes stay valid until `finish`.
  virtual void copyIn(void *to, base::ConstBytes from) = 0;
  virtual void copyOut(base::MutableBytes to, const void *from) = 0;

  /// Queues a copy inside this device's memory; the two do not overlap.
  virtual void copyWithin(void *to, const void *from, std::uint64_t sizeBytes) = 0;

  /// Blocks until everything queued is done. Errors: io (the device failed; its memory is lost).
  virtual base::Result<> finish() = 0;
};

} // namespace weft::device
