//===- Framing.cpp - Bytes to messages and back ---------------------------===//

#include "lang/server/Framing.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <utility>

namespace weft::server {
namespace {

bool isLengthKey(std::string_view key) {
  constexpr std::string_view wanted = "content-length";
  return key.size() == wanted.size() && std::equal(key.begin(), key.end(), wanted.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         });
}

/// Of a header without its empty line; nothing if none stands there. The first one counts.
std::optional<std::size_t> lengthOf(std::string_view header) {
  while (!header.empty()) {
    std::size_t end = std::min(header.find("\r\n"), header.size());
    std::string_view line = header.substr(0, end);
    header.remove_prefix(std::min(end + 2, header.size()));
    std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isLengthKey(line.substr(0, colon)))
      continue;
    std::string_view text = line.substr(colon + 1);
    while (text.starts_with(' ') || text.starts_with('\t'))
      text.remove_prefix(1);
    while (text.ends_with(' ') || text.ends_with('\t'))
      text.remove_suffix(1);
    std::size_t length = 0;
    auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    bool whole = error == std::errc() && rest == text.data() + text.size();
    return whole ? std::optional(length) : std::nullopt;
  }
  return std::nullopt;
}

/// Whether a line ends with "\n" alone: whoever writes so never writes the empty line that is waited for.
bool hasBareNewline(std::string_view header) {
  for (std::size_t at = header.find('\n'); at != std::string_view::npos; at = header.find('\n', at + 1))
    if (at == 0 || header[at - 1] != '\r')
      return true;
  return false;
}

} // namespace

void MessageReader::feed(std::string_view bytes) {
  buffer.erase(0, std::exchange(begin, 0));
  buffer.append(bytes);
}

std::optional<std::string> MessageReader::next() {
  if (!wrong.empty())
    return std::nullopt;
  std::string_view rest = std::string_view(buffer).substr(begin);
  std::size_t end = rest.find("\r\n\r\n");
  if (std::min(end, rest.size()) > maxHeaderBytes) {
    wrong = "the header of a message has more than 8 KiB";
    return std::nullopt;
  }
  if (hasBareNewline(rest.substr(0, end))) {
    wrong = "a line of a header ends with \\n, wanted \\r\\n";
    return std::nullopt;
  }
  if (end == std::string_view::npos)
    return std::nullopt;
  std::optional<std::size_t> length = lengthOf(rest.substr(0, end));
  if (!length || *length > maxMessageBytes) {
    wrong = length ? "a message has more than 64 MiB" : "a message has no Content-Length: a number of bytes";
    return std::nullopt;
  }
  if (rest.size() - end - 4 < *length)
    return std::nullopt;
  begin += end + 4 + *length;
  return std::string(rest.substr(end + 4, *length));
}

std::string framed(const json::value &message) {
  std::string body = json::serialize(message);
  return "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

} // namespace weft::server
