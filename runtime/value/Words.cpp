//===- Words.cpp - Proof that words can be run ----------------------------===//

#include "runtime/value/Words.h"

#include "runtime/base/Failure.h"
#include "runtime/value/Builtins.h"
#include "runtime/value/WordsShape.h"

#include <vector>

namespace weft::value {
namespace {

constexpr WordsShape shapes[lastOpcode + 1] = {
    {"", 0, 0, 0, false},
    {"builtin", 1, 0, 255},
    {"move", 0, 1, 1},
    {"jump", 1, 0, 0, false},
    {"jump_unless", 1, 1, 1, false},
    {"record", 0, 0, 255},
    {"field", 1, 1, 1},
    {"list", 0, 0, 255},
    {"variant", 1, 0, 255},
    {"case_index", 0, 1, 1},
    {"case_field", 1, 1, 1},
    {"closure", 1, 0, 255},
    {"apply", 0, 1, 255},
    {"call_function", 1, 0, 255},
    {"text", 1, 1, 1},
    {"to_json", 1, 1, 1},
    {"parse", 1, 1, 1},
    {"check", 1, 1, 1},
    {"fail", 1, 1, 1, false},
    {"return", 0, 1, 1, false},
    {"with_field", 1, 2, 2},
    {"map", 0, 0, 254},
    {"bind_agent", 2, 0, 255},
    {"rng_split", 1, 1, 1},
    {"is_some", 0, 1, 1},
};

class Checker {
public:
  Checker(std::span<const std::uint32_t> words, std::uint32_t registers, const Program &program, bool isFunction)
      : words(words), registers(registers), program(program), isFunction(isFunction), starts(words.size() + 1) {}

  base::Result<void> run() {
    if (registers > maxRegisters)
      return base::error(base::Code::corrupt, std::to_string(registers) + " registers, at most " +
                                                  std::to_string(maxRegisters) + " can be named");
    Opcode last = Opcode::move;
    for (at = 0; at < words.size();) {
      starts[at] = true;
      last = static_cast<Opcode>(opcodeIn(words[at]));
      if (auto ok = instruction(); !ok)
        return ok;
    }
    starts[at] = true;
    for (auto [place, target] : targets)
      if (target > words.size() || !starts[target] || (isFunction && target == words.size()))
        return wrong(place, "jumps to word " + std::to_string(target) + ", where no instruction starts");
    if (isFunction && last != Opcode::return_ && last != Opcode::jump && last != Opcode::fail)
      return wrong(words.size(), "is the end of a function that does not return");
    return {};
  }

private:
  base::Error wrong(std::size_t place, const std::string &what) {
    return base::error(base::Code::corrupt, "word " + std::to_string(place) + " " + what);
  }
  base::Error outOf(const char *thing, std::uint64_t index, std::uint64_t count) {
    return wrong(at, std::string("names ") + thing + " " + std::to_string(index) + " of " + std::to_string(count));
  }

  base::Result<void> instruction() {
    std::uint32_t word = words[at], count = countIn(word);
    const WordsShape *shape = shapeOf(opcodeIn(word));
    if (!shape)
      return wrong(at, "has opcode " + std::to_string(opcodeIn(word)) + ", which this build does not know");
    if (count < shape->fewest || count > shape->most)
      return wrong(at, "gives " + std::to_string(count) + " operands to " + std::string(shape->name));
    std::size_t size = 1 + shape->immediates + count;
    if (size > words.size() - at)
      return wrong(at, "starts an instruction of " + std::to_string(size) + " words, and only " +
                           std::to_string(words.size() - at) + " are left");
    if (shape->writes && dstIn(word) >= registers)
      return outOf("register", dstIn(word), registers);
    if (!shape->writes && dstIn(word))
      return wrong(at, "writes a register, which " + std::string(shape->name) + " does not");
    for (std::size_t i = at + 1 + shape->immediates; i < at + size; ++i) {
      std::uint32_t operand = words[i];
      if (operand & constantBit) {
        if ((operand & ~constantBit) >= program.consts.size())
          return outOf("constant", operand & ~constantBit, program.consts.size());
      } else if (operand >= registers) {
        return outOf("register", operand, registers);
      }
    }
    if (auto ok = immediates(static_cast<Opcode>(opcodeIn(word)), count); !ok)
      return ok;
    at += size;
    return {};
  }

  base::Result<void> immediates(Opcode opcode, std::uint32_t count) {
    auto typeExists = [&](std::uint32_t type) -> base::Result<void> {
      std::size_t types = program.types ? program.types->size() : 0;
      if (type >= types)
        return outOf("type", type, types);
      return {};
    };
    auto first = [&] { return words[at + 1]; };
    switch (opcode) {
    case Opcode::builtin: {
      const BuiltinInfo *info = builtinInfo(first());
      if (!info)
        return wrong(at, "calls builtin " + std::to_string(first()) + ", which this build does not know");
      if (count < info->fewest || count > info->most)
        return wrong(at, "gives " + std::to_string(count) + " arguments to " + std::string(info->name));
      return {};
    }
    case Opcode::jump:
    case Opcode::jumpUnless:
      targets.push_back({at, first()});
      return {};
    case Opcode::closure:
    case Opcode::callFunction: {
      if (first() >= program.functions.size())
        return outOf("function", first(), program.functions.size());
      const Function &function = program.functions[first()];
      std::uint64_t wanted = function.captures;
      if (opcode == Opcode::callFunction)
        wanted += function.params;
      if (count != wanted)
        return wrong(at, "gives " + std::to_string(count) + " values to " + std::string(function.name) +
                             ", which takes " + std::to_string(wanted));
      return {};
    }
    case Opcode::text:
    case Opcode::toJson:
    case Opcode::check:
      return typeExists(first());
    case Opcode::parse:
      return typeExists(first() & parseTypeMask);
    case Opcode::fail:
      if (first() >= base::failKindCount)
        return outOf("fail kind", first(), base::failKindCount);
      return {};
    case Opcode::return_:
      if (!isFunction)
        return wrong(at, "returns, outside a function");
      return {};
    case Opcode::map:
      if (count % 2)
        return wrong(at, "makes a map of " + std::to_string(count) + " operands, which is odd");
      return {};
    case Opcode::bindAgent:
      if (first() > 1)
        return outOf("agent kind", first(), 2);
      if (words[at + 2] >> 31)
        return wrong(at, "names agent " + std::to_string(words[at + 2]) + ", above 2^31");
      return {};
    default:
      return {};
    }
  }

  std::span<const std::uint32_t> words;
  std::uint32_t registers;
  const Program &program;
  bool isFunction;
  std::vector<bool> starts; ///< Of each word, and of the end.
  std::vector<std::pair<std::size_t, std::uint32_t>> targets;
  std::size_t at = 0;
};

base::Result<void> checkArity(const Program &program, std::int32_t check, std::size_t params,
                              const std::string &where) {
  if (check < 0)
    return {};
  if (static_cast<std::size_t>(check) >= program.functions.size())
    return base::error(base::Code::corrupt, where + " is checked by function " + std::to_string(check) + " of " +
                                                std::to_string(program.functions.size()));
  const Function &function = program.functions[static_cast<std::size_t>(check)];
  if (function.params == params && function.captures == 0)
    return {};
  return base::error(base::Code::corrupt, where + " is checked by " + std::string(function.name) + ", which takes " +
                                              std::to_string(function.params) + " values and " +
                                              std::to_string(function.captures) + " captures, not " +
                                              std::to_string(params) + " and 0");
}

} // namespace

const WordsShape *shapeOf(std::uint32_t opcode) {
  return opcode >= 1 && opcode <= lastOpcode ? &shapes[opcode] : nullptr;
}

base::Result<void> checkWords(std::span<const std::uint32_t> words, std::uint32_t registers, const Program &program,
                              bool isFunction) {
  return Checker(words, registers, program, isFunction).run();
}

base::Result<void> checkProgram(const Program &program) {
  for (std::size_t i = 0; i < program.functions.size(); ++i) {
    const Function &function = program.functions[i];
    std::string where = "function " + std::to_string(i) + " (" + std::string(function.name) + ")";
    std::uint64_t given = std::uint64_t{function.params} + function.captures;
    if (given > function.registers)
      return base::error(base::Code::corrupt, where + " has " + std::to_string(function.registers) + " registers for " +
                                                  std::to_string(given) + " values given to it");
    if (auto ok = checkWords(function.words, function.registers, program, true); !ok)
      return base::Error(ok.error()).in(where);
  }
  for (TypeId id = 0; program.types && id < program.types->size(); ++id) {
    const Type &type = (*program.types)[id];
    auto fieldsHold = [&](const std::vector<Field> &fields) -> base::Result<void> {
      for (std::size_t i = 0; i < fields.size(); ++i)
        if (auto ok = checkArity(program, fields[i].check, i + 1, "field " + fields[i].name); !ok)
          return base::Error(ok.error()).in("type " + std::to_string(id));
      return {};
    };
    if (auto ok = checkArity(program, type.check, 1, "type " + std::to_string(id)); !ok)
      return ok;
    if (auto ok = fieldsHold(type.fields); !ok)
      return ok;
    for (const Case &each : type.cases)
      if (auto ok = fieldsHold(each.fields); !ok)
        return ok;
  }
  return {};
}

} // namespace weft::value
