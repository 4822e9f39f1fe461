//===- CopyJournal.cpp - Reading a journal that another process owns ------===//

#include "runtime/journal/sqlite/CopyJournal.h"

#include <algorithm>

namespace weft::journal {
namespace {

constexpr int mostAttempts = 8;
constexpr std::size_t blockBytes = 1 << 20;
/// Of the log: magic, format, page size, generation, salts, checksum. Another generation has another one.
constexpr std::size_t headerBytes = 32;

const std::string table = "/journal.db", log = "/journal.db-wal";

/// The bytes that the file had when the call began; later ones belong to later groups.
base::Result<void> copyFile(io::Storage &storage, const std::string &from, const std::string &to) {
  auto source = storage.open(from, io::OpenMode::read);
  if (!source)
    return std::move(source).error();
  auto size = (*source)->sizeBytes();
  if (!size)
    return std::move(size).error();
  auto target = storage.open(to, io::OpenMode::createNew);
  if (!target)
    return std::move(target).error();
  base::Bytes block;
  for (std::uint64_t at = 0; at < *size;) {
    block.resize(std::min<std::uint64_t>(blockBytes, *size - at));
    auto count = (*source)->read(at, block);
    if (!count)
      return std::move(count).error();
    if (*count == 0)
      break;
    if (auto written = (*target)->write(at, std::span(block).first(*count)); !written)
      return written;
    at += *count;
  }
  return {};
}

/// Empty: there is no log yet.
base::Result<base::Bytes> logHeader(io::Storage &storage, const std::string &folder) {
  if (!storage.stat(folder + log))
    return base::Bytes();
  auto file = storage.open(folder + log, io::OpenMode::read);
  if (!file)
    return std::move(file).error();
  base::Bytes header(headerBytes);
  auto count = (*file)->read(0, header);
  if (!count)
    return std::move(count).error();
  header.resize(*count);
  return header;
}

} // namespace

base::Result<void> copyJournal(io::Storage &storage, const std::string &folder, const std::string &into) {
  if (auto made = storage.makePrivateFolder(into); !made)
    return made;
  for (int attempt = 0; attempt < mostAttempts; ++attempt) {
    auto before = logHeader(storage, folder);
    if (!before)
      return std::move(before).error();
    if (auto copied = copyFile(storage, folder + table, into + table); !copied)
      return copied;
    if (!before->empty())
      if (auto copied = copyFile(storage, folder + log, into + log); !copied)
        return copied;
    auto after = logHeader(storage, folder);
    if (!after)
      return std::move(after).error();
    if (*before == *after)
      return {};
    (void)storage.remove(into + table);
    (void)storage.remove(into + log);
  }
  return base::error(base::Code::busy, "the process that owns the journal writes so much that no copy of it is whole");
}

} // namespace weft::journal
