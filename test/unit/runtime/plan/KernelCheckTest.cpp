//===- KernelCheckTest.cpp - Kernels whose work cannot be run -------------===//

#include "runtime/plan/PlanPrinter.h"

#include "SmallPlan.h"
#include "test/simulation/gang/LoopPlan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::test {
namespace {

struct KernelMutant {
  const char *name;
  void (*change)(fb::PlanT &);
  const char *message;
};

fb::KernelT &kernel(fb::PlanT &plan) { return *plan.kernels[0]; }

void move(fb::PlanT &plan, std::uint64_t bytes) {
  fb::Buffer &one = plan.gangs[0]->roles[0]->buffers.back();
  plan.gangs[0]->roles[0]->arenas[0] += 64;
  one = fb::Buffer(one.offset() + bytes, one.bytes(), one.arena(), one.credits(), one.dtype(), 0);
}

const KernelMutant mutants[] = {
    {"phases without the feature",
     [](fb::PlanT &p) {
       p.features = {"state"};
       kernel(p).phases = {2};
     },
     "has phases or scratch, and the plan does not name feature 'phases'"},
    {"scratch without the feature",
     [](fb::PlanT &p) {
       p.features = {"state"};
       kernel(p).thread_bytes = 64;
     },
     "does not name feature 'phases'"},
    {"phase without items",
     [](fb::PlanT &p) {
       kernel(p).phases = {3, 0};
     },
     "a phase has no item of work"},
    {"too many phases", [](fb::PlanT &p) { kernel(p).phases.assign(4097, 1); }, "4097 phases, the limit is 4096"},
    {"too much scratch", [](fb::PlanT &p) { kernel(p).thread_bytes = (1ULL << 30) + 1; },
     "1073741825 bytes of scratch for each thread, the limit is 1073741824"},
    {"buffer between two elements", [](fb::PlanT &p) { move(p, 2); }, "is no multiple of its element's 4 bytes"},
};

class KernelCheck : public testing::TestWithParam<KernelMutant> {};

base::Bytes changed(void (*change)(fb::PlanT &)) {
  auto plan = unpacked(simulation::loopPlanFile({}));
  plan->features.push_back("phases");
  change(*plan);
  return packed(*plan);
}

TEST_P(KernelCheck, RefusesMutant) {
  auto read = plan::readPlan(changed(GetParam().change));
  ASSERT_FALSE(read) << GetParam().name;
  EXPECT_THAT(read.error().message, testing::HasSubstr(GetParam().message));
}

std::string nameOf(const testing::TestParamInfo<KernelMutant> &info) {
  std::string name;
  for (const char *c = info.param.name; *c; ++c)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mutants, KernelCheck, testing::ValuesIn(mutants), nameOf);

// A plan from before the feature: one phase of one item.
TEST(KernelCheck, NoPhasesAreOne) {
  auto read = plan::readPlan(changed([](fb::PlanT &p) { p.features = {"state"}; }));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)->kernels[0].phases, std::vector<std::uint64_t>{1});
}

// A buffer needs no more than its element's alignment, and the printer shows how far a kernel can be spread.
TEST(KernelCheck, PhasesAreReadAndShown) {
  auto read = plan::readPlan(changed([](fb::PlanT &p) {
    kernel(p).phases = {4, 16};
    kernel(p).thread_bytes = 128;
    move(p, 4);
  }));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ((*read)->kernels[0].threadBytes, 128U);
  EXPECT_THAT(plan::printPlan(**read, {}), testing::HasSubstr(" 4+16 items ("));
}

} // namespace
} // namespace weft::test
