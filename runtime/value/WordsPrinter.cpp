//===- WordsPrinter.cpp - Instruction words as text -----------------------===//

#include "runtime/value/WordsPrinter.h"

#include "runtime/base/Failure.h"
#include "runtime/base/Limits.h"
#include "runtime/base/Units.h"
#include "runtime/value/Builtins.h"
#include "runtime/value/Json.h"
#include "runtime/value/Numbers.h"
#include "runtime/value/Utf8.h"
#include "runtime/value/WordsShape.h"

#include <cmath>

namespace weft::value {
namespace {

/// Text that stops growing; what was cut shows as "…".
class Shown {
public:
  explicit Shown(std::size_t most) : most(most) {}

  bool full() const { return text.size() >= most; }
  void add(std::string_view part) {
    if (!full())
      text += part;
  }
  void quoted(std::string_view content) {
    std::string literal;
    std::size_t room = full() ? 0 : most - text.size();
    std::string_view shown = cutTo(content, room);
    appendJsonString(literal, shown);
    if (shown.size() < content.size())
      literal.insert(literal.size() - 1, "…");
    add(literal);
  }
  void items(std::span<const Value> values, char open, char close, int depth) {
    add({&open, 1});
    for (std::size_t i = 0; i < values.size(); ++i) {
      add(i ? ", " : "");
      if (full() || depth > maxDepth) {
        text += "…";
        break;
      }
      value(values[i], depth + 1);
    }
    text += close;
  }
  void value(const Value &value, int depth);

  std::string text;

private:
  static constexpr int maxDepth = 8;
  std::size_t most;
};

void Shown::value(const Value &value, int depth) {
  switch (value.tag()) {
  case Tag::none:
    return add("none");
  case Tag::boolean:
    return add(value.asBool() ? "true" : "false");
  case Tag::integer:
    return add(std::to_string(value.asInt()));
  case Tag::real:
    return add(std::isfinite(value.asFloat()) ? floatText(value.asFloat()) : "not finite");
  case Tag::string:
    return quoted(value.asText());
  case Tag::bytes:
    return add(std::to_string(value.asBytes().size()) + " bytes");
  case Tag::list:
    return items(value.items(), '[', ']', depth);
  case Tag::record:
    return items(value.items(), '{', '}', depth);
  case Tag::map: {
    add("{");
    for (bool first = true; const MapEntry &entry : value.entries()) {
      add(first ? "" : ", ");
      first = false;
      if (full() || depth > maxDepth) {
        text += "…";
        break;
      }
      quoted(entry.key.asText());
      add(": ");
      this->value(entry.value, depth + 1);
    }
    text += "}";
    return;
  }
  case Tag::variant:
    add("case " + std::to_string(value.caseIndex()));
    return value.items().empty() ? void() : items(value.items(), '(', ')', depth);
  case Tag::duration:
    return add(base::durationText(value.asDurationNs()));
  case Tag::size:
    return add(base::sizeText(value.asSizeBytes()));
  case Tag::money:
    return add(base::moneyText(value.asMoneyNano()));
  case Tag::rng:
    return add("rng");
  case Tag::tensor: {
    TensorView tensor = value.asTensor();
    add(base::name(tensor.type));
    add("[");
    for (std::size_t i = 0; i < tensor.dims.size(); ++i)
      add((i ? ", " : "") + std::to_string(tensor.dims[i]));
    return add("]");
  }
  case Tag::function:
    add("function " + std::to_string(value.functionIndex()));
    return value.items().empty() ? void() : items(value.items(), '[', ']', depth);
  case Tag::agent:
    add((value.agentKind() == AgentKind::member ? "member " : "block ") + std::to_string(value.agentIndex()));
    return value.items().empty() ? void() : items(value.items(), '[', ']', depth);
  case Tag::file:
    return add("file " + std::string(value.asFile().name));
  case Tag::blob:
    return add("blob of " + base::sizeText(value.asBlob().sizeBytes));
  case Tag::state:
    return add("state of gang " + std::to_string(value.asState().gang));
  }
}

class Printer {
public:
  Printer(std::span<const std::uint32_t> words, const Program &program) : words(words), program(program) {}

  std::string run() {
    for (std::size_t at = 0; at < words.size();)
      at += instruction(at);
    return std::move(out);
  }

private:
  std::string operand(std::uint32_t word) {
    if (!(word & constantBit))
      return "r" + std::to_string(word);
    std::uint32_t index = word & ~constantBit;
    return index < program.consts.size() ? shownValue(program.consts[index]) : "?constant " + std::to_string(index);
  }
  std::string operands(std::size_t at, std::uint32_t count) {
    std::string text;
    for (std::uint32_t i = 0; i < count; ++i)
      text += (i ? ", " : " ") + operand(words[at + i]);
    return text;
  }
  std::string function(std::uint32_t index) {
    return index < program.functions.size() ? std::string(program.functions[index].name)
                                            : "?function " + std::to_string(index);
  }
  std::string type(std::uint32_t id) {
    return program.types && id < program.types->size() ? program.types->text(id) : "?type " + std::to_string(id);
  }

  std::size_t instruction(std::size_t at) {
    std::uint32_t word = words[at], count = countIn(word);
    std::string place = std::to_string(at);
    out.append(place.size() < 5 ? 5 - place.size() : 0, ' ').append(place).append("  ");
    const WordsShape *shape = shapeOf(opcodeIn(word));
    std::size_t size = shape ? 1 + shape->immediates + count : 0;
    if (!shape || size > words.size() - at) {
      out += "?word " + std::to_string(word) + "\n";
      return 1;
    }
    if (shape->writes)
      out += "r" + std::to_string(dstIn(word)) + " = ";
    std::uint32_t first = shape->immediates ? words[at + 1] : 0;
    std::string rest = operands(at + 1 + shape->immediates, count);
    out +=
        text(static_cast<Opcode>(opcodeIn(word)), shape->name, first, shape->immediates > 1 ? words[at + 2] : 0, rest) +
        "\n";
    return size;
  }

  std::string text(Opcode opcode, std::string_view name, std::uint32_t first, std::uint32_t second,
                   const std::string &rest) {
    std::string called(name);
    switch (opcode) {
    case Opcode::builtin: {
      const BuiltinInfo *info = builtinInfo(first);
      return (info ? std::string(info->name) : "?builtin " + std::to_string(first)) + rest;
    }
    case Opcode::jump:
    case Opcode::jumpUnless:
      return called + rest + " -> " + std::to_string(first);
    case Opcode::field:
    case Opcode::caseField:
      return called + rest + " ." + std::to_string(first);
    case Opcode::withField:
      return called + " ." + std::to_string(first) + rest;
    case Opcode::variant:
      return called + " case " + std::to_string(first) + rest;
    case Opcode::closure:
    case Opcode::callFunction:
      return called + " " + function(first) + (rest.empty() ? "" : ":" + rest);
    case Opcode::text:
    case Opcode::toJson:
    case Opcode::check:
      return called + " <" + type(first) + ">" + rest;
    case Opcode::parse:
      return called + " <" + type(first & parseTypeMask) + ">" +
             (first & parseDropsUnknown ? " dropping unknown" : "") + (first & parseOfJson ? " of json" : "") + rest;
    case Opcode::fail:
      return called + " " +
             (first < base::failKindCount ? base::name(static_cast<FailKind>(first))
                                          : "?kind " + std::to_string(first)) +
             rest;
    case Opcode::bindAgent:
      return called + (first == 0 ? " member " : " block ") + std::to_string(second) + rest;
    case Opcode::rngSplit:
      return called + " site " + std::to_string(first) + rest;
    default:
      return called + rest;
    }
  }

  std::span<const std::uint32_t> words;
  const Program &program;
  std::string out;
};

} // namespace

std::string printWords(std::span<const std::uint32_t> words, const Program &program) {
  return Printer(words, program).run();
}

std::string shownValue(const Value &value, std::size_t mostBytes) {
  Shown shown(mostBytes);
  shown.value(value, 0);
  return std::move(shown.text);
}

} // namespace weft::value
