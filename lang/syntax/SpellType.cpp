//===- SpellType.cpp - Types as text --------------------------------------===//
//
// The canonical spelling of a type; parsing it gives the same tree again.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstPrinter.h"

namespace weft::syntax {
namespace {

template <typename T> std::string joined(const std::vector<T *> &parts) {
  std::string text;
  for (const T *part : parts)
    text += (text.empty() ? "" : ", ") + spelling(*part);
  return text;
}

std::string axes(const std::vector<Name> &names) {
  if (names.size() == 1)
    return names[0].text;
  std::string text;
  for (const Name &name : names)
    text += (text.empty() ? "(" : ", ") + name.text;
  return text + ")";
}

} // namespace

std::string spelling(const Dimension &dimension) {
  std::string text = dimension.partialSum ? "sum" : "";
  for (const SizeFactor &factor : dimension.size)
    text += (text.empty()     ? ""
             : factor.divides ? "/"
                              : "*") +
            (factor.name.empty() ? std::to_string(factor.number) : factor.name);
  if (dimension.split == Split::whole)
    text += "@whole";
  else if (dimension.split == Split::axes)
    text += "@" + axes(dimension.axes);
  return text;
}

std::string spelling(const TypeExpr &type) {
  if (auto *named = as<NamedType>(&type)) {
    std::string text;
    for (const Name &part : named->qualifier)
      text += part.text + ".";
    text += named->name.text;
    if (!named->arguments.empty())
      text += "<" + joined(named->arguments) + ">";
    if (!named->dimensions.empty())
      text += "[" + joined(named->dimensions) + "]";
    return text;
  }
  if (auto *optional = as<OptionalType>(&type)) {
    // `fn(A) -> B?` would make B optional.
    bool wraps = optional->inner->kind == TypeKind::function;
    return (wraps ? "(" : "") + spelling(*optional->inner) + (wraps ? ")?" : "?");
  }
  if (auto *tuple = as<TupleType>(&type))
    return "(" + joined(tuple->elements) + ")";
  auto *function = as<FunctionType>(&type);
  return (function->isAgent ? "agent(" : "fn(") + joined(function->parameters) + ") -> " + spelling(*function->result);
}

const char *spelling(Effect effect) {
  switch (effect) {
  case Effect::pure:
    return "pure";
  case Effect::read:
    return "read";
  case Effect::write:
    return "write";
  }
  return "";
}

} // namespace weft::syntax
