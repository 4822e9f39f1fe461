//===- BuildType.cpp - Types ----------------------------------------------===//
//
// Names with arguments and dimensions, tuples, functions, `T?`.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

#include "lang/syntax/Literals.h"

namespace weft::syntax {

TypeExpr *AstBuilder::type(Grammar::TypeContext *tree) {
  if (tree->functionType())
    return functionType(tree->functionType());
  TypeExpr *inner = typeAtom(tree->typeAtom());
  if (!tree->QUESTION())
    return inner;
  if (inner->kind == TypeKind::optional) {
    error(diagnostics::Code::doubleOptional, span(tree), "a type is optional once: `T?`").hint("remove one `?`");
    return inner;
  }
  auto *made = make<OptionalType>(tree);
  made->inner = inner;
  return made;
}

TypeExpr *AstBuilder::functionType(Grammar::FunctionTypeContext *tree) {
  auto *made = make<FunctionType>(tree);
  made->isAgent = tree->AGENT() != nullptr;
  auto parts = tree->type();
  for (auto *part : parts)
    if (part != parts.back())
      made->parameters.push_back(type(part));
  made->result = type(parts.back());
  return made;
}

TypeExpr *AstBuilder::typeAtom(Grammar::TypeAtomContext *tree) {
  if (auto *named = tree->namedType()) {
    auto *made = make<NamedType>(named);
    for (auto *part : named->name())
      made->qualifier.push_back(name(part));
    if (named->UPPER()) {
      made->name = name(named->UPPER());
    } else {
      made->name = made->qualifier.back();
      made->qualifier.pop_back();
    }
    for (auto *part : named->type())
      made->arguments.push_back(type(part));
    for (auto *part : named->dimension())
      made->dimensions.push_back(dimension(part));
    return made;
  }
  auto parts = tree->type();
  if (parts.size() == 1)
    return type(parts[0]);
  auto *made = make<TupleType>(tree);
  for (auto *part : parts)
    made->elements.push_back(type(part));
  return made;
}

Dimension *AstBuilder::dimension(Grammar::DimensionContext *tree) {
  auto *made = make<Dimension>(tree);
  made->partialSum = tree->SUM() != nullptr;
  if (auto *size = tree->size()) {
    bool divides = false;
    for (auto *child : size->children) {
      if (auto *leaf = dynamic_cast<antlr4::tree::TerminalNode *>(child)) {
        divides = leaf->getSymbol()->getType() == Grammar::SLASH;
        continue;
      }
      antlr4::Token *token = dynamic_cast<Grammar::SizeAtomContext *>(child)->getStart();
      SizeFactor factor{span(token), divides, {}, 0};
      if (token->getType() == Grammar::UPPER)
        factor.name = text(token);
      else
        factor.number = readCount(text(token), factor.span, "a size", diagnostics);
      made->size.push_back(std::move(factor));
    }
  }
  if (auto *axes = tree->axes()) {
    for (auto *part : axes->name())
      made->axes.push_back(name(part));
    made->split = Split::axes;
    if (!made->partialSum && !axes->LPAREN() && made->axes[0].text == "whole") {
      made->axes.clear();
      made->split = Split::whole;
    }
  }
  return made;
}

} // namespace weft::syntax
