//===- CheckRecursion.cpp - Blocks that reach themselves have a bound -----===//
//
// Structure (branch, map, loop bodies) must form a tree: a body that contains
// itself could never be built by a compiler and would never end. A cycle that
// goes through `invoke` is recursion and needs a block with a depth in it.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/PlanCheck.h"

namespace weft::plan {
namespace {

enum class Mark : std::uint8_t { unseen, open, done };

/// Depth-first search with an explicit stack: a plan may nest deeper than the machine's stack.
class CycleSearch {
public:
  explicit CycleSearch(const Plan &plan) : plan(plan), marks(plan.blocks.size(), Mark::unseen) {}

  /// `bounded(block)`: edges into such a block are not followed.
  template <typename Follow> base::Result<> run(Follow follow, const char *what) {
    for (std::uint32_t root = 0; root < plan.blocks.size(); ++root)
      if (marks[root] == Mark::unseen)
        if (auto searched = searchFrom(root, follow, what); !searched)
          return searched;
    return {};
  }

private:
  struct Visit {
    std::uint32_t block;
    std::vector<std::uint32_t> successors;
    std::size_t next = 0;
  };

  template <typename Follow> Visit open(std::uint32_t block, Follow follow) {
    marks[block] = Mark::open;
    Visit visit{block, {}, 0};
    for (const Node &node : plan.nodesOf(plan.blocks[block]))
      for (std::uint32_t body : plan.bodiesOf(node))
        if (follow(node, body))
          visit.successors.push_back(body);
    return visit;
  }

  template <typename Follow> base::Result<> searchFrom(std::uint32_t root, Follow follow, const char *what) {
    std::vector<Visit> path{open(root, follow)};
    while (!path.empty()) {
      Visit &top = path.back();
      if (top.next == top.successors.size()) {
        marks[top.block] = Mark::done;
        path.pop_back();
        continue;
      }
      std::uint32_t next = top.successors[top.next++];
      if (marks[next] == Mark::open)
        return broken(nameOf(plan, next) + " reaches itself " + what);
      if (marks[next] == Mark::unseen)
        path.push_back(open(next, follow));
    }
    return {};
  }

  const Plan &plan;
  std::vector<Mark> marks;
};

} // namespace

base::Result<> checkRecursion(const Plan &plan) {
  auto structure = [](const Node &node, std::uint32_t) { return node.op() != Op::invoke; };
  if (auto tree = CycleSearch(plan).run(structure, "without a call in between"); !tree)
    return tree;
  auto unbounded = [&](const Node &node, std::uint32_t body) {
    return node.op() != Op::invoke || plan.blocks[body].depth == 0;
  };
  return CycleSearch(plan).run(unbounded, "through calls, and no block on the way has a depth");
}

} // namespace weft::plan
