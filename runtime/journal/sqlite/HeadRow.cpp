//===- HeadRow.cpp - Bytes of a run's head --------------------------------===//

#include "runtime/journal/sqlite/HeadRow.h"

#include "runtime/base/Crc32c.h"

#include <cstring>

namespace weft::journal {
namespace {

constexpr std::uint16_t headVersion = 1;

/// As it lies on disk, before the name.
struct Fixed {
  std::uint32_t checksum;
  std::uint16_t version;
  std::uint8_t state, zero;
  std::uint64_t runHigh, runLow, firstLsn, lastLsn;
  std::int64_t updatedNs, wakeAtNs;
  std::uint8_t planDigest[32];
};
static_assert(sizeof(Fixed) == 88);

base::Error damaged(const std::string &what) { return base::error(base::Code::corrupt, "head of a run: " + what); }

} // namespace

void encodeHead(const RunHead &head, base::Bytes &out) {
  Fixed fixed{0,
              headVersion,
              static_cast<std::uint8_t>(head.state),
              0,
              head.run.high,
              head.run.low,
              head.firstLsn,
              head.lastLsn,
              head.updatedNs,
              head.wakeAtNs,
              {}};
  std::memcpy(fixed.planDigest, head.planDigest.bytes.data(), sizeof fixed.planDigest);
  out.resize(sizeof fixed + head.name.size());
  std::memcpy(out.data(), &fixed, sizeof fixed);
  if (!head.name.empty())
    std::memcpy(out.data() + sizeof fixed, head.name.data(), head.name.size());
  std::uint32_t checksum = base::crc32c(base::ConstBytes(out).subspan(4));
  std::memcpy(out.data(), &checksum, sizeof checksum);
}

base::Result<RunHead> decodeHead(base::ConstBytes encoded) {
  Fixed fixed;
  if (encoded.size() < sizeof fixed || encoded.size() > sizeof fixed + maxNameBytes)
    return damaged("found " + std::to_string(encoded.size()) + " bytes");
  std::memcpy(&fixed, encoded.data(), sizeof fixed);
  if (fixed.checksum != base::crc32c(encoded.subspan(4)))
    return damaged("its checksum does not match");
  if (fixed.version != headVersion)
    return base::error(base::Code::unsupported, "head of a run: found version " + std::to_string(fixed.version) +
                                                    ", this build reads version " + std::to_string(headVersion));
  if (fixed.state < static_cast<std::uint8_t>(RunState::running) ||
      fixed.state > static_cast<std::uint8_t>(RunState::cancelled) || fixed.zero != 0)
    return damaged("found state " + std::to_string(fixed.state) + ", wanted 1 to 5");
  RunHead head;
  head.run = {fixed.runHigh, fixed.runLow};
  head.firstLsn = fixed.firstLsn;
  head.lastLsn = fixed.lastLsn;
  head.state = static_cast<RunState>(fixed.state);
  std::memcpy(head.planDigest.bytes.data(), fixed.planDigest, sizeof fixed.planDigest);
  head.updatedNs = fixed.updatedNs;
  head.wakeAtNs = fixed.wakeAtNs;
  head.name = base::textOf(encoded.subspan(sizeof fixed));
  return head;
}

std::array<std::byte, 16> keyOf(RunId run) {
  std::array<std::byte, 16> key;
  for (int i = 0; i < 8; ++i) {
    key[static_cast<std::size_t>(i)] = static_cast<std::byte>(run.high >> (56 - 8 * i));
    key[static_cast<std::size_t>(8 + i)] = static_cast<std::byte>(run.low >> (56 - 8 * i));
  }
  return key;
}

} // namespace weft::journal
