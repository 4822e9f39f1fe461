//===- GoldenPlan.h - Plans that were written once, and are read for ever -===//
#pragma once

#include "runtime/plan/PlanPrinter.h"
#include "runtime/plan/PlanReader.h"

#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>

namespace weft::test {

inline std::string goldenContent(const std::string &name) {
  std::ifstream file(PLAN_DATA "/" + name, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), {});
}

/// `name`.plan is read and shown as `name`.txt says.
inline void expectGoldenPlan(const std::string &name) {
  std::string golden = goldenContent(name + ".plan");
  base::ConstBytes bytes = base::bytesOf(golden);
  auto read = plan::readPlan(base::Bytes(bytes.begin(), bytes.end()));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(plan::printPlan(**read, {}), goldenContent(name + ".txt"));
}

} // namespace weft::test
