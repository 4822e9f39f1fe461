//===- Trial.h - An example run to its end, whatever happens to it --------===//
//
//   Trial calm(example("00-spine"), {});
//   Disturbance disturbance;
//   disturbance.storageOperation = 17;
//   Trial trial(example("00-spine"), disturbance);
//   EXPECT_THAT(trial.wrong(calm), testing::IsEmpty());
//
// A host that dies is started again on the same disk until the run has ended.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/integration/oracle/Judge.h"
#include "test/simulation/run/Outside.h"

#include <string>
#include <vector>

namespace weft::test {

/// What goes wrong; all of it counted from 1, 0 is never.
struct Disturbance {
  std::uint64_t seed = 1;
  simulation::Faults faults;
  simulation::Loss loss = simulation::Loss::process; ///< How the host dies.
  /// The host dies in this storage operation of all its lives.
  std::uint64_t storageOperation = 0;
  /// Once more in so many operations of its second life.
  std::uint64_t thenOperation = 0;
  /// The host dies before this event.
  std::uint64_t event = 0;
  /// The host dies with so many records in its journal.
  std::uint64_t record = 0;
  bool recordDurable = true; ///< See DeathAtRecord.
  /// A worker, or another child, dies before this event of the children.
  std::uint64_t childEvent = 0;
  Outside::Way way;

  std::string text() const;
};

class Trial {
public:
  Trial(const Example &example, Disturbance disturbance);

  /// A sentence for each thing that must not be, against an undisturbed run of the same example; empty when all is
  /// well.
  std::vector<std::string> wrong(const Trial &undisturbed) const;

  /// What the sequential reference says of the run's end under the decisions of its journal.
  oracle::Verdict judged() const;

  const Example &example;
  const Disturbance disturbance;
  Outside outside;
  std::vector<journal::Record> records; ///< Of the run, oldest first.
  std::map<base::Digest, base::Bytes> blobs;
  std::map<std::string, std::string> written; ///< Files of the project below `out`, by name.
  std::uint64_t storageOperations = 0, events = 0, childEvents = 0;
  std::uint64_t kills = 0; ///< Of the host and of its children.
  std::uint32_t lives = 1, deaths = 0;

private:
  void play(simulation::Simulation &simulation, simulation::HostId host);
  void readBack(simulation::Simulation &simulation, simulation::HostId host);
  /// Whether things happened in another order than undisturbed and the end is right for that order.
  bool wentOtherwise(const Trial &undisturbed) const;
  void checkEnd(const Trial &undisturbed, std::vector<std::string> &wrong) const;
  void checkCalls(const Trial &undisturbed, std::vector<std::string> &wrong) const;
  void checkHistory(std::vector<std::string> &wrong) const;
  void checkAttempts(std::vector<std::string> &wrong) const;
  void checkWrites(const Trial &undisturbed, std::vector<std::string> &wrong) const;
  bool answered(const CallSeen &call) const;
  bool plainWriteCut() const;

  std::vector<std::string> failed; ///< Of this very run: it did not end, the journal could not be read.
};

} // namespace weft::test
