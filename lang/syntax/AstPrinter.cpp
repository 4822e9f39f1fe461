//===- AstPrinter.cpp - The tree as text ----------------------------------===//
//
// Lines, indentation and quoting; the nodes are in PrintDecl, PrintExpr and
// PrintPattern.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstPrinter.h"

#include "lang/syntax/TreeWriter.h"

#include <cstdio>

namespace weft::syntax {

void TreeWriter::line(const std::string &text) { out += std::string(2 * depth, ' ') + text + "\n"; }

void TreeWriter::line(const std::string &text, Span place) {
  if (!options.places) {
    line(text);
    return;
  }
  source::Location at = file.location(place.begin);
  line(text + " @" + std::to_string(at.line) + ":" + std::to_string(at.column));
}

void TreeWriter::documentation(const std::string &doc) {
  if (!doc.empty())
    line("doc " + quoted(doc));
}

std::string TreeWriter::quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '"' || c == '\\') {
      result += std::string("\\") + c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[16];
      std::snprintf(escape, sizeof escape, "\\u{%x}", static_cast<unsigned>(c));
      result += escape;
    } else {
      result += c;
    }
  }
  return result + "\"";
}

void TreeWriter::comment(const Comment &comment) {
  line(std::string(comment.ownLine ? "comment " : "trailing comment ") + quoted(comment.text), comment.span);
}

std::string printAst(const Module &module, const source::SourceFile &file, PrintOptions options) {
  TreeWriter writer(file, options);
  for (const Decl *decl : module.decls)
    writer.declaration(*decl);
  for (const Comment &comment : module.comments)
    writer.comment(comment);
  return writer.take();
}

} // namespace weft::syntax
