//===- AstBuilder.h - Parse tree to syntax tree ---------------------------===//
//
// One method for each rule of the grammar. Checks of form that a grammar says
// badly are made here: see "(checked)" in the nodes' comments. Internal to
// lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/grammar/WeftParser.h"
#include "lang/syntax/Ast.h"
#include "lang/syntax/TokenReader.h"

#include <unordered_set>

namespace weft::syntax {

class AstBuilder {
public:
  using Grammar = grammar::WeftParser;

  AstBuilder(const source::SourceFile &file, const TokenList &list, Module &module,
             diagnostics::DiagnosticEngine &diagnostics)
      : file(file), list(list), module(module), diagnostics(diagnostics) {}

  /// Makes the nodes of one declaration. Where something is reported the result
  /// is not sound.
  Decl *declaration(Grammar::DeclarationContext *tree);

  /// The comments that became nobody's documentation.
  std::vector<Comment> looseComments() const;

private:
  // Places and words.
  const Token &raw(antlr4::Token *token) const { return list.tokens[token->getStartIndex()]; }
  Span span(antlr4::Token *token) const;
  Span span(antlr4::ParserRuleContext *tree) const;
  Span span(antlr4::tree::TerminalNode *leaf) const { return span(leaf->getSymbol()); }
  std::string text(antlr4::Token *token) const;
  Name name(antlr4::Token *token) const { return {text(token), span(token)}; }
  Name name(antlr4::tree::TerminalNode *leaf) const { return name(leaf->getSymbol()); }
  /// For `name`, `anyName` and other rules of one token.
  Name name(antlr4::ParserRuleContext *tree) const { return name(tree->getStart()); }
  std::string doc(antlr4::Token *first);
  template <typename T> T *make(antlr4::ParserRuleContext *tree) { return module.make<T>(span(tree)); }
  diagnostics::Diagnostic &error(diagnostics::Code code, Span place, std::string message) {
    return diagnostics.error(code, place, std::move(message));
  }

  // Declarations: BuildDecl.cpp.
  Decl *use(Grammar::UseDeclContext *tree);
  Decl *record(Grammar::RecordDeclContext *tree);
  Decl *sum(Grammar::SumDeclContext *tree);
  Decl *alias(Grammar::AliasDeclContext *tree);
  Decl *dim(Grammar::DimDeclContext *tree);
  Decl *label(Grammar::LabelDeclContext *tree);
  Decl *fn(Grammar::FnDeclContext *tree);
  Decl *workflow(Grammar::WorkflowDeclContext *tree);
  Decl *test(Grammar::TestDeclContext *tree);
  Case *sumCase(antlr4::ParserRuleContext *tree, Grammar::NameContext *name, Grammar::ParamsContext *params,
                antlr4::Token *first);
  std::vector<Param *> params(Grammar::ParamsContext *tree);
  Clauses clauses(const std::vector<Grammar::ClauseContext *> &trees, bool isWorkflow);

  // Declarations with bodies of entries: BuildBody.cpp.
  Decl *provider(Grammar::ProviderDeclContext *tree);
  Decl *agent(Grammar::AgentDeclContext *tree);
  Decl *store(Grammar::StoreDeclContext *tree);
  Decl *mesh(Grammar::MeshDeclContext *tree);
  Decl *train(Grammar::TrainDeclContext *tree);
  Decl *deploy(Grammar::DeployDeclContext *tree);
  Decl *cluster(Grammar::ClusterDeclContext *tree);
  std::vector<ClusterItem *> clusterItems(Grammar::ClusterBodyContext *tree);
  ClusterItem *clusterItem(Grammar::ClusterItemContext *tree);
  void count(ClusterItem *item, Grammar::CountContext *tree);
  Member *member(Grammar::MemberContext *tree);
  /// The entries of a body that takes no members.
  std::vector<Entry *> entriesOnly(Grammar::BodyContext *tree, const char *what);
  Effect effect(Grammar::EffectContext *tree);

  // Types and patterns: BuildType.cpp, BuildPattern.cpp.
  TypeExpr *type(Grammar::TypeContext *tree);
  TypeExpr *functionType(Grammar::FunctionTypeContext *tree);
  TypeExpr *typeAtom(Grammar::TypeAtomContext *tree);
  Dimension *dimension(Grammar::DimensionContext *tree);
  Pattern *pattern(Grammar::PatternContext *tree);
  Pattern *namedPattern(antlr4::ParserRuleContext *tree, Name type, Name name, bool hasArguments,
                        const std::vector<Grammar::PatternContext *> &arguments);

  // Expressions: BuildExpr.cpp, BuildForm.cpp.
  Expr *expr(Grammar::ExprContext *tree);
  Expr *value(Grammar::ValueContext *tree);
  Expr *binary(Grammar::BinaryExprContext *tree);
  Expr *leaf(Grammar::LeafContext *tree);
  Expr *primary(Grammar::PrimaryContext *tree);
  Expr *suffix(Expr *object, Grammar::SuffixContext *tree);
  Expr *member(Expr *object, Grammar::MemberSuffixContext *tree);
  Expr *call(Expr *object, Grammar::CallSuffixContext *tree);
  Expr *number(antlr4::Token *token);
  /// The least int, where a minus and directly behind it its digits are all of `tree`; else null.
  IntExpr *leastInt(antlr4::ParserRuleContext *tree);
  Expr *numberOrRate(Grammar::NumberPrimaryContext *tree);
  Expr *word(antlr4::Token *token);
  StringExpr *string(Grammar::StringContext *tree);
  StringExpr *plainString(Grammar::StringContext *tree, const char *what);
  RecordExpr *record(Grammar::RecordContext *tree);
  Expr *map(Grammar::MapLiteralContext *tree);
  Entry *entry(Grammar::EntryContext *tree);
  std::vector<Entry *> entries(Grammar::RecordContext *tree);
  Expr *lambda(Grammar::LambdaContext *tree);
  /// `by f.g`, `mock f.g`.
  Expr *path(Grammar::NameContext *first, const std::vector<Grammar::AnyNameContext *> &rest);

  Expr *form(Grammar::FormContext *tree);
  Expr *ifElse(Grammar::IfFormContext *tree);
  Expr *forEach(Grammar::ForFormContext *tree);
  Expr *loop(Grammar::LoopFormContext *tree);
  Expr *vote(Grammar::VoteFormContext *tree);
  std::vector<Arm *> arms(Grammar::ArmsContext *tree);
  BlockExpr *block(Grammar::BlockContext *tree);
  Stmt *statement(Grammar::StatementContext *tree);
  Expr *action(Grammar::ActionContext *tree);

  const source::SourceFile &file;
  const TokenList &list;
  Module &module;
  diagnostics::DiagnosticEngine &diagnostics;
  std::unordered_set<std::size_t> documentation; ///< Indices of comments that are a node's.
};

} // namespace weft::syntax
