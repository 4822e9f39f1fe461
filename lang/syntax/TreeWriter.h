//===- TreeWriter.h - The parts of the tree printer -----------------------===//
//
// One class over three files: declarations, expressions, patterns and
// statements. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstPrinter.h"

namespace weft::syntax {

class TreeWriter {
public:
  TreeWriter(const source::SourceFile &file, PrintOptions options) : file(file), options(options) {}

  void declaration(const Decl &decl);
  void comment(const Comment &comment);
  std::string take() { return std::move(out); }

private:
  /// Indents what is written while it lives.
  class Deeper {
  public:
    explicit Deeper(TreeWriter &writer) : writer(writer) { ++writer.depth; }
    ~Deeper() { --writer.depth; }
    Deeper(const Deeper &) = delete;
    Deeper &operator=(const Deeper &) = delete;

  private:
    TreeWriter &writer;
  };

  void line(const std::string &text);
  void line(const std::string &text, Span place);
  void line(const std::string &text, const Node &node) { line(text, node.span); }
  void documentation(const std::string &doc);
  static std::string quoted(std::string_view text);

  // PrintDecl.cpp
  void param(const Param &param, const char *what);
  void member(const Member &member);
  void clauses(const Clauses &clauses);
  void clusterItem(const ClusterItem &item);
  void useDecl(const UseDecl &decl);
  void typeDecl(const Decl &decl);
  void callable(const Decl &decl);
  void machine(const Decl &decl);
  void result(const TypeExpr *type);

  // PrintExpr.cpp
  void expr(const Expr &expr);
  /// `label`, and below it the expression; nothing if it is null.
  void part(const char *label, const Expr *expr);
  void literal(const Expr &expr);
  void string(const StringExpr &string);
  void access(const Expr &expr);
  void operators(const Expr &expr);
  void form(const Expr &expr);
  void entry(const Entry &entry);
  void entries(const std::vector<Entry *> &entries);
  void arms(const std::vector<Arm *> &arms);

  // PrintPattern.cpp
  void pattern(const Pattern &pattern);
  void statement(const Stmt &statement);

  const source::SourceFile &file;
  PrintOptions options;
  std::string out;
  unsigned depth = 0;
};

} // namespace weft::syntax
