//===- Builtins.h - Core functions that the language always has -----------===//
//
// Each lives once: the evaluator calls it in a run, the compiler when it folds
// constants. Arguments are dynamic; an argument of the wrong tag fails the call
// and never touches memory that is not there.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/value/Value.h"

#include <optional>
#include <string>

namespace weft::value {

using base::FailKind;
using base::Failure;

enum class Builtin : std::uint16_t {
#define BUILTIN(number, name, fewest, most, family, signature) name = number,
#include "runtime/value/Builtins.def"
};

/// Arguments where they stand: registers and constants are not copied side by side first.
class Args {
public:
  Args(const Value *const *items, std::size_t count) : items(items), count(count) {}
  const Value &operator[](std::size_t index) const { return *items[index]; }
  std::size_t size() const { return count; }
  Args skip(std::size_t n) const { return {items + n, count - n}; }

private:
  const Value *const *items;
  std::size_t count;
};

/// Calls closures for builtins that take functions, and holds what a call may spend and why it failed.
class Applier {
public:
  virtual ~Applier() = default;
  /// False: `failure` says why.
  virtual bool apply(const Value &function, Args args, Value &result) = 0;

  /// Takes `units` of fuel; false, with `failure` set, when there is less.
  bool spend(std::uint64_t units) {
    if (units <= fuelLeft) {
      fuelLeft -= units;
      return true;
    }
    return outOfFuel();
  }
  /// Sets `failure`; always false, so that `return applier.fail(…)` reads as it acts.
  bool fail(std::string why, FailKind kind = FailKind::failed) {
    failure = Failure{kind, std::move(why)};
    return false;
  }

  Failure failure;
  std::uint64_t fuelLeft = 0;

private:
  bool outOfFuel();
};

/// For folding: applies nothing, so that builtins over closures fail.
class NoApplier final : public Applier {
public:
  explicit NoApplier(std::uint64_t fuel) { fuelLeft = fuel; }
  bool apply(const Value &function, Args args, Value &result) override;
};

struct BuiltinInfo {
  std::string_view name;
  std::uint8_t fewest = 0, most = 0;
  /// Writes `result` and returns true, or fails through the applier. `result` is none of the arguments.
  bool (*call)(Args args, Value &result, Applier &applier) = nullptr;
  std::string_view signature;
};

/// Null for a number that is no builtin.
const BuiltinInfo *builtinInfo(std::uint32_t number);

/// The number of the builtin that the language calls `name` ("len"), or, for operators, this table ("add", "not_").
std::optional<Builtin> builtinNamed(std::string_view name);

/// A call over plain values, for the compiler and tests.
std::optional<Failure> callBuiltin(Builtin builtin, std::span<const Value> args, Value &result, Applier &applier);

} // namespace weft::value
