//===- WordsPrinter.h - Instruction words as text -------------------------===//
//
//      0  r2 = lt r0, 10
//      4  jump_unless r2 -> 9
//      7  return "small"
//      9  return r1
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Words.h"

#include <string>

namespace weft::value {

/// One line per instruction: the offset that jumps name, then the instruction. Constants stand as their values, types
/// and functions by name. Words that no checker has seen are printed as far as they can be read: what is wrong stands
/// as `?` with its number, so that a damaged plan can be looked at.
std::string printWords(std::span<const std::uint32_t> words, const Program &program);

/// A value without its type, on one line of at most about `mostBytes`: `{"a", [1, 2], 30s}`.
std::string shownValue(const Value &value, std::size_t mostBytes = 80);

} // namespace weft::value
