//===- RecordingFuzz.cpp - Any bytes as a recording of calls --------------===//
//
// For libFuzzer: what is read is written, and what is written reads back and is
// written the same.
//
//===----------------------------------------------------------------------===//

#include "runtime/cli/testing/Recording.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  auto recording = weft::cli::Recording::read({reinterpret_cast<const char *>(bytes), size});
  if (!recording)
    return recording.error().message.empty() ? std::abort(), 0 : 0;
  std::string text = recording->text();
  auto again = weft::cli::Recording::read(text);
  if (!again || again->text() != text)
    std::abort();
  return 0;
}
