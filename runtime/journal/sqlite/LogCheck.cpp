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

/// The log's frames, one after the other.
class Frames {
public:
  Frames(io::File &file, std::uint64_t sizeBytes) : file(file), count((sizeBytes - headerBytes) / frameBytes) {}

  /// False after the last one.
  base::Result<bool> read(std::uint64_t number) {
    if (number >= count)
      return false;
    auto got = file.read(headerBytes + number * frameBytes, bytes);
    if (!got)
      return got.error();
    return true;
  }

  bool isCurrent(const std::uint32_t salt[2]) const {
    return field(bytes, 8) == salt[0] && field(bytes, 12) == salt[1];
  }
  bool endsGroup() const { return field(bytes, 4) != 0; }
  bool matches(const Sum &sum) const { return sum.is(bytes, 16); }
  /// `sum` after this frame.
  Sum after(Sum sum) const {
    sum.add(base::ConstBytes(bytes).first(8));
    sum.add(base::ConstBytes(bytes).subspan(frameHeaderBytes));
    return sum;
  }
  /// What the frame says that the sum is after it.
  Sum stated(Sum sum) const {
    sum.first = field(bytes, 16);
    sum.second = field(bytes, 20);
    return sum;
  }
  /// One bit of the frame's own fields is wrong: a torn write loses sectors, not bits.
  bool lacksOneBit(const Sum &before) {
    for (std::size_t bit = 0; bit < 64; ++bit) {
      std::byte mask = static_cast<std::byte>(1u << bit % 8);
      bytes[bit / 8] ^= mask;
      bool repaired = matches(after(before));
      bytes[bit / 8] ^= mask;
      if (repaired)
        return true;
    }
    return false;
  }

private:
  io::File &file;
  std::uint64_t count;
  base::Bytes bytes{base::Bytes(frameBytes)};
};

/// Whether frames after `broken` go on from `sum` beyond the end of its group: then it was synced once.
base::Result<bool> laterGroupFollows(Frames &frames, std::uint64_t broken, Sum sum, bool groupEnded,
                                     const std::uint32_t salt[2]) {
  for (std::uint64_t number = broken + 1;; ++number) {
    auto there = frames.read(number);
    if (!there)
      return there.error();
    if (!*there || !frames.isCurrent(salt))
      return false;
    sum = frames.after(sum);
    if (!frames.matches(sum))
      return false;
    if (groupEnded)
      return true;
    groupEnded = frames.endsGroup();
  }
}

} // namespace

base::Result<void> checkLog(io::Storage &storage, const std::string &path) {
  auto file = storage.open(path, io::OpenMode::read);
  if (!file)
    return file.error().code == base::Code::notFound ? base::Result<void>() : file.error();
  auto size = (*file)->sizeBytes();
  if (!size)
    return size.error();
  // The header is synced before the first frame: a log without frames may have any.
  if (*size <= headerBytes)
    return {};
  base::Bytes header(headerBytes);
  if (auto count = (*file)->read(0, header); !count)
    return count.error();
  Sum sum;
  sum.bigEndian = (field(header, 0) & 1) != 0;
  sum.add(base::ConstBytes(header).first(24));
  if ((field(header, 0) & ~1u) != magic || field(header, 8) != pageBytes || !sum.is(header, 24))
    return damaged(path, "its header does not match its checksum");
  const std::uint32_t salt[2] = {field(header, 16), field(header, 20)};

  Frames frames(**file, *size);
  for (std::uint64_t number = 0;; ++number) {
    auto there = frames.read(number);
    if (!there)
      return there.error();
    if (!*there)
      return {};
    Sum next = frames.after(sum);
    if (frames.matches(next) && frames.isCurrent(salt)) {
      sum = next;
      continue;
    }
    // Here recovery ends the log. A frame of an older log, or one that was torn, is a good end.
    std::string what = "frame " + std::to_string(number + 1) + " does not match its checksum, and was durable once";
    if (frames.matches(next))
      return damaged(path, "frame " + std::to_string(number + 1) + " has the salt of another log");
    if (frames.isCurrent(salt) && frames.lacksOneBit(sum))
      return damaged(path, what);
    bool ends = frames.endsGroup();
    for (const Sum &guess : {next, frames.stated(sum)}) {
      auto later = laterGroupFollows(frames, number, guess, ends, salt);
      if (!later)
        return later.error();
      if (*later)
        return damaged(path, what);
      if (auto back = frames.read(number); !back)
        return back.error();
    }
    return {};
  }
}

} // namespace weft::journal
