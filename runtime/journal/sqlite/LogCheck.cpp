//===- LogCheck.cpp - Damage in the log that recovery would take for its end ===//
//
// The format is SQLite's (sqlite.org/fileformat2.html, section 4): a header of
// 32 bytes, then frames of 24 bytes and a page; big-endian fields; checksums
// over pairs of words that go on from frame to frame; a salt that changes when
// the log starts anew.
//
//===----------------------------------------------------------------------===//

#include "runtime/journal/sqlite/LogCheck.h"

#include "runtime/journal/sqlite/StorageVfs.h"

namespace weft::journal {
namespace {

constexpr std::size_t headerBytes = 32, frameHeaderBytes = 24, frameBytes = frameHeaderBytes + pageBytes;
constexpr std::uint32_t magic = 0x377f0682; ///< The lowest bit says that words are summed in big-endian order.

std::uint32_t field(base::ConstBytes bytes, std::size_t at) {
  std::uint32_t value = 0;
  for (std::size_t i = 0; i < 4; ++i)
    value = value << 8 | static_cast<std::uint32_t>(bytes[at + i]);
  return value;
}

struct Sum {
  bool bigEndian = false;
  std::uint32_t first = 0, second = 0;

  void add(base::ConstBytes bytes) {
    for (std::size_t at = 0; at + 8 <= bytes.size(); at += 8) {
      first += word(bytes, at) + second;
      second += word(bytes, at + 4) + first;
    }
  }
  std::uint32_t word(base::ConstBytes bytes, std::size_t at) const {
    std::uint32_t value = field(bytes, at);
    return bigEndian ? value : __builtin_bswap32(value);
  }
  bool is(base::ConstBytes bytes, std::size_t at) const {
    return field(bytes, at) == first && field(bytes, at + 4) == second;
  }
};

base::Error damaged(const std::string &path, const std::string &what) {
  return base::error(base::Code::corrupt, "'" + path + "': " + what + "; restore the journal from a copy");
}

} // namespace

base::Result<void> checkLog(io::Storage &storage, const std::string &path) {
  auto file = storage.open(path, io::OpenMode::read);
  if (!file)
    return file.error().code == base::Code::notFound ? base::Result<void>() : file.error();
  base::Bytes bytes(frameBytes);
  auto count = (*file)->read(0, {bytes.data(), headerBytes});
  if (!count)
    return count.error();
  auto size = (*file)->sizeBytes();
  if (!size)
    return size.error();
  // The header is synced before the first frame: a log without frames may have any.
  if (*size <= headerBytes)
    return {};
  base::ConstBytes header(bytes.data(), headerBytes);
  Sum sum;
  sum.bigEndian = (field(header, 0) & 1) != 0;
  sum.add(header.first(24));
  if ((field(header, 0) & ~1u) != magic || field(header, 8) != pageBytes || !sum.is(header, 24))
    return damaged(path, "its header does not match its checksum");
  std::uint32_t salt[2] = {field(header, 16), field(header, 20)};

  std::uint64_t frame = 0, broken = 0;
  bool groupEnded = false;
  for (std::uint64_t offset = headerBytes; offset + frameBytes <= *size; offset += frameBytes) {
    ++frame;
    auto got = (*file)->read(offset, bytes);
    if (!got)
      return got.error();
    bool current = field(bytes, 8) == salt[0] && field(bytes, 12) == salt[1];
    if (broken == 0) {
      Sum next = sum;
      next.add(base::ConstBytes(bytes).first(8));
      next.add(base::ConstBytes(bytes).subspan(frameHeaderBytes));
      if (current && next.is(bytes, 16)) {
        sum = next;
        continue;
      }
      broken = frame;
    }
    if (current && groupEnded)
      return damaged(path, "frame " + std::to_string(broken) + " does not match its checksum, and later groups follow");
    bool commits = field(bytes, 4) != 0;
    groupEnded = groupEnded || (current && commits);
  }
  return {};
}

} // namespace weft::journal
