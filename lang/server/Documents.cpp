//===- Documents.cpp - Texts that an editor has open ----------------------===//

#include "lang/server/Documents.h"

#include <algorithm>
#include <charconv>

namespace weft::server {

std::string pathOf(std::string_view uri) {
  constexpr std::string_view scheme = "file://";
  if (!uri.starts_with(scheme))
    return std::string(uri);
  std::string_view rest = uri.substr(scheme.size());
  rest.remove_prefix(std::min(rest.find('/'), rest.size())); // The host, which is this machine.
  std::string path;
  for (std::size_t at = 0; at < rest.size(); ++at) {
    unsigned value = 0;
    if (rest[at] == '%' && at + 2 < rest.size()) {
      auto [end, error] = std::from_chars(rest.data() + at + 1, rest.data() + at + 3, value, 16);
      if (error == std::errc() && end == rest.data() + at + 3) {
        path += static_cast<char>(value);
        at += 2;
        continue;
      }
    }
    path += rest[at];
  }
  return path;
}

std::string uriOf(std::string_view path) {
  if (!path.starts_with('/'))
    return std::string(path);
  constexpr std::string_view plain = "/-._~!$&'()*+,;=@";
  std::string uri = "file://";
  for (char each : path) {
    auto byte = static_cast<unsigned char>(each);
    bool letter = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9');
    if (letter || plain.find(each) != std::string_view::npos) {
      uri += each;
      continue;
    }
    constexpr char digits[] = "0123456789ABCDEF";
    uri += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return uri;
}

void Documents::open(const std::string &uri, std::string text, std::int64_t version) {
  documents[pathOf(uri)] = {uri, std::move(text), version, ++lastStamp};
}

bool Documents::change(const std::string &path, const json::value &change) {
  auto found = documents.find(path);
  std::optional<std::string> text = textAt(change, "text");
  if (found == documents.end() || !text)
    return false;
  Document &document = found->second;
  if (const json::value *range = at(change, "range"); !range || range->is_null()) {
    document.text = std::move(*text);
    document.stamp = ++lastStamp;
    return true;
  }
  std::optional<Position> start = positionIn(change, "range.start"), end = positionIn(change, "range.end");
  if (!start || !end)
    return false;
  std::uint32_t begin = offsetAt(document.text, *start, encoding);
  std::uint32_t stop = std::max(begin, offsetAt(document.text, *end, encoding));
  document.text.replace(begin, stop - begin, *text);
  document.stamp = ++lastStamp;
  return true;
}

void Documents::setVersion(const std::string &path, std::int64_t version) {
  if (auto found = documents.find(path); found != documents.end())
    found->second.version = version;
}

const Document *Documents::find(const std::string &path) const {
  auto found = documents.find(path);
  return found == documents.end() ? nullptr : &found->second;
}

} // namespace weft::server
