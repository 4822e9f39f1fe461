//===- DyingJournal.cpp - A journal whose process dies at a given record --===//

#include "runtime/cli/testing/DyingJournal.h"

namespace weft::cli {

base::Result<std::uint64_t> DyingJournal::append(std::span<const journal::Record> records,
                                                 std::span<const journal::HeadChange> heads, journal::Durable durable) {
  if (dying)
    return lastLsn;
  std::uint64_t room = death ? death->records - written : records.size() + 1;
  dying = death && (death->atNext ? records.size() > room : !records.empty() && records.size() >= room);
  if (dying) {
    records = records.first(room);
    // A journal that is given nothing says nothing.
    if (records.empty()) {
      *gone = true;
      return lastLsn;
    }
    durable = [gone = gone](const base::Result<std::uint64_t> &) { *gone = true; };
  }
  written += records.size();
  auto lsn = inner->append(records, heads, std::move(durable));
  if (lsn)
    lastLsn = *lsn;
  return lsn;
}

} // namespace weft::cli
