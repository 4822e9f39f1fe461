//===- AstPrinter.h - The tree as text ------------------------------------===//
//
// What `weftc --emit=ast` prints: one node a line, parts indented below it. The
// form is stable; golden files of tests hold it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/Ast.h"

#include <string>

namespace weft::syntax {

struct PrintOptions {
  bool places = false; ///< Adds `@line:column` to every node.
};

/// The whole module. `file` must be the one that it was parsed from.
std::string printAst(const Module &module, const source::SourceFile &file, PrintOptions options = {});

/// A type as it is written, with canonical spacing: `map<list<int>>?`, `f32[B@data, 3*H]`.
std::string spelling(const TypeExpr &type);
std::string spelling(const Dimension &dimension);

/// "pure", "read", "write".
const char *spelling(Effect effect);

} // namespace weft::syntax
