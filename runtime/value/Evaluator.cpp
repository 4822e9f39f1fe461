//===- Evaluator.cpp - The loop over instruction words --------------------===//
//
// Operands are read where they stand. What a word can get wrong whatever the
// values are, `checkWords` has refused; tags and lengths are looked at here,
// because a constant or a journaled value may be anything.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Evaluator.h"

#include "runtime/base/Digest.h"
#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"
#include "runtime/value/CheckWalk.h"
#include "runtime/value/FastPaths.h"
#include "runtime/value/Json.h"
#include "runtime/value/WordsShape.h"

namespace weft::value {

void Evaluator::start(std::uint64_t fuel) {
  WEFT_ASSERT(depth == 0);
  fuelLeft = fuel;
  failedAt = nullptr;
}

/// Remembers where; what calls it has failed before what it was called by.
bool Evaluator::stopped(const std::uint32_t *instruction) {
  if (!failedAt)
    failedAt = instruction;
  return false;
}

std::optional<Failure> Evaluator::end(bool ok, std::uint64_t &fuel) {
  fuel = fuelLeft;
  if (ok)
    return std::nullopt;
  return std::move(failure);
}

std::optional<Failure> Evaluator::run(std::span<const std::uint32_t> words, std::span<Value> registers,
                                      std::uint64_t &fuel) {
  start(fuel);
  return end(execute(words, registers.data(), nullptr), fuel);
}

std::optional<Failure> Evaluator::check(TypeId type, const Value &value, std::uint64_t &fuel) {
  start(fuel);
  return end(CheckWalk(*this).holds(type, value), fuel);
}

std::optional<Failure> Evaluator::parse(TypeId type, std::string_view json, bool dropUnknown, Value &result,
                                        std::uint64_t &fuel) {
  start(fuel);
  auto read = fromJson(json, type, *program.types, {dropUnknown});
  if (!read)
    return end(fail(read.error().message, FailKind::schema), fuel);
  result = *std::move(read);
  return end(CheckWalk(*this).holds(type, result), fuel);
}

bool Evaluator::tooLarge(const Value &value) {
  if (value.depth() <= base::maxValueDepth && value.deepBytes() <= base::maxValueBytes)
    return false;
  return !fail(beyondLimits(value));
}

bool Evaluator::wrongOperand(Opcode opcode, const Value &operand) {
  return fail("instruction " + std::string(shapeOf(static_cast<std::uint32_t>(opcode))->name) + " does not take a " +
              std::string(name(operand.tag())));
}

bool Evaluator::parseInto(std::uint32_t typeAndFlags, const Value &operand, Value &dst) {
  TypeId type = typeAndFlags & parseTypeMask;
  std::string json;
  std::string_view text;
  if (typeAndFlags & parseOfJson) {
    auto written = writeJson(operand);
    if (!written)
      return fail(written.error().message);
    json = *std::move(written);
    text = json;
  } else if (operand.is(Tag::string)) {
    text = withoutFence(operand.asText());
  } else {
    return wrongOperand(Opcode::parse, operand);
  }
  if (!spend(text.size() / 16))
    return false;
  auto refused = [&](std::string_view why) {
    dst = Value::variant(1, {Value::text(why)});
    return true;
  };
  auto read = fromJson(text, type, *program.types, {(typeAndFlags & parseDropsUnknown) != 0});
  if (!read)
    return refused(read.error().message);
  if (!CheckWalk(*this).holds(type, *read))
    return failure.kind == FailKind::schema && refused(failure.why);
  dst = Value::variant(0, {*std::move(read)});
  return !tooLarge(dst);
}

bool Evaluator::textInto(Opcode opcode, TypeId type, const Value &operand, Value &dst) {
  if (opcode == Opcode::text && operand.is(Tag::string) && (*program.types)[type].kind == TypeKind::string) {
    dst = Value(operand);
    return true;
  }
  if (!spend(operand.deepBytes() / 16))
    return false;
  scratch.clear();
  auto written = opcode == Opcode::text ? appendText(operand, type, *program.types, scratch)
                                        : toJson(operand, type, *program.types, scratch);
  if (!written)
    return fail(written.error().message);
  if (scratch.size() > base::maxTextBytes)
    return fail("a text of " + std::to_string(scratch.size()) + " bytes, at most " +
                std::to_string(base::maxTextBytes) + " can be held");
  dst = Value::text(scratch);
  return true;
}

bool Evaluator::makeMap(const std::uint32_t *operands, std::uint32_t count, const Value *registers, Value &dst) {
  MapBuilder builder(count / 2);
  for (std::uint32_t i = 0; i < count; i += 2) {
    const Value &key = at(operands[i], registers);
    if (!key.is(Tag::string))
      return wrongOperand(Opcode::map, key);
    builder.add(key, at(operands[i + 1], registers));
  }
  auto made = std::move(builder).map();
  if (!made)
    return fail(made.error().message);
  if (tooLarge(*made))
    return false;
  dst = *std::move(made);
  return true;
}

bool Evaluator::execute(std::span<const std::uint32_t> words, Value *registers, Value *returned) {
  const std::uint32_t *start = words.data(), *end = start + words.size(), *place = start;
  auto gather = [&](const std::uint32_t *operands, std::uint32_t count) {
    ArrayBuilder builder(count);
    for (std::uint32_t i = 0; i < count; ++i)
      builder.add(at(operands[i], registers));
    return builder;
  };
  auto keep = [&](std::uint32_t dst, Value &&value) {
    if (tooLarge(value))
      return false;
    registers[dst] = std::move(value);
    return true;
  };

  while (place < end) {
    if (!spend(1))
      return stopped(place);
    const std::uint32_t word = *place, count = countIn(word), dst = dstIn(word);
    const auto opcode = static_cast<Opcode>(opcodeIn(word));
    const std::uint32_t *in = place + 1; // immediates, then operands
    switch (opcode) {
    case Opcode::builtin:
      place = in + 1 + count;
      if (count == 2 &&
          fastBinary(static_cast<Builtin>(in[0]), at(in[1], registers), at(in[2], registers), registers[dst]))
        break;
      if (!callBuiltin(in[0], in + 1, count, registers, registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::move:
      place = in + 1;
      registers[dst] = at(in[0], registers);
      break;
    case Opcode::jump:
      place = start + in[0];
      break;
    case Opcode::jumpUnless: {
      place = in + 2;
      const Value &condition = at(in[1], registers);
      if (!condition.is(Tag::boolean))
        return wrongOperand(opcode, condition) || stopped(in - 1);
      if (!condition.asBool())
        place = start + in[0];
      break;
    }
    case Opcode::record:
      place = in + count;
      if (!keep(dst, gather(in, count).record()))
        return stopped(in - 1);
      break;
    case Opcode::list:
      place = in + count;
      if (!keep(dst, gather(in, count).list()))
        return stopped(in - 1);
      break;
    case Opcode::variant:
      place = in + 1 + count;
      if (!keep(dst, gather(in + 1, count).variant(in[0])))
        return stopped(in - 1);
      break;
    case Opcode::closure:
      place = in + 1 + count;
      if (!keep(dst, gather(in + 1, count).function(in[0])))
        return stopped(in - 1);
      break;
    case Opcode::bindAgent:
      place = in + 2 + count;
      if (!keep(dst, gather(in + 2, count).agent(static_cast<AgentKind>(in[0]), in[1])))
        return stopped(in - 1);
      break;
    case Opcode::map:
      place = in + count;
      if (!makeMap(in, count, registers, registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::field:
    case Opcode::caseField: {
      place = in + 2;
      const Value &from = at(in[1], registers);
      bool fits = opcode == Opcode::field ? from.is(Tag::record) || from.is(Tag::list) : from.is(Tag::variant);
      if (opcode == Opcode::caseField && !fits && in[0] == 0 && !from.isNone()) {
        registers[dst] = Value(from);
        break;
      }
      if (!fits || in[0] >= from.items().size())
        return (fits ? fail("field " + std::to_string(in[0]) + " of " + std::to_string(from.items().size()))
                     : wrongOperand(opcode, from)) ||
               stopped(in - 1);
      // A copy first: the register may be the one that holds `from` alive.
      registers[dst] = Value(from.items()[in[0]]);
      break;
    }
    case Opcode::caseIndex: {
      place = in + 1;
      const Value &from = at(in[0], registers);
      registers[dst] = Value::integer(from.is(Tag::variant) ? from.caseIndex() : !from.isNone());
      break;
    }
    case Opcode::isSome:
      place = in + 1;
      registers[dst] = Value::integer(!at(in[0], registers).isNone());
      break;
    case Opcode::apply:
      place = in + count;
      if (!callMany(true, 0, in, count, registers, registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::callFunction:
      place = in + 1 + count;
      if (!callMany(false, in[0], in + 1, count, registers, registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::text:
    case Opcode::toJson:
      place = in + 2;
      if (!textInto(opcode, in[0], at(in[1], registers), registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::parse:
      place = in + 2;
      if (!parseInto(in[0], at(in[1], registers), registers[dst]))
        return stopped(in - 1);
      break;
    case Opcode::check: {
      place = in + 2;
      Value checked = at(in[1], registers);
      // No document, but a value that the program made: its place begins with its type.
      if (!CheckWalk(*this).holds(in[0], checked, (*program.types)[in[0]].name))
        return stopped(in - 1);
      registers[dst] = std::move(checked);
      break;
    }
    case Opcode::fail: {
      const Value &message = at(in[1], registers);
      if (!message.is(Tag::string))
        return wrongOperand(opcode, message) || stopped(in - 1);
      std::string why(message.asText());
      return fail(why.empty() ? base::noReason : std::move(why), static_cast<FailKind>(in[0])) || stopped(in - 1);
    }
    case Opcode::return_:
      *returned = at(in[0], registers);
      return true;
    case Opcode::withField: {
      place = in + 3;
      const Value &record = at(in[1], registers);
      if (!(record.is(Tag::record) || record.is(Tag::list)) || in[0] >= record.items().size())
        return wrongOperand(opcode, record) || stopped(in - 1);
      if (!spend(record.items().size()) || !keep(dst, withItem(record, in[0], at(in[2], registers))))
        return stopped(in - 1);
      break;
    }
    case Opcode::rngSplit: {
      place = in + 2;
      const Value &from = at(in[1], registers);
      if (!from.is(Tag::rng))
        return wrongOperand(opcode, from) || stopped(in - 1);
      Rng rng = from.asRng();
      base::Hash128 mixed = base::mix({rng.key, rng.stream}, in[0]);
      registers[dst] = Value::rng({mixed.high, static_cast<std::uint32_t>(mixed.low)});
      break;
    }
    default:
      WEFT_UNREACHABLE();
    }
  }
  return true;
}

} // namespace weft::value
