//===- TrainCheckTest.cpp - What a gang reads and keeps, and does not fit -===//
//
// Each mutant of the training plan passes the FlatBuffers verifier and has a
// digest that fits; PlanCheck refuses it and says why.
//
//===----------------------------------------------------------------------===//

#include "GoldenPlan.h"
#include "SmallPlan.h"

#include "runtime/plan/PlanPrinter.h"
#include "test/simulation/gang/TrainPlan.h"

#include <gmock/gmock.h>
#include <limits>

namespace weft::test {
namespace {

struct TrainMutant {
  const char *name;
  void (*change)(fb::PlanT &);
  const char *message;
};

fb::GangT &gang(fb::PlanT &plan) { return *plan.gangs[0]; }
fb::GangT &evaluation(fb::PlanT &plan) { return *plan.gangs[1]; }
fb::RoleT &firstRole(fb::PlanT &plan) { return *plan.gangs[0]->roles[0]; }
fb::TextSourceT &source(fb::PlanT &plan) { return *plan.gangs[0]->sources[0]; }

void place(fb::RoleT &role, std::size_t buffer, std::size_t over) {
  const fb::Buffer &one = role.buffers[buffer];
  role.buffers[buffer] =
      fb::Buffer(role.buffers[over].offset(), one.bytes(), one.arena(), one.credits(), one.dtype(), 0);
}

const TrainMutant trainMutants[] = {
    {"feature not named", [](fb::PlanT &p) { p.features = {"state"}; }, "does not name feature 'train'"},
    {"no pattern", [](fb::PlanT &p) { source(p).files.clear(); }, "its pattern of files is empty"},
    {"no context", [](fb::PlanT &p) { source(p).context = 0; }, "a context of 0 bytes, wanted 1 to 1048576"},
    {"a context too long", [](fb::PlanT &p) { source(p).context = plan::maxContext + 1; },
     "a context of 1048577 bytes"},
    {"no batch", [](fb::PlanT &p) { source(p).batch = 0; }, "a batch of 0 windows"},
    {"all held out", [](fb::PlanT &p) { source(p).held_out = 1.0; }, "holds out 1.000000 of each file"},
    {"a share below nothing", [](fb::PlanT &p) { source(p).held_out = -0.5; }, "holds out -0.500000"},
    {"a share that is no number", [](fb::PlanT &p) { source(p).held_out = std::numeric_limits<double>::quiet_NaN(); },
     "holds out nan"},
    {"feed of no source", [](fb::PlanT &p) { gang(p).feeds[0]->source = 1; }, "reads source 1 of 1"},
    {"feed of neither part", [](fb::PlanT &p) { gang(p).feeds[0]->part = static_cast<fb::FeedPart>(2); },
     "neither its x nor its y"},
    {"feed of another shape", [](fb::PlanT &p) { source(p).batch = 3; },
     "wanted i32[3, 8], the batch and context of source 0; it has i32[4, 8]"},
    {"feed of numbers with a fraction", [](fb::PlanT &p) { gang(p).feeds[1]->type = gang(p).params[0]; },
     "wanted i32[4, 8]"},
    {"feed out of range", [](fb::PlanT &p) { firstRole(p).feeds[0]->value = 2; }, "feed of value 2"},
    {"feed that does not fill its buffer", [](fb::PlanT &p) { firstRole(p).feeds[0]->sizes[0] = 1; },
     "32 bytes do not fill buffer 2"},
    {"feed over a state", [](fb::PlanT &p) { place(firstRole(p), 2, 0); }, "feed 0 lies over buffer 0"},
    {"feed over the other one", [](fb::PlanT &p) { place(firstRole(p), 3, 2); }, "feed 1 lies over buffer 2"},
    {"number of the step nowhere", [](fb::PlanT &p) { firstRole(p).step = 10; },
     "buffer 10 of the step's number is no i32"},
    {"number of the step among fractions", [](fb::PlanT &p) { firstRole(p).step = 9; },
     "buffer 9 of the step's number is no i32"},
    {"number of the step over a feed", [](fb::PlanT &p) { place(firstRole(p), 4, 3); },
     "the step's number lies over buffer 3"},
    {"report without a name", [](fb::PlanT &p) { gang(p).reports[0]->name.clear(); }, "report 0: has no name"},
    {"report with a long name", [](fb::PlanT &p) { gang(p).reports[0]->name.assign(129, 'x'); }, "has 129 bytes"},
    {"two reports of one name",
     [](fb::PlanT &p) { gang(p).reports.push_back(std::make_unique<fb::ReportT>(*gang(p).reports[0])); },
     "has the name of report 0"},
    {"report of many numbers", [](fb::PlanT &p) { gang(p).reports[0]->type = gang(p).params[0]; }, "wanted one f32"},
    {"too many reports",
     [](fb::PlanT &p) {
       for (int at = 0; at < 16; ++at)
         gang(p).reports.push_back(std::make_unique<fb::ReportT>(*gang(p).reports[0]));
     },
     "reports 17 numbers, at most 16"},
    {"report that nothing fills",
     [](fb::PlanT &p) {
       firstRole(p).buffers.push_back(firstRole(p).buffers[9]);
       firstRole(p).reports[0]->buffer = 10;
     },
     "a report takes buffer 10, which nothing fills"},
    {"report that nobody has",
     [](fb::PlanT &p) {
       for (auto &role : gang(p).roles)
         role->reports.clear();
     },
     "no slot has report loss"},
    {"keeps too many", [](fb::PlanT &p) { gang(p).checkpoint_keep = 1025; }, "keeps 1025 checkpoints, at most 1024"},
    {"names of some operands", [](fb::PlanT &p) { gang(p).param_names.push_back("head"); },
     "names 2 of its 1 operands"},
    {"evaluated by itself", [](fb::PlanT &p) { gang(p).evaluation->gang = 0; }, "is evaluated by gang 0 of 2"},
    {"evaluated by none", [](fb::PlanT &p) { gang(p).evaluation->gang = 2; }, "is evaluated by gang 2 of 2"},
    {"evaluated with too few states", [](fb::PlanT &p) { gang(p).evaluation->states.clear(); },
     "is given 0 states for 1 operands"},
    {"evaluated with another state", [](fb::PlanT &p) { gang(p).evaluation->states = {2}; },
     "operand 0 is state 2, which is none of its type"},
    {"evaluation without reports",
     [](fb::PlanT &p) {
       evaluation(p).reports.clear();
       evaluation(p).roles[0]->reports.clear();
     },
     "reads nothing or reports nothing"},
    {"evaluation with a state of its own",
     [](fb::PlanT &p) { evaluation(p).evaluation = std::make_unique<fb::EvaluationT>(*gang(p).evaluation); },
     "has steps, states, files or an evaluation of its own"},
    {"evaluation that spoils its operand for the next batch",
     [](fb::PlanT &p) {
       fb::RoleT &role = *evaluation(p).roles[0];
       role.buffers.push_back(role.buffers[3]);
       place(role, 4, 0);
       role.indices.push_back(4);
       role.actors.push_back(fb::Actor(fb::ActorKind::kernel, fb::Collective::all_reduce, fb::Reduce::sum, 0, 2, 0,
                                       fb::Range(3, 1), fb::Range(4, 1), fb::Range(), 0, 0));
     },
     "buffer 0 of an input is written over, and the next step reads it"},
    {"evaluation on more slots",
     [](fb::PlanT &p) {
       p.meshes[1]->sizes = {2};
       evaluation(p).roles.push_back(std::make_unique<fb::RoleT>(*evaluation(p).roles[0]));
       evaluation(p).roles[1]->slots = {1};
     },
     "runs on more than one slot"},
};

class TrainCheck : public testing::TestWithParam<TrainMutant> {};

TEST_P(TrainCheck, RefusesMutant) {
  auto plan = unpacked(simulation::trainPlanFile({}));
  GetParam().change(*plan);
  auto read = plan::readPlan(packed(*plan));
  ASSERT_FALSE(read) << GetParam().name;
  EXPECT_THAT(read.error().message, testing::HasSubstr(GetParam().message));
}

std::string nameOf(const testing::TestParamInfo<TrainMutant> &info) {
  std::string name;
  for (const char *c = info.param.name; *c; ++c)
    name += std::isalnum(static_cast<unsigned char>(*c)) ? *c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Mutants, TrainCheck, testing::ValuesIn(trainMutants), nameOf);

/// An operand from a file is none of the node's.
TEST(TrainCheck, OperandsFromFiles) {
  simulation::TrainShape shape;
  shape.weights = "lm.safetensors";
  auto whole = simulation::trainPlan(shape);
  EXPECT_EQ(whole->gangs[0].given(), 0u);
  auto plan = unpacked(simulation::trainPlanFile(shape));
  gang(*plan).files[0]->operand = 1;
  EXPECT_THAT(plan::readPlan(packed(*plan)).error().message, testing::HasSubstr("file 0 gives operand 1 of 1"));
  gang(*plan).files.clear();
  EXPECT_THAT(plan::readPlan(packed(*plan)).error().message, testing::HasSubstr("0 operands"));
}

/// Where the parameters are split no slot can evaluate alone.
TEST(TrainCheck, EvaluationNeedsTheWholeState) {
  auto plan = unpacked(simulation::trainPlanFile({}));
  for (std::size_t slot = 0; slot < 2; ++slot) {
    fb::RoleT &role = *gang(*plan).roles[slot];
    role.states[0]->offsets = role.outputs[0]->offsets = {slot * 32};
    role.states[0]->sizes = role.outputs[0]->sizes = {32};
    for (std::size_t buffer : {0, 7}) {
      const fb::Buffer &one = role.buffers[buffer];
      role.buffers[buffer] = fb::Buffer(one.offset(), 32 * sizeof(float), 0, 1, 0, 0);
    }
  }
  EXPECT_THAT(plan::readPlan(packed(*plan)).error().message,
              testing::HasSubstr("slot 0 does not hold the whole of state table"));
}

TEST(TrainCheck, PrinterShowsWhatIsReadAndKept) {
  simulation::TrainShape shape;
  shape.keep = 3;
  shape.to = "out";
  std::string text = plan::printPlan(*simulation::trainPlan(shape), {});
  EXPECT_THAT(text, testing::HasSubstr("  7 steps, a checkpoint after every 2, the newest 3 stay, whole in out\n"
                                       "  source 0: text data/*.txt, 4 windows of 8 bytes, seed 5, holds out 0.25\n"
                                       "  feed 0: x of source 0, i32[4, 8]\n"
                                       "  feed 1: y of source 0, i32[4, 8]\n"
                                       "  reports loss\n"
                                       "  evaluated by lm.evaluate\n"));
  EXPECT_THAT(text, testing::HasSubstr("    b2 = feed 0[2..4 of 4, 8]\n"));
  EXPECT_THAT(text, testing::HasSubstr("    b4 = the step's number\n"));
  EXPECT_THAT(text, testing::HasSubstr("    loss = b9\n"));
  shape.weights = "lm.safetensors";
  EXPECT_THAT(plan::printPlan(*simulation::trainPlan(shape), {}),
              testing::HasSubstr("  operand 0 is table of lm.safetensors\n"));
}

/// Written once by version 1.0 with the feature, and read for ever.
TEST(TrainCheck, GoldenPlanMeansTheSame) { expectGoldenPlan("train.1.0"); }

} // namespace
} // namespace weft::test
