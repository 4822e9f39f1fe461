//===- HeadFuzz.cpp - Any bytes as the head of a run ----------------------===//
//
// For libFuzzer: what is decoded is encoded to the same bytes. The checksum is
// made anew, or no input would come past it.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Crc32c.h"
#include "runtime/journal/sqlite/HeadRow.h"

#include <cstdlib>
#include <cstring>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  const auto *first = reinterpret_cast<const std::byte *>(bytes);
  base::Bytes head(first, first + size);
  if (size >= 4) {
    std::uint32_t checksum = base::crc32c(base::ConstBytes(head).subspan(4));
    std::memcpy(head.data(), &checksum, sizeof checksum);
  }
  auto decoded = journal::decodeHead(head);
  if (!decoded)
    return decoded.error().message.empty() ? std::abort(), 0 : 0;
  base::Bytes again;
  journal::encodeHead(*decoded, again);
  if (again != head)
    std::abort();
  return 0;
}
