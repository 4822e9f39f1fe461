//===- Corpus.h - The files that match a pattern --------------------------===//
//
// Mapped, not read: pages come when they are touched, and forked workers share
// them. Files are told apart by name, size and digest, so that a run which goes
// on can be sure that it goes on with the same text.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/Result.h"
#include "runtime/io/Storage.h"

#include <memory>
#include <string>
#include <vector>

namespace weft::data {

/// Files of one pattern, and entries of folders that are looked at to find them.
inline constexpr std::size_t maxFiles = 100'000, maxVisitedEntries = 1'000'000;
inline constexpr std::size_t maxFolderDepth = 64;

struct CorpusFile {
  std::string name; ///< As the pattern names it: relative to the folder where the pattern is.
  std::uint64_t sizeBytes = 0;
  base::Digest digest;
  bool operator==(const CorpusFile &) const = default;
};

class Corpus {
public:
  /// The files that match `pattern`, which is relative to `folder` unless it begins with '/'. Blocks: make it through
  /// a pool. Cost: all bytes are read once, for their digests. Errors: notFound (no file matches: pattern, folder),
  /// invalid (the pattern), limit, and those of the storage.
  static base::Result<std::shared_ptr<const Corpus>> open(io::Storage &storage, const std::string &folder,
                                                          const std::string &pattern);

  /// Sorted by name.
  const std::vector<CorpusFile> &files() const { return known; }
  base::ConstBytes bytesOf(std::size_t file) const { return mappings[file]->bytes(); }
  /// For messages: "'data/*.txt' in /project".
  const std::string &where() const { return place; }

private:
  std::string place;
  std::vector<CorpusFile> known;
  std::vector<std::unique_ptr<io::Mapping>> mappings;
};

/// One line for each file. What `decodeRecord` reads.
std::string encodedRecord(const std::vector<CorpusFile> &files);
/// Any text may be given. Errors: corrupt.
base::Result<std::vector<CorpusFile>> decodeRecord(std::string_view text);

/// Errors: invalid, with the name of the first file that is not what it was.
base::Result<> compareCorpora(const std::vector<CorpusFile> &was, const std::vector<CorpusFile> &is);

} // namespace weft::data
