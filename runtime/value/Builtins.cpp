//===- Builtins.cpp - The table of builtins -------------------------------===//

#include "runtime/value/Builtins.h"

#include "runtime/value/BuiltinFamilies.h"

#include <array>
#include <vector>

namespace weft::value {
namespace {

constexpr std::uint32_t tableSize = 128;

constexpr std::array<BuiltinInfo, tableSize> makeTable() {
  std::array<BuiltinInfo, tableSize> table{};
#define BUILTIN(number, name, fewest, most, family, signature)                                                         \
  table[number] = {#name, fewest, most, builtins::family::name, signature};
#include "runtime/value/Builtins.def"
  return table;
}

constexpr std::array<BuiltinInfo, tableSize> table = makeTable();

} // namespace

const BuiltinInfo *builtinInfo(std::uint32_t number) {
  return number < tableSize && table[number].call ? &table[number] : nullptr;
}

std::optional<Builtin> builtinNamed(std::string_view name) {
  for (std::uint32_t number = 0; number < tableSize; ++number)
    if (table[number].call && table[number].name == name)
      return static_cast<Builtin>(number);
  return std::nullopt;
}

std::optional<Failure> callBuiltin(Builtin builtin, std::span<const Value> args, Value &result, Applier &applier) {
  const BuiltinInfo *info = builtinInfo(static_cast<std::uint32_t>(builtin));
  WEFT_ASSERT(info);
  if (args.size() < info->fewest || args.size() > info->most)
    return Failure{FailKind::failed,
                   std::string(info->name) + " does not take " + std::to_string(args.size()) + " arguments"};
  std::vector<const Value *> pointers;
  for (const Value &arg : args)
    pointers.push_back(&arg);
  if (info->call({pointers.data(), pointers.size()}, result, applier))
    return std::nullopt;
  return std::move(applier.failure);
}

bool Applier::outOfFuel() {
  fuelLeft = 0;
  return fail("the computation takes more steps than the plan's limit of fuel allows");
}

bool NoApplier::apply(const Value &, Args, Value &) { return fail("functions are not applied here"); }

namespace builtins {

bool wrongArgument(Applier &applier, Builtin builtin, const Value &argument) {
  std::string_view called = builtinInfo(static_cast<std::uint32_t>(builtin))->name;
  return applier.fail(std::string(called) + " does not take a " + std::string(name(argument.tag())));
}

} // namespace builtins
} // namespace weft::value
