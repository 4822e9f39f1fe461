//===- CheckpointFuzz.cpp - Any bytes as a shard or a list of shards ------===//
//
// For libFuzzer: the first byte says which, and whether the checksums are made
// right first, so that what stands behind them is reached. What is read is
// written to the same bytes; what is refused has a message.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Crc32c.h"
#include "runtime/checkpoint/Manifest.h"

#include <algorithm>
#include <cstdlib>

using namespace weft;

namespace {

constexpr std::size_t headerBytesAt = 10, checksumBytes = 4; // runtime/checkpoint/Shard.h

/// The last four of the first `end` bytes become the checksum of those before.
void mend(base::Bytes &bytes, std::size_t end) {
  if (end >= checksumBytes && end <= bytes.size())
    base::store(bytes.data() + end - checksumBytes, base::crc32c(base::ConstBytes(bytes).first(end - checksumBytes)));
}

template <typename Read, typename Encode>
void expectSame(base::ConstBytes bytes, const base::Result<Read> &read, Encode encode) {
  if (!read) {
    if (read.error().message.empty())
      std::abort();
    return;
  }
  base::Bytes again = encode(*read);
  if (!std::equal(again.begin(), again.end(), bytes.begin(), bytes.end()))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *input, std::size_t size) {
  if (size < 1)
    return 0;
  const auto *first = reinterpret_cast<const std::byte *>(input);
  base::Bytes bytes(first + 1, first + size);
  bool mended = input[0] & 2;
  if (input[0] & 1) {
    if (mended && bytes.size() >= headerBytesAt + 4)
      mend(bytes, base::load<std::uint32_t>(bytes.data() + headerBytesAt));
    expectSame(bytes, checkpoint::readShard(bytes), [](const checkpoint::ReadShard &read) {
      if (read.shard.part.text().empty())
        std::abort();
      return checkpoint::encoded(read.shard, read.payload);
    });
    return 0;
  }
  if (mended)
    mend(bytes, bytes.size());
  expectSame(bytes, checkpoint::decodeManifest(bytes),
             [](const checkpoint::Manifest &manifest) { return checkpoint::encoded(manifest); });
  return 0;
}
