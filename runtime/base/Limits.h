//===- Limits.h - Every limit that no plan sets ---------------------------===//
//
// A limit is a named constant with its reason. Limits that belong to one part
// stand with that part; here are those that several parts share.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>

namespace weft::base {

/// Nesting of a value, of JSON text and of an encoding. Readers recurse, at most 1.5 KB of stack a level (a sum in
/// JSON): 512 levels stay below 1 MiB, an eighth of a thread's usual stack; documents in use nest less than 30.
inline constexpr std::uint32_t maxValueDepth = 512;

/// Nesting of an encoding: records wrap the values of programs in a few levels of their own.
inline constexpr std::uint32_t maxEncodedDepth = maxValueDepth + 8;

/// Bytes of one string or bytes value. Larger things are files; at this size one copy takes a tenth of a second.
inline constexpr std::uint64_t maxTextBytes = 256ull << 20;

/// One value with all that it holds, shared parts counted each time: bounds what comparing and printing cost.
inline constexpr std::uint64_t maxValueBytes = 1ull << 30;

/// Items of one list or entries of one map: 1 GiB of values.
inline constexpr std::uint64_t maxListItems = 64ull << 20;

/// Data of one tensor on one member. Offsets stay below 2^40 wherever they are multiplied by an element size.
inline constexpr std::uint64_t maxTensorBytes = 1ull << 40;

/// JSON text or an encoding read at once: what a model, a tool or a peer may send as one value.
inline constexpr std::uint64_t maxDocumentBytes = 1ull << 30;

/// Values above this many encoded bytes leave journal records and become content-addressed blobs: below, one more
/// SQLite page costs less than one more file.
inline constexpr std::uint64_t maxInlineBytes = 16ull << 10;

/// Activations of pure functions below each other. A `fn` does not recurse, so only closures that call closures nest.
inline constexpr std::uint32_t maxCallDepth = 128;

/// Fuel of one evaluation where a plan sets none: about a second of work.
inline constexpr std::uint64_t defaultFuel = 100'000'000;

} // namespace weft::base
