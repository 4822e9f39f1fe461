//===- StateCheckTest.cpp - Steps and states that do not fit together -----===//
//
// Each mutant of the loop's plan passes the FlatBuffers verifier and has a
// digest that fits; PlanCheck refuses it and says why.
//
//===----------------------------------------------------------------------===//

#include "GoldenPlan.h"
#include "SmallPlan.h"

#include "runtime/plan/PlanPrinter.h"
#include "test/simulation/gang/LoopPlan.h"

#include <gmock/gmock.h>

namespace weft::test {
namespace {

struct StateMutant {
  const char *name;
  void (*change)(fb::PlanT &);
  const char *message;
};

fb::GangT &gang(fb::PlanT &plan) { return *plan.gangs[0]; }
fb::RoleT &firstRole(fb::PlanT &plan) { return *plan.gangs[0]->roles[0]; }

/// The arena's second half takes a copy of every buffer, so that one can be put over another.
void place(fb::RoleT &role, std::size_t buffer, std::size_t over) {
  const fb::Buffer &one = role.buffers[buffer];
  role.buffers[buffer] =
      fb::Buffer(role.buffers[over].offset(), one.bytes(), one.arena(), one.credits(), one.dtype(), 0);
}

const StateMutant stateMutants[] = {
    {"feature not named", [](fb::PlanT &p) { p.features.clear(); }, "does not name feature 'state'"},
    {"another feature too", [](fb::PlanT &p) { p.features.push_back("teleport"); }, "feature 'teleport' is not known"},
    {"no steps", [](fb::PlanT &p) { gang(p).steps = 0; }, "takes 0 steps, wanted 1 to 1073741824"},
    {"too many steps", [](fb::PlanT &p) { gang(p).steps = plan::maxGangSteps + 1; }, "takes 1073741825 steps"},
    {"steps without a state",
     [](fb::PlanT &p) {
       gang(p).states.clear();
       for (auto &role : gang(p).roles) {
         // Without the state's part the kernels read their data in its place.
         role->states.clear();
         role->kept.clear();
         role->indices[0] = role->indices[4] = 0;
         role->outputs[0]->buffer = 4;
       }
     },
     "has no state"},
    {"state without a name", [](fb::PlanT &p) { gang(p).states[0]->name.clear(); }, "has no name"},
    {"state with a long name", [](fb::PlanT &p) { gang(p).states[0]->name.assign(129, 'x'); },
     "state 0: its name has 129 bytes, at most 128 are recorded"},
    {"two states of one name",
     [](fb::PlanT &p) { gang(p).states.push_back(std::make_unique<fb::StateT>(*gang(p).states[0])); },
     "has the name of state 0"},
    {"a state that nobody holds",
     [](fb::PlanT &p) {
       gang(p).states.push_back(std::make_unique<fb::StateT>(*gang(p).states[0]));
       gang(p).states[1]->name = "moments";
     },
     "state moments: the slots hold 0 of its 0 elements"},
    {"begins as an operand that is not there", [](fb::PlanT &p) { gang(p).states[0]->init = 2; }, "operand 2"},
    {"begins as an operand of another type", [](fb::PlanT &p) { gang(p).states[0]->init = 0; }, "none of its type"},
    {"state out of range", [](fb::PlanT &p) { firstRole(p).states[0]->value = 3; }, "state of value 3"},
    {"state that does not fill its buffer", [](fb::PlanT &p) { firstRole(p).states[0]->sizes[0] = 63; },
     "do not fill buffer 1"},
    {"nowhere kept", [](fb::PlanT &p) { firstRole(p).kept.clear(); }, "holds 1 states and keeps 0"},
    {"kept in a buffer that is not there", [](fb::PlanT &p) { firstRole(p).kept[0] = 17; },
     "kept in buffer 17, which nothing fills"},
    {"kept in a buffer that nothing fills",
     [](fb::PlanT &p) {
       firstRole(p).buffers.push_back(firstRole(p).buffers[0]);
       firstRole(p).kept[0] = 5;
     },
     "kept in buffer 5, which nothing fills"},
    {"kept in a buffer of other elements",
     [](fb::PlanT &p) {
       const fb::Buffer &one = firstRole(p).buffers[4];
       firstRole(p).buffers[4] = fb::Buffer(one.offset(), one.bytes(), 0, 1, 1, 0);
     },
     "is not like buffer 1"},
    {"kept over the state itself",
     [](fb::PlanT &p) {
       // Half of it: the kernel's own inputs lie elsewhere, so that only the state is in the way.
       firstRole(p).indices[4] = 3;
       const fb::Buffer &one = firstRole(p).buffers[4];
       firstRole(p).buffers[4] =
           fb::Buffer(firstRole(p).buffers[1].offset() + 128, one.bytes(), one.arena(), 1, one.dtype(), 0);
       firstRole(p).indices[5] = 0; // reads the data, not the sum, which lies beside the state
     },
     "lies over buffer 1"},
    {"state over an input", [](fb::PlanT &p) { place(firstRole(p), 1, 0); }, "lies over buffer 0"},
    {"input written over", [](fb::PlanT &p) { place(firstRole(p), 4, 0); },
     "buffer 0 of an input is written over, and the next step reads it"},
    {"parts that meet",
     [](fb::PlanT &p) {
       for (auto &role : gang(p).roles) { // all hold elements 0 to 63 of a larger state; one of them 32 to 95
         role->states[0]->whole = role->outputs[0]->whole = {192};
       }
       gang(p).states[0]->type = gang(p).results[0] = gang(p).params[0];
       gang(p).states[0]->init = 0;
       firstRole(p).states[0]->offsets[0] = 32;
     },
     "parts that meet and are not equal"},
    {"parts that leave a hole",
     [](fb::PlanT &p) {
       for (auto &role : gang(p).roles)
         role->states[0]->whole = role->outputs[0]->whole = {192};
       gang(p).states[0]->type = gang(p).results[0] = gang(p).params[0];
       gang(p).states[0]->init = 0;
     },
     "hold 64 of its 192 elements"},
};

class StateCheck : public testing::TestWithParam<StateMutant> {};

TEST_P(StateCheck, RefusesMutant) {
  auto plan = unpacked(simulation::loopPlanFile({}));
  GetParam().change(*plan);
  auto read = plan::readPlan(packed(*plan));
  ASSERT_FALSE(read) << GetParam().name;
  EXPECT_THAT(read.error().message, testing::HasSubstr(GetParam().message));
}

std::string nameOf(const testing::TestParamInfo<StateMutant> &info) {
  std::string name;
  for (const char *c = info.param.name; *c; ++c)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mutants, StateCheck, testing::ValuesIn(stateMutants), nameOf);

TEST(StateCheck, WholePlansAreRead) {
  for (bool elastic : {true, false})
    EXPECT_NE(simulation::loopPlan({2, elastic}), nullptr);
}

TEST(StateCheck, PrinterShowsStepsAndStates) {
  std::string text = plan::printPlan(*simulation::loopPlan({}), {});
  EXPECT_THAT(text, testing::HasSubstr("  6 steps, a checkpoint after every 2\n"
                                       "  state weights: f32[64], begins as operand 1\n"));
  EXPECT_THAT(text, testing::HasSubstr("b1 = weights[64]\n"));
  EXPECT_THAT(text, testing::HasSubstr("weights keeps b4\n"));
}

/// Written once by version 1.0 with the feature, and read for ever.
TEST(StateCheck, GoldenPlanMeansTheSame) { expectGoldenPlan("state.1.0"); }

} // namespace
} // namespace weft::test
