//===- AstNode.h - What every node of the tree has ------------------------===//
//
// Nodes are plain structs with a kind, owned by their `Module`; pointers between
// them never own and are never null unless their comment says "may be null".
// A node is what was written: names are not resolved, defaults not filled in.
//
// Later stages keep what they find out in tables of their own, indexed by
// `Node::id`, which is dense: 0 <= id < Module::nodeCount, in order of creation.
//
//   std::vector<const sema::Type *> typeOf(module.nodeCount);
//   typeOf[expr->id] = …;
//
// Every place that binds a name (parameter, pattern, lambda parameter, field,
// case, declaration) is a node, so its id also names what is bound.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/source/SourceFile.h"

#include <cstdint>
#include <string>
#include <vector>

namespace weft::syntax {

using source::Span;

/// Dense index of a node in its module.
using NodeId = std::uint32_t;

/// Base of all nodes. The span runs from the first to the last token.
struct Node {
  NodeId id = 0;
  Span span;

  virtual ~Node() = default;
  Node() = default;
  Node(const Node &) = delete;
  Node &operator=(const Node &) = delete;
};

/// One word as it stands in the text. Not a node: what it refers to is kept
/// under the id of the node that holds it.
struct Name {
  std::string text;
  Span span;

  bool empty() const { return text.empty(); }
};

/// The node as a `T`, or null if it is of another kind.
template <typename T, typename Base> const T *as(const Base *node) {
  return node && node->kind == T::nodeKind ? static_cast<const T *>(node) : nullptr;
}
template <typename T, typename Base> T *as(Base *node) {
  return node && node->kind == T::nodeKind ? static_cast<T *>(node) : nullptr;
}

} // namespace weft::syntax
