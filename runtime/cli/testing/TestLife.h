//===- TestLife.h - The lives of a test's process -------------------------===//
//
// A life is a run loop with its drivers and gangs over a journal in memory. When
// it is cut short, all of it is dropped but what the journal has, and a second
// life resumes the run.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/testing/DyingJournal.h"
#include "runtime/cli/testing/IdleClock.h"
#include "runtime/cli/testing/OverlayStorage.h"
#include "runtime/cli/testing/TestDriver.h"
#include "runtime/frame/RunLoop.h"
#include "runtime/io/AsioRuntime.h"

#include <optional>
#include <string>
#include <vector>

namespace weft::cli {

/// How a test ended, and what it did on the way.
struct TestEnd {
  frame::RunEnd run;
  std::string unanswered; ///< A call, or a question to a person, that nothing answered.
  std::string stuck;      ///< Why there is no end of the run.
  std::uint64_t records = 0;
  std::vector<CallMade> before, after;         ///< Calls made in the first life, and after the death.
  std::vector<journal::Record> recordsAtDeath; ///< What the second life found.
};

class TestWorld {
public:
  TestWorld(io::AsioRuntime &runtime, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry, std::string folder);

  /// Runs the test to its end; with a death, through it. Once per world.
  TestEnd live(std::optional<Death> death);

private:
  struct Life;
  base::Result<> readRecordings();
  /// False when the process died. Steps the clock whenever nothing else happens.
  bool drive(Life &life, TestEnd &end);
  std::vector<journal::Record> readRecords(journal::Journal &journal);

  io::AsioRuntime &runtime;
  std::shared_ptr<const plan::Plan> plan;
  std::uint32_t entry;
  std::string folder;
  IdleClock clock;
  OverlayStorage storage; ///< What is written outlives the process, as files do, and not the test.
  io::Doors doors;        ///< The real ones, with the test's clock and its storage.
  std::shared_ptr<journal::MemoryStore> store;
  journal::RunId run;
  Replayed replayed;
  Asked asked;
};

} // namespace weft::cli
