//===- Value.h - What the reference computes with -------------------------===//
//
// Plain and generous: one struct with room for every kind, parts shared by
// pointer and never changed. Nothing of runtime/value.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::reference::workflow {

/// Elements row-major in float64, integers exact up to 2^53.
struct Tensor {
  sema::ElementType type = sema::ElementType::f32;
  std::vector<std::int64_t> shape;
  std::vector<double> elements;
};

struct Value;
struct Scope;
using Values = std::vector<Value>;

/// A pure function as a value: a lambda with what it sees, a `fn`, or a core function.
struct Function {
  const syntax::LambdaExpr *lambda = nullptr;
  std::shared_ptr<const Scope> scope;
  const sema::Symbol *fn = nullptr;
  sema::BuiltinId core{};
  sema::Type result = nullptr; ///< Of `core`: the zero of an empty sum has a type.
};

struct Value {
  enum class Kind : std::uint8_t {
    none,
    boolean,
    integer,
    floating,
    string,
    bytes,
    duration, ///< `number` nanoseconds
    size,     ///< bytes
    money,    ///< nano-dollars
    rng,      ///< `number` is what it was made from
    list,     ///< and tuple
    map,
    record, ///< `items` in the order of the fields
    sum,    ///< case `number`, its fields in `items`
    tensor,
    function,
    callable, ///< An agent, workflow or model as a value: `symbol`.
    file,     ///< `text` is its JSON
  } kind = Kind::none;
  bool truth = false;
  std::int64_t number = 0;
  double real = 0;
  std::string text;
  std::shared_ptr<const Values> items;
  std::shared_ptr<const std::map<std::string, Value>> entries;
  std::shared_ptr<const Tensor> tensor;
  std::shared_ptr<const Function> function;
  const sema::Symbol *symbol = nullptr;

  static Value boolean(bool value);
  static Value integer(std::int64_t value);
  static Value floating(double value);
  static Value string(std::string value);
  static Value bytes(std::string value);
  static Value amount(Kind unit, std::int64_t value);
  static Value list(Values items);
  static Value map(std::map<std::string, Value> entries);
  static Value record(Values fields);
  static Value sum(std::int64_t index, Values fields);
  static Value of(Tensor tensor);
  static Value of(Function function);

  bool is(Kind other) const { return kind == other; }
  bool isNone() const { return kind == Kind::none; }
  bool isAmount() const { return kind == Kind::duration || kind == Kind::size || kind == Kind::money; }
  bool isNumber() const { return kind == Kind::integer || kind == Kind::floating; }
  double asReal() const { return kind == Kind::integer ? static_cast<double>(number) : real; }
};

/// Names of one block over those outside; each name is bound once.
struct Scope {
  std::shared_ptr<const Scope> outer;
  std::map<const sema::Symbol *, Value> values;
  /// What the type parameters of a generic `fn` are in this activation.
  std::map<sema::Type, sema::Type> types;

  const Value *find(const sema::Symbol *symbol) const;
  sema::Type actual(sema::Type parameter) const;
};

/// Numbers of sema::failureKinds.
enum class FailKind : std::uint8_t {
  transport,
  timeout,
  rateLimit,
  refused,
  budget,
  schema,
  tool,
  cancelled,
  unknownOutcome,
  failed,
};

/// Thrown up to the `try` that catches it or to the end of the run.
struct Failure {
  FailKind kind = FailKind::failed;
  std::string why;
  std::string step;
  /// The text of `why` comes from the program or from a provider, not from the reference's own words.
  bool said = false;
};

/// What this reference does not know. Never caught by a program.
struct Unsupported {
  std::string what;
  source::Span span;
};

/// By value; an int equals the float of the same amount.
bool equal(const Value &left, const Value &right);
/// -1, 0, 1. Numbers, strings by code points, amounts of one unit.
int compare(const Value &left, const Value &right);

} // namespace weft::reference::workflow
