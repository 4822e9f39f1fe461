//===- ProgramTest.cpp - Gangs of one slot in the test's own process ------===//

#include "runtime/tensor/Program.h"

#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/io/AsioRuntime.h"
#include "test/simulation/gang/DecodePlan.h"
#include "test/simulation/gang/LoopPlan.h"
#include "test/simulation/gang/TrainPlan.h"

#include <cstring>
#include <gmock/gmock.h>

namespace weft::tensor {
namespace {

struct ProgramTest : testing::Test {
  io::AsioRuntime runtime;
  std::unique_ptr<device::Device> device = device::makeCpuDevice(runtime.doors().process);

  std::unique_ptr<Program> load(std::shared_ptr<const plan::Plan> plan, std::uint32_t gang) {
    auto loaded = Program::load(std::move(plan), gang, *device);
    EXPECT_TRUE(loaded) << loaded.error().message;
    return loaded ? *std::move(loaded) : nullptr;
  }

  static std::vector<float> floats(const base::Result<base::Bytes> &bytes) {
    std::vector<float> out(bytes->size() / sizeof(float));
    std::memcpy(out.data(), bytes->data(), bytes->size());
    return out;
  }

  static void feed(Program &program, std::string_view bytes, std::int32_t position) {
    std::vector<std::int32_t> ids;
    for (char byte : bytes)
      ids.push_back(static_cast<unsigned char>(byte));
    ASSERT_TRUE(program.setOperand(1, std::as_bytes(std::span(ids))));
    ASSERT_TRUE(program.setOperand(2, std::as_bytes(std::span(&position, 1))));
    ASSERT_TRUE(program.step());
  }
};

TEST_F(ProgramTest, StatesStayFromStepToStep) {
  std::vector<float> table = simulation::decodeTable(3);
  auto program = load(simulation::decodePlan({}), simulation::decodeOne);
  ASSERT_TRUE(program->setOperand(0, std::as_bytes(std::span(table))));
  std::string text = "hello";
  for (std::size_t at = 0; at < text.size(); ++at) {
    feed(*program, text.substr(at, 1), static_cast<std::int32_t>(at));
    EXPECT_EQ(floats(program->result(0)), simulation::decodeReference(table, text.substr(0, at + 1)));
  }
  ASSERT_TRUE(program->reset());
  feed(*program, "x", 0);
  EXPECT_EQ(floats(program->result(0)), simulation::decodeReference(table, "x")) << "begins anew";
}

/// As a model is used: the prompt in pieces of four by one program, then byte by byte by another one.
TEST_F(ProgramTest, AStateGoesOverToAnotherProgram) {
  std::vector<float> table = simulation::decodeTable(4);
  auto plan = simulation::decodePlan({});
  auto four = load(plan, simulation::decodeFour), one = load(plan, simulation::decodeOne);
  for (auto *program : {four.get(), one.get()})
    ASSERT_TRUE(program->lendOperand(0, std::as_bytes(std::span(table))));
  feed(*four, "abcd", 0);
  feed(*four, "efga", 4);
  EXPECT_EQ(floats(four->result(0)), simulation::decodeReference(table, "abcdefga"));
  ASSERT_TRUE(one->setState(0, *four->state(0)));
  feed(*one, "!", 8);
  EXPECT_EQ(floats(one->result(0)), simulation::decodeReference(table, "abcdefga!"));
}

/// A lent operand is read where it lies.
TEST_F(ProgramTest, LentOperandsAreNotCopied) {
  std::vector<float> table = simulation::decodeTable(5);
  auto program = load(simulation::decodePlan({}), simulation::decodeOne);
  ASSERT_TRUE(program->lendOperand(0, std::as_bytes(std::span(table))));
  for (float &one : table)
    one += 1;
  feed(*program, "a", 0);
  EXPECT_EQ(floats(program->result(0)), simulation::decodeReference(table, "a"));
}

/// What was lent is not written by who sets the operand afterwards.
TEST_F(ProgramTest, AnOperandIsSetAfterItWasLent) {
  std::vector<float> lent = simulation::decodeTable(5), own = simulation::decodeTable(6), before = lent;
  auto program = load(simulation::decodePlan({}), simulation::decodeOne);
  ASSERT_TRUE(program->lendOperand(0, std::as_bytes(std::span(lent))));
  ASSERT_TRUE(program->setOperand(0, std::as_bytes(std::span(own))));
  feed(*program, "a", 0);
  EXPECT_EQ(floats(program->result(0)), simulation::decodeReference(own, "a"));
  EXPECT_EQ(lent, before);
}

TEST_F(ProgramTest, FeedsAndReports) {
  auto program = load(simulation::trainPlan({}), 1);
  std::vector<float> table(simulation::trainWidth);
  for (std::size_t at = 0; at < table.size(); ++at)
    table[at] = static_cast<float>(at);
  std::vector<std::int32_t> x(16), y(16);
  float wanted = 0;
  for (int at = 0; at < 16; ++at) {
    x[at] = 60 + at;
    y[at] = 200 - 3 * at;
    wanted += table[(x[at] * 7 + y[at] * 3) % 64];
  }
  ASSERT_TRUE(program->setOperand(0, std::as_bytes(std::span(table))));
  ASSERT_TRUE(program->setFeed(0, std::as_bytes(std::span(x))));
  ASSERT_TRUE(program->setFeed(1, std::as_bytes(std::span(y))));
  ASSERT_TRUE(program->step());
  EXPECT_EQ(*program->report(0), wanted / 16);
}

TEST_F(ProgramTest, SlotsAndCollectivesAreNotForOneProcess) {
  auto loaded = Program::load(simulation::loopPlan({}), 0, *device);
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().message, "gang train runs on 3 slots with collectives; in one process runs what has one and "
                                    "none");
  EXPECT_FALSE(Program::load(simulation::loopPlan({1, false}), 0, *device)) << "a collective of one";
}

} // namespace
} // namespace weft::tensor
