//===- Output.h - What goes to standard output ----------------------------===//
//
// A result that the disk did not take is a result that nobody has, so what is
// written is watched: the first write that fails is remembered, however much of
// it the C library had put aside.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <string>
#include <string_view>

namespace weft::cli {

/// Puts the text on standard output, as it is.
void put(std::string_view text);

/// Writes out what was put aside and says what kept standard output from taking all text so far. Empty: it took all, or
/// its reader had enough, which is no fault.
std::string outputTrouble();

/// On the screen: one column for each code point.
std::size_t columnsOf(std::string_view text);
/// The text, filled up with spaces to so many columns.
std::string padded(std::string_view text, std::size_t columns);

} // namespace weft::cli
