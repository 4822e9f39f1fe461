//===- SabotageTest.cpp - Broken rules show in the examples ---------------===//
//
// Each switch breaks one rule of the machine or of its journal. Crash and evict
// everywhere over the examples must notice.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using simulation::Loss;

/// The sentences of the first disturbed run that has any: undisturbed, killed at each record, killed in each operation.
std::vector<std::string> firstWrong(const char *name, const Outside::Way &way) {
  const Example &program = example(name);
  Trial calm(program, {});
  Disturbance disturbance;
  disturbance.way = way;
  if (auto wrong = Trial(program, disturbance).wrong(calm); !wrong.empty())
    return wrong;
  for (std::uint64_t record = 1; record <= calm.records.size(); ++record)
    for (bool durable : {false, true}) {
      Disturbance killed = disturbance;
      killed.record = record;
      killed.recordDurable = durable;
      if (auto wrong = Trial(program, killed).wrong(calm); !wrong.empty())
        return wrong;
    }
  for (std::uint64_t operation = 1; operation <= calm.storageOperations; ++operation)
    for (std::uint64_t seed : {1, 2, 3}) {
      Disturbance killed = disturbance;
      killed.seed = seed;
      killed.storageOperation = operation;
      killed.loss = Loss::power;
      if (auto wrong = Trial(program, killed).wrong(calm); !wrong.empty())
        return wrong;
    }
  return {};
}

struct Break {
  const char *name, *example;
  bool frame::Sabotage::*frame = nullptr;
  bool journal::Sabotage::*journal = nullptr;
  bool Outside::Way::*way = nullptr;
};
void PrintTo(const Break &one, std::ostream *out) { *out << one.name; }

class Sabotaged : public testing::TestWithParam<Break> {};

TEST_P(Sabotaged, is_caught) {
  Outside::Way way;
  if (GetParam().frame)
    way.sabotage.*GetParam().frame = true;
  if (GetParam().journal)
    way.journalSabotage.*GetParam().journal = true;
  if (GetParam().way)
    way.*GetParam().way = true;
  auto wrong = firstWrong(GetParam().example, way);
  ASSERT_THAT(wrong, testing::Not(testing::IsEmpty())) << GetParam().name << " was not noticed";
  std::printf("%s: %s\n", GetParam().name, wrong.front().substr(0, 300).c_str());
}

using F = frame::Sabotage;
using J = journal::Sabotage;

INSTANTIATE_TEST_SUITE_P(Rules, Sabotaged,
                         testing::Values(Break{"callBeforeDurable", "00-spine", &F::callBeforeDurable},
                                         Break{"noIntents", "00-spine", &F::noIntents},
                                         Break{"noDecisions", "00-spine", &F::noDecisions},
                                         Break{"identityByArrival", "01-brief", &F::identityByArrival},
                                         Break{"ignoreWindow", "00-spine", &F::ignoreWindow},
                                         Break{"ignoreOrder", "writes", &F::ignoreOrder},
                                         Break{"repeatWrites", "writes", &F::repeatWrites},
                                         Break{"attemptsForgotten", "tries", &F::attemptsForgotten},
                                         Break{"noFailureDecision", "tries", &F::noFailureDecision},
                                         Break{"activationInIdempotencyKey", "retries", &F::activationInIdempotencyKey},
                                         Break{"keepParked", "asks", nullptr, nullptr, &Outside::Way::keepParked},
                                         Break{"acknowledgeBeforeSync", "writes", nullptr, &J::acknowledgeBeforeSync},
                                         Break{"blobsAfterRecords", "00-spine", nullptr, &J::blobsAfterRecords}),
                         [](const auto &info) { return std::string(info.param.name); });

} // namespace
} // namespace weft::test
