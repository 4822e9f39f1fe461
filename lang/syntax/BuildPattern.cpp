//===- BuildPattern.cpp - Patterns ----------------------------------------===//
//
// Cases, literals, tuples, records, names and `_`.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

namespace weft::syntax {

Pattern *AstBuilder::namedPattern(antlr4::ParserRuleContext *tree, Name type, Name caseName, bool hasArguments,
                                  const std::vector<Grammar::PatternContext *> &arguments) {
  auto *made = make<CasePattern>(tree);
  made->type = std::move(type);
  made->name = std::move(caseName);
  made->hasArguments = hasArguments;
  for (auto *part : arguments)
    made->arguments.push_back(pattern(part));
  return made;
}

Pattern *AstBuilder::pattern(Grammar::PatternContext *tree) {
  if (auto *found = dynamic_cast<Grammar::NamePatternContext *>(tree)) {
    Name word = name(found->name());
    if (found->LPAREN())
      return namedPattern(tree, {}, word, true, found->pattern());
    if (word.text == "_")
      return make<WildcardPattern>(tree);
    auto *made = make<NamePattern>(tree);
    made->name = std::move(word);
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::QualifiedPatternContext *>(tree))
    return namedPattern(tree, name(found->UPPER()), name(found->anyName()), found->LPAREN() != nullptr,
                        found->pattern());
  if (auto *found = dynamic_cast<Grammar::TuplePatternContext *>(tree)) {
    auto *made = make<TuplePattern>(tree);
    for (auto *part : found->pattern())
      made->elements.push_back(pattern(part));
    return made;
  }
  if (auto *found = dynamic_cast<Grammar::RecordPatternContext *>(tree)) {
    auto *made = make<RecordPattern>(tree);
    made->type = name(found->UPPER());
    for (auto *part : found->name()) {
      auto *field = make<NamePattern>(part);
      field->name = name(part);
      made->fields.push_back(field);
    }
    return made;
  }
  auto *made = make<LiteralPattern>(tree);
  if (auto *found = dynamic_cast<Grammar::StringPatternContext *>(tree)) {
    made->value = plainString(found->string(), "a pattern");
  } else if (IntExpr *least = leastInt(tree)) {
    made->value = least;
  } else if (auto *found = dynamic_cast<Grammar::NumberPatternContext *>(tree)) {
    made->value = number(found->getStop());
    if (found->MINUS()) {
      auto *negated = make<UnaryExpr>(tree);
      negated->op = UnaryOp::negate;
      negated->opSpan = span(found->MINUS());
      negated->operand = made->value;
      made->value = negated;
    }
  } else {
    made->value = word(tree->getStart());
  }
  return made;
}

} // namespace weft::syntax
