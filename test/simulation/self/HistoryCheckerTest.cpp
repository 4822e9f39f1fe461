//===- HistoryCheckerTest.cpp - Each broken promise is found --------------===//

#include "../HistoryChecker.h"

#include "runtime/checkpoint/Manifest.h"
#include "runtime/membership/View.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::simulation {
namespace {

using journal::Record;
using journal::RecordKind;
using journal::RunId;
using journal::StepKey;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

const RunId run{1, 1};

StepKey step(std::uint64_t id, std::uint32_t attempt = 0) { return {{7, 7}, id, 0, attempt}; }

/// A run of one paid call and a race, killed once: each test breaks one thing.
class HistoryTest : public testing::Test {
protected:
  HistoryTest() {
    add(RecordKind::runStarted, {}, 1);
    add(RecordKind::intent, step(10), 1);
    history.calls.push_back({run, step(10), 1, 2, true, true, "key-10"});
    // Killed; the next owner makes the call that was in flight once more, and the other side knows it already.
    history.calls.push_back({run, step(10), 2, 2, true, false, "key-10"});
    add(RecordKind::outcome, step(10), 2);
    history.calls.push_back({run, step(20), 2, 3, false, false, ""}); // a read has no intent
    add(RecordKind::outcome, step(20), 2);
    add(RecordKind::decision, step(30), 2);
    history.effects.push_back({run, step(30), 5, "cancel the loser"});
    add(RecordKind::runEnded, {}, 2);
  }

  void add(RecordKind kind, StepKey key, std::uint64_t epoch) {
    Record record;
    record.lsn = history.records.size() + 1;
    record.prev = history.records.size();
    record.run = run;
    record.kind = kind;
    record.key = key;
    record.epoch = epoch;
    history.records.push_back(record);
  }

  History history;
};

} // namespace

TEST_F(HistoryTest, aGoodOneHasNothingToSay) { EXPECT_THAT(checkHistory(history), IsEmpty()); }

TEST_F(HistoryTest, H1aGap) {
  history.records[5].lsn = 9;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H1: record 9 follows 5")));
}

TEST_F(HistoryTest, H1aWrongPrev) {
  history.records[3].prev = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H1: record 4")));
}

TEST_F(HistoryTest, H2anEpochGoesDown) {
  history.records[4].epoch = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H2: record 5")));
}

TEST_F(HistoryTest, H3aRunStartsTwice) {
  history.records[4].kind = RecordKind::runStarted;
  history.effects.clear();
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H3: record 5")));
}

TEST_F(HistoryTest, H3aRunEndsTwice) {
  add(RecordKind::runEnded, {}, 2);
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H3: record 7 ends")));
}

TEST_F(HistoryTest, H4aCallBeforeItsIntent) {
  history.calls[0].durableLsn = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H4")));
}

TEST_F(HistoryTest, H4aCallWhoseIntentIsAnotherAttempts) {
  history.calls[0].key.attempt = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H4")));
}

TEST_F(HistoryTest, H5aCallAgainAfterItsOutcome) {
  history.calls[1].durableLsn = 3;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H5")));
}

TEST_F(HistoryTest, H6aCallAgainByAnOwnerThatHadStoppedTheRun) {
  history.calls[1].epoch = 1;
  history.calls[1].taking = 1;
  EXPECT_THAT(checkHistory(history), testing::IsEmpty());
}

TEST_F(HistoryTest, H6aCallTwiceByOneOwner) {
  history.calls[1].epoch = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H6")));
}

TEST_F(HistoryTest, H7anEffectTwice) {
  history.calls[1].tookEffect = true;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H7")));
}

TEST_F(HistoryTest, H8anEffectBeforeItsDecision) {
  history.effects[0].durableLsn = 4;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H8")));
}

TEST_F(HistoryTest, H9aCallByAnOwnerOfThePast) {
  history.calls[2].epoch = 1;
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H9")));
}

/// A gang that began, took a checkpoint, lost a member and went back to it. Each test breaks one thing.
class GangHistoryTest : public HistoryTest {
protected:
  GangHistoryTest() {
    view(1, 0);
    checkpoint(4);
    view(2, 4);
    checkpoint(8);
  }
  void view(std::uint64_t epoch, std::uint64_t fromStep, std::uint64_t gang = 40) {
    add(RecordKind::gangEpoch, {{gang, gang}, gang, 0, 0}, 2);
    history.records.back().body = membership::encoded(membership::View{epoch, {1, 2}, fromStep});
  }
  void checkpoint(std::uint64_t step) {
    add(RecordKind::checkpoint, {{40, 40}, 40, 0, 0}, 2);
    history.records.back().body = checkpoint::encoded(checkpoint::Manifest{40, step, {}});
  }
};

TEST_F(GangHistoryTest, aGoodOneHasNothingToSay) { EXPECT_THAT(checkHistory(history), IsEmpty()); }

TEST_F(GangHistoryTest, eachGangCountsForItself) {
  view(1, 0, 50);
  EXPECT_THAT(checkHistory(history), IsEmpty());
}

TEST_F(GangHistoryTest, H10aViewHasTheNumberOfTheLastOne) {
  view(2, 8);
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H10: record 11 is view 2 after view 2")));
}

TEST_F(GangHistoryTest, H10aViewOfAnotherLifeIsNumberedFromTheStart) {
  view(1, 8);
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H10: record 11 is view 1 after view 2")));
}

TEST_F(GangHistoryTest, H10aViewThatNobodyCanRead) {
  view(3, 8);
  history.records.back().body.pop_back();
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H10: record 11")));
}

TEST_F(GangHistoryTest, H11aGangGoesBackBehindItsCheckpoint) {
  view(3, 7);
  EXPECT_THAT(checkHistory(history), ElementsAre("H11: record 11 begins with step 7, the checkpoint is of step 8"));
}

TEST_F(GangHistoryTest, H11aCheckpointGoesBack) {
  checkpoint(6);
  EXPECT_THAT(checkHistory(history), ElementsAre("H11: record 11 is a checkpoint of step 6 after one of step 8"));
}

TEST_F(GangHistoryTest, H11aCheckpointIsTakenTwice) {
  checkpoint(8);
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H11: record 11")));
}

TEST_F(GangHistoryTest, H11aCheckpointThatNobodyCanRead) {
  checkpoint(12);
  history.records.back().body.back() ^= std::byte(1);
  EXPECT_THAT(checkHistory(history), ElementsAre(StartsWith("H11: record 11")));
}

} // namespace weft::simulation
