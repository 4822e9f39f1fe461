//===- Ways.h - Where in a plan the records of a run are ------------------===//
//
// A record has a hash of the way to its step and nothing of the way itself. A
// plan has as many ways as a run could go at all, which calls of values and
// recursion make far too many, and a run goes few of them: those along which
// little is called and repeated are looked through first.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"

#include <map>
#include <optional>
#include <set>
#include <vector>

namespace weft::oracle {

class Ways {
public:
  /// `most`: how often anything may have been done.
  Ways(const plan::Plan &plan, std::size_t most) : plan(plan), most(most) {
    for (const value::Value &constant : plan.consts)
      addKeys(constant);
  }

  /// Cells with keys are looked for by these: the items of `list`, and of lists in it. Those of constants are known.
  void addKeys(const value::Value &list);

  /// A body of a node, and the number that its frame has below the step; of a cell with keys the key's hash.
  struct Inner {
    std::uint32_t body, iteration;
    std::optional<base::Hash128> key = {};
  };
  /// What a run may begin below a node.
  std::vector<Inner> below(const plan::Node &node) const { return below(node, most); }
  static base::Hash128 pathOf(base::Hash128 path, const plan::Node &node, std::uint32_t iteration) {
    return base::mix(base::mix(path, node.stable_id()), iteration);
  }
  static base::Hash128 pathOf(base::Hash128 path, const plan::Node &node, const Inner &inner) {
    base::Hash128 below = pathOf(path, node, inner.iteration);
    return inner.key ? base::mix(base::mix(below, inner.key->high), inner.key->low) : below;
  }

  /// Looks for the steps of these paths from `block` on, until all are found or there is nothing else. Errors: limit,
  /// where that would take minutes.
  base::Result<> find(std::uint32_t block, base::Hash128 root, std::set<base::Hash128> paths);
  /// Whether something was found below the frame of this path.
  bool lead(base::Hash128 path) const { return leading.contains(path); }

private:
  std::vector<Inner> below(const plan::Node &node, std::size_t times) const;
  bool mayRecord(std::uint32_t block);
  bool search(std::uint32_t block, base::Hash128 path, std::uint32_t bits);

  const plan::Plan &plan;
  const std::size_t most;
  std::vector<base::Hash128> keys; ///< In the order of the lists that they stand in.
  std::set<base::Hash128> missing, leading;
  std::map<std::uint32_t, bool> recording;     ///< What `mayRecord` knows.
  std::map<std::uint32_t, std::uint32_t> open; ///< Activations of each block on the way.
  bool cut = false;                            ///< More bits would lead further.
  std::size_t frames = 0;
};

} // namespace weft::oracle
