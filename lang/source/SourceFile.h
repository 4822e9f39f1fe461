//===- SourceFile.h - The text of modules, and places in it ---------------===//
//
// A place is a file and two byte offsets. Lines and columns are worked out only
// when a person is to read them. Files are handed in as text: reading them from
// disk is the tool's business, so that the language server and the tests use
// the same front end.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace weft::source {

/// Index of a file in its `Sources`.
using FileId = std::uint32_t;

/// Bytes [begin, end) of one file; begin == end is a point between two bytes.
struct Span {
  FileId file = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  friend bool operator==(const Span &, const Span &) = default;
};

/// The smallest span around both, which must lie in one file.
Span join(Span left, Span right);

/// Where a person looks: both count from 1, `column` in code points.
struct Location {
  std::uint32_t line = 1;
  std::uint32_t column = 1;

  friend bool operator==(const Location &, const Location &) = default;
};

/// One module's text. Immutable; addresses stay valid as long as the `Sources`.
class SourceFile {
public:
  SourceFile(FileId id, std::string name, std::string text);
  SourceFile(const SourceFile &) = delete;
  SourceFile &operator=(const SourceFile &) = delete;

  FileId id() const { return fileId; }
  /// As it is shown: the path that the user gave.
  const std::string &name() const { return fileName; }
  std::string_view text() const { return content; }
  std::string_view text(Span span) const;

  /// Line and column of a byte offset; one past the end is allowed. O(log lines).
  Location location(std::uint32_t offset) const;
  std::uint32_t lineCount() const { return static_cast<std::uint32_t>(lineStarts.size()); }
  /// Text of a line, counted from 1, without its line break.
  std::string_view line(std::uint32_t number) const;
  /// Byte offset at which a line, counted from 1, begins.
  std::uint32_t lineStart(std::uint32_t number) const { return lineStarts[number - 1]; }

private:
  std::uint32_t pointsIn(std::size_t begin, std::size_t end) const;
  std::uint32_t pointsUpTo(std::uint32_t offset) const;

  static constexpr std::uint32_t strideBytes = 256;

  FileId fileId;
  std::string fileName;
  std::string content;
  std::vector<std::uint32_t> lineStarts;
  std::vector<std::uint32_t> pointsBefore; ///< Code points before byte `strideBytes * index`.
};

/// All files of one compilation; spans are resolved against it.
class Sources {
public:
  /// Takes the text as it is. A file may be at most 4 GiB.
  const SourceFile &add(std::string name, std::string text);
  const SourceFile &file(FileId id) const { return files[id]; }
  std::size_t size() const { return files.size(); }

private:
  std::deque<SourceFile> files;
};

} // namespace weft::source
