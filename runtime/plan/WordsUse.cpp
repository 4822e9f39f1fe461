//===- WordsUse.cpp - Which registers a node's words read and write -------===//

#include "runtime/plan/WordsUse.h"

#include "runtime/value/Words.h"

#include <set>

namespace weft::plan {
namespace {

using value::Opcode;

std::uint32_t immediatesOf(Opcode opcode) {
  switch (opcode) {
  case Opcode::bindAgent:
    return 2;
  case Opcode::move:
  case Opcode::record:
  case Opcode::list:
  case Opcode::caseIndex:
  case Opcode::apply:
  case Opcode::return_:
  case Opcode::map:
    return 0;
  default:
    return 1;
  }
}

bool writes(Opcode opcode) {
  return opcode != Opcode::jump && opcode != Opcode::jumpUnless && opcode != Opcode::fail && opcode != Opcode::return_;
}

} // namespace

WordsUse usesOf(std::span<const std::uint32_t> words) {
  std::set<std::uint32_t> read, written;
  for (std::size_t at = 0; at < words.size();) {
    auto opcode = static_cast<Opcode>(words[at] & 0xff);
    std::uint32_t count = words[at] >> 8 & 0xff, dst = words[at] >> 16;
    at += 1 + immediatesOf(opcode);
    for (std::uint32_t operand = 0; operand < count; ++operand, ++at)
      if (!(words[at] & value::constantBit) && !written.count(words[at]))
        read.insert(words[at]);
    if (writes(opcode))
      written.insert(dst);
  }
  return {{read.begin(), read.end()}, {written.begin(), written.end()}};
}

} // namespace weft::plan
