//===- Base64.h - Bytes in JSON -------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace weft::value {

/// Appends standard base64 with padding (RFC 4648, section 4).
void appendBase64(std::string &out, base::ConstBytes bytes);

/// Exactly what appendBase64 writes; anything else, unpadded or with other bits at the end, is empty.
std::optional<std::string> decodeBase64(std::string_view text);

} // namespace weft::value
