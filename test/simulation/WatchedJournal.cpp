//===- WatchedJournal.cpp - A journal that says how far it is durable -----===//

#include "test/simulation/WatchedJournal.h"

#include <algorithm>

namespace weft::simulation {

base::Result<std::uint64_t> WatchedJournal::append(std::span<const journal::Record> records,
                                                   std::span<const journal::HeadChange> heads,
                                                   journal::Durable durable) {
  if (dead)
    return lastLsn += records.size();
  bool dies = lastLsn + records.size() > death.records || (death.durable && lastLsn + records.size() == death.records);
  if (dies) {
    std::size_t kept = death.records > lastLsn ? death.records - lastLsn : 0;
    if (kept == 0 || !death.durable) {
      if (kept > 0)
        (void)inner->append(records.first(kept), heads, [](auto) {});
      dieNow();
      return lastLsn += records.size();
    }
    records = records.first(kept);
  }
  auto lsn = inner->append(records, heads, [this, dies, durable](base::Result<std::uint64_t> reached) {
    if (dead)
      return;
    bool grew = reached && *reached > durableLsn;
    if (reached)
      durableLsn = *reached;
    if (reached && dies)
      return dieNow();
    if (grew && grown)
      grown();
    durable(std::move(reached));
  });
  if (!lsn)
    return lsn;
  std::uint64_t first = lastLsn + 1;
  lastLsn = *lsn;
  if (given)
    for (std::size_t i = 0; i < records.size(); ++i)
      given(records[i], first + i);
  return lsn;
}

void WatchedJournal::read(journal::RunId run, std::uint64_t fromLsn,
                          std::function<void(base::Result<std::vector<journal::Record>>)> done) {
  inner->read(run, fromLsn, [this, done](base::Result<std::vector<journal::Record>> records) {
    if (records && !records->empty()) {
      durableLsn = std::max(durableLsn, records->back().lsn);
      lastLsn = std::max(lastLsn, durableLsn);
    }
    done(std::move(records));
  });
}

void WatchedJournal::dieNow() {
  dead = true;
  if (death.die)
    death.die();
}

} // namespace weft::simulation
