//===- Formatter.cpp - The one way to lay a program out -------------------===//
//
// Tree to document, document to text.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Formatter.h"

#include "lang/format/Printer.h"

namespace weft::format {

std::optional<std::string> format(const syntax::ParseResult &parsed, const source::SourceFile &file) {
  if (!parsed.ok)
    return std::nullopt;
  return layOut(Printer(*parsed.module, file).program(), maxWidth);
}

} // namespace weft::format
