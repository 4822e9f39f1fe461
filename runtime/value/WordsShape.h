//===- WordsShape.h - What each instruction looks like --------------------===//
//
// One row per opcode, for the checker, the printer and the builder.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Words.h"

namespace weft::value {

struct WordsShape {
  std::string_view name;
  std::uint8_t immediates = 0;
  std::uint8_t fewest = 0, most = 0; ///< Operands.
  bool writes = true;                ///< Has a dst.
};

/// Null for a number that is no opcode.
const WordsShape *shapeOf(std::uint32_t opcode);

/// The parts of an instruction's first word.
inline std::uint32_t opcodeIn(std::uint32_t word) { return word & 0xff; }
inline std::uint32_t countIn(std::uint32_t word) { return word >> 8 & 0xff; }
inline std::uint32_t dstIn(std::uint32_t word) { return word >> 16; }

} // namespace weft::value
