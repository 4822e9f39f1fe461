//===- FrameFuzz.cpp - Any bytes on the wire ------------------------------===//
//
// For libFuzzer: the first byte says in which pieces the rest arrives, and
// whether checksums and numbers are made anew first. The frames that come out
// are the bytes that went in, however they were cut; after an error nothing
// more is taken.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Crc32c.h"
#include "runtime/transport/Frame.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>

using namespace weft;
using transport::frameHeaderBytes;

namespace {

void put(base::Bytes &stream, std::size_t at, std::uint64_t value, std::size_t bytes) {
  std::memcpy(stream.data() + at, &value, bytes);
}

/// Every whole frame of `stream` gets the number that is due and the checksums of what it holds.
void mend(base::Bytes &stream) {
  std::uint64_t number = 1;
  for (std::size_t at = 0; at + frameHeaderBytes <= stream.size(); ++number) {
    std::uint32_t size;
    std::memcpy(&size, stream.data() + at + 8, sizeof size);
    std::size_t left = stream.size() - at - frameHeaderBytes, payload = std::min<std::size_t>(size, left);
    put(stream, at + 24, number, 8);
    put(stream, at + 32, base::crc32c(base::ConstBytes(stream).subspan(at, 32)), 4);
    put(stream, at + 36, base::crc32c(base::ConstBytes(stream).subspan(at + frameHeaderBytes, payload)), 4);
    at += frameHeaderBytes + payload;
  }
}

/// What is decoded when `stream` comes in pieces of `piece` bytes, encoded again.
base::Bytes through(base::ConstBytes stream, std::size_t piece) {
  transport::FrameDecoder decoder;
  base::Bytes again;
  for (std::size_t at = 0; at < stream.size(); at += piece) {
    decoder.add(stream.subspan(at, std::min(piece, stream.size() - at)));
    for (;;) {
      auto next = decoder.next();
      if (!next)
        return next.error().message.empty() ? std::abort(), again : again;
      if (!*next)
        break;
      transport::encode(**next, again);
    }
  }
  return again;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  if (size < 1)
    return 0;
  const auto *first = reinterpret_cast<const std::byte *>(bytes);
  base::Bytes stream(first + 1, first + size);
  if (bytes[0] & 1)
    mend(stream);
  base::Bytes whole = through(stream, std::max<std::size_t>(stream.size(), 1));
  if (whole.size() > stream.size() || !std::equal(whole.begin(), whole.end(), stream.begin()))
    std::abort();
  if (through(stream, 1 + bytes[0] / 2) != whole)
    std::abort();
  return 0;
}
