//===- Ast.h - One module as it was written -------------------------------===//
//
// The whole tree: AstNode (ids, spans, `as<T>`), AstType, AstPattern, AstExpr,
// AstDecl. A `Module` owns its nodes; nothing is shared between modules.
//
// The parser has already checked form: what is "(checked)" in a comment holds in
// every module that `parse` returns without errors. After an error the module
// holds the declarations that were sound, complete in themselves.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstDecl.h"

#include <memory>
#include <utility>

namespace weft::syntax {

/// A comment that is not documentation, kept for the formatter.
struct Comment {
  Span span;
  std::string text;     ///< With its slashes, without the line break.
  bool ownLine = false; ///< Nothing but spaces stands before it on its line.
};

/// A declaration that was reported and is not in the tree. Uses of its name are
/// not unknown: who meets one says nothing more.
struct BrokenDecl {
  Name name; ///< Empty where none could be found.
  Span span;
};

class Module {
public:
  explicit Module(source::FileId file) : file(file) {}
  Module(const Module &) = delete;
  Module &operator=(const Module &) = delete;

  const source::FileId file;
  std::vector<Decl *> decls;
  std::vector<Comment> comments; ///< In the order of the text.
  std::vector<BrokenDecl> broken;
  NodeId nodeCount = 0; ///< One more than the largest id.

  /// Makes a node that lives as long as the module, and gives it the next id.
  template <typename T> T *make(Span span) {
    auto owned = std::make_unique<T>();
    T *node = owned.get();
    node->id = nodeCount++;
    node->span = span;
    nodes.push_back(std::move(owned));
    return node;
  }

private:
  std::vector<std::unique_ptr<Node>> nodes;
};

} // namespace weft::syntax
