//===- WordsWriter.cpp - Pure ops as instruction words --------------------===//

#include "compiler/lowering/FlowToPlan/WordsWriter.h"

#include "dialects/flow/Flow.h"
#include "runtime/base/Failure.h"

#include "mlir/IR/Matchers.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace weft::lowering {
namespace {

using value::Opcode;
using value::Operand;

base::FailKind failKindOf(StringRef name) {
  for (std::uint8_t kind = 0; kind < base::failKindCount; ++kind)
    if (name == base::name(static_cast<base::FailKind>(kind)))
      return static_cast<base::FailKind>(kind);
  WEFT_UNREACHABLE(); // The verifier of expr.fail has seen it.
}

} // namespace

Value underName(Value value) {
  while (auto as = value.getDefiningOp<expr::AsOp>())
    value = as.getValue();
  return value;
}

bool isRegister(Value value) {
  value = underName(value);
  return !value.getDefiningOp<expr::ConstantOp>() && !value.getDefiningOp<expr::SchemaOp>() &&
         !value.getDefiningOp<expr::FailOp>();
}

Operand WordsWriter::operand(Value value) {
  value = underName(value);
  if (auto schema = value.getDefiningOp<expr::SchemaOp>())
    return value::constant(pools.schema(schema.getOf()));
  if (auto constant = value.getDefiningOp<expr::ConstantOp>())
    return value::constant(pools.constant(constant.getValue(), constant.getType()));
  if (value.getDefiningOp<expr::FailOp>()) // Nobody gets here; what is read must have been written all the same.
    return integer(0);
  return value::reg(registers.places.lookup(value));
}

std::vector<Operand> WordsWriter::operands(ValueRange values) {
  std::vector<Operand> list;
  for (Value value : values)
    list.push_back(operand(value));
  return list;
}

std::uint32_t WordsWriter::inRegister(Value value) {
  value = underName(value);
  if (isRegister(value))
    return registers.places.lookup(value);
  std::uint32_t place = registers.next++;
  words.move(place, operand(value));
  return place;
}

Operand WordsWriter::integer(std::int64_t value) { return value::constant(pools.integer(value)); }

std::pair<std::uint32_t, std::uint32_t> WordsWriter::splitStep(Value step) {
  std::uint32_t index = registers.next++, stops = registers.next++, value = registers.next++;
  Operand whole = operand(step);
  words.add(Opcode::caseIndex, index, {}, {whole});
  words.builtin(value::Builtin::eq, stops, {value::reg(index), integer(1)});
  words.add(Opcode::caseField, value, {0}, {whole});
  return {stops, value};
}

std::uint32_t WordsWriter::selector(Value value) {
  if (!expr::isKind(value.getType(), expr::Kind::boolean))
    return inRegister(value);
  std::uint32_t place = registers.next++;
  auto other = words.label(), end = words.label();
  words.jumpUnless(other, operand(value));
  words.move(place, integer(0));
  words.jump(end);
  words.bind(other);
  words.move(place, integer(1));
  words.bind(end);
  return place;
}

void WordsWriter::write(Operation *op) {
  if (isa<expr::ConstantOp, expr::SchemaOp, expr::AsOp, expr::YieldOp>(op))
    return;
  if (isa<expr::LambdaOp>(op))
    return lambda(op);
  if (isa<expr::FormatOp>(op))
    return format(op);
  if (isa<expr::LoopOp>(op))
    return loop(op);
  if (auto choice = dyn_cast<expr::SwitchOp>(op))
    return arms(op, operand(choice.getSelector()), expr::isKind(choice.getSelector().getType(), expr::Kind::boolean));
  std::vector<Operand> inputs = operands(op->getOperands());
  std::uint32_t dst = registers.add(op->getResult(0));
  if (isa<expr::BuiltinOp, expr::ApplyOp, expr::CallOp, expr::CheckOp, expr::ToJsonOp, expr::ParseOp, expr::FailOp>(op))
    places.push_back({words.size(), op->getLoc()});
  llvm::TypeSwitch<Operation *>(op)
      .Case([&](expr::BuiltinOp call) { words.builtin(*value::builtinNamed(call.getName()), dst, inputs); })
      .Case([&](expr::RecordOp) { words.add(Opcode::record, dst, {}, inputs); })
      .Case([&](expr::ListOp) { list(dst, inputs); })
      .Case([&](expr::MapOp) { words.add(Opcode::map, dst, {}, inputs); })
      .Case([&](expr::VariantOp made) { words.add(Opcode::variant, dst, {made.getIndex()}, inputs); })
      .Case([&](flow::MakeStepOp step) { words.add(Opcode::variant, dst, {step.getBreaks() ? 1u : 0u}, inputs); })
      .Case([&](expr::FieldOp field) { words.add(Opcode::field, dst, {field.getIndex()}, inputs); })
      .Case([&](expr::WithFieldOp with) { words.add(Opcode::withField, dst, {with.getIndex()}, inputs); })
      // An optional is none or the value itself, which may be a sum with cases of its own.
      .Case([&](expr::CaseIndexOp index) {
        bool optional = expr::isKind(index.getValue().getType(), expr::Kind::optional);
        words.add(optional ? Opcode::isSome : Opcode::caseIndex, dst, {}, inputs);
      })
      .Case([&](expr::CaseFieldOp field) {
        if (expr::isKind(field.getValue().getType(), expr::Kind::optional))
          words.move(dst, inputs[0]);
        else
          words.add(Opcode::caseField, dst, {field.getIndex()}, inputs);
      })
      .Case([&](expr::ApplyOp) { words.apply(dst, inputs); })
      .Case([&](expr::CallOp call) { words.callFunction(dst, pools.function(call.getCallee()), inputs); })
      .Case([&](expr::CheckOp check) { words.check(dst, pools.type(check.getAs()), inputs[0]); })
      .Case([&](expr::ToJsonOp json) { words.toJson(dst, pools.type(json.getValue().getType()), inputs[0]); })
      .Case([&](expr::ParseOp parse) {
        std::uint32_t flags = 0;
        if (parse.getOfJson())
          flags |= value::parseOfJson;
        if (parse.getDropsUnknown())
          flags |= value::parseDropsUnknown;
        auto parsed = cast<expr::ValueType>(parse.getResult().getType());
        words.parse(dst, pools.type(parsed.getElements()[0]), inputs[0], flags);
      })
      .Case([&](expr::FailOp fail) { words.fail(failKindOf(fail.getKind()), inputs[0]); })
      .Default([](Operation *) { WEFT_UNREACHABLE(); });
}

/// A list of more items than an instruction holds is joined of shorter ones.
void WordsWriter::list(std::uint32_t dst, std::span<const Operand> items) {
  std::size_t first = std::min<std::size_t>(items.size(), value::maxOperands);
  std::uint32_t joined = first == items.size() ? dst : registers.next++;
  words.add(Opcode::list, joined, {}, items.first(first));
  for (std::size_t at = first; at < items.size();) {
    std::size_t count = std::min<std::size_t>(items.size() - at, value::maxOperands);
    std::uint32_t more = registers.next++, sum = at + count == items.size() ? dst : registers.next++;
    words.add(Opcode::list, more, {}, items.subspan(at, count));
    words.builtin(value::Builtin::add, sum, {value::reg(joined), value::reg(more)});
    joined = sum;
    at += count;
  }
}

/// Text of each hole by its type, then all pieces joined at once.
void WordsWriter::format(Operation *op) {
  auto format = cast<expr::FormatOp>(op);
  std::vector<Operand> parts;
  auto flush = [&] {
    std::uint32_t joined = registers.next++;
    words.builtin(value::Builtin::concat, joined, parts);
    parts = {value::reg(joined)};
  };
  auto add = [&](Operand part) {
    if (parts.size() == maxPieces)
      flush();
    parts.push_back(part);
  };
  auto type = expr::simple(op->getContext(), expr::Kind::string);
  for (auto [index, piece] : llvm::enumerate(format.getPieces().getAsRange<StringAttr>())) {
    if (!piece.empty())
      add(value::constant(pools.constant(piece, type)));
    if (index == format.getHoles().size())
      break;
    Value hole = format.getHoles()[index];
    if (expr::isKind(hole.getType(), expr::Kind::string)) {
      add(operand(hole));
      continue;
    }
    std::uint32_t text = registers.next++;
    words.text(text, pools.type(hole.getType()), operand(hole));
    add(value::reg(text));
  }
  words.builtin(value::Builtin::concat, registers.add(format.getResult()), parts);
}

void WordsWriter::arm(Region &region, std::uint32_t result) {
  for (Operation &op : region.front().without_terminator())
    write(&op);
  words.move(result, operand(cast<expr::YieldOp>(region.front().getTerminator()).getValue()));
}

void WordsWriter::arms(Operation *op, Operand selector, bool boolean) {
  std::uint32_t result = registers.add(op->getResult(0));
  auto end = words.label();
  unsigned last = op->getNumRegions() - 1;
  for (unsigned index = 0; index < last; ++index) {
    auto next = words.label();
    Operand chosen = selector;
    if (!boolean) {
      std::uint32_t equal = registers.next++;
      words.builtin(value::Builtin::eq, equal, {selector, integer(index)});
      chosen = value::reg(equal);
    }
    words.jumpUnless(next, chosen);
    arm(op->getRegion(index), result);
    words.jump(end);
    words.bind(next);
  }
  arm(op->getRegion(last), result);
  words.bind(end);
}

/// Rounds are counted before they begin; what one ends with is moved to where the next finds it.
void WordsWriter::loop(Operation *op) {
  auto loop = cast<expr::LoopOp>(op);
  Operand init = operand(loop.getInit()), max = operand(loop.getMax());
  Block &body = loop.getBody().front();
  std::uint32_t result = registers.add(loop.getResult()), carried = registers.add(body.getArgument(0));
  std::uint32_t count = registers.next++, more = registers.next++;
  auto round = words.label(), next = words.label(), out = words.label(), end = words.label();
  words.move(carried, init);
  words.move(count, integer(0));
  words.bind(round);
  words.builtin(value::Builtin::lt, more, {value::reg(count), max});
  words.jumpUnless(out, value::reg(more));
  words.builtin(value::Builtin::add, count, {value::reg(count), integer(1)});
  for (Operation &one : body.without_terminator())
    write(&one);
  auto [stops, ended] = splitStep(cast<expr::YieldOp>(body.getTerminator()).getValue());
  words.jumpUnless(next, value::reg(stops));
  words.move(result, value::reg(ended));
  words.jump(end);
  words.bind(next);
  words.move(carried, value::reg(ended));
  words.jump(round);
  words.bind(out);
  arm(loop.getOtherwise(), result);
  words.bind(end);
}

/// The body becomes a function of its own: parameters, then what it uses of outside.
void WordsWriter::lambda(Operation *op) {
  llvm::SetVector<Value> used;
  getUsedValuesDefinedAbove(op->getRegions(), used);
  Registers inner;
  Block &body = op->getRegion(0).front();
  for (Value argument : body.getArguments())
    inner.add(argument);
  std::vector<Operand> captures;
  for (Value value : used)
    if (isRegister(value)) {
      captures.push_back(operand(value));
      inner.add(underName(value));
    }
  auto made = std::make_unique<fb::FunctionT>();
  made->name = owner + ".lambda";
  made->params = body.getNumArguments();
  made->captures = static_cast<std::uint32_t>(captures.size());
  made->span = pools.span(op->getLoc());
  WordsWriter writer(pools, inner, made->name);
  for (Operation &one : body.without_terminator())
    writer.write(&one);
  writer.words.return_(writer.operand(cast<expr::YieldOp>(body.getTerminator()).getValue()));
  made->registers = inner.next;
  made->words = std::make_unique<fb::Range>(pools.addWords(writer.words.finish(), writer.places));
  std::uint32_t index = pools.addFunction(std::move(made));
  words.add(Opcode::closure, registers.add(op->getResult(0)), {index}, captures);
}

void writeFunction(Pools &pools, expr::FunctionOp function) {
  Registers registers;
  for (Value argument : function.getBody().getArguments())
    registers.add(argument);
  WordsWriter writer(pools, registers, function.getSymName());
  Block &body = function.getBody().front();
  for (Operation &op : body.without_terminator())
    writer.write(&op);
  writer.words.return_(writer.operand(cast<expr::YieldOp>(body.getTerminator()).getValue()));
  fb::FunctionT &made = *pools.plan.code->functions[pools.function(function.getSymName())];
  made.name = function.getSymName().str();
  made.params = function.getBody().getNumArguments();
  made.captures = 0;
  made.span = pools.span(function.getLoc());
  made.registers = registers.next;
  made.words = std::make_unique<fb::Range>(pools.addWords(writer.words.finish(), writer.places));
}

} // namespace weft::lowering
