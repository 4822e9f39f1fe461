//===- Match.cpp - Does a match cover everything, once --------------------===//
//
// The usual matrix: rows are arms, columns what is left to look at. A row that
// adds nothing is unreachable; what no row covers is missing, and is shown as a
// pattern that would catch it.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

/// A pattern reduced to what matters: anything, or a constructor with parts.
struct Shape {
  bool any = true;
  std::string name; ///< "accept", "none", "some", "true", a literal, "(" of a tuple.
  std::vector<Shape> parts;
};
using Row = std::vector<Shape>;

/// One way to be a value of a type.
struct Constructor {
  std::string name;
  std::vector<Type> parts;
};

class Coverage {
public:
  explicit Coverage(const std::function<Type(Type)> &seen) : seen(seen) {}

  /// Patterns that no row catches, at most three; empty if all is covered.
  std::vector<std::string> missing(const std::vector<Row> &rows, Type type) {
    std::vector<std::string> out;
    for (const std::vector<std::string> &witness : witnesses(rows, {type}))
      out.push_back(witness[0]);
    return out;
  }

  bool covers(const std::vector<Row> &rows, const Row &row, const std::vector<Type> &types) {
    if (row.empty() || ++steps > maxSteps)
      return !rows.empty();
    if (!row[0].any) {
      // As many parts as the type says: a pattern with another number was told.
      Constructor one{row[0].name, partTypes(types[0], row[0])};
      return covers(specialised(rows, one), expanded(row, one.parts.size()), rest(types, one.parts));
    }
    std::optional<std::vector<Constructor>> all = constructors(types[0]);
    if (!all || !mentioned(rows, *all)) {
      std::vector<Row> defaults;
      for (const Row &other : rows)
        if (other[0].any)
          defaults.push_back(Row(other.begin() + 1, other.end()));
      return covers(defaults, Row(row.begin() + 1, row.end()), std::vector<Type>(types.begin() + 1, types.end()));
    }
    for (const Constructor &one : *all)
      if (!covers(specialised(rows, one), expanded(row, one.parts.size()), rest(types, one.parts)))
        return false;
    return true;
  }

private:
  static constexpr unsigned maxSteps = 20'000;

  /// All constructors, if they are finitely many.
  std::optional<std::vector<Constructor>> constructors(Type type) {
    type = seen(type);
    std::vector<Constructor> out;
    switch (type->kind) {
    case TypeKind::sum:
      for (const Case &one : type->cases) {
        out.push_back({one.name, {}});
        for (const Field &field : one.fields)
          out.back().parts.push_back(field.type);
      }
      return out;
    case TypeKind::optional:
      return std::vector<Constructor>{{"none", {}}, {"some", {type->element}}};
    case TypeKind::boolean:
      return std::vector<Constructor>{{"true", {}}, {"false", {}}};
    case TypeKind::tuple:
      return std::vector<Constructor>{{"(", type->elements}};
    default:
      return std::nullopt;
    }
  }

  std::vector<Type> partTypes(Type type, const Shape &shape) {
    if (std::optional<std::vector<Constructor>> all = constructors(type))
      for (const Constructor &one : *all)
        if (one.name == shape.name)
          return one.parts;
    return {};
  }

  /// Whether looking at single constructors can tell more than the default rows.
  static bool mentioned(const std::vector<Row> &rows, const std::vector<Constructor> &all) {
    for (const Constructor &one : all) {
      bool found = false;
      for (const Row &row : rows)
        found |= !row[0].any && row[0].name == one.name;
      if (!found)
        return false;
    }
    return true;
  }

  static Row expanded(const Row &row, std::size_t parts) {
    Row out = row[0].any ? Row(parts) : row[0].parts;
    out.resize(parts);
    out.insert(out.end(), row.begin() + 1, row.end());
    return out;
  }

  static std::vector<Row> specialised(const std::vector<Row> &rows, const Constructor &one) {
    std::vector<Row> out;
    for (const Row &row : rows)
      if (row[0].any || row[0].name == one.name)
        out.push_back(expanded(row, one.parts.size()));
    return out;
  }

  static std::vector<Type> rest(const std::vector<Type> &types, const std::vector<Type> &parts) {
    std::vector<Type> out = parts;
    out.insert(out.end(), types.begin() + 1, types.end());
    return out;
  }

  std::vector<std::vector<std::string>> witnesses(const std::vector<Row> &rows, const std::vector<Type> &types) {
    if (types.empty() || ++steps > maxSteps)
      return rows.empty() ? std::vector<std::vector<std::string>>{{}} : std::vector<std::vector<std::string>>{};
    std::optional<std::vector<Constructor>> all = constructors(types[0]);
    // Looked into only where some row does: a type may hold itself.
    bool looks = all && std::any_of(rows.begin(), rows.end(), [](const Row &row) { return !row[0].any; });
    std::vector<std::vector<std::string>> out;
    std::vector<Row> defaults;
    for (const Row &row : rows)
      if (row[0].any)
        defaults.push_back(Row(row.begin() + 1, row.end()));
    std::vector<Type> others(types.begin() + 1, types.end());
    if (!looks) {
      for (std::vector<std::string> witness : witnesses(defaults, others)) {
        witness.insert(witness.begin(), "_");
        out.push_back(std::move(witness));
      }
      return out;
    }
    for (const Constructor &one : *all) {
      bool named =
          std::any_of(rows.begin(), rows.end(), [&](const Row &row) { return !row[0].any && row[0].name == one.name; });
      for (std::vector<std::string> witness :
           named ? witnesses(specialised(rows, one), rest(types, one.parts)) : witnesses(defaults, others)) {
        std::string text = one.name;
        for (std::size_t i = 0; i < one.parts.size(); ++i)
          text += (i ? ", " : one.name == "(" ? "" : "(") + (named ? witness[i] : std::string("_"));
        text += one.parts.empty() ? "" : ")";
        if (named)
          witness.erase(witness.begin(), witness.begin() + static_cast<std::ptrdiff_t>(one.parts.size()));
        witness.insert(witness.begin(), text);
        out.push_back(std::move(witness));
        if (out.size() == 3)
          return out;
      }
    }
    return out;
  }

  std::function<Type(Type)> seen;
  unsigned steps = 0;
};

/// `seen` looks through names and through types that the rest of the body has yet to settle.
Shape shapeOf(const syntax::Pattern *pattern, const CheckedModule &module, const source::Sources &sources,
              const std::function<Type(Type)> &seen) {
  auto found = module.patterns.find(pattern->id);
  Shape shape;
  if (found == module.patterns.end())
    return shape;
  const PatternInfo &info = found->second;
  auto parts = [&](const auto &list) {
    for (const syntax::Pattern *part : list)
      shape.parts.push_back(shapeOf(part, module, sources, seen));
  };
  Type type = info.type ? seen(info.type) : nullptr;
  switch (info.match) {
  case Match::caseOf:
    shape.any = false;
    shape.name = type && type->is(TypeKind::sum) ? type->cases[static_cast<std::size_t>(info.index)].name : "";
    if (const auto *one = as<syntax::CasePattern>(pattern))
      parts(one->arguments);
    break;
  case Match::none:
    shape.any = false;
    shape.name = "none";
    break;
  case Match::some:
    shape.any = false;
    shape.name = "some";
    parts(as<syntax::CasePattern>(pattern)->arguments);
    break;
  case Match::literal:
    shape.any = false;
    shape.name = sources.file(pattern->span.file).text(pattern->span);
    break;
  case Match::tuple:
    shape.any = false;
    shape.name = "(";
    parts(as<syntax::TuplePattern>(pattern)->elements);
    break;
  default:
    break;
  }
  return shape;
}
} // namespace

Type Checker::inferMatch(const syntax::MatchExpr *expr, Type hint) {
  bool drop = dropped;
  Type subject = infer(expr->subject);
  std::vector<const syntax::Expr *> branches;
  for (const syntax::Arm *arm : expr->arms) {
    inScope([&] {
      matchPattern(arm->pattern, subject, true);
      discard = drop;
      if (hint && !Inference::open(inference.settle(hint)))
        infer(arm->body, hint);
      else
        infer(arm->body);
    });
    branches.push_back(arm->body);
  }
  checkExhaustive(expr, inference.settle(subject));
  if (drop) {
    for (const syntax::Expr *branch : branches)
      if (!resolved(info(branch).type)->is(TypeKind::never))
        return simple(TypeKind::none);
    return simple(TypeKind::never);
  }
  return joinedOrTold(branches, hint, "the arms");
}

void Checker::checkExhaustive(const syntax::MatchExpr *expr, Type type) {
  if (seen(type)->is(TypeKind::error) || Inference::open(type))
    return;
  Coverage coverage([this](Type one) { return seen(one); });
  std::vector<Row> rows;
  bool sound = true;
  for (const syntax::Arm *arm : expr->arms) {
    // A pattern that names nothing was told; it may have meant any case.
    bool broken =
        arm->pattern->kind != syntax::PatternKind::wildcard && module().patterns[arm->pattern->id].match == Match::any;
    sound &= !broken;
    if (broken)
      continue;
    Row row{shapeOf(arm->pattern, module(), sources, [this](Type one) { return seen(one); })};
    if (coverage.covers(rows, row, {type}))
      error(Code::unreachableArm, arm->pattern->span, "this arm is never reached: the arms above cover it");
    rows.push_back(std::move(row));
  }
  if (!sound)
    return;
  std::vector<std::string> missing = coverage.missing(rows, type);
  if (missing.empty())
    return;
  std::string list;
  for (const std::string &one : missing)
    list += (list.empty() ? "" : ", ") + (one == "_" ? "the rest of " + show(type) : "`" + one + "`");
  Span head{expr->span.file, expr->span.begin, expr->subject->span.end};
  Diagnostic &report = error(Code::notExhaustive, head, "the match does not cover " + list).mark(a(type));
  if (Type sum = seen(type); sum->span.end)
    report.note(sum->span, sum->name + " is declared here");
  report.hint("add the arms, or `_ => …`");
}

} // namespace weft::sema
