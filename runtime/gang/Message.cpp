//===- Message.cpp - What coordinator and members tell each other ---------===//

#include "runtime/gang/Message.h"

#include "runtime/base/LittleEndian.h"
#include "runtime/io/Storage.h"

#include <algorithm>
#include <bit>

namespace weft::gang {
namespace {

base::Error malformed(const char *what, std::size_t bytes) {
  return base::error(base::Code::corrupt,
                     std::string("a ") + what + " message of " + std::to_string(bytes) + " bytes is malformed");
}

void append(base::Bytes &out, base::ConstBytes bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); }

} // namespace

base::Bytes encodedHello(membership::MemberId member, base::ConstBytes planDigest) {
  base::Bytes out;
  base::append(out, member);
  append(out, planDigest);
  return out;
}

base::Result<membership::MemberId> decodeHello(base::ConstBytes payload, base::ConstBytes planDigest) {
  base::Reader reader(payload);
  auto member = reader.take<std::uint64_t>();
  base::ConstBytes digest = reader.take(planDigest.size());
  if (!reader.exact())
    return malformed("hello", payload.size());
  if (!std::equal(digest.begin(), digest.end(), planDigest.begin(), planDigest.end()))
    return base::error(base::Code::stale, "member " + std::to_string(member) + " has another plan");
  return member;
}

base::Bytes encodedRole(const RoleMessage &role) {
  base::Bytes out;
  base::append(out, role.gang);
  base::append(out, role.slot);
  append(out, membership::encoded(role.view));
  return out;
}

base::Result<RoleMessage> decodeRole(base::ConstBytes payload) {
  base::Reader reader(payload);
  RoleMessage role;
  role.gang = reader.take<std::uint32_t>();
  role.slot = reader.take<std::uint32_t>();
  auto view = membership::decodeView(reader.take(reader.left()));
  if (!view)
    return std::move(view).error();
  role.view = *std::move(view);
  if (role.slot >= role.view.slots.size())
    return malformed("role", payload.size());
  return role;
}

base::Bytes encodedPiece(std::uint32_t port, std::uint64_t offset, base::ConstBytes bytes) {
  base::Bytes out;
  out.reserve(12 + bytes.size());
  base::append(out, port);
  base::append(out, offset);
  append(out, bytes);
  return out;
}

base::Result<PieceMessage> decodePiece(base::ConstBytes payload) {
  base::Reader reader(payload);
  PieceMessage piece;
  piece.port = reader.take<std::uint32_t>();
  piece.offset = reader.take<std::uint64_t>();
  if (!reader.ok())
    return malformed("piece", payload.size());
  piece.bytes = reader.take(reader.left());
  return piece;
}

base::Bytes encodedStep(std::uint64_t step) {
  base::Bytes out;
  base::append(out, step);
  return out;
}

base::Result<std::uint64_t> decodeStep(base::ConstBytes payload) {
  base::Reader reader(payload);
  auto step = reader.take<std::uint64_t>();
  if (!reader.exact())
    return malformed("step", payload.size());
  return step;
}

base::Bytes encodedSave(const SaveMessage &save) {
  base::Bytes out = encodedStep(save.step);
  base::append(out, save.port);
  append(out, base::bytesOf(save.file));
  return out;
}

base::Result<SaveMessage> decodeSave(base::ConstBytes payload) {
  base::Reader reader(payload);
  SaveMessage save;
  save.step = reader.take<std::uint64_t>();
  save.port = reader.take<std::uint32_t>();
  save.file = std::string(base::textOf(reader.take(reader.left())));
  if (!reader.ok() || !io::isFileName(save.file))
    return malformed("save", payload.size());
  return save;
}

base::Bytes encodedSaved(const SavedMessage &saved) {
  base::Bytes out = encodedStep(saved.step);
  base::append(out, saved.port);
  base::append(out, saved.sizeBytes);
  append(out, std::as_bytes(std::span(saved.digest.bytes)));
  return out;
}

base::Result<SavedMessage> decodeSaved(base::ConstBytes payload) {
  base::Reader reader(payload);
  SavedMessage saved;
  saved.step = reader.take<std::uint64_t>();
  saved.port = reader.take<std::uint32_t>();
  saved.sizeBytes = reader.take<std::uint64_t>();
  base::ConstBytes digest = reader.take(saved.digest.bytes.size());
  if (!reader.exact())
    return malformed("saved", payload.size());
  for (std::size_t i = 0; i < digest.size(); ++i)
    saved.digest.bytes[i] = static_cast<std::uint8_t>(digest[i]);
  return saved;
}

base::Bytes encodedProgress(std::span<const StepReport> reports) {
  WEFT_ASSERT(reports.size() <= maxReportsInFrame);
  base::Bytes out;
  base::append(out, static_cast<std::uint32_t>(reports.size()));
  for (const StepReport &one : reports) {
    base::append(out, one.step);
    base::append(out, static_cast<std::uint8_t>(one.evaluation));
    base::append(out, static_cast<std::uint8_t>(one.values.size()));
    for (const StepReport::Value &value : one.values) {
      base::append(out, value.report);
      base::append(out, std::bit_cast<std::uint32_t>(value.value));
    }
  }
  return out;
}

base::Result<std::vector<StepReport>> decodeProgress(base::ConstBytes payload) {
  base::Reader reader(payload);
  auto count = reader.take<std::uint32_t>();
  std::vector<StepReport> reports;
  for (std::uint32_t at = 0; at < count && reader.ok(); ++at) {
    StepReport &one = reports.emplace_back();
    one.step = reader.take<std::uint64_t>();
    auto evaluation = reader.take<std::uint8_t>(), values = reader.take<std::uint8_t>();
    if (evaluation > 1)
      return malformed("progress", payload.size());
    one.evaluation = evaluation == 1;
    for (std::uint8_t value = 0; value < values && reader.ok(); ++value) {
      auto report = reader.take<std::uint32_t>();
      one.values.push_back({report, std::bit_cast<float>(reader.take<std::uint32_t>())});
    }
  }
  if (!reader.exact() || count > maxReportsInFrame)
    return malformed("progress", payload.size());
  return reports;
}

} // namespace weft::gang
