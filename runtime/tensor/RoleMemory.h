//===- RoleMemory.h - Arenas, kernels and workspace of one role -----------===//
#pragma once

#include "runtime/device/Device.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <vector>

namespace weft::tensor {

/// What a role needs to run on a device. Memory is zero at first. Not thread-safe.
class RoleMemory {
public:
  /// Loads the code of each kernel that an actor runs, once, which costs a few milliseconds each. `plan`, `role` and
  /// `device` outlive it. Errors: those of the device.
  static base::Result<RoleMemory> make(const plan::Plan &plan, const plan::Role &role, device::Device &device);

  /// Where the buffer lies.
  base::MutableBytes bytes(std::uint32_t buffer) const;

  /// Whether `bind` may put the buffer elsewhere: no actor writes it, nor what shares its bytes on purpose, which all
  /// lies inside it.
  bool mayBind(std::uint32_t buffer) const;
  /// Puts the buffer, and its views with it, somewhere else: bytes of this device's that nobody changes.
  void bind(std::uint32_t buffer, base::ConstBytes elsewhere);
  /// Back to its arena, where its bytes are what was last written there.
  void unbind(std::uint32_t buffer);

  /// Queues the actor, which is a kernel.
  void launch(std::size_t actor);
  /// Queues the copies at the end of a step: what each state is kept in to where the next step finds it.
  void keepStates();

private:
  RoleMemory(const plan::Plan &plan, const plan::Role &role, device::Device &device)
      : plan(&plan), role(&role), device(&device) {}

  bool isWritten(std::uint32_t buffer) const;
  /// Calls `use` for the buffer and all of its storage.
  template <typename Use> void eachView(std::uint32_t buffer, Use use) const;

  const plan::Plan *plan;
  const plan::Role *role;
  device::Device *device;
  std::vector<std::unique_ptr<device::Memory>> arenas;
  std::unique_ptr<device::Memory> workspace;
  std::vector<std::unique_ptr<device::Kernel>> kernels; ///< By kernel of the plan; null for those that no actor runs.
  std::vector<base::ConstBytes> bound;                  ///< By buffer; empty where it lies in its arena.
  std::vector<void *> launched;                         ///< Of the last launch, so that none allocates.
};

} // namespace weft::tensor
