//===- DyingJournal.h - A journal whose process dies at a given record ----===//
//
// What `crash everywhere` of a test is made of: everything is handed on to the
// journal inside until the moment of death, and nothing after it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/journal/Journal.h"

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

class DyingJournal final : public journal::Journal {
public:
  /// Without a death it hands everything on and counts.
  explicit DyingJournal(std::unique_ptr<journal::Journal> inner, std::optional<Death> death = {})
      : inner(std::move(inner)), death(death) {}

  /// The last records are durable, and nobody is told.
  bool dead() const { return *gone; }
  /// Records handed on.
  std::uint64_t records() const { return written; }

  std::uint64_t epoch() const override { return inner->epoch(); }
  base::Result<std::uint64_t> append(std::span<const journal::Record> records,
                                     std::span<const journal::HeadChange> heads, journal::Durable durable) override;
  base::Result<base::Digest> putBlob(base::Bytes bytes) override { return inner->putBlob(std::move(bytes)); }
  void readBlob(const base::Digest &digest, std::function<void(base::Result<base::Bytes>)> done) override {
    inner->readBlob(digest, std::move(done));
  }
  void read(journal::RunId run, std::uint64_t fromLsn,
            std::function<void(base::Result<std::vector<journal::Record>>)> done) override {
    inner->read(run, fromLsn, std::move(done));
  }
  void runs(std::function<void(base::Result<std::vector<journal::RunHead>>)> done) override {
    inner->runs(std::move(done));
  }
  void head(journal::RunId run, std::function<void(base::Result<journal::RunHead>)> done) override {
    inner->head(run, std::move(done));
  }
  const journal::Counters &counters() const override { return inner->counters(); }

private:
  std::unique_ptr<journal::Journal> inner;
  std::optional<Death> death;
  std::uint64_t written = 0, lastLsn = 0;
  bool dying = false;
  std::shared_ptr<bool> gone = std::make_shared<bool>(false);
};

} // namespace weft::cli
