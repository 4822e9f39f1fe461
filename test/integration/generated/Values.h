//===- Values.h - Pure expressions of a generated program -----------------===//
//
// Well typed, bounded in size, and never failing: numbers are kept small by
// `%`, texts and lists by `take`. What may fail is written by Workflows alone.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/integration/generated/Types.h"

namespace weft::generated {

struct Variable {
  std::string name;
  TypeRef type;
};

/// A `fn` that can be called.
struct PureFunction {
  std::string name;
  std::vector<TypeRef> parameters;
  TypeRef result;
};

class Values {
public:
  Values(Random &random, Types &types) : random(random), types(types) {}

  /// What may be named; the innermost last.
  std::vector<Variable> scope;
  std::vector<PureFunction> functions;

  std::string fresh(const char *prefix = "v") { return prefix + std::to_string(++count); }
  /// An expression of the type. What it is of can be seen from itself, so it may stand anywhere.
  std::string value(TypeRef type, int depth);
  std::string literal(TypeRef type, int depth = 2);
  /// A condition that is not known before a run.
  std::string condition(int depth) { return value(types.simple(Type::Kind::boolean), depth); }
  /// `make()` with more names in scope.
  template <typename Make> std::string with(std::vector<Variable> more, Make make) {
    std::size_t before = scope.size();
    scope.insert(scope.end(), more.begin(), more.end());
    std::string made = make();
    scope.resize(before);
    return made;
  }
  /// `match` over every case, each arm with what its case holds; `arm` makes what stands right of `=>`.
  template <typename Arm> std::string arms(TypeRef sum, Arm arm) {
    std::string out;
    for (const Type::Case &one : sum->cases) {
      std::vector<Variable> held;
      std::string names;
      for (const auto &[field, type] : one.fields) {
        held.push_back({fresh(), type});
        names += (names.empty() ? "" : ", ") + held.back().name;
      }
      out += (out.empty() ? "" : ", ") + one.name + (names.empty() ? "" : "(" + names + ")") + " => " +
             with(held, [&] { return arm(); });
    }
    return out;
  }

private:
  std::string form(TypeRef type, int depth);
  std::string integer(int depth);
  std::string floating(int depth);
  std::string string(int depth);
  std::string boolean(int depth);
  std::string list(TypeRef type, int depth);
  std::string lambda(TypeRef parameter, TypeRef result, int depth);
  /// Anything but a type that has no text.
  std::string hole(int depth);

  Random &random;
  Types &types;
  int count = 0;
};

} // namespace weft::generated
