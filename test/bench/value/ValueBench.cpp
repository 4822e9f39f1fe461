//===- ValueBench.cpp - What values and words cost ------------------------===//
//
// Prints nanoseconds per operation; figures per item say how many instructions,
// bytes or items one iteration has. Bounds: an uncontended atomic increment and
// decrement (about 10 ns on x86) for copies, memory bandwidth for encodings.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Builders.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"
#include "runtime/value/WordsBuilder.h"

#include <benchmark/benchmark.h>

namespace weft::value {
namespace {

void copyInline(benchmark::State &state) {
  Value value = Value::text("twelve bytes");
  for (auto _ : state) {
    Value copy = value;
    benchmark::DoNotOptimize(copy);
  }
}

void copyCounted(benchmark::State &state) {
  Value value = Value::text("thirteen bytes");
  for (auto _ : state) {
    Value copy = value;
    benchmark::DoNotOptimize(copy);
  }
}

/// r0 counts to 1000: compare, jump, add, add, jump.
void loopOfInts(benchmark::State &state) {
  WordsBuilder w;
  auto start = w.label(), end = w.label();
  w.bind(start);
  w.builtin(Builtin::lt, 1, {reg(0), constant(0)});
  w.jumpUnless(end, reg(1));
  w.builtin(Builtin::add, 0, {reg(0), constant(1)});
  w.builtin(Builtin::add, 2, {reg(2), reg(0)});
  w.jump(start);
  w.bind(end);
  auto words = w.finish();
  std::vector<Value> consts{Value::integer(1000), Value::integer(1)}, registers(3);
  TypeTable types;
  Evaluator evaluator({consts, {}, &types});
  for (auto _ : state) {
    registers[0] = registers[2] = Value::integer(0);
    std::uint64_t fuel = 1'000'000;
    if (evaluator.run(words, registers, fuel))
      state.SkipWithError("failed");
  }
  state.SetItemsProcessed(state.iterations() * 5000);
}

/// xs.map(|x| x * 3).filter(|x| x % 2 == 0) over a thousand ints.
void mapAndFilter(benchmark::State &state) {
  WordsBuilder times, even, w;
  times.builtin(Builtin::mul, 1, {reg(0), constant(0)});
  times.return_(reg(1));
  even.builtin(Builtin::remainder, 1, {reg(0), constant(1)});
  even.builtin(Builtin::eq, 1, {reg(1), constant(2)});
  even.return_(reg(1));
  auto timesWords = times.finish(), evenWords = even.finish();
  std::vector<Function> functions{{"times", 1, 0, 2, timesWords}, {"even", 1, 0, 2, evenWords}};
  w.closure(1, 0, {});
  w.closure(2, 1, {});
  w.builtin(Builtin::map, 3, {reg(0), reg(1)});
  w.builtin(Builtin::filter, 3, {reg(3), reg(2)});
  auto words = w.finish();
  ListBuilder list(1000);
  for (int i = 0; i < 1000; ++i)
    list.add(Value::integer(i));
  std::vector<Value> consts{Value::integer(3), Value::integer(2), Value::integer(0)}, registers(4);
  registers[0] = std::move(list).list();
  TypeTable types;
  Evaluator evaluator({consts, functions, &types});
  for (auto _ : state) {
    std::uint64_t fuel = 1'000'000;
    if (evaluator.run(words, registers, fuel))
      state.SkipWithError("failed");
  }
  state.SetItemsProcessed(state.iterations() * 2000);
}

/// "note ${i}: ${text}"
void interpolation(benchmark::State &state) {
  TypeTable types;
  TypeId integer = types.simple(TypeKind::integer);
  WordsBuilder w;
  w.text(1, integer, reg(0));
  w.builtin(Builtin::concat, 2, {constant(0), reg(1), constant(1), constant(2)});
  auto words = w.finish();
  std::vector<Value> consts{Value::text("note "), Value::text(": "), Value::text("a text of more than twelve bytes")};
  std::vector<Value> registers(3);
  registers[0] = Value::integer(42);
  Evaluator evaluator({consts, {}, &types});
  for (auto _ : state) {
    std::uint64_t fuel = 1000;
    if (evaluator.run(words, registers, fuel))
      state.SkipWithError("failed");
  }
}

struct Notes {
  TypeTable types;
  TypeId string = types.simple(TypeKind::string);
  TypeId note = types.record("Note", {{"title", string, -1, "", ""},
                                      {"score", types.simple(TypeKind::real), -1, "", ""},
                                      {"points", types.list(string), -1, "", ""}});
  TypeId notes = types.list(note);
  Value value;
  Notes() {
    ListBuilder list;
    for (int i = 0; i < 100; ++i) {
      Value points = Value::list({Value::text("The first point of this note."), Value::text("And the second one.")});
      list.add(Value::record({Value::text("note " + std::to_string(i)), Value::real(i / 7.0), points}));
    }
    value = std::move(list).list();
  }
};

void writeJson(benchmark::State &state) {
  Notes notes;
  std::string out;
  for (auto _ : state) {
    out.clear();
    if (!toJson(notes.value, notes.notes, notes.types, out))
      state.SkipWithError("failed");
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void readJson(benchmark::State &state) {
  Notes notes;
  std::string text = *toJson(notes.value, notes.notes, notes.types);
  for (auto _ : state)
    if (!fromJson(text, notes.notes, notes.types))
      state.SkipWithError("failed");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}

void encodeValue(benchmark::State &state) {
  Notes notes;
  base::Bytes out;
  for (auto _ : state) {
    out.clear();
    encode(notes.value, out);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(out.size()));
}

void decodeValue(benchmark::State &state) {
  Notes notes;
  base::Bytes bytes = encoded(notes.value);
  for (auto _ : state)
    if (!decode(bytes))
      state.SkipWithError("failed");
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes.size()));
}

BENCHMARK(copyInline);
BENCHMARK(copyCounted);
BENCHMARK(loopOfInts);
BENCHMARK(mapAndFilter);
BENCHMARK(interpolation);
BENCHMARK(writeJson);
BENCHMARK(readJson);
BENCHMARK(encodeValue);
BENCHMARK(decodeValue);

} // namespace
} // namespace weft::value

BENCHMARK_MAIN();
