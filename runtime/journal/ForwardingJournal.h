//===- ForwardingJournal.h - A journal that stands before another ---------===//
//
// Hands everything on. Who watches, counts or ends what passes overrides only
// that.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Journal.h"

namespace weft::journal {

class ForwardingJournal : public Journal {
public:
  explicit ForwardingJournal(std::unique_ptr<Journal> inner) : inner(std::move(inner)) {}

  std::uint64_t epoch() const override { return inner->epoch(); }
  base::Result<std::uint64_t> append(std::span<const Record> records, std::span<const HeadChange> heads,
                                     Durable durable) override {
    return inner->append(records, heads, std::move(durable));
  }
  base::Result<base::Digest> putBlob(base::Bytes bytes) override { return inner->putBlob(std::move(bytes)); }
  void readBlob(const base::Digest &digest, std::function<void(base::Result<base::Bytes>)> done) override {
    inner->readBlob(digest, std::move(done));
  }
  void read(RunId run, std::uint64_t fromLsn, std::function<void(base::Result<std::vector<Record>>)> done) override {
    inner->read(run, fromLsn, std::move(done));
  }
  void runs(std::function<void(base::Result<std::vector<RunHead>>)> done) override { inner->runs(std::move(done)); }
  void head(RunId run, std::function<void(base::Result<RunHead>)> done) override { inner->head(run, std::move(done)); }
  void remove(std::vector<RunId> runs, std::function<void(base::Result<void>)> done) override {
    inner->remove(std::move(runs), std::move(done));
  }
  void keepBlobs(std::set<base::Digest> kept, std::function<void(base::Result<Removed>)> done) override {
    inner->keepBlobs(std::move(kept), std::move(done));
  }
  const Counters &counters() const override { return inner->counters(); }

protected:
  std::unique_ptr<Journal> inner;
};

} // namespace weft::journal
