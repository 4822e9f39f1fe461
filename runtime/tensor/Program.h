//===- Program.h - A gang of one slot, run in this process ----------------===//
//
// Without workers, boards or a coordinator: somebody sets operands and feeds,
// runs a step, and reads results and reports. States stay from step to step, and
// may be read and set between them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/tensor/RoleMemory.h"

#include <span>

namespace weft::tensor {

/// Calls come from one thread at a time. Sizes in bytes are those of the types in the plan: others are a broken
/// invariant.
class Program {
public:
  /// `device` outlives it. Errors: unsupported (more than one slot, or a collective), those of the device.
  static base::Result<std::unique_ptr<Program>> load(std::shared_ptr<const plan::Plan> plan, std::uint32_t gang,
                                                     device::Device &device);

  const plan::Gang &gang() const { return *described; }

  /// A whole operand; it stays until it is set again. A state that begins with it does so at the next `reset`.
  base::Result<> setOperand(std::uint32_t operand, base::ConstBytes whole);
  /// The same without a copy where no kernel writes it: `whole` is there, and stays as it is, in each step until the
  /// operand is set or lent again. It is aligned to its elements.
  base::Result<> lendOperand(std::uint32_t operand, base::ConstBytes whole);
  base::Result<> setFeed(std::uint32_t feed, base::ConstBytes whole);

  /// All states as a gang begins with them: zeros, or their operand, which has been set.
  base::Result<> reset();
  base::Result<> setState(std::uint32_t state, base::ConstBytes whole);
  base::Result<base::Bytes> state(std::uint32_t state) const;

  /// Runs all actors once; `number` is what a step's number reads.
  base::Result<> step(std::int32_t number = 0);

  /// Of the last step.
  base::Result<base::Bytes> result(std::uint32_t result) const;
  base::Result<float> report(std::uint32_t report) const;

private:
  Program(std::shared_ptr<const plan::Plan> plan, const plan::Gang &gang, device::Device &device, RoleMemory memory);
  base::Result<> fill(const std::vector<plan::Port> &ports, std::uint32_t value, base::ConstBytes whole);
  base::Result<base::Bytes> read(const std::vector<plan::Port> &ports, std::uint32_t value) const;

  std::shared_ptr<const plan::Plan> plan;
  const plan::Gang *described;
  const plan::Role *role;
  device::Device &device;
  RoleMemory memory;
  std::vector<base::Bytes> initial; ///< By operand: what states begin with.
};

} // namespace weft::tensor
