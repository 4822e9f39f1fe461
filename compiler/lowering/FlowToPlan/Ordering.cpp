//===- Ordering.cpp - What a step waits for without data ------------------===//

#include "compiler/lowering/FlowToPlan/Ordering.h"

#include "llvm/ADT/BitVector.h"

#include <optional>

using namespace mlir;

namespace weft::lowering {
namespace {

using analysis::Touch;

class Order {
public:
  Order(const std::vector<const Touch *> &touches, const std::vector<std::vector<std::uint32_t>> &producers,
        bool assertsHold)
      : touches(touches), producers(producers), assertsHold(assertsHold), after(touches.size()),
        behind(touches.size(), llvm::BitVector(touches.size())) {}

  std::vector<std::vector<std::uint32_t>> run() {
    for (std::uint32_t node = 0; node < touches.size(); ++node) {
      for (std::uint32_t producer : producers[node])
        follow(node, producer);
      wait(node, *touches[node]);
    }
    return std::move(after);
  }

private:
  /// `behind[node]`: everything that is done when the node starts.
  void follow(std::uint32_t node, std::uint32_t other) {
    behind[node] |= behind[other];
    behind[node].set(other);
  }

  void waitFor(std::uint32_t node, std::uint32_t other) {
    if (behind[node].test(other))
      return;
    after[node].push_back(other);
    follow(node, other);
  }

  void wait(std::uint32_t node, const Touch &touch) {
    if (touch.writes()) {
      // The nearest first: most of what is further up is behind it.
      for (std::uint32_t other = node; other-- > 0;)
        waitFor(node, other);
      for (auto &[binding, effect] : touch.bindings)
        if (flow::writes(effect))
          lastWrite[binding] = node;
      lastWriter = node;
    } else {
      for (auto &[binding, effect] : touch.bindings)
        if (auto found = lastWrite.find(binding); found != lastWrite.end())
          waitFor(node, found->second);
      if (touch.fails && lastWriter)
        waitFor(node, *lastWriter);
    }
    if (assertsHold && lastAssert)
      waitFor(node, *lastAssert);
    if (touch.fails && touch.bindings.empty())
      lastAssert = node;
    if (!touch.emits)
      return;
    if (lastEmit)
      waitFor(node, *lastEmit);
    lastEmit = node;
  }

  const std::vector<const Touch *> &touches;
  const std::vector<std::vector<std::uint32_t>> &producers;
  bool assertsHold;
  std::vector<std::vector<std::uint32_t>> after;
  std::vector<llvm::BitVector> behind;
  llvm::DenseMap<StringAttr, std::uint32_t> lastWrite;
  std::optional<std::uint32_t> lastWriter, lastEmit, lastAssert;
};

} // namespace

std::vector<std::vector<std::uint32_t>> orderOf(const std::vector<const Touch *> &touches,
                                                const std::vector<std::vector<std::uint32_t>> &producers,
                                                bool assertsHold) {
  return Order(touches, producers, assertsHold).run();
}

} // namespace weft::lowering
