//===- WatchedJournal.h - A journal that says how far it is durable -------===//
//
// Passes everything on. Remembers the last lsn that its callers know to be
// durable, for the history checker, and dies at a record when that is asked:
// the process that uses it is to be killed then.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/ForwardingJournal.h"

#include <functional>
#include <memory>

namespace weft::simulation {

/// A death between two records: exactly `records` of all lives are in the journal then. Groups are cut for it.
struct DeathAtRecord {
  std::uint64_t records = UINT64_MAX; ///< Never, by default.
  bool durable = true; ///< Dies when they are durable, before anybody hears of it; else when the next one is appended.
  std::function<void()> die;
};

class WatchedJournal final : public journal::ForwardingJournal {
public:
  explicit WatchedJournal(std::unique_ptr<journal::Journal> inner, DeathAtRecord death = {})
      : ForwardingJournal(std::move(inner)), death(std::move(death)) {}

  base::Result<std::uint64_t> append(std::span<const journal::Record> records,
                                     std::span<const journal::HeadChange> heads, journal::Durable durable) override;
  void read(journal::RunId run, std::uint64_t fromLsn,
            std::function<void(base::Result<std::vector<journal::Record>>)> done) override;

  /// The last lsn that is known to be durable.
  std::uint64_t durableLsn = 0;
  /// Called for each record that was appended, before it is durable.
  std::function<void(const journal::Record &, std::uint64_t lsn)> given;
  /// Called after `durableLsn` has grown by an append, before the append's own callback.
  std::function<void()> grown;

private:
  void dieNow();

  DeathAtRecord death;
  std::uint64_t lastLsn = 0; ///< Appended, or read.
  bool dead = false;
};

} // namespace weft::simulation
