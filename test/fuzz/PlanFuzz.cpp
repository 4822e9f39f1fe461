//===- PlanFuzz.cpp - Any bytes as a plan ---------------------------------===//
//
// For libFuzzer: the input is a plan file. Its digest is made anew, so that the
// FlatBuffers verifier, the reader and PlanCheck alone stand between a byte and
// the machine. What they refuse has a message; what they accept can be walked,
// printed and sealed again.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanPrinter.h"
#include "runtime/plan/PlanReader.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  using namespace weft;
  base::ConstBytes input(reinterpret_cast<const std::byte *>(bytes), size);
  if (auto opened = plan::readPlan(base::Bytes(input.begin(), input.end())); !opened && opened.error().message.empty())
    std::abort();
  if (size < plan::headerBytes)
    return 0;
  auto read = plan::readPlan(plan::sealPlan(input.subspan(plan::headerBytes)));
  if (!read)
    return read.error().message.empty() ? std::abort(), 0 : 0;
  if (plan::printPlan(**read, {.words = true}).empty())
    std::abort();
  return 0;
}
