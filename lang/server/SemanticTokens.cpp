//===- SemanticTokens.cpp - What each name is, for its colour -------------===//
//
// Words and literals get their colours from a grammar of the editor; what a name
// stands for is known here alone. The names of types and modifiers are the
// protocol's own, which every theme knows.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

namespace weft::server {
namespace {

using sema::SymbolKind;

/// In the order of the legend.
enum class TokenType : unsigned {
  nameSpace,
  type,
  structure,
  enumeration,
  typeParameter,
  parameter,
  variable,
  property,
  enumMember,
  function,
  method,
  none
};
constexpr const char *typeNames[] = {"namespace", "type",     "struct",     "enum",     "typeParameter", "parameter",
                                     "variable",  "property", "enumMember", "function", "method"};

constexpr unsigned declaration = 1, readonly = 2, defaultLibrary = 4; ///< Bits, in the order of the legend.
constexpr const char *modifierNames[] = {"declaration", "readonly", "defaultLibrary"};

template <typename Names> json::array listOf(const Names &names) {
  json::array list;
  for (const char *name : names)
    list.push_back(json::value(name));
  return list;
}

TokenType typeOfSymbol(const sema::Symbol &symbol) {
  switch (symbol.kind) {
  case SymbolKind::type:
    return symbol.type && symbol.type->is(sema::TypeKind::record) ? TokenType::structure
           : symbol.type && symbol.type->is(sema::TypeKind::sum)  ? TokenType::enumeration
                                                                  : TokenType::type;
  case SymbolKind::tool:
  case SymbolKind::module:
    return TokenType::nameSpace;
  case SymbolKind::member:
    return TokenType::method;
  case SymbolKind::agent:
  case SymbolKind::fn:
  case SymbolKind::workflow:
  case SymbolKind::train:
  case SymbolKind::core:
  case SymbolKind::model:
    return TokenType::function;
  case SymbolKind::parameter:
    return TokenType::parameter;
  case SymbolKind::field:
    return TokenType::property;
  case SymbolKind::refused:
    return TokenType::none;
  default:
    return TokenType::variable;
  }
}

TokenType typeOfName(const Occurrence &name) {
  if (name.parameter)
    return TokenType::parameter;
  if (name.field)
    return TokenType::property;
  if (name.one)
    return TokenType::enumMember;
  if (name.builtin)
    return TokenType::function;
  if (name.symbol)
    return typeOfSymbol(*name.symbol);
  return TokenType::typeParameter; // Of a signature: a type or a size.
}

unsigned modifiersOf(const Occurrence &name) {
  unsigned bits = name.declares() ? declaration : 0;
  if (name.builtin)
    bits |= defaultLibrary;
  if (name.symbol && name.symbol->kind == SymbolKind::dim)
    bits |= readonly;
  return bits;
}

} // namespace

json::value semanticLegend() { return {{"tokenTypes", listOf(typeNames)}, {"tokenModifiers", listOf(modifierNames)}}; }

Answer semanticTokens(const Analysis &analysis, std::uint32_t begin, std::uint32_t end) {
  json::array data;
  Position last;
  std::uint32_t lastEnd = 0;
  for (const Occurrence &name : analysis.occurrences()) {
    TokenType type = typeOfName(name);
    // Of several things that one word means the first was found by the innermost part.
    if (type == TokenType::none || name.span.begin < lastEnd || name.span.begin > end || name.span.end < begin)
      continue;
    Position at = analysis.positionOf(name.span.begin);
    data.push_back(at.line - last.line);
    data.push_back(at.line == last.line ? at.character - last.character : at.character);
    data.push_back(analysis.units(name.span));
    data.push_back(static_cast<unsigned>(type));
    data.push_back(modifiersOf(name));
    last = at;
    lastEnd = name.span.end;
  }
  return json::value(json::object{{"data", std::move(data)}});
}

} // namespace weft::server
