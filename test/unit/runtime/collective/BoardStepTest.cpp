//===- BoardStepTest.cpp - Every interleaving gives the reference ---------===//
//
// Members take turns in a seeded order, are killed between any two pieces of
// work, come back to their slot with the same input, or stay away. The oracle
// is a serial sum in slot order over the contributors that the members report.
//
//===----------------------------------------------------------------------===//

#include "runtime/collective/BoardStep.h"

#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <memory>
#include <random>

namespace weft::collective {
namespace {

using Random = std::mt19937_64;

/// One group on one board, small pieces so that there are many points to stop at.
struct Group {
  Group(StepKind kind, std::uint32_t members, std::size_t elements, std::uint64_t seed)
      : inputs(members), outputs(members) {
    spec = {kind, ReduceKind::sum, base::ElementType::f32, members, elements * sizeof(float), 64};
    memory = std::make_unique<Line[]>(Board::sizeBytes(spec.board()) / sizeof(Line) + 1);
    std::memset(static_cast<void *>(memory.get()), 0, Board::sizeBytes(spec.board()));
    Random random(seed);
    std::uniform_real_distribution<float> values(-1000, 1000);
    for (std::uint32_t member = 0; member < members; ++member) {
      for (std::size_t i = 0; i < elements; ++i)
        inputs[member].push_back(values(random));
      outputs[member].assign(spec.outputBytes() / sizeof(float), 0);
      start(member);
    }
  }

  Board board() {
    return Board({reinterpret_cast<std::byte *>(memory.get()), Board::sizeBytes(spec.board())}, spec.board());
  }

  void start(std::uint32_t member) {
    steps.resize(spec.members);
    steps[member] = std::make_unique<BoardStep>(spec, board(), member, std::as_bytes(std::span(inputs[member])),
                                                std::as_writable_bytes(std::span(outputs[member])));
  }

  /// The serial sum in slot order.
  std::vector<float> reference(Members contributors) const {
    std::vector<float> sum;
    for (std::uint32_t member = 0; member < spec.members; ++member) {
      if (!(contributors >> member & 1))
        continue;
      if (sum.empty())
        sum = inputs[member];
      else
        for (std::size_t i = 0; i < sum.size(); ++i)
          sum[i] += inputs[member][i];
    }
    return sum;
  }

  struct alignas(64) Line {
    std::byte bytes[64];
  };
  StepSpec spec;
  std::unique_ptr<Line[]> memory;
  std::vector<std::vector<float>> inputs, outputs;
  std::vector<std::unique_ptr<BoardStep>> steps;
};

/// Runs members in random order until all in `alive` are done. `before(member)` may kill and replace.
template <typename Before> void run(Group &group, Members alive, Random &random, Before before) {
  Members done = 0;
  for (int turn = 0; done != alive; ++turn) {
    ASSERT_LT(turn, 1'000'000) << "the group makes no progress";
    auto member = static_cast<std::uint32_t>(random() % group.spec.members);
    before(member, alive, done);
    if (!(alive >> member & 1))
      continue;
    if (group.steps[member]->advance().kind == Progress::Kind::done)
      done |= Members(1) << member;
  }
}

TEST(BoardStep, AllReduceEqualsSerialSumInEveryOrder) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    Group group(StepKind::allReduce, 1 + seed % 5, random() % 200, seed);
    run(group, allOf(group.spec.members), random, [](auto...) {});
    auto expected = group.reference(allOf(group.spec.members));
    for (auto &output : group.outputs)
      EXPECT_EQ(output, expected) << "seed " << seed;
  }
}

TEST(BoardStep, ReturningMemberLeavesTheSameBits) {
  int returned = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    Group group(StepKind::allReduce, 2 + seed % 4, 150, seed);
    run(group, allOf(group.spec.members), random, [&](std::uint32_t member, Members, Members &done) {
      if (random() % 20 != 0)
        return;
      // Killed anywhere, also after it was done: its successor has the input and nothing else.
      std::fill(group.outputs[member].begin(), group.outputs[member].end(), -1.0f);
      group.start(member);
      done &= ~(Members(1) << member);
      ++returned;
    });
    auto expected = group.reference(allOf(group.spec.members));
    for (auto &output : group.outputs)
      EXPECT_EQ(output, expected) << "seed " << seed;
  }
  EXPECT_GT(returned, 1000);
}

/// An elastic axis: who is lost stays away, and the coordinator settles the attempt without it.
TEST(BoardStep, SurvivorsOfALossAgreeOnContributors) {
  int lossesCounted = 0, lossesLeftOut = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Random random(seed);
    Group group(StepKind::allReduce, 3 + seed % 3, 150, seed);
    Members alive = allOf(group.spec.members);
    int losses = 0;
    run(group, alive, random, [&](std::uint32_t member, Members &living, Members &done) {
      if (losses == 2 || random() % 40 != 0 || !(living >> member & 1) || std::popcount(living) == 1)
        return;
      ++losses;
      living &= ~(Members(1) << member);
      alive = living;
      done &= living;
      group.board().leave(member, group.spec.pieces());
    });
    Members contributors = 0;
    bool first = true;
    for (std::uint32_t member = 0; member < group.spec.members; ++member) {
      if (!(alive >> member & 1))
        continue;
      if (first)
        contributors = group.steps[member]->contributors();
      first = false;
      ASSERT_EQ(group.steps[member]->contributors(), contributors) << "seed " << seed;
      ASSERT_EQ(group.outputs[member], group.reference(contributors)) << "seed " << seed;
    }
    for (std::uint32_t member = 0; member < group.spec.members; ++member)
      if (!(alive >> member & 1))
        (contributors >> member & 1 ? lossesCounted : lossesLeftOut) += 1;
  }
  // Both ways of losing a member must have occurred, else this test shows nothing.
  EXPECT_GT(lossesCounted, 20);
  EXPECT_GT(lossesLeftOut, 20);
}

TEST(BoardStep, ReduceScatterGivesEachMemberItsShard) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    std::uint32_t members = 1 + seed % 4;
    Group group(StepKind::reduceScatter, members, 40 * members, seed);
    run(group, allOf(members), random, [](auto...) {});
    auto sum = group.reference(allOf(members));
    for (std::uint32_t member = 0; member < members; ++member)
      EXPECT_EQ(group.outputs[member], std::vector<float>(sum.begin() + 40 * member, sum.begin() + 40 * (member + 1)));
  }
}

TEST(BoardStep, AllGatherJoinsInSlotOrder) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Random random(seed);
    std::uint32_t members = 1 + seed % 4;
    Group group(StepKind::allGather, members, 37, seed);
    run(group, allOf(members), random, [](auto...) {});
    std::vector<float> joined;
    for (auto &input : group.inputs)
      joined.insert(joined.end(), input.begin(), input.end());
    for (auto &output : group.outputs)
      EXPECT_EQ(output, joined);
  }
}

TEST(BoardStep, InputIsNeverWritten) {
  Random random(7);
  Group group(StepKind::allReduce, 3, 100, 7);
  auto before = group.inputs;
  run(group, allOf(3), random, [](auto...) {});
  EXPECT_EQ(group.inputs, before);
}

} // namespace
} // namespace weft::collective
