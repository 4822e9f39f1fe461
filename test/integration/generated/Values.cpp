//===- Values.cpp - Pure expressions of a generated program ---------------===//

#include "test/integration/generated/Values.h"

namespace weft::generated {

using Kind = Type::Kind;

std::string Values::literal(TypeRef type, int depth) {
  switch (type->kind) {
  case Kind::integer:
    return std::to_string(random.below(random.chance(70) ? 10 : 1000));
  case Kind::floating:
    return random.of({"0.0", "0.5", "1.0", "2.25", "3.0", "0.1", "12.75", "100.0"});
  case Kind::string:
    return "\"" +
           random.of({"", "a", "ab", "Weft", "one two", "a,b,,c", "  pad ", "naïve", "x\\ny", "12", "-7", "日本"}) +
           "\"";
  case Kind::boolean:
    return random.of({"true", "false"});
  case Kind::duration:
    return random.of({"30s", "200ms", "2h", "5min", "50us", "0s"});
  case Kind::money:
    return random.of({"$0.05", "$1", "$2.5", "$0.001"});
  case Kind::list: {
    std::string out;
    for (int i = 1 + random.below(3); i > 0; --i)
      out += (out.empty() ? "" : ", ") + literal(type->parts[0], depth - 1);
    return "[" + out + "]";
  }
  case Kind::map:
    return "{ \"k\": " + literal(type->parts[0], depth - 1) +
           (random.chance(50) ? ", \"a\": " + literal(type->parts[0], depth - 1) : "") + " }";
  case Kind::optional:
    // Nothing else says the type of an absent value where it stands alone.
    return "[" + literal(type->parts[0], depth - 1) + "]." + random.of({"first()", "last()", "skip(1).first()"});
  case Kind::tuple:
    return "(" + literal(type->parts[0], depth - 1) + ", " + literal(type->parts[1], depth - 1) + ")";
  case Kind::record: {
    std::string out;
    for (const auto &[name, field] : type->fields) {
      if (field->is(Kind::optional) && random.chance(40))
        continue;
      out += (out.empty() ? " " : ", ") + name + ": " + literal(field, depth - 1);
    }
    return type->name + " {" + out + " }";
  }
  case Kind::sum: {
    const Type::Case &one = random.of(type->cases);
    std::string out;
    for (const auto &[name, field] : one.fields)
      out += (out.empty() ? "" : ", ") + literal(field, depth - 1);
    return type->name + "." + one.name + (out.empty() ? "" : "(" + out + ")");
  }
  }
  return "";
}

std::string Values::lambda(TypeRef parameter, TypeRef result, int depth) {
  std::string name = fresh("p");
  return "|" + name + "| " + with({{name, parameter}}, [&] { return value(result, depth); });
}

std::string Values::value(TypeRef type, int depth) {
  std::vector<std::string> known;
  for (const Variable &one : scope)
    if (one.type == type)
      known.push_back(one.name);
  if (!known.empty() && random.chance(depth > 0 ? 40 : 80))
    return random.of(known);
  // A part of something that is known.
  if (random.chance(25))
    for (std::size_t at = scope.size(); at > 0; --at) {
      const Variable &one = scope[at - 1];
      if (one.type->is(Kind::record))
        for (const auto &[name, field] : one.type->fields)
          if (field == type)
            return one.name + "." + name;
      if (one.type->is(Kind::tuple))
        for (std::size_t i = 0; i < 2; ++i)
          if (one.type->parts[i] == type)
            return one.name + "." + std::to_string(i);
    }
  if (depth <= 0)
    return literal(type);
  if (random.chance(22))
    return form(type, depth - 1);
  switch (type->kind) {
  case Kind::integer:
    return integer(depth - 1);
  case Kind::floating:
    return floating(depth - 1);
  case Kind::string:
    return string(depth - 1);
  case Kind::boolean:
    return boolean(depth - 1);
  case Kind::list:
    return list(type, depth - 1);
  case Kind::duration:
  case Kind::money:
    return random.chance(50) ? literal(type)
                             : random.of({"min", "max"}) + "(" + value(type, depth - 1) + ", " + literal(type) + ")";
  case Kind::map:
    if (random.chance(40))
      return "{ " + std::string("\"k\": ") + value(type->parts[0], depth - 1) +
             ", \"m\": " + value(type->parts[0], depth - 1) + " }";
    return value(type, depth - 1) + ".put(" + value(types.simple(Kind::string), 0) + ", " +
           value(type->parts[0], depth - 1) + ")";
  case Kind::optional: {
    TypeRef element = type->parts[0];
    if (element->is(Kind::integer) && random.chance(40))
      return "parse_int(" + value(types.simple(Kind::string), depth - 1) + ")";
    return value(types.list(element), depth - 1) + "." +
           (random.chance(60) ? random.of({"first()", "last()"})
                              : "find(" + lambda(element, types.simple(Kind::boolean), depth - 1) + ")");
  }
  case Kind::tuple:
    return "(" + value(type->parts[0], depth - 1) + ", " + value(type->parts[1], depth - 1) + ")";
  case Kind::record: {
    if (random.chance(30)) {
      const auto &[name, field] = random.of(type->fields);
      return value(type, depth - 1) + ".copy(" + name + ": " + value(field, depth - 1) + ")";
    }
    std::string out;
    for (const auto &[name, field] : type->fields)
      out += (out.empty() ? " " : ", ") + name + ": " + value(field, depth - 1);
    return type->name + " {" + out + " }";
  }
  case Kind::sum: {
    const Type::Case &one = random.of(type->cases);
    std::string out;
    for (const auto &[name, field] : one.fields)
      out += (out.empty() ? "" : ", ") + value(field, depth - 1);
    return type->name + "." + one.name + (out.empty() ? "" : "(" + out + ")");
  }
  }
  return "";
}

std::string Values::form(TypeRef type, int depth) {
  switch (random.below(6)) {
  case 0:
    return "(if " + condition(depth) + " { " + value(type, depth) + " } else { " + value(type, depth) + " })";
  case 1:
    if (!types.allSums().empty()) {
      TypeRef sum = random.of(types.allSums());
      return "(match " + value(sum, depth) + " { " + arms(sum, [&] { return value(type, depth); }) + " })";
    }
    [[fallthrough]];
  case 2: {
    std::string name = fresh();
    TypeRef element = types.simple(random.chance(50) ? Kind::integer : Kind::string);
    std::string present = with({{name, element}}, [&] { return value(type, depth); });
    return "(match " + value(types.optional(element), depth) + " { none => " + value(type, depth) + ", some(" + name +
           ") => " + present + " })";
  }
  case 3:
    for (int tries = 0; tries < 4 && !functions.empty(); ++tries) {
      const PureFunction &one = random.of(functions);
      if (one.result != type)
        continue;
      std::string out;
      for (TypeRef parameter : one.parameters)
        out += (out.empty() ? "" : ", ") + value(parameter, depth);
      return one.name + "(" + out + ")";
    }
    [[fallthrough]];
  case 4: {
    std::string name = fresh();
    TypeRef bound = types.any(1);
    std::string first = value(bound, depth);
    return "(if " + condition(0) + " { let " + name + ": " + bound->name + " = " + first + "; " +
           with({{name, bound}}, [&] { return value(type, depth); }) + " } else { " + value(type, 0) + " })";
  }
  default:
    if (!type->is(Kind::optional))
      return "(" + value(types.optional(type), depth) + " ?? " + value(type, 0) + ")";
    return "(match " + value(types.simple(Kind::integer), depth) + " { 0 => " + value(type, depth) + ", 3 => " +
           value(type, depth) + ", _ => " + value(type, depth) + " })";
  }
}

std::string Values::integer(int depth) {
  TypeRef whole = types.simple(Kind::integer), text = types.simple(Kind::string);
  TypeRef wholes = types.list(whole);
  switch (random.below(11)) {
  case 0:
    return "((" + value(whole, depth) + " " + random.of({"+", "-"}) + " " + value(whole, depth) + ") % 10007)";
  case 1:
    return "((" + value(whole, depth) + " * " + value(whole, depth) + ") % 997)";
  case 2:
    return "(" + value(whole, depth) + " % " + random.of({"3", "7", "-4"}) + ")";
  case 3:
    return "div(" + value(whole, depth) + ", " + random.of({"2", "5", "-3"}) + ")";
  case 4:
    return "len(" + value(random.chance(50) ? text : random.chance(50) ? wholes : types.map(whole), depth) + ")";
  case 5:
    return "(sum(" + value(wholes, depth) + ") % 10007)";
  case 6:
    return random.of({"min", "max"}) + "(" + value(whole, depth) + ", " + value(whole, depth) + ")";
  case 7:
    return random.of({"floor", "ceil", "round"}) + "(" + value(types.simple(Kind::floating), depth) + ")";
  case 8:
    return value(wholes, depth) + ".count(" + lambda(whole, types.simple(Kind::boolean), depth) + ")";
  case 9: {
    std::string a = fresh("p"), x = fresh("p");
    return "reduce(" + value(wholes, depth) + ", " + value(whole, 0) + ", |" + a + ", " + x + "| (" + a + " * 3 + " +
           x + ") % 1009)";
  }
  default:
    return "(" + value(types.map(whole), depth) + "[" + value(text, 0) + "] ?? " + value(whole, depth) + ")";
  }
}

std::string Values::floating(int depth) {
  TypeRef real = types.simple(Kind::floating), whole = types.simple(Kind::integer);
  switch (random.below(6)) {
  case 0:
    return "(" + value(real, depth) + " * 0.5 + " + value(real, depth) + " * 0.25)";
  case 1:
    return "(" + value(whole, depth) + " / " + random.of({"4", "3", "-2"}) + ")";
  case 2:
    return "round(" + value(real, depth) + ", " + random.of({"0", "1", "2"}) + ")";
  case 3:
    return random.of({"min", "max"}) + "(" + value(real, depth) + ", " + value(real, depth) + ")";
  case 4:
    return "sqrt(abs(" + value(real, depth) + "))";
  default:
    return "mean([" + value(real, depth) + ", " + value(real, depth) + "])";
  }
}

std::string Values::hole(int depth) {
  TypeRef type = types.any(1);
  return type->is(Kind::optional) || type->is(Kind::tuple) ? "to_json(" + value(type, depth) + ")" : value(type, depth);
}

std::string Values::string(int depth) {
  TypeRef text = types.simple(Kind::string);
  switch (random.below(9)) {
  case 0:
  case 1:
    return "\"" + random.of({"", "a ", "x="}) + "${" + hole(depth) + "}" + random.of({"", "-", " b"}) + "${" + hole(0) +
           "}\".take(60)";
  case 2:
    return value(text, depth) + "." + random.of({"upper()", "lower()", "trim()", "take(3)", "skip(1)"});
  case 3:
    return "(" + value(text, depth) + " + " + value(text, depth) + ").take(60)";
  case 4:
    return value(types.list(text), depth) + ".join(" + random.of({"\",\"", "\"\"", "\" \""}) + ").take(60)";
  case 5:
    return "to_json(" + value(types.any(1), depth) + ").take(80)";
  case 6:
    return value(text, depth) + ".replace(\"a\", \"bb\").take(60)";
  case 7:
    return "text(" + value(types.simple(random.chance(50) ? Kind::integer : Kind::floating), depth) + ")";
  default:
    return value(types.list(text), depth) + ".sort().reverse().join(\";\").take(60)";
  }
}

std::string Values::boolean(int depth) {
  TypeRef whole = types.simple(Kind::integer), text = types.simple(Kind::string), truth = types.simple(Kind::boolean);
  switch (random.below(8)) {
  case 0:
  case 1:
    return "(" + value(whole, depth) + " " + random.of({"<", "<=", ">", ">=", "==", "!="}) + " " + value(whole, depth) +
           ")";
  case 2:
    return "(" + value(truth, depth) + " " + random.of({"and", "or"}) + " " + value(truth, depth) + ")";
  case 3:
    return "(not " + value(truth, depth) + ")";
  case 4:
    return value(text, depth) + "." + random.of({"contains", "starts_with", "ends_with"}) + "(" + value(text, 0) + ")";
  case 5:
    return value(types.list(whole), depth) + "." + random.of({"any", "all"}) + "(" + lambda(whole, truth, depth) + ")";
  case 6: {
    TypeRef type = types.any(1);
    return "(" + value(type, depth) + " == " + value(type, depth) + ")";
  }
  default:
    return "(" + value(whole, depth) + " % 2 == 0)";
  }
}

std::string Values::list(TypeRef type, int depth) {
  TypeRef element = type->parts[0], whole = types.simple(Kind::integer), text = types.simple(Kind::string);
  switch (random.below(10)) {
  case 0:
    return "[" + value(element, depth) + ", " + value(element, depth) + "]";
  case 1: {
    TypeRef from = random.chance(50) ? whole : text;
    return value(types.list(from), depth) + ".map(" + lambda(from, element, depth) + ")";
  }
  case 2:
    return value(type, depth) + ".filter(" + lambda(element, types.simple(Kind::boolean), depth) + ")";
  case 3:
    return value(type, depth) + "." + random.of({"take(2)", "skip(1)", "reverse()", "unique()"});
  case 4:
    return "(" + value(type, depth) + " + " + value(type, depth) + ").take(4)";
  case 5:
    if (element->is(Kind::integer))
      return "range(" + value(whole, depth) + " % 4)";
    if (element->is(Kind::string))
      return value(text, depth) + ".split(\",\").take(3)";
    [[fallthrough]];
  case 6:
    if (!element->is(Kind::optional))
      return "[" + value(types.optional(element), depth) + ", " + value(types.optional(element), 0) + "].present()";
    [[fallthrough]];
  case 7:
    return "twice(" + value(element, depth) + ")";
  case 8:
    if (element->is(Kind::tuple))
      return value(types.list(element->parts[0]), depth) + ".zip(" + value(types.list(element->parts[1]), depth) + ")";
    if (!element->is(Kind::optional))
      return value(types.map(element), depth) + ".values().take(3)";
    [[fallthrough]];
  default:
    return "[" + value(type, depth) + ", " + value(type, 0) + "].flatten().take(4)";
  }
}

} // namespace weft::generated
