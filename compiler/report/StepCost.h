//===- StepCost.h - Costs of steps and of the blocks below them -----------===//
//
// The walk behind `costOf`: a block is its steps in their order, a step is a
// call or what its bodies are, as often as its kind runs them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "compiler/report/Cost.h"

#include <map>
#include <span>
#include <utility>
#include <vector>

namespace weft::report {

class BlockCosts {
public:
  /// With at most `mostOpen` activations of recursive blocks open at once.
  BlockCosts(const plan::Plan &plan, std::uint32_t mostOpen) : plan(plan), mostOpen(mostOpen) {}

  Cost of(std::uint32_t block);
  /// More activations than are worth it; what `of` gave is not to be used.
  bool tooMany() const;

private:
  /// Of recursive blocks, how many activations are open; others do not stand here.
  using Open = std::map<std::uint32_t, std::uint32_t>;

  Cost compute(const plan::Block &block);
  Path longest(const plan::Block &block, const std::vector<Cost> &steps);
  Bound timeOf(const plan::Block &block, const std::vector<Cost> &steps);
  static void forgetBounds(Cost &cost);

  Cost step(const plan::Node &node);
  Cost byKind(const plan::Node &node);
  Cost call(const plan::Node &node);
  Cost gang(const plan::Node &node);
  Cost fold(const plan::Node &node);
  Cost map(const plan::Node &node);
  Cost loop(const plan::Node &node);
  Cost vote(const plan::Node &node);
  Cost race(const plan::Node &node);
  Cost branch(const plan::Node &node);
  Cost attempt(const plan::Node &node);
  Cost invoke(const plan::Node &node);
  void applyPolicy(const plan::Node &node, Cost &cost);
  static void applyTimeout(const plan::Node &node, const plan::Policy &policy, Cost &cost);

  static void addCalls(Cost &into, const Cost &one);
  static Cost either(std::span<const Cost> ways, bool allBegin);
  static Path longestOf(std::span<const Cost> ways);
  static void follow(Cost &cost, std::span<const Cost> parts);
  static Bound longestTime(std::span<const Cost> ways);
  std::vector<Cost> bodiesOf(const plan::Node &node);
  std::string limitsOf(const plan::Node &node);
  static void scale(Cost &cost, const Times &times);
  static void scaleTogether(Cost &cost, std::uint64_t number);
  static void scaleTogether(Cost &cost, Factor factor);
  static void widest(Cost &into, const Cost &one);
  static void addTogether(Cost &into, const Cost &one);
  void head(const plan::Node &node, Cost &cost, std::string what);
  bool asksAgain(const plan::Node &invoke);

  /// The constant in a register that the node's words move there, or null.
  const value::Value *constant(const plan::Node &node, std::uint32_t reg);
  bool fails(const plan::Node &node);
  std::optional<std::uint64_t> number(const plan::Node &node, std::uint32_t reg);

  const plan::Plan &plan;
  std::uint32_t mostOpen, openCount = 0;
  std::uint64_t followed = 0; ///< Activations of recursive blocks, each looked at once.
  Open open;
  std::map<std::pair<std::uint32_t, Open>, Cost> costs;
};

} // namespace weft::report
