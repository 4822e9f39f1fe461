//===- NodeFlags.h - What the bits of Node.flags say ----------------------===//
//
// Bits belong to the op: one bit means another thing on another op.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace weft::plan {

/// fail: the operand is an error record that is raised again as it was.
inline constexpr std::uint8_t raisesAgain = 1;
/// fold: the body is associative, and neighbours are combined as a tree.
inline constexpr std::uint8_t foldsAsTree = 1;
/// scope, in a test: what is emitted in the body stays in it, and is what the step gives in place of the body's value.
inline constexpr std::uint8_t givesEmitted = 1;
/// call: it may go in one request with others of its member and policy that are ready with it.
inline constexpr std::uint8_t goesWithOthers = 1;
/// once, get: the cell has a value for each key that it is asked with.
inline constexpr std::uint8_t byKey = 1;

} // namespace weft::plan
