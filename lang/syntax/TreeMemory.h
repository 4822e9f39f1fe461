//===- TreeMemory.h - Parse trees of earlier texts ------------------------===//
//
// The grammar asks for nothing but the kinds of tokens, so a declaration whose
// tokens are of the same kinds in the same order has the same parse tree,
// wherever it stands and whatever its names are. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/grammar/WeftParser.h"

#include <set>
#include <string>
#include <unordered_map>

namespace weft::syntax {

/// Where parsing stopped.
struct Failure {
  std::size_t position = 0; ///< Into the kept tokens; their count is the end of the run.
  /// Types of tokens with which parsing would have gone on. Of operators only
  /// some are tried.
  std::set<std::size_t> expected;
};

/// A tree with all that it points to, or why there is none.
struct KeptTree {
  KeptTree() = default;
  KeptTree(const KeptTree &) = delete;
  KeptTree &operator=(const KeptTree &) = delete;
  ~KeptTree() { nodes.reset(); }

  std::vector<antlr4::CommonToken> tokens;
  antlr4::tree::ParseTreeTracker nodes;
  grammar::WeftParser::DeclarationContext *tree = nullptr; ///< Null: see `failure`.
  Failure failure;
  std::uint64_t usedAt = 0;
};

class TreeMemory {
public:
  /// About 85 MiB; a text of 5,000 lines has a quarter of it.
  static constexpr std::size_t maxTokens = 200'000;

  /// By the types of tokens; null if it is not known.
  KeptTree *find(const std::u16string &types);
  /// The same, new and empty.
  KeptTree &add(const std::u16string &types);
  /// A file is done: if there are too many trees, those go that it did not use, and of its own as many as must.
  void endFile();

private:
  std::unordered_map<std::u16string, KeptTree> trees;
  std::size_t tokens = 0;
  std::uint64_t file = 0;
};

} // namespace weft::syntax
