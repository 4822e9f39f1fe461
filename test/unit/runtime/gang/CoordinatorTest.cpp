//===- CoordinatorTest.cpp - Gangs in one thread, in every order ----------===//
//
// Coordinator and members exchange encoded frames over queues; a seeded choice
// says who moves next, and members are killed between any two of their moves.
// What the gang gives must have the bits of the serial reference.
//
//===----------------------------------------------------------------------===//

#include "LayerPlan.h"

#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/gang/Coordinator.h"
#include "runtime/gang/Member.h"
#include "runtime/io/AsioRuntime.h"

#include <deque>
#include <gtest/gtest.h>
#include <random>

namespace weft::gang {
namespace {

using membership::MemberId;

constexpr std::uint32_t smallPieceBytes = 1024; // an all-reduce of 8 pieces

class World {
public:
  World(std::shared_ptr<const plan::Plan> plan, std::vector<value::Value> inputs, std::uint64_t seed)
      : plan(plan), random(seed), memory(Boards(*plan, plan->gangs[0], smallPieceBytes).sizeBytes() / 64 + 1),
        coordinator(plan, 0, std::move(inputs), segment(), {.pieceBytes = smallPieceBytes}) {
    act([&](CoordinatorActions &actions) { coordinator.begin(actions); });
  }

  /// One random move. False when the gang is over.
  bool step() {
    if (results || failure)
      return false;
    switch (random() % 4) {
    case 0:
      if (reported && random() % 2) {
        --reported;
        act([&](CoordinatorActions &actions) { coordinator.reportDurable(actions); });
      }
      break;
    default:
      if (seats.empty())
        break;
      auto seat = std::next(seats.begin(), static_cast<std::ptrdiff_t>(random() % seats.size()));
      move(seat->first, *seat->second);
    }
    return !(results || failure);
  }

  void kill(MemberId member) {
    seats.erase(member);
    act([&](CoordinatorActions &actions) { coordinator.lost(member, "signal 9", actions); });
  }

  std::vector<MemberId> living() const {
    std::vector<MemberId> out;
    for (auto &[member, seat] : seats)
      out.push_back(member);
    return out;
  }

  std::optional<std::vector<value::Value>> results;
  std::optional<base::Failure> failure;
  std::vector<membership::View> views;
  int partlyContributed = 0; ///< Losses in the middle of a contribution.

private:
  struct Seat {
    std::unique_ptr<device::Device> device;
    std::unique_ptr<Member> member;
    transport::FrameDecoder in, out;
    std::uint64_t numberIn = 0, numberOut = 0;
    std::deque<transport::Frame> toMember, toCoordinator;
    bool again = false;
    std::atomic<std::uint32_t> *wait = nullptr;
  };

  base::MutableBytes segment() { return std::as_writable_bytes(std::span(memory)); }

  void move(MemberId id, Seat &seat) {
    if (!seat.toCoordinator.empty() && random() % 2) {
      transport::Frame frame = throughTheWire(seat.out, seat.toCoordinator.front());
      seat.toCoordinator.pop_front();
      return act([&](CoordinatorActions &actions) { coordinator.received(id, frame, actions); });
    }
    MemberActions actions;
    if (!seat.toMember.empty() && random() % 2) {
      transport::Frame frame = throughTheWire(seat.in, seat.toMember.front());
      seat.toMember.pop_front();
      seat.member->receive(frame, actions);
    } else if (seat.again || seat.wait) {
      seat.again = false;
      seat.wait = nullptr;
      seat.member->advance(actions);
    } else {
      return;
    }
    perform(seat, actions);
  }

  void perform(Seat &seat, MemberActions &actions) {
    for (auto &send : actions.sends)
      seat.toCoordinator.push_back(
          {static_cast<std::uint16_t>(send.kind), seat.member->epoch(), ++seat.numberOut, send.payload});
    seat.again |= actions.again;
    if (actions.wait)
      seat.wait = actions.wait;
  }

  template <typename Step> void act(Step step) {
    CoordinatorActions actions;
    step(actions);
    for (MemberId member : actions.start) {
      auto seat = std::make_unique<Seat>();
      seat->device = device::makeCpuDevice(doors.doors().process);
      seat->member = std::make_unique<Member>(plan, *seat->device, segment(), member, smallPieceBytes);
      MemberActions greeting;
      seat->member->greet(greeting);
      perform(*seat, greeting);
      seats[member] = std::move(seat);
    }
    for (auto &send : actions.sends)
      if (auto seat = seats.find(send.member); seat != seats.end())
        seat->second->toMember.push_back(
            {static_cast<std::uint16_t>(send.kind), send.epoch, ++seat->second->numberIn, send.payload});
    if (actions.report) {
      ++reported;
      views.push_back(*membership::decodeView(*actions.report));
    }
    if (actions.results)
      results = std::move(actions.results);
    if (actions.failure)
      failure = std::move(actions.failure);
  }

  transport::Frame throughTheWire(transport::FrameDecoder &decoder, const transport::Frame &frame) {
    base::Bytes bytes;
    encode(frame, bytes);
    decoder.add(bytes);
    auto next = decoder.next();
    WEFT_ASSERT(next && *next);
    return **next;
  }

  std::shared_ptr<const plan::Plan> plan;
  std::mt19937_64 random;
  struct alignas(64) Line {
    std::byte bytes[64] = {};
  };
  std::vector<Line> memory;
  io::AsioRuntime doors;
  std::map<MemberId, std::unique_ptr<Seat>> seats;
  int reported = 0;

public:
  Coordinator coordinator;
};

std::vector<float> floatsOf(const value::Value &tensor) {
  auto data = tensor.asTensor().data;
  auto *first = reinterpret_cast<const float *>(data.data());
  return {first, first + data.size() / 4};
}

TEST(Coordinator, EveryOrderGivesTheReference) {
  for (std::uint32_t slots : {1u, 2u, 3u})
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      auto inputs = layerInputs(slots, seed);
      World world(layerPlan(slots, false), inputs, seed);
      for (int move = 0; world.step(); ++move)
        ASSERT_LT(move, 1'000'000);
      ASSERT_TRUE(world.results) << world.failure->why;
      EXPECT_EQ(floatsOf(world.results->at(0)), layerReference(inputs, slots, ~0ull));
    }
}

TEST(Coordinator, SlotTakenByANewMemberGivesTheSameBits) {
  int kills = 0, inside = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    auto inputs = layerInputs(2, seed);
    World world(layerPlan(2, false), inputs, seed);
    std::mt19937_64 random(seed);
    int left = 3;
    for (int move = 0; world.step(); ++move) {
      ASSERT_LT(move, 1'000'000);
      auto living = world.living();
      if (left > 0 && random() % 60 == 0 && !living.empty()) {
        MemberId victim = living[random() % living.size()];
        const auto &slots = world.coordinator.view().slots;
        auto slot = static_cast<std::uint32_t>(std::find(slots.begin(), slots.end(), victim) - slots.begin());
        std::string where = slot < slots.size() ? world.coordinator.whereIs(slot) : "";
        if (where.find("contributed") != std::string::npos && where.find("contributed 0") == std::string::npos)
          ++inside;
        world.kill(victim);
        ++kills;
        --left;
      }
    }
    ASSERT_TRUE(world.results) << world.failure->why;
    EXPECT_EQ(floatsOf(world.results->at(0)), layerReference(inputs, 2, ~0ull)) << "seed " << seed;
    for (std::size_t at = 1; at < world.views.size(); ++at)
      EXPECT_EQ(world.views[at].epoch, world.views[at - 1].epoch + 1);
  }
  EXPECT_GT(kills, 150);
  EXPECT_GT(inside, 20) << "no member was killed inside the all-reduce: this test shows nothing";
}

TEST(Coordinator, ElasticAxisGoesOnWithoutTheLostSlot) {
  int without = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    auto inputs = layerInputs(3, seed);
    World world(layerPlan(3, true), inputs, seed);
    std::mt19937_64 random(seed);
    bool killed = false;
    for (int move = 0; world.step(); ++move) {
      ASSERT_LT(move, 1'000'000);
      auto living = world.living();
      if (!killed && random() % 100 == 0 && living.size() == 3) {
        world.kill(living[random() % 3]);
        killed = true;
      }
    }
    ASSERT_TRUE(world.results) << world.failure->why;
    auto result = floatsOf(world.results->at(0));
    std::vector<std::uint64_t> allowed{7};
    if (killed)
      allowed = {7, 3, 5, 6};
    bool found = false;
    for (std::uint64_t contributors : allowed)
      if (result == layerReference(inputs, 3, contributors)) {
        found = true;
        without += contributors != 7;
      }
    EXPECT_TRUE(found) << "seed " << seed << ": the result is the sum of no set of slots";
  }
  EXPECT_GT(without, 10);
}

TEST(Coordinator, SlotThatKillsEveryMemberFailsTheGang) {
  auto inputs = layerInputs(2, 1);
  World world(layerPlan(2, false), inputs, 1);
  for (int move = 0; world.step(); ++move) {
    ASSERT_LT(move, 1'000'000);
    if (move % 20 == 0)
      for (MemberId member : world.living())
        if (world.coordinator.view().slots[1] == member)
          world.kill(member);
  }
  ASSERT_TRUE(world.failure);
  EXPECT_EQ(world.failure->kind, base::FailKind::transport);
  EXPECT_NE(world.failure->why.find("slot 1 of layer was lost 17 times, the last time by signal 9"), std::string::npos)
      << world.failure->why;
}

} // namespace
} // namespace weft::gang
