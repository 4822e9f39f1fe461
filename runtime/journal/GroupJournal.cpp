//===- GroupJournal.cpp - Group commit over any store ---------------------===//

#include "runtime/journal/GroupJournal.h"

#include <algorithm>

namespace weft::journal {

base::Result<std::uint64_t> GroupJournal::append(std::span<const Record> records, std::span<const HeadChange> heads,
                                                 Durable durable) {
  if (broken)
    return *broken;
  std::uint64_t size = 0;
  for (const Record &record : records) {
    if (record.body.size() > maxBodyBytes)
      return base::error(base::Code::limit, "record of run " + record.run.hex() + ": found a body of " +
                                                std::to_string(record.body.size()) + " bytes, the limit is " +
                                                std::to_string(maxBodyBytes) + "; put the value into a blob");
    size += recordHeaderBytes + record.body.size();
  }
  std::uint64_t pending = filling.pendingBytes() + writing.pendingBytes();
  if (pending > 0 && pending + size > maxPendingBytes)
    return base::error(base::Code::limit, "journal: " + std::to_string(pending) +
                                              " bytes are not durable yet, the limit is " +
                                              std::to_string(maxPendingBytes) + "; append again when they are");
  if (filling.items.empty())
    filling.firstLsn = lastLsn + 1;
  for (const Record &record : records) {
    std::size_t offset = filling.encoded.size();
    encode(record, filling.encoded);
    filling.items.push_back({offset, filling.encoded.size() - offset, record.run, record.kind});
    ++lastLsn;
  }
  filling.heads.insert(filling.heads.end(), heads.begin(), heads.end());
  filling.waiters.push_back({lastLsn, std::move(durable)});
  startNext();
  return lastLsn;
}

base::Result<base::Digest> GroupJournal::putBlob(base::Bytes bytes) {
  if (broken)
    return *broken;
  std::uint64_t pending = filling.pendingBytes() + writing.pendingBytes();
  if (bytes.size() > maxBlobBytes || (pending > 0 && pending + bytes.size() > maxPendingBytes))
    return base::error(base::Code::limit,
                       "blob of " + std::to_string(bytes.size()) + " bytes: " + std::to_string(pending) +
                           " bytes are not durable yet, the limit is " + std::to_string(maxPendingBytes) + ", and " +
                           std::to_string(maxBlobBytes) + " for one blob");
  base::Digest digest = base::digestOf(bytes);
  filling.blobBytes += bytes.size();
  filling.blobs.push_back({digest, std::move(bytes)});
  startNext();
  return digest;
}

void GroupJournal::startNext() {
  if (busy || filling.empty())
    return;
  busy = true;
  // One turn of the loop later, so that all appends of this event are in one group.
  doors.executor.post([this, alive = alive] {
    if (!*alive)
      return;
    std::swap(filling, writing);
    startWrite(writing);
  });
}

void GroupJournal::finished(base::Result<void> written) {
  if (written) {
    totals.records += writing.items.size();
    totals.bytes += writing.encoded.size();
    totals.groups += writing.waiters.empty() ? 0 : 1;
  } else {
    broken = written.error();
  }
  // The callbacks may append, which fills the other group, or destroy the journal.
  std::vector<Group::Waiter> waiters = std::move(writing.waiters);
  if (!written) {
    for (Group::Waiter &waiter : filling.waiters)
      waiters.push_back(std::move(waiter));
    filling.clear();
  }
  std::uint64_t durableLsn = writing.items.empty() ? 0 : writing.firstLsn + writing.items.size() - 1;
  writing.clear();
  auto stillAlive = alive;
  for (Group::Waiter &waiter : waiters) {
    if (!waiter.durable)
      continue;
    if (written)
      waiter.durable(std::max(durableLsn, waiter.lsn));
    else
      waiter.durable(written.error());
    if (!*stillAlive)
      return;
  }
  waiters.clear();
  if (writing.waiters.empty())
    writing.waiters = std::move(waiters); // its memory serves the next group but one
  busy = false;
  startNext();
}

} // namespace weft::journal
