//===- Framing.h - Bytes to messages and back -----------------------------===//
//
// A message is a header, `Content-Length: n`, an empty line, and n bytes of JSON.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Json.h"

namespace weft::server {

inline constexpr std::size_t maxHeaderBytes = 8 << 10;
inline constexpr std::size_t maxMessageBytes = std::size_t{64} << 20; ///< A text, escaped, and room.

class MessageReader {
public:
  void feed(std::string_view bytes);
  /// The text of the next whole message, if it has come. Nothing more comes after a fault.
  std::optional<std::string> next();
  /// What is wrong with the stream, if it cannot be read on: empty while all is well.
  const std::string &fault() const { return wrong; }

private:
  std::string buffer;
  std::size_t begin = 0; ///< Of what was not handed out yet.
  std::string wrong;
};

/// With its header.
std::string framed(const json::value &message);

} // namespace weft::server
