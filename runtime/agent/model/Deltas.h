//===- Deltas.h - What of a growing text can be told already --------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weft::agent {

/// Cuts a text that grows byte by byte into pieces that are whole code points and never taken back: its last bytes are
/// held back as long as they may turn out to be what the text stops before.
class Deltas {
public:
  /// `heldBack`: bytes at the end that may still be cut off.
  explicit Deltas(std::size_t heldBack) : heldBack(heldBack) {}

  /// What became certain since the last call, some bytes at a time, with U+FFFD for bytes that are no UTF-8; often
  /// empty. `text` is all that was written so far.
  std::string next(std::string_view text);
  /// The rest of the whole text.
  std::string last(std::string_view text);

private:
  std::string upTo(std::string_view text, std::size_t end);

  std::size_t heldBack, told = 0;
};

} // namespace weft::agent
