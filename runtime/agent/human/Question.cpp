//===- Question.cpp - A question as text ----------------------------------===//

#include "runtime/agent/human/Question.h"

namespace weft::agent {
namespace {

using value::Field;
using value::Type;
using value::TypeKind;
using value::TypeTable;

std::string remark(const Field &field) {
  std::string out = field.doc.empty() ? "" : "  " + field.doc;
  if (!field.checkText.empty())
    out += "  (where " + field.checkText + ")";
  for (char &c : out)
    c = c == '\n' ? ' ' : c;
  return out;
}

std::string fieldLine(const Field &field, const TypeTable &types) {
  bool optional = types[field.type].kind == TypeKind::optional;
  return "\n  " + field.name + ": " + types.text(field.type) + (optional ? " (may be left out)" : "") + remark(field);
}

std::string choices(const Type &sum, const TypeTable &types) {
  std::string out = "answer with one of";
  for (std::size_t i = 0; i < sum.cases.size(); ++i) {
    const value::Case &one = sum.cases[i];
    out += "\n  " + std::to_string(i + 1) + "  " + one.name;
    for (const Field &field : one.fields)
      out += (&field == &one.fields.front() ? ": " : ", ") + field.name + " (" + types.text(field.type) + ")";
    if (!one.doc.empty())
      out += "  " + one.doc.substr(0, one.doc.find('\n'));
  }
  return out;
}

} // namespace

std::string howToAnswer(value::TypeId answer, const TypeTable &types) {
  const Type &type = types[answer];
  std::string out;
  switch (type.kind) {
  case TypeKind::boolean:
    return "answer yes or no";
  case TypeKind::sum:
    return choices(type, types);
  case TypeKind::record:
    out = "answer with lines of `field: value`, or with JSON";
    for (const Field &field : type.fields)
      out += fieldLine(field, types);
    return out;
  case TypeKind::string:
    out = "answer with a text";
    break;
  case TypeKind::integer:
    out = "answer with a whole number";
    break;
  case TypeKind::real:
    out = "answer with a number";
    break;
  case TypeKind::optional:
    return howToAnswer(static_cast<value::TypeId>(type.element), types) + "\n  or `none`";
  case TypeKind::none:
    return "answer with any text to go on";
  default:
    out = "answer with JSON of type " + types.text(answer);
  }
  return type.checkText.empty() ? out : out + " (where " + type.checkText + ")";
}

std::string renderQuestion(std::string_view prompt, value::TypeId answer, const TypeTable &types) {
  while (prompt.ends_with('\n') || prompt.ends_with(' '))
    prompt.remove_suffix(1);
  return std::string(prompt) + (prompt.empty() ? "" : "\n") + howToAnswer(answer, types);
}

} // namespace weft::agent
