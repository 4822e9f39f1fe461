//===- RecordBodyFuzz.cpp - Any bytes as what a record says ---------------===//
//
// For libFuzzer: the first byte chooses the record's kind, the rest is its body. What is
// decoded, written and decoded again is written the same way; its value loads or
// is refused with a message.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"

#include <cstdlib>

using namespace weft;

namespace {

base::Bytes written(const frame::Body &body) {
  base::Bytes out;
  std::visit([&](const auto &one) { frame::encode(one, out); }, body);
  return out;
}

void loadValue(const frame::StoredValue &stored) {
  auto value = frame::load(stored, {});
  if (!value && value.error().message.empty())
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  if (size < 1)
    return 0;
  journal::Record record;
  record.kind = static_cast<journal::RecordKind>(1 + bytes[0] % 9); // a record of another kind is refused before
  const auto *first = reinterpret_cast<const std::byte *>(bytes);
  record.body.assign(first + 1, first + size);
  auto body = frame::decodeBody(record.kind, record.body);
  if (!body)
    return body.error().message.empty() ? std::abort(), 0 : 0;
  base::Bytes once = written(*body);
  auto again = frame::decodeBody(record.kind, once);
  if (!again || written(*again) != once)
    std::abort();
  frame::blobOf(record);
  if (auto *started = std::get_if<frame::RunStartedBody>(&*body))
    loadValue(started->args);
  if (auto *outcome = std::get_if<frame::OutcomeBody>(&*body))
    loadValue(outcome->value);
  if (auto *signal = std::get_if<frame::SignalBody>(&*body))
    loadValue(signal->value);
  if (auto *ended = std::get_if<frame::RunEndedBody>(&*body))
    loadValue(ended->value);
  return 0;
}
