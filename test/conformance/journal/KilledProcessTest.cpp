//===- KilledProcessTest.cpp - Real processes, real kill -9 ---------------===//
//
// The simulator tears writes that a real kill does not; here the locks, the
// files and the dying are the system's own.
//
//===----------------------------------------------------------------------===//

#include "Backends.h"

#include <cstring>
#include <gtest/gtest.h>

namespace weft::journal {
namespace {

const RunId run{5, 5};

class KilledProcessTest : public testing::Test {
protected:
  KilledProcessTest() {
    folder = (std::filesystem::temp_directory_path() / "weft-killed-XXXXXX").string();
    if (!::mkdtemp(folder.data()))
      std::abort();
  }
  ~KilledProcessTest() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder, ignored);
  }

  /// A worker that owns the journal and appends as fast as it can; it writes each lsn that is durable to its parent.
  struct Appender {
    Appender(io::Doors &doors, std::unique_ptr<io::Stream> parent, const std::string &folder, bool first)
        : doors(doors), parent(std::move(parent)) {
      auto opened = openSqliteJournal(doors, folder);
      if (!opened) {
        doors.process.exit(1);
        return;
      }
      journal = std::move(*opened);
      append(first ? RecordKind::runStarted : RecordKind::outcome);
    }

    void append(RecordKind kind) {
      Record both[] = {record(run, kind, "one"), record(run, RecordKind::intent, std::string(300, 'x'))};
      (void)journal->append(both, {}, [this](auto durable) {
        if (!durable)
          return doors.process.exit(2);
        acknowledged = *durable;
        parent->write({reinterpret_cast<const std::byte *>(&acknowledged), sizeof acknowledged},
                      [this](auto) { append(RecordKind::outcome); });
      });
    }

    io::Doors &doors;
    std::unique_ptr<io::Stream> parent;
    std::unique_ptr<Journal> journal;
    std::uint64_t acknowledged = 0;
  };

  /// Starts a worker, kills it after `count` acknowledgements and returns the last lsn that it acknowledged.
  std::uint64_t liveAndDie(std::size_t count, bool first) {
    std::optional<io::ProcessExit> exit;
    auto worker = runtime.doors().process.forkWorker(
        [&](io::Doors &doors, std::unique_ptr<io::Stream> parent) {
          return std::make_shared<Appender>(doors, std::move(parent), folder, first);
        },
        [&](io::ProcessExit e) { exit = e; });
    EXPECT_TRUE(worker);
    base::Bytes received, buffer(4096);
    bool ended = false;
    std::function<void()> read = [&] {
      (*worker)->channel().read(buffer, [&](auto got) {
        if (!got || *got == 0) {
          ended = true;
          return;
        }
        received.insert(received.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*got));
        if (received.size() / sizeof(std::uint64_t) >= count) {
          if (!second)
            second = openSqliteJournal(runtime.doors(), folder).error();
          (*worker)->killGroup();
        }
        read();
      });
    };
    read();
    runtime.runUntil([&] { return exit && ended; });
    std::uint64_t last = 0;
    if (received.size() >= sizeof last)
      std::memcpy(&last, received.data() + received.size() / sizeof last * sizeof last - sizeof last, sizeof last);
    return last;
  }

  std::string folder;
  io::AsioRuntime runtime;
  std::optional<base::Error> second; ///< What a second owner was told while the first lived.
};

} // namespace

TEST_F(KilledProcessTest, losesNothingThatItAcknowledgedLifeAfterLife) {
  constexpr std::size_t lives = 8;
  for (std::size_t life = 0; life < lives; ++life) {
    SCOPED_TRACE("life " + std::to_string(life));
    std::uint64_t acknowledged = liveAndDie(3 + life * 7, life == 0);
    ASSERT_GT(acknowledged, 0u);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->code, base::Code::busy);
    EXPECT_NE(second->message.find("is held by process "), std::string::npos) << second->message;
    second.reset();

    auto journal = openSqliteJournal(runtime.doors(), folder);
    ASSERT_TRUE(journal) << journal.error().message;
    std::optional<base::Result<std::vector<Record>>> records;
    (*journal)->read(run, 0, [&](auto found) { records = std::move(found); });
    runtime.runUntil([&] { return records.has_value(); });
    ASSERT_TRUE(*records) << records->error().message;
    ASSERT_GE((*records)->size(), acknowledged);
    EXPECT_EQ((*records)->size() % 2, 0u) << "an append is whole or not there";
    for (std::size_t i = 0; i < (*records)->size(); ++i)
      EXPECT_EQ((**records)[i].lsn, i + 1);
  }
}

} // namespace weft::journal
