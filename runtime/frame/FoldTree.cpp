//===- FoldTree.cpp - A fold of an associative function -------------------===//
//
// Neighbours are combined in pairs, then neighbours of those, and a last one
// without a neighbour goes up as it is. A pair starts when both are there, not
// when its level is: n values take as many calls as a fold in turn, and the time
// of the slowest way through log2(n) of them.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include <algorithm>
#include <functional>

namespace weft::frame {
namespace {

std::uint32_t levelOf(const FoldTree &tree, std::uint32_t number) {
  auto above = std::upper_bound(tree.levels.begin(), tree.levels.end(), number);
  return static_cast<std::uint32_t>(above - tree.levels.begin()) - 1;
}

/// The value of the next level that the one with this number becomes a part of.
std::uint32_t parentOf(const FoldTree &tree, std::uint32_t number) {
  std::uint32_t level = levelOf(tree, number);
  return tree.levels[level + 1] + (number - tree.levels[level]) / 2;
}

std::uint32_t leftPartOf(const FoldTree &tree, std::uint32_t number) {
  std::uint32_t level = levelOf(tree, number);
  return tree.levels[level - 1] + 2 * (number - tree.levels[level]);
}

/// Takes a value in, up to where its neighbour is missing; true if it is the last of all.
bool arrive(FoldTree &tree, std::uint32_t number, value::Value &&value) {
  for (;;) {
    tree.values[number] = std::move(value);
    tree.there[number] = true;
    if (number + 1 == tree.levels.back())
      return true;
    std::uint32_t level = levelOf(tree, number), begin = tree.levels[level], end = tree.levels[level + 1];
    std::uint32_t neighbour = begin + ((number - begin) ^ 1), parent = parentOf(tree, number);
    if (neighbour < end) {
      if (tree.there[neighbour]) {
        tree.ready.push_back(parent);
        std::push_heap(tree.ready.begin(), tree.ready.end(), std::greater<>());
      }
      return false;
    }
    value = std::move(tree.values[number]);
    tree.there[number] = false;
    number = parent;
  }
}

} // namespace

void Core::startTree(RegionStep &step, Value &&first) {
  if (step.total == 0)
    return completeStep(step, std::move(first));
  step.tree = std::make_unique<FoldTree>();
  FoldTree &tree = *step.tree;
  std::uint32_t begin = 0;
  for (std::uint32_t count = step.total + 1; count > 1; count = (count + 1) / 2) {
    tree.levels.push_back(begin);
    begin += count;
  }
  tree.levels.push_back(begin);
  tree.levels.push_back(begin + 1);
  tree.values.resize(begin + 1);
  tree.there.resize(begin + 1);
  step.window = plan::defaultWindow;
  arrive(tree, 0, std::move(first));
  for (std::uint32_t i = 0; i < step.total; ++i)
    arrive(tree, i + 1, Value(step.input.items()[i]));
  feedTree(step);
}

void Core::combined(RegionStep &step, Frame &child, Value &&value) {
  std::uint32_t number = child.index;
  releaseFrame(child);
  --step.live;
  if (arrive(*step.tree, number, std::move(value)))
    return completeStep(step, std::move(step.tree->values.back()));
  feedTree(step);
}

void Core::feedTree(RegionStep &step) {
  FoldTree &tree = *step.tree;
  while (step.live < step.window && !tree.ready.empty()) {
    std::pop_heap(tree.ready.begin(), tree.ready.end(), std::greater<>());
    std::uint32_t number = tree.ready.back(), part = leftPartOf(tree, number);
    tree.ready.pop_back();
    Value left = std::move(tree.values[part]), right = std::move(tree.values[part + 1]);
    tree.there[part] = tree.there[part + 1] = false;
    if (!startBody(step, 0, number, Role::body, step.frame->scope, {&left, &right}, 2))
      return;
    ++step.live;
  }
}

} // namespace weft::frame
