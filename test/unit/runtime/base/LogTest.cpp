//===- LogTest.cpp - Lines reach the sink that was set --------------------===//

#include "runtime/base/Log.h"

#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace weft::base {
namespace {

TEST(Log, LevelsBelowTheLowestAreDropped) {
  std::vector<std::string> lines;
  setLogSink(
      [&](LogLevel level, std::string_view part, std::string_view message) {
        lines.push_back(std::string(name(level)) + "/" + std::string(part) + "/" + std::string(message));
      },
      LogLevel::info);
  log(LogLevel::debug, "journal", "unseen");
  log(LogLevel::info, "journal", "opened");
  log(LogLevel::error, "io", "lost");
  setLogSink(nullptr, LogLevel::debug);
  log(LogLevel::error, "io", "nobody listens");
  EXPECT_EQ(lines, (std::vector<std::string>{"info/journal/opened", "error/io/lost"}));
}

} // namespace
} // namespace weft::base
