//===- BoardLoopTest.cpp - Boards that are used step after step -----------===//
//
// Members take several steps over the same boards, each from what the last one
// gave, so that a step which mixes two uses shows in all that follow. Members
// leave at any moment. Small cases are walked through exhaustively: every
// interleaving of the pieces of work, a loss at every point of each.
//
//===----------------------------------------------------------------------===//

#include "runtime/collective/BoardStep.h"

#include <array>
#include <bit>
#include <cstring>
#include <gtest/gtest.h>
#include <random>
#include <set>
#include <vector>

namespace weft::collective {
namespace {

constexpr std::size_t maxElements = 48; // 3 pieces of 64 bytes

struct alignas(64) Line {
  std::byte bytes[64] = {};
};

/// One member's way through all steps.
struct Walker {
  std::array<float, maxElements> state{}, input{};
  std::array<float, 4 * maxElements> output{};
  std::vector<std::vector<float>> results; ///< Of each step.
  std::vector<Members> contributors;
  std::optional<BoardStep> step;
};

class Loop {
public:
  Loop(StepKind kind, std::uint32_t members, std::size_t elements, std::uint32_t steps, std::uint64_t seed,
       Sabotage sabotage = {})
      : steps(steps), elements(elements), alive(allOf(members)) {
    spec = {kind, ReduceKind::sum, base::ElementType::f32, members, elements * sizeof(float), 64, sabotage};
    boardBytes = (Board::sizeBytes(spec.board()) + 63) / 64 * 64;
    memory.resize(spec.boardsInTurn() * boardBytes / sizeof(Line));
    std::mt19937_64 random(seed);
    std::uniform_real_distribution<float> values(-1, 1);
    walkers.resize(members);
    for (Walker &walker : walkers)
      for (std::size_t i = 0; i < elements; ++i)
        walker.state[i] = values(random);
    first = walkers;
  }

  bool done(std::uint32_t member) const { return walkers[member].results.size() == steps; }
  bool over() const {
    for (std::uint32_t member = 0; member < spec.members; ++member)
      if (alive >> member & 1 && !done(member))
        return false;
    return true;
  }

  void advance(std::uint32_t member) {
    Walker &walker = walkers[member];
    if (!walker.step) {
      inputOf(member, walker.results.size(), walker.state, walker.input);
      walker.step.emplace(spec, board(walker.results.size()), member, bytesOf(walker.input, elements),
                          std::as_writable_bytes(std::span(walker.output)).first(spec.outputBytes()),
                          static_cast<std::uint32_t>(walker.results.size() / spec.boardsInTurn()));
    }
    if (walker.step->advance().kind != Progress::Kind::done)
      return;
    auto size = static_cast<std::ptrdiff_t>(spec.outputBytes() / sizeof(float));
    walker.results.emplace_back(walker.output.begin(), walker.output.begin() + size);
    walker.contributors.push_back(walker.step->contributors());
    walker.step.reset();
    stateAfter(walker.results.back(), walker.state);
  }

  void lose(std::uint32_t member) {
    alive &= ~(Members(1) << member);
    for (std::uint32_t turn = 0; turn < spec.boardsInTurn(); ++turn)
      board(turn).leave(member, spec.pieces());
  }

  /// What is wrong with the steps that living members have taken; empty when nothing is.
  std::string fault() const {
    std::vector<Walker> now = first;
    Members before = allOf(spec.members);
    for (std::uint32_t step = 0; step < steps; ++step) {
      const Walker *any = nullptr;
      for (std::uint32_t member = 0; member < spec.members; ++member)
        if (alive >> member & 1 && walkers[member].results.size() > step) {
          if (any && walkers[member].contributors[step] != any->contributors[step])
            return "step " + std::to_string(step) + ": two members count others";
          if (any && walkers[member].results[step] != any->results[step])
            return "step " + std::to_string(step) + ": two members have other results";
          any = &walkers[member];
        }
      if (!any)
        return "";
      Members contributors = any->contributors[step];
      if (contributors & ~before)
        return "step " + std::to_string(step) + ": who had left is back";
      before = contributors;
      if (any->results[step] != reference(now, step, contributors))
        return "step " + std::to_string(step) + " is the sum of no inputs of this step";
      for (Walker &walker : now)
        stateAfter(any->results[step], walker.state);
    }
    return "";
  }

  /// All that decides what comes next, to be put back.
  struct Saved {
    std::vector<Line> memory;
    std::vector<Walker> walkers;
    Members alive;
  };
  Saved save() const { return {memory, walkers, alive}; }
  void restore(const Saved &saved) {
    memory.assign(saved.memory.begin(), saved.memory.end()); // in place: steps point into it
    std::copy(saved.walkers.begin(), saved.walkers.end(), walkers.begin());
    alive = saved.alive;
  }
  std::string key() const {
    std::string key(reinterpret_cast<const char *>(memory.data()), memory.size() * sizeof(Line));
    for (const Walker &walker : walkers) {
      BoardStep::Place place = walker.step ? walker.step->place() : BoardStep::Place{};
      for (std::uint64_t part :
           {std::uint64_t(walker.results.size()), std::uint64_t(walker.step.has_value()), std::uint64_t(place.phase),
            std::uint64_t(place.attempt), std::uint64_t(place.combinedPieces), place.collected})
        key += std::to_string(part) + " ";
    }
    return key + std::to_string(alive);
  }

  StepSpec spec;
  std::uint32_t steps;
  std::size_t elements;
  Members alive;
  std::vector<Walker> walkers;

private:
  static base::ConstBytes bytesOf(const std::array<float, maxElements> &floats, std::size_t count) {
    return std::as_bytes(std::span(floats)).first(count * sizeof(float));
  }
  Board board(std::size_t step) {
    auto *at = reinterpret_cast<std::byte *>(memory.data()) + step % spec.boardsInTurn() * boardBytes;
    return Board({at, boardBytes}, spec.board());
  }
  void inputOf(std::uint32_t member, std::size_t step, const std::array<float, maxElements> &state,
               std::array<float, maxElements> &input) const {
    for (std::size_t i = 0; i < elements; ++i)
      input[i] = state[i] * static_cast<float>(member + 1) + static_cast<float>(step) * 0.25f;
  }
  void stateAfter(const std::vector<float> &result, std::array<float, maxElements> &state) const {
    for (std::size_t i = 0; i < elements; ++i)
      state[i] = 0.5f * state[i] + result[i] / (1 + result[i] * result[i]);
  }
  std::vector<float> reference(const std::vector<Walker> &now, std::size_t step, Members contributors) const {
    std::vector<float> out;
    std::array<float, maxElements> input{};
    for (std::uint32_t member = 0; member < spec.members; ++member) {
      if (!(contributors >> member & 1))
        continue;
      inputOf(member, step, now[member].state, input);
      if (out.empty() || spec.kind == StepKind::allGather)
        out.insert(out.end(), input.begin(), input.begin() + static_cast<std::ptrdiff_t>(elements));
      else
        for (std::size_t i = 0; i < elements; ++i)
          out[i] += input[i];
    }
    return out;
  }

  std::uint64_t boardBytes = 0;
  std::vector<Line> memory;
  std::vector<Walker> first;
};

/// Random turns until everybody living is done; `losses` members leave on the way. What is wrong, or empty.
std::string walk(Loop &loop, std::uint64_t seed, int losses) {
  std::mt19937_64 random(seed);
  for (int turn = 0; !loop.over(); ++turn) {
    if (turn == 1'000'000)
      return "the group makes no progress";
    auto member = static_cast<std::uint32_t>(random() % loop.spec.members);
    if (!(loop.alive >> member & 1))
      continue;
    if (losses > 0 && random() % 60 == 0 && std::popcount(loop.alive) > 1) {
      loop.lose(member);
      --losses;
      continue;
    }
    // Now and then one runs far ahead of the others, or as far as it can.
    for (auto count = random() % 8 == 0 ? 1 + random() % 40 : 1; count > 0 && !loop.done(member); --count)
      loop.advance(member);
  }
  return loop.fault();
}

TEST(BoardLoop, EveryKindGivesEachStepItsOwnResult) {
  for (std::uint64_t seed = 0; seed < 300; ++seed)
    for (StepKind kind : {StepKind::allReduce, StepKind::allGather}) {
      Loop loop(kind, 1 + seed % 4, seed % 3 == 0 ? 5 : 40, 12, seed);
      ASSERT_EQ(walk(loop, seed, 0), "") << "seed " << seed;
    }
}

TEST(BoardLoop, MoreStepsThanTheWordsCountUses) {
  Loop loop(StepKind::allReduce, 3, 20, 2 * Combined::uses + 5, 1);
  EXPECT_EQ(walk(loop, 1, 1), "");
  Loop longer(StepKind::allReduce, 2, 1, Contributed::uses + 5, 2);
  EXPECT_EQ(walk(longer, 2, 0), "");
}

TEST(BoardLoop, LossesLeaveContributorsThatOnlyShrink) {
  int fewer = 0, counted = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed) {
    Loop loop(StepKind::allReduce, 3 + seed % 3, seed % 2 ? 40 : 7, 6, seed);
    ASSERT_EQ(walk(loop, seed, 2), "") << "seed " << seed;
    for (std::uint32_t member = 0; member < loop.spec.members; ++member)
      if (loop.alive >> member & 1) {
        fewer += loop.walkers[member].contributors.back() != allOf(loop.spec.members);
        // A step that ended with one who is lost by now: its part was there already.
        counted += loop.walkers[member].contributors[3] & ~loop.alive ? 1 : 0;
      }
  }
  EXPECT_GT(fewer, 500);
  EXPECT_GT(counted, 100);
}

/// Every interleaving of two steps, and a loss before every move of each. Gives the number of states.
std::size_t explore(Loop &loop, int losses) {
  std::set<std::size_t> seen; // hashes: 2^64 of them against some 10^5 states
  std::vector<std::pair<Loop::Saved, int>> open{{loop.save(), losses}};
  while (!open.empty()) {
    auto [saved, left] = std::move(open.back());
    open.pop_back();
    loop.restore(saved);
    if (!seen.insert(std::hash<std::string>()(loop.key() + "/" + std::to_string(left))).second)
      continue;
    if (loop.over()) {
      EXPECT_EQ(loop.fault(), "");
      if (testing::Test::HasFailure())
        return seen.size();
      continue;
    }
    std::string before = loop.key();
    bool moved = false;
    for (std::uint32_t member = 0; member < loop.spec.members; ++member) {
      if (!(loop.alive >> member & 1) || loop.done(member))
        continue;
      loop.restore(saved);
      loop.advance(member);
      if (loop.key() != before) {
        moved = true;
        open.emplace_back(loop.save(), left);
      }
      if (left > 0 && std::popcount(loop.alive) > 1) {
        loop.restore(saved);
        loop.lose(member);
        open.emplace_back(loop.save(), left - 1);
      }
    }
    EXPECT_TRUE(moved) << "nobody can go on";
    if (!moved)
      return seen.size();
  }
  return seen.size();
}

TEST(BoardLoop, ExhaustivelyWithLosses) {
  Loop three(StepKind::allReduce, 3, 1, 2, 1); // one element: two of the owners own nothing
  std::size_t states = explore(three, 2);
  Loop pieces(StepKind::allReduce, 2, 20, 3, 2); // two pieces
  states += explore(pieces, 1);
  Loop gather(StepKind::allGather, 2, 20, 4, 3);
  states += explore(gather, 0);
  std::printf("%zu states\n", states);
  EXPECT_GT(states, 10'000u);
}

/// The break that these tests must see: contributions of the use before are taken for this one's.
TEST(BoardLoop, SabotageReuseIsCaught) {
  int caught = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Loop loop(StepKind::allReduce, 3, 20, 6, seed, {.reuseBoardEarly = true});
    caught += !walk(loop, seed, 0).empty();
  }
  EXPECT_GT(caught, 40);
}

} // namespace
} // namespace weft::collective
