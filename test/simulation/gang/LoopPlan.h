//===- LoopPlan.h - A plan whose gang takes steps over a state ------------===//
//
// One axis of slots. Each step, every slot makes a partial sum of its data and
// the state, an all-reduce adds them, and a kernel makes the next state of it.
//
//   elastic   the state is whole on every slot: one that is lost leaves, and its data with it
//   rigid     every slot holds a part of the state and no other has it: a loss goes back to the checkpoint
//
// What a compiler will make of a training loop, written by hand.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <vector>

namespace weft::simulation {

inline constexpr std::uint64_t loopWidth = 64; ///< Elements of a slot's part: 4 pieces of 64 bytes.

struct LoopShape {
  std::uint32_t slots = 3;
  bool elastic = true;
  std::uint32_t steps = 6;
  std::uint32_t checkpointEvery = 2; ///< 0: never.
  bool beginsWithZeros = false;      ///< Else with the second operand.

  std::uint64_t stateElements() const { return elastic ? loopWidth : slots * loopWidth; }
};

/// Workflow `main(data, first) -> state`; `first` is the state that it begins with.
base::Bytes loopPlanFile(const LoopShape &shape);
std::shared_ptr<const plan::Plan> loopPlan(const LoopShape &shape);

/// Operands with seeded values.
std::vector<value::Value> loopInputs(const LoopShape &shape, std::uint64_t seed);

/// The state after all steps, one after the other in one thread; `contributors[t]` are the slots (bits) whose partial
/// sums are in step t. What the gang must give, bit for bit.
std::vector<float> loopReference(const LoopShape &shape, const std::vector<value::Value> &inputs,
                                 const std::vector<std::uint64_t> &contributors);
/// Nobody is lost.
std::vector<float> loopReference(const LoopShape &shape, const std::vector<value::Value> &inputs);

std::vector<float> floatsOf(const value::Value &tensor);

} // namespace weft::simulation
