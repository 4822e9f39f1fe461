//===- Printer.h - Tree to documents --------------------------------------===//
//
// Builds the documents in the order of the text, so that each comment is met
// once. Internal to lang/format.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/format/Doc.h"
#include "lang/syntax/Ast.h"

#include <functional>

namespace weft::format {

class Printer {
public:
  Printer(const syntax::Module &module, const source::SourceFile &file) : module(module), file(file) {}

  Doc program();

private:
  /// One of several things in brackets, or a declaration.
  struct Item {
    source::Span span;
    std::string doc; ///< Its documentation, printed above.
    std::function<Doc()> build;
    bool needsSeparator = false; ///< At the beginning of a line it would go on with the one before.
  };
  /// A thing or a comment, with the lines that it had.
  struct Piece {
    Doc doc;
    std::uint32_t firstLine;
    std::uint32_t lastLine;
    bool isComment;
    bool needsSeparator;
    bool isLooseDoc = false; ///< A `///` that documents nothing.

    /// Without an empty line between, what stands `above` would become its documentation.
    bool wouldTake(const Piece &above) const { return above.isLooseDoc && !isComment; }
  };
  struct Brackets {
    const char *open;
    const char *close;
    const char *flatSeparator; ///< With its blank: ", ", "; ".
    bool padded;               ///< Blanks inside the brackets on one line.
    bool separatorsStay;       ///< Commas stand at the ends of lines too.
  };
  static constexpr Brackets entryBraces{"{", "}", ", ", true, false};
  static constexpr Brackets blockBraces{"{", "}", "; ", true, false};
  static constexpr Brackets squareBrackets{"[", "]", ", ", false, true};
  static constexpr Brackets roundBrackets{"(", ")", ", ", false, true};

  // Sequence.cpp
  /// `end` is the offset behind the closing bracket: comments up to there are inside.
  Doc bracketed(const Brackets &brackets, std::vector<Item> items, std::uint32_t end);
  std::vector<Piece> pieces(std::vector<Item> items, std::uint32_t end);
  Piece ownComment();
  Doc trailingComment(const Item &item, std::uint32_t limit);
  bool commentBefore(std::uint32_t offset) const;
  bool opensOnNewLine(const Item &first) const;
  std::uint32_t lineOf(std::uint32_t offset) const { return file.location(offset).line; }
  std::string written(source::Span span) const { return std::string(file.text(span)); }

  // PrintDecl.cpp
  Doc declaration(const syntax::Decl &decl);
  Doc typeDecl(const syntax::Decl &decl);
  Doc callable(const syntax::Decl &decl);
  Doc tool(const syntax::ToolDecl &decl);
  Doc use(const syntax::UseDecl &decl);
  Doc sum(const syntax::SumDecl &decl);
  Doc cluster(const syntax::ClusterItem &item);
  Doc member(const syntax::Member &member);
  Doc parameters(const std::vector<syntax::Param *> &params);
  Doc param(const syntax::Param &param);
  Doc signature(const std::string &head, const std::vector<syntax::Param *> *params, const syntax::TypeExpr *result);
  std::vector<Doc> clauses(const syntax::Clauses &clauses);
  Doc where(const syntax::Expr *guard);
  std::vector<Item> entryItems(const std::vector<syntax::Entry *> &entries);
  std::vector<Item> clusterItems(const std::vector<syntax::ClusterItem *> &items);

  // PrintExpr.cpp, PrintForm.cpp
  Doc expr(const syntax::Expr &expr);
  Doc bare(const syntax::Expr &expr);
  Doc binary(const syntax::BinaryExpr &expr);
  Doc call(const syntax::CallExpr &expr);
  Doc lambda(const syntax::LambdaExpr &expr);
  Doc form(const syntax::Expr &expr);
  Doc block(const syntax::BlockExpr &block);
  Doc ifElse(const syntax::IfExpr &expr);
  Doc arms(const std::vector<syntax::Arm *> &arms, std::uint32_t end);
  Doc statement(const syntax::Stmt &statement);
  Doc pattern(const syntax::Pattern &pattern);
  Item exprItem(const syntax::Expr &expr);
  Item statementItem(const syntax::Stmt &statement);

  const syntax::Module &module;
  const source::SourceFile &file;
  std::size_t nextComment = 0;
};

} // namespace weft::format
