//===- Types.cpp - Types of a generated program ---------------------------===//

#include "test/integration/generated/Types.h"

namespace weft::generated {

using Kind = Type::Kind;

Types::Types(Random &random) : random(random) {
  static constexpr std::pair<Kind, const char *> simples[] = {
      {Kind::integer, "int"},  {Kind::floating, "float"},    {Kind::string, "string"},
      {Kind::boolean, "bool"}, {Kind::duration, "duration"}, {Kind::money, "money"},
  };
  for (auto [kind, name] : simples)
    all.push_back({kind, name, {}, {}, {}});
  // In turn, so that a later one may hold an earlier one.
  int count = 2 + random.below(3);
  for (int i = 0; i < count; ++i) {
    bool isSum = i > 0 && random.chance(50);
    Type made{isSum ? Kind::sum : Kind::record, (isSum ? "S" : "R") + std::to_string(i), {}, {}, {}};
    if (isSum) {
      int cases = 2 + random.below(3);
      for (int c = 0; c < cases; ++c) {
        Type::Case one{"c" + std::to_string(c), {}};
        for (int f = random.below(3); f > 0; --f)
          one.fields.emplace_back("x" + std::to_string(f), field(1));
        made.cases.push_back(std::move(one));
      }
    } else {
      for (int f = 1 + random.below(4); f > 0; --f) {
        TypeRef type = field(2);
        // One field at least is always written: a record of nothing is a syntax error.
        made.fields.emplace_back("f" + std::to_string(f), f == 1 && type->is(Kind::optional) ? type->parts[0] : type);
      }
    }
    all.push_back(std::move(made));
    (isSum ? sums : records).push_back(&all.back());
  }
}

TypeRef Types::simple(Kind kind) const {
  for (const Type &one : all)
    if (one.is(kind))
      return &one;
  return nullptr;
}

TypeRef Types::derived(Kind kind, std::string name, std::vector<TypeRef> parts) {
  for (const Type &one : all)
    if (one.name == name)
      return &one;
  all.push_back({kind, std::move(name), std::move(parts), {}, {}});
  return &all.back();
}

TypeRef Types::field(int depth) { return any(depth); }

TypeRef Types::any(int depth) {
  int choice = random.below(depth > 0 ? 18 : 11);
  switch (choice) {
  case 0:
  case 1:
  case 2:
    return simple(Kind::integer);
  case 3:
  case 4:
  case 5:
    return simple(Kind::string);
  case 6:
    return simple(Kind::floating);
  case 7:
    return simple(Kind::boolean);
  case 8:
    return simple(random.chance(50) ? Kind::duration : Kind::money);
  case 9:
    return records.empty() ? simple(Kind::string) : record();
  case 10:
    return sums.empty() ? simple(Kind::integer) : random.of(sums);
  case 11:
  case 12:
  case 13:
    return list(any(depth - 1));
  case 14:
  case 15: {
    TypeRef element = any(depth - 1);
    return element->is(Kind::optional) ? element : optional(element);
  }
  case 16: {
    TypeRef element = any(depth - 1);
    return element->is(Kind::optional) ? element : map(element);
  }
  default: {
    TypeRef first = any(depth - 1);
    return pair(first, any(depth - 1));
  }
  }
}

std::vector<std::string> Types::declarations() const {
  auto fields = [](const auto &list) {
    std::string out;
    for (const auto &[name, type] : list)
      out += (out.empty() ? "" : ", ") + name + ": " + type->name +
             (type->is(Kind::list) ? " where len(" + name + ") < 100000" : "");
    return out;
  };
  std::vector<std::string> out;
  for (const Type &one : all)
    if (one.is(Kind::record)) {
      out.push_back("type " + one.name + " { " + fields(one.fields) + " }");
    } else if (one.is(Kind::sum)) {
      std::string cases;
      for (const Type::Case &c : one.cases)
        cases += (cases.empty() ? "" : " | ") + c.name + (c.fields.empty() ? "" : "(" + fields(c.fields) + ")");
      out.push_back("type " + one.name + " = " + cases);
    }
  return out;
}

} // namespace weft::generated
