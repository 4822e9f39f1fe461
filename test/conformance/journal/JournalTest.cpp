//===- JournalTest.cpp - What every journal must do -----------------------===//

#include "JournalFixture.h"

namespace weft::journal {
namespace {

using base::Code;

INSTANTIATE_TEST_SUITE_P(All, JournalTest, testing::ValuesIn(kinds), [](const auto &info) { return info.param.name; });

TEST_P(JournalTest, recordsComeBackInOrderWithTheirFacts) {
  Session session = open();
  Record full = record(a, RecordKind::outcome, std::string("body\0with zero", 14), 7);
  full.key.path = {3, 4};
  full.key.iteration = 5;
  full.key.attempt = 6;
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted, "start"), full, record(a, RecordKind::runEnded)}));
  auto records = session.read(a);
  ASSERT_TRUE(records) << records.error().message;
  ASSERT_EQ(records->size(), 3u);
  EXPECT_EQ((*records)[0].kind, RecordKind::runStarted);
  EXPECT_EQ((*records)[1].key, full.key);
  EXPECT_EQ((*records)[1].body, full.body);
  EXPECT_EQ((*records)[1].epoch, session.journal->epoch());
  EXPECT_EQ((*records)[2].kind, RecordKind::runEnded);
}

TEST_P(JournalTest, lsnsHaveNoGapsAndPrevLeadsThroughTheRun) {
  Session session = open();
  auto last =
      session.append({record(a, RecordKind::runStarted), record(b, RecordKind::runStarted),
                      record(a, RecordKind::intent), record(b, RecordKind::intent), record(a, RecordKind::outcome)});
  ASSERT_TRUE(last);
  EXPECT_EQ(*last, 5u);
  EXPECT_EQ(*session.append({record(a, RecordKind::runEnded)}), 6u);
  auto records = session.read(a);
  ASSERT_EQ(records->size(), 4u);
  std::uint64_t expected[] = {1, 3, 5, 6}, prev = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ((*records)[i].lsn, expected[i]);
    EXPECT_EQ((*records)[i].prev, prev);
    prev = expected[i];
  }
  EXPECT_EQ(session.read(b)->size(), 2u);
}

TEST_P(JournalTest, readingStartsWhereItIsAsked) {
  Session session = open();
  ASSERT_TRUE(session.append(
      {record(a, RecordKind::runStarted), record(a, RecordKind::intent), record(a, RecordKind::outcome)}));
  auto records = session.read(a, 2);
  ASSERT_EQ(records->size(), 2u);
  EXPECT_EQ(records->front().lsn, 2u);
  EXPECT_TRUE(session.read(a, 4)->empty());
}

TEST_P(JournalTest, appendsOfOneEventAreOneGroupAndCallBackInOrder) {
  Session session = open();
  std::vector<std::uint64_t> order;
  for (int i = 0; i < 50; ++i) {
    Record one[] = {record({1, static_cast<std::uint64_t>(i)}, RecordKind::runStarted)};
    auto lsn = session.journal->append(one, {}, [&, i](auto durable) {
      ASSERT_TRUE(durable);
      EXPECT_GE(*durable, static_cast<std::uint64_t>(i + 1));
      order.push_back(static_cast<std::uint64_t>(i));
    });
    EXPECT_EQ(*lsn, static_cast<std::uint64_t>(i + 1));
  }
  EXPECT_TRUE(order.empty()) << "called back inside the call";
  session.backend.runUntil([&] { return order.size() == 50; });
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  EXPECT_EQ(session.journal->counters().groups, 1u);
  EXPECT_EQ(session.journal->counters().records, 50u);
  EXPECT_EQ(session.journal->counters().bytes, 50 * recordHeaderBytes);
}

TEST_P(JournalTest, whatArrivesDuringAWriteIsTheNextGroup) {
  Session session = open();
  int first = 0, later = 0;
  Record start[] = {record(a, RecordKind::runStarted)};
  (void)session.journal->append(start, {}, [&](auto) { ++first; });
  // Two turns of the loop later the first group is being written, or done.
  backend->doors().executor.post([&] {
    backend->doors().executor.post([&] {
      for (int i = 0; i < 10; ++i) {
        Record one[] = {record(a, RecordKind::intent)};
        (void)session.journal->append(one, {}, [&](auto durable) { later += static_cast<bool>(durable); });
      }
    });
  });
  session.backend.runUntil([&] { return later == 10; });
  EXPECT_EQ(first, 1);
  EXPECT_EQ(session.journal->counters().groups, 2u);
}

TEST_P(JournalTest, aChainCostsOneFsyncPerStep) {
  Session session = open();
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}));
  std::uint64_t before = session.journal->counters().fsyncs;
  constexpr std::uint64_t steps = 40;
  std::uint64_t done = 0;
  // The outcome of a step and the intent of the next go together.
  std::function<void()> step = [&] {
    Record both[] = {record(a, RecordKind::outcome), record(a, RecordKind::intent)};
    (void)session.journal->append(both, {}, [&](auto durable) {
      ASSERT_TRUE(durable);
      if (++done < steps)
        step();
    });
  };
  step();
  session.backend.runUntil([&] { return done == steps; });
  if (GetParam().durable) {
    EXPECT_EQ(session.journal->counters().fsyncs - before, steps);
  }
  EXPECT_EQ(session.journal->counters().groups, steps + 1);
}

TEST_P(JournalTest, headsFollowTheirRunsWithoutReadingRecords) {
  Session session = open();
  base::Digest plan = base::digestOf(base::bytesOf("plan"));
  ASSERT_TRUE(session.append({record(b, RecordKind::runStarted), record(a, RecordKind::runStarted)},
                             {{a, {}, plan, {}, "brief"}}));
  ASSERT_TRUE(session.append({record(a, RecordKind::snapshot)}, {{a, RunState::parked, {}, 12345, {}}}));
  auto heads = session.runs();
  ASSERT_TRUE(heads);
  ASSERT_EQ(heads->size(), 2u);
  const RunHead &head = (*heads)[0];
  EXPECT_EQ(head.run, a);
  EXPECT_EQ(head.state, RunState::parked);
  EXPECT_EQ(head.planDigest, plan);
  EXPECT_EQ(head.wakeAtNs, 12345);
  EXPECT_EQ(head.name, "brief");
  EXPECT_EQ(head.firstLsn, 2u);
  EXPECT_EQ(head.lastLsn, 3u);
  EXPECT_GT(head.updatedNs, 0);
  EXPECT_EQ((*heads)[1].state, RunState::running);
  EXPECT_EQ(*session.head(a), head);
}

TEST_P(JournalTest, aHeadMayChangeWithoutARecord) {
  Session session = open();
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}));
  ASSERT_TRUE(session.append({}, {{a, RunState::cancelled, {}, {}, {}}}));
  EXPECT_EQ(session.head(a)->state, RunState::cancelled);
  EXPECT_EQ(session.head(a)->lastLsn, 1u);
}

TEST_P(JournalTest, aLongNameIsCut) {
  Session session = open();
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}, {{a, {}, {}, {}, std::string(500, 'x')}}));
  EXPECT_EQ(session.head(a)->name.size(), maxNameBytes);
}

TEST_P(JournalTest, unknownRunsAreNotFound) {
  Session session = open();
  EXPECT_EQ(session.read(a).error().code, Code::notFound);
  EXPECT_EQ(session.head(a).error().code, Code::notFound);
  EXPECT_TRUE(session.runs()->empty());
}

TEST_P(JournalTest, aRecordOfARunThatNeverStartedFailsItsGroupAndAllLater) {
  Session session = open();
  auto refused = session.append({record(a, RecordKind::intent)});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::notFound);
  EXPECT_NE(refused.error().message.find(a.hex()), std::string::npos);
  EXPECT_FALSE(session.append({record(b, RecordKind::runStarted)}));
  EXPECT_TRUE(session.runs()->empty());
}

TEST_P(JournalTest, aRunStartsOnce) {
  Session session = open();
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}));
  EXPECT_EQ(session.append({record(a, RecordKind::runStarted)}).error().code, Code::exists);
}

TEST_P(JournalTest, tooLargeABodyIsRefusedAtOnce) {
  Session session = open();
  Record large[] = {record(a, RecordKind::runStarted)};
  large[0].body.resize(maxBodyBytes + 1);
  auto refused = session.journal->append(large, {}, nullptr);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::limit);
  EXPECT_TRUE(session.append({record(a, RecordKind::runStarted)})) << "nothing else is refused";
}

TEST_P(JournalTest, tooMuchPendingIsRefusedUntilItIsDurable) {
  Session session = open();
  Record large[] = {record(a, RecordKind::runStarted)};
  large[0].body.resize(maxBodyBytes);
  bool durable = false;
  ASSERT_TRUE(session.journal->append(large, {}, [&](auto) { durable = true; }));
  large[0].kind = RecordKind::outcome;
  base::Result<std::uint64_t> refused = std::uint64_t(0);
  int queued = 0;
  while (refused && queued < 100) {
    refused = session.journal->append(large, {}, nullptr);
    ++queued;
  }
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::limit);
  EXPECT_LE(queued * std::uint64_t(maxBodyBytes), maxPendingBytes + maxBodyBytes);
  session.backend.runUntil([&] { return durable; });
  EXPECT_TRUE(session.append({record(a, RecordKind::runEnded)}));
}

TEST_P(JournalTest, blobsComeBackAndAreStoredOnce) {
  Session session = open();
  base::Bytes large(100'000, std::byte(7));
  auto digest = session.journal->putBlob(large);
  ASSERT_TRUE(digest);
  EXPECT_EQ(*digest, base::digestOf(large));
  ASSERT_TRUE(session.journal->putBlob(large));
  ASSERT_TRUE(session.append({record(a, RecordKind::runStarted)}));
  EXPECT_EQ(*session.readBlob(*digest), large);
  EXPECT_EQ(session.journal->counters().blobs, 1u);
  EXPECT_EQ(session.readBlob(base::Digest{}).error().code, Code::notFound);
}

TEST_P(JournalTest, aBlobAloneIsWrittenToo) {
  Session session = open();
  auto digest = session.journal->putBlob(base::Bytes(20'000));
  ASSERT_TRUE(digest);
  session.backend.runUntil([&] { return session.journal->counters().blobs == 1; });
  EXPECT_TRUE(session.readBlob(*digest));
}

TEST_P(JournalTest, manyRunsInterleave) {
  Session session = open();
  constexpr std::uint64_t runs = 100, steps = 20;
  std::vector<Record> records;
  for (std::uint64_t run = 0; run < runs; ++run)
    records.push_back(record({run, run}, RecordKind::runStarted));
  ASSERT_TRUE(session.append(records));
  for (std::uint64_t step = 0; step < steps; ++step) {
    records.clear();
    for (std::uint64_t run = 0; run < runs; ++run)
      records.push_back(record({run, run}, RecordKind::outcome, std::to_string(step), step));
    ASSERT_TRUE(session.append(records));
  }
  for (std::uint64_t run = 0; run < runs; ++run) {
    auto found = session.read({run, run});
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), steps + 1);
    for (std::uint64_t step = 0; step < steps; ++step)
      EXPECT_EQ((*found)[step + 1].key.stableId, step);
  }
}

} // namespace
} // namespace weft::journal
