//===- RunParser.h - One declaration's tokens to a parse tree -------------===//
//
// Wraps the generated parser. Tries the fast prediction first; where it fails,
// the full one; where that fails too, finds out what could have stood at the
// place by trying. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/TokenReader.h"
#include "lang/syntax/TreeMemory.h"

#include <memory>

namespace weft::syntax {

class RunParser {
public:
  /// `memory`, if there is one, is asked first and keeps what is made.
  explicit RunParser(TreeMemory *memory);
  ~RunParser();

  /// The tree, or null, with `failure` filled. `kept` holds indices into
  /// `tokens`; in the tree `Token::getStartIndex` is such an index. The tree
  /// lives until the next call.
  grammar::WeftParser::DeclarationContext *parse(const std::vector<Token> &tokens,
                                                 const std::vector<std::uint32_t> &kept, Failure &failure);

private:
  class Stream;
  class StopAtFirst;
  grammar::WeftParser::DeclarationContext *parseAnew(Failure &failure);
  bool mayProbe(const Failure &failure);
  void probe(Failure &failure);

  /// What trying may still cost in this file, in tokens read up to a failure.
  std::size_t probeBudget = 50'000;

  TreeMemory *memory;
  std::unique_ptr<Stream> stream;
  std::shared_ptr<StopAtFirst> strategy;
  std::unique_ptr<grammar::WeftParser> parser;
};

} // namespace weft::syntax
