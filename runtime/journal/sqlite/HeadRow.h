//===- HeadRow.h - Bytes of a run's head ----------------------------------===//
#pragma once

#include "runtime/journal/Journal.h"

namespace weft::journal {

/// Replaces `out`. Version 1, little-endian: checksum u32 (CRC-32C of the rest), version u16, state u8, zero u8, run,
/// first lsn u64, last lsn u64, updated i64, wake i64, plan digest, name (the rest).
void encodeHead(const RunHead &head, base::Bytes &out);

/// Errors: `corrupt`, `unsupported`.
base::Result<RunHead> decodeHead(base::ConstBytes encoded);

/// A run as a key: 16 bytes, big-endian, so that keys sort as runs do.
std::array<std::byte, 16> keyOf(RunId run);

} // namespace weft::journal
