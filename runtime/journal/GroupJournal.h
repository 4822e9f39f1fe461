//===- GroupJournal.h - Group commit over any store -----------------------===//
//
// While one group is being written, appends fill the next; it starts when the
// first is done. Nothing waits for a timer: a lone append is a group of one.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Group.h"

namespace weft::journal {

class GroupJournal : public Journal {
public:
  std::uint64_t epoch() const final { return ownEpoch; }
  base::Result<std::uint64_t> append(std::span<const Record> records, std::span<const HeadChange> heads,
                                     Durable durable) final;
  base::Result<base::Digest> putBlob(base::Bytes bytes) final;
  const Counters &counters() const final { return totals; }

protected:
  GroupJournal(io::Doors &doors, std::uint64_t epoch, std::uint64_t lastLsn)
      : doors(doors), ownEpoch(epoch), lastLsn(lastLsn) {}
  ~GroupJournal() override { *alive = false; }

  /// Begins to write; `finished` is called on the executor afterwards, never inside. The group stays in place until
  /// then.
  virtual void startWrite(Group &group) = 0;
  /// Calls back the appends of the group and starts the next.
  void finished(base::Result<void> written);

  /// To be checked by callbacks that may come after destruction.
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
  Counters totals;
  io::Doors &doors;

private:
  void startNext();

  const std::uint64_t ownEpoch;
  std::uint64_t lastLsn;
  Group filling, writing;
  bool busy = false;
  std::optional<base::Error> broken;
};

} // namespace weft::journal
