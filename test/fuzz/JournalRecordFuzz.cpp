//===- JournalRecordFuzz.cpp - Any bytes as a record ----------------------===//
//
// For libFuzzer: what is decoded is encoded to the same bytes. The checksum is
// made anew, or no input would come past it.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/Record.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  base::ConstBytes input(reinterpret_cast<const std::byte *>(bytes), size);
  base::Bytes record(input.begin(), input.end());
  if (record.size() >= journal::recordHeaderBytes)
    journal::seal(record, size, size / 2, 1);
  for (base::ConstBytes encoded : {input, base::ConstBytes(record)}) {
    auto decoded = journal::decode(encoded);
    if (!decoded)
      continue;
    base::Bytes again;
    journal::encode(*decoded, again);
    if (!std::equal(again.begin(), again.end(), encoded.begin(), encoded.end()))
      std::abort();
  }
  return 0;
}
