//===- UndisturbedTest.cpp - In simulation as in a real process -----------===//
//
// Runs of the examples on which nothing goes wrong give what the sequential
// reference gives under the decisions of their journals, and the main example
// what stands beside it.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/run/Points.h"

namespace weft::test {
namespace {

using testing::IsEmpty;

class Undisturbed : public Programs {};

TEST_P(Undisturbed, equals_the_reference_under_its_journal) {
  Trial calm(program(), {});
  ASSERT_THAT(calm.wrong(calm), IsEmpty());
  ASSERT_EQ(calm.outside.end->state, frame::EndState::succeeded) << calm.outside.end->failure.why;
  oracle::Verdict verdict = calm.judged();
  EXPECT_EQ(verdict.kind, oracle::Verdict::Kind::equal) << verdict.text;
  std::printf("%s: %zu records, %llu storage operations, %llu events, %llu of workers and programs; %s\n", GetParam(),
              calm.records.size(), static_cast<unsigned long long>(calm.storageOperations),
              static_cast<unsigned long long>(calm.events), static_cast<unsigned long long>(calm.childEvents),
              verdict.text.c_str());
}

INSTANTIATE_TEST_SUITE_P(Examples, Undisturbed, everyProgram(), nameOfProgram);

} // namespace
} // namespace weft::test
