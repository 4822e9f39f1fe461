//===- Documents.h - Texts that an editor has open ------------------------===//
#pragma once

#include "lang/server/Positions.h"

#include <map>

namespace weft::server {

/// `file:///a/b%20c.weft` to `/a/b c.weft`; any other URI stands for itself.
std::string pathOf(std::string_view uri);
std::string uriOf(std::string_view path);

struct Document {
  std::string uri; ///< As the editor writes it.
  std::string text;
  std::int64_t version = 0;
  std::uint64_t stamp = 0; ///< Changes whenever the text does.
};

/// Open documents by path.
class Documents {
public:
  void open(const std::string &uri, std::string text, std::int64_t version);
  /// One element of `contentChanges`: a range and its new text, or a whole text. False if it is neither, or nothing of
  /// this path is open.
  bool change(const std::string &path, const json::value &change);
  void setVersion(const std::string &path, std::int64_t version);
  void close(const std::string &path) { documents.erase(path); }

  /// What columns count: agreed on before anything is open.
  Encoding encoding = Encoding::utf16;

  const Document *find(const std::string &path) const;
  const std::map<std::string, Document> &all() const { return documents; }

private:
  std::map<std::string, Document> documents;
  std::uint64_t lastStamp = 0;
};

} // namespace weft::server
