//===- MessageFuzz.cpp - Any bytes as a message of a gang -----------------===//
//
// For libFuzzer: the first byte chooses the message. What is decoded is encoded
// to the same bytes; what is refused has a message.
//
//===----------------------------------------------------------------------===//

#include "runtime/gang/Message.h"

#include <algorithm>
#include <cstdlib>

using namespace weft;

namespace {

template <typename Decoded, typename Encode>
void expectSame(base::ConstBytes payload, const base::Result<Decoded> &decoded, Encode encode) {
  if (!decoded) {
    if (decoded.error().message.empty())
      std::abort();
    return;
  }
  base::Bytes again = encode(*decoded);
  if (!std::equal(again.begin(), again.end(), payload.begin(), payload.end()))
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  if (size < 1)
    return 0;
  base::ConstBytes payload(reinterpret_cast<const std::byte *>(bytes) + 1, size - 1);
  base::ConstBytes digest = payload.last(std::min<std::size_t>(payload.size(), 32));
  switch (bytes[0] % 8) {
  case 0:
    expectSame(payload, gang::decodeHello(payload, digest),
               [&](membership::MemberId member) { return gang::encodedHello(member, digest); });
    break;
  case 1:
    expectSame(payload, gang::decodeRole(payload), gang::encodedRole);
    break;
  case 2:
    expectSame(payload, gang::decodePiece(payload), [](const gang::PieceMessage &piece) {
      return gang::encodedPiece(piece.port, piece.offset, piece.bytes);
    });
    break;
  case 3:
    expectSame(payload, gang::decodeStep(payload), gang::encodedStep);
    break;
  case 4:
    expectSame(payload, gang::decodeSave(payload), gang::encodedSave);
    break;
  case 5:
    expectSame(payload, gang::decodeSaved(payload), gang::encodedSaved);
    break;
  case 6:
    expectSame(payload, gang::decodeProgress(payload),
               [](const std::vector<gang::StepReport> &reports) { return gang::encodedProgress(reports); });
    break;
  default:
    expectSame(payload, membership::decodeView(payload),
               [](const membership::View &view) { return membership::encoded(view); });
  }
  return 0;
}
