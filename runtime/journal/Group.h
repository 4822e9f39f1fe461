//===- Group.h - Appends that become durable together ---------------------===//
#pragma once

#include "runtime/journal/Journal.h"

namespace weft::journal {

/// What was appended while the group before was being written. Buffers are kept from group to group, so that an append
/// allocates nothing after warm-up.
struct Group {
  struct Item {
    std::size_t offset, sizeBytes; ///< In `encoded`.
    RunId run;
    RecordKind kind;
  };
  struct Waiter {
    std::uint64_t lsn;
    Durable durable;
  };
  struct Blob {
    base::Digest digest;
    base::Bytes bytes;
  };

  base::Bytes encoded;
  std::vector<Item> items;
  std::vector<HeadChange> heads;
  std::vector<Waiter> waiters;
  std::vector<Blob> blobs;
  std::uint64_t firstLsn = 0; ///< Of `items`; they follow without gaps.
  std::uint64_t blobBytes = 0;

  bool empty() const { return waiters.empty() && blobs.empty(); }
  std::uint64_t pendingBytes() const { return encoded.size() + blobBytes; }
  base::MutableBytes bytesOf(const Item &item) { return {encoded.data() + item.offset, item.sizeBytes}; }
  void clear();
};

using FindHead = std::function<base::Result<std::optional<RunHead>>(RunId)>;

/// Why a run cannot be removed: it is not over.
base::Error notOver(const RunHead &head);

/// Gives every record of the group its prev and epoch and applies the changes of heads. `heads` gets the heads to be
/// written, sorted by run, each once. Errors: `notFound`, `exists` as for Journal::append, and those of `find`.
base::Result<void> link(Group &group, std::uint64_t epoch, std::int64_t nowNs, const FindHead &find,
                        std::vector<RunHead> &heads);

} // namespace weft::journal
