//===- Encoding.h - Values as bytes ---------------------------------------===//
//
// Constants of plans, bodies of journal records, saved frames and wire messages
// are in this form. It describes itself (no type table is needed to read it)
// and is canonical: equal values give equal bytes, and bytes that the encoder
// would not have written are refused.
//
// Version 1: one byte 0x01, then a value: one byte tag, then
//   bool u8 · int, duration, size, money zigzag varint · float 8 bytes ·
//   string, bytes length, bytes · list, record count, values ·
//   map count, (key, value)… keys ascending · variant case, count, values ·
//   rng key 8 bytes, stream 4 · tensor dtype u8, rank u8, sizes, data ·
//   function index, count, values · agent kind u8, index, count, values ·
//   file name, media, digest 32 bytes · blob digest, size · state gang, digest
// Lengths, counts and sizes are shortest varints (LEB128); numbers little-endian.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/value/Value.h"

namespace weft::value {

inline constexpr std::uint8_t encodingVersion = 1;

/// Appends the encoding, version byte first. The value's depth must be within Limits.h's maxEncodedDepth: values within
/// `beyondLimits` are, and records that wrap them. One pass, no allocation but for `out`'s growth.
void encode(const Value &value, base::Bytes &out);
base::Bytes encoded(const Value &value);

/// Bytes that `encode` appends.
std::uint64_t encodedBytes(const Value &value);

/// Reads exactly all of `bytes`. Never reads outside them, never allocates more than a small multiple of their size.
/// Errors: `corrupt` with the offset and what was expected; `unsupported` for another version; `limit` for nesting.
base::Result<Value> decode(base::ConstBytes bytes);

/// SHA-256 of the encoding: names a value across runs and machines.
base::Digest digestOf(const Value &value);

} // namespace weft::value
