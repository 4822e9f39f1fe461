//===- WordsBuilder.cpp - Write instruction words -------------------------===//

#include "runtime/value/WordsBuilder.h"

#include "runtime/value/WordsShape.h"

namespace weft::value {

void WordsBuilder::add(Opcode opcode, std::uint32_t dst, std::initializer_list<std::uint32_t> immediates,
                       Operands operands) {
  const WordsShape *shape = shapeOf(static_cast<std::uint32_t>(opcode));
  WEFT_ASSERT(shape && immediates.size() == shape->immediates);
  WEFT_ASSERT(operands.size() >= shape->fewest && operands.size() <= shape->most && dst < maxRegisters);
  words.push_back(static_cast<std::uint32_t>(opcode) | static_cast<std::uint32_t>(operands.size()) << 8 | dst << 16);
  words.insert(words.end(), immediates.begin(), immediates.end());
  for (Operand operand : operands)
    words.push_back(operand.word);
}

WordsBuilder::Label WordsBuilder::label() {
  places.push_back(-1);
  return {static_cast<std::uint32_t>(places.size() - 1)};
}

void WordsBuilder::bind(Label label) {
  WEFT_ASSERT(label.id < places.size() && places[label.id] < 0);
  places[label.id] = static_cast<std::int64_t>(words.size());
}

void WordsBuilder::jump(Label target) {
  jumps.push_back({words.size() + 1, target.id});
  add(Opcode::jump, 0, {0}, Operands());
}

void WordsBuilder::jumpUnless(Label target, Operand condition) {
  jumps.push_back({words.size() + 1, target.id});
  add(Opcode::jumpUnless, 0, {0}, {condition});
}

std::vector<std::uint32_t> WordsBuilder::finish() {
  for (const Jump &jump : jumps) {
    WEFT_ASSERT(jump.label < places.size() && places[jump.label] >= 0);
    words[jump.word] = static_cast<std::uint32_t>(places[jump.label]);
  }
  jumps.clear();
  places.clear();
  return std::move(words);
}

} // namespace weft::value
