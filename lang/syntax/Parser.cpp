//===- Parser.cpp - Text to tree ------------------------------------------===//
//
// Tokens, one run for each declaration, newlines dropped, a parse tree, nodes.
// A run that fails at any step is reported once and left out; the others go on.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Parser.h"

#include "lang/syntax/AstBuilder.h"
#include "lang/syntax/Explain.h"
#include "lang/syntax/Lines.h"
#include "lang/syntax/RunParser.h"
#include "lang/syntax/TokenKinds.h"

namespace weft::syntax {
namespace {

/// What a declaration that could not be read would have declared: the first
/// name behind the first word.
BrokenDecl broken(const source::SourceFile &file, const TokenList &list, const TokenRun &run) {
  BrokenDecl decl;
  std::uint32_t last = run.last > run.first ? run.last - 1 : run.first;
  decl.span = {file.id(), list.tokens[run.first].begin, list.tokens[last].end};
  if (run.first + 1 < run.last && beginsDeclaration(list.tokens[run.first].type)) {
    const Token &second = list.tokens[run.first + 1];
    if (isName(second.type) || second.type == Kind::UPPER) {
      Span span{file.id(), second.begin, second.end};
      decl.name = {std::string(file.text(span)), span};
    }
  }
  return decl;
}

} // namespace

ParseMemory::ParseMemory() : trees(std::make_unique<TreeMemory>()) {}
ParseMemory::~ParseMemory() = default;

ParseResult parse(const source::SourceFile &file, diagnostics::DiagnosticEngine &diagnostics, ParseMemory *memory) {
  std::size_t errorsBefore = diagnostics.errorCount();
  ParseResult result;
  result.module = std::make_unique<Module>(file.id());
  Module &module = *result.module;

  TokenList list = readTokens(file, diagnostics);
  AstBuilder builder(file, list, module, diagnostics);
  RunParser parser(memory ? memory->trees.get() : nullptr);
  for (TokenRun &run : list.runs) {
    // What nobody will read is not looked for.
    if (diagnostics.errorCount() - errorsBefore >= diagnostics::DiagnosticEngine::maxKept)
      run.sound = false;
    if (run.sound && !beginsDeclaration(list.tokens[run.first].type)) {
      explainNoDeclaration(file, list.tokens[run.first], diagnostics);
      run.sound = false;
    }
    std::vector<std::uint32_t> kept;
    if (run.sound)
      kept = dropNewlines(file, list, run, diagnostics);
    Decl *decl = nullptr;
    if (run.sound) {
      Failure failure;
      std::size_t before = diagnostics.errorCount();
      if (auto *tree = parser.parse(list.tokens, kept, failure))
        decl = builder.declaration(tree);
      else
        explain(file, list, kept, failure, diagnostics);
      run.sound = diagnostics.errorCount() == before;
    }
    if (run.sound && decl)
      module.decls.push_back(decl);
    else
      module.broken.push_back(broken(file, list, run));
  }
  if (memory)
    memory->trees->endFile();
  module.comments = builder.looseComments();
  result.ok = diagnostics.errorCount() == errorsBefore;
  return result;
}

} // namespace weft::syntax
