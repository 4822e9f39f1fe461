//===- JournalFixture.h - A test that runs on every journal ---------------===//
#pragma once

#include "Backends.h"

#include <gtest/gtest.h>

namespace weft::journal {

struct Kind {
  const char *name;
  std::function<std::unique_ptr<Backend>()> make;
  bool durable;
};

/// For messages and for the lists of tests.
inline void PrintTo(const Kind &kind, std::ostream *out) { *out << kind.name; }

inline const Kind kinds[] = {
    {"memory", [] { return std::make_unique<MemoryBackend>(); }, false},
    {"sqlite", [] { return std::make_unique<SqliteBackend>(); }, true},
    {"sqliteSimulated", [] { return std::make_unique<SimulatedSqliteBackend>(); }, true},
};

class JournalTest : public testing::TestWithParam<Kind> {
protected:
  Session open() {
    auto journal = backend->open();
    EXPECT_TRUE(journal) << journal.error().message;
    return Session(*backend, std::move(*journal));
  }

  const RunId a{1, 10}, b{2, 20};
  std::unique_ptr<Backend> backend = GetParam().make();
};

} // namespace weft::journal
