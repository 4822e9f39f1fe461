//===- DyingJournal.h - A journal whose process dies at a given record ----===//
//
// What `crash everywhere` of a test is made of: everything is handed on to the
// journal inside until the moment of death, and nothing after it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/ForwardingJournal.h"

#include <memory>
#include <optional>

namespace weft::cli {

/// A moment at which a process may die.
struct Death {
  std::uint64_t records = 0; ///< So many are durable.
  /// The process goes on until it wants to write one more, so that calls behind these records are on their way; else it
  /// dies before it hears that they are durable.
  bool atNext = false;
};

class DyingJournal final : public journal::ForwardingJournal {
public:
  /// Without a death it hands everything on and counts.
  explicit DyingJournal(std::unique_ptr<journal::Journal> inner, std::optional<Death> death = {})
      : ForwardingJournal(std::move(inner)), death(death) {}

  /// The last records are durable, and nobody is told.
  bool dead() const { return *gone; }
  /// Records handed on.
  std::uint64_t records() const { return written; }

  base::Result<std::uint64_t> append(std::span<const journal::Record> records,
                                     std::span<const journal::HeadChange> heads, journal::Durable durable) override;

private:
  std::optional<Death> death;
  std::uint64_t written = 0, lastLsn = 0;
  bool dying = false;
  std::shared_ptr<bool> gone = std::make_shared<bool>(false);
};

} // namespace weft::cli
