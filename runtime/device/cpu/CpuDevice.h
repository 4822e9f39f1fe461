//===- CpuDevice.h - Kernels as native code of this process ---------------===//
#pragma once

#include "runtime/device/Device.h"
#include "runtime/io/Process.h"

namespace weft::device {

/// The levels of the x86-64 psABI that this processor has, best first; ends with "x86-64".
std::span<const std::string_view> processorLevels();

/// Launches run at once, in the caller and `threads` - 1 threads of the device's own (ThreadPool.h). `process` loads
/// code, lets the threads sleep, and outlives the device. `memoryLimitBytes` bounds what `allocate` gives out in all
/// and the threads' scratch; 0 is no bound. In simulation a device has one thread.
std::unique_ptr<Device> makeCpuDevice(io::Process &process, std::uint64_t memoryLimitBytes = 0,
                                      std::uint32_t threads = 1);

} // namespace weft::device
