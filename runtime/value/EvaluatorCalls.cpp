//===- EvaluatorCalls.cpp - Activations of functions, calls of builtins ---===//
//
// The registers of an activation are a slice of a block that never moves, so
// arguments are passed by address from the caller's registers to the copy.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Limits.h"
#include "runtime/value/Evaluator.h"

namespace weft::value {
namespace {

/// Registers reserved at once: of a few dozen activations of usual functions.
constexpr std::size_t blockRegisters = 1024;

/// Arguments that fit a small array on the stack; nearly all calls.
constexpr std::uint32_t fewOperands = 8;

} // namespace

struct Evaluator::Lease {
  Lease(Evaluator &owner, std::size_t count) : owner(owner), block(owner.block), used(owner.used), count(count) {
    if (owner.blocks.empty() || owner.used + count > owner.blocks[owner.block].size) {
      if (!owner.blocks.empty())
        ++owner.block;
      owner.used = 0;
      // A later block that is too small is replaced: nothing lives in it.
      std::size_t size = std::max(count, blockRegisters);
      if (owner.block == owner.blocks.size())
        owner.blocks.push_back({std::make_unique<Value[]>(size), size});
      else if (owner.blocks[owner.block].size < count)
        owner.blocks[owner.block] = {std::make_unique<Value[]>(size), size};
    }
    registers = owner.blocks[owner.block].registers.get() + owner.used;
    owner.used += count;
    ++owner.depth;
  }
  ~Lease() {
    for (std::size_t i = 0; i < count; ++i)
      registers[i] = Value();
    owner.block = block;
    owner.used = used;
    --owner.depth;
  }
  Lease(const Lease &) = delete;
  Lease &operator=(const Lease &) = delete;

  Evaluator &owner;
  std::size_t block, used, count;
  Value *registers;
};

std::optional<Failure> Evaluator::call(std::uint32_t index, std::span<const Value> args, Value &result,
                                       std::uint64_t &fuel) {
  WEFT_ASSERT(index < program.functions.size());
  start(fuel);
  std::size_t params = std::min<std::size_t>(program.functions[index].params, args.size());
  std::vector<const Value *> pointers;
  for (const Value &arg : args.first(params))
    pointers.push_back(&arg);
  return end(enter(index, {pointers.data(), params}, args.subspan(params), result), fuel);
}

std::optional<Failure> Evaluator::callValue(const Value &function, std::span<const Value> args, Value &result,
                                            std::uint64_t &fuel) {
  start(fuel);
  std::vector<const Value *> pointers;
  for (const Value &arg : args)
    pointers.push_back(&arg);
  return end(apply(function, {pointers.data(), pointers.size()}, result), fuel);
}

bool Evaluator::apply(const Value &function, Args args, Value &result) {
  if (!function.is(Tag::function))
    return fail("a " + std::string(name(function.tag())) + " is called where a function is expected");
  return enter(function.functionIndex(), args, function.items(), result);
}

bool Evaluator::enter(std::uint32_t index, Args args, std::span<const Value> captures, Value &result) {
  if (index >= program.functions.size())
    return fail("function " + std::to_string(index) + " of " + std::to_string(program.functions.size()) + " is called");
  const Function &function = program.functions[index];
  if (args.size() != function.params || captures.size() != function.captures)
    return fail(std::string(function.name) + " takes " + std::to_string(function.params) + " arguments and " +
                std::to_string(function.captures) + " captures, found " + std::to_string(args.size()) + " and " +
                std::to_string(captures.size()));
  if (depth >= base::maxCallDepth)
    return fail("functions call each other deeper than " + std::to_string(base::maxCallDepth));
  Lease lease(*this, function.registers);
  Value *next = lease.registers;
  for (std::size_t i = 0; i < args.size(); ++i)
    *next++ = args[i];
  for (const Value &capture : captures)
    *next++ = capture;
  return execute(function.words, lease.registers, &result);
}

bool Evaluator::callBuiltin(std::uint32_t number, const std::uint32_t *operands, std::uint32_t count,
                            const Value *registers, Value &dst) {
  const BuiltinInfo *info = builtinInfo(number);
  Value result;
  if (count <= fewOperands) {
    const Value *args[fewOperands];
    for (std::uint32_t i = 0; i < count; ++i)
      args[i] = &at(operands[i], registers);
    if (!info->call({args, count}, result, *this))
      return false;
  } else {
    const Value *args[maxOperands];
    for (std::uint32_t i = 0; i < count; ++i)
      args[i] = &at(operands[i], registers);
    if (!info->call({args, count}, result, *this))
      return false;
  }
  if (tooLarge(result))
    return false;
  dst = std::move(result);
  return true;
}

bool Evaluator::callMany(bool closure, std::uint32_t function, const std::uint32_t *operands, std::uint32_t count,
                         const Value *registers, Value &dst) {
  const Value *args[maxOperands];
  for (std::uint32_t i = 0; i < count; ++i)
    args[i] = &at(operands[i], registers);
  Value result;
  bool ok;
  if (closure) {
    ok = apply(*args[0], {args + 1, count - 1u}, result);
  } else {
    // Captures follow the parameters: as registers of the function both stand side by side anyway.
    const Function &callee = program.functions[function];
    std::vector<Value> captures;
    for (std::uint32_t i = callee.params; i < count; ++i)
      captures.push_back(*args[i]);
    ok = enter(function, {args, std::min(count, callee.params)}, captures, result);
  }
  if (!ok)
    return false;
  dst = std::move(result);
  return true;
}

} // namespace weft::value
