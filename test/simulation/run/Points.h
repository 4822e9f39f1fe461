//===- Points.h - One example, disturbed at many points -------------------===//
#pragma once

#include "test/simulation/run/Trial.h"

#include <gmock/gmock.h>

#include <cstdio>
#include <cstdlib>

namespace weft::test {

/// WEFT_LONG: every point and hundreds of seeds.
inline bool longSuite() { return std::getenv("WEFT_LONG") != nullptr; }

/// Tests that run over every program.
class Programs : public testing::TestWithParam<const char *> {
protected:
  static const Example &program() { return example(GetParam()); }
};
inline auto everyProgram() {
  return testing::Values("00-spine", "01-brief", "writes", "asks", "tries", "retries", "hedged");
}
/// Those that make as many records however often they are stopped: taken up again, what is hedged may need no second
/// activation any more.
inline auto steadyPrograms() { return testing::Values("00-spine", "01-brief", "writes", "asks", "tries", "retries"); }
/// Those that ask people.
inline auto askingPrograms() { return testing::Values("00-spine", "asks"); }
inline std::string nameOfProgram(const testing::TestParamInfo<const char *> &info) {
  std::string name = info.param;
  for (char &c : name)
    c = c == '-' ? '_' : c;
  return name;
}

/// Disturbs one example again and again, and counts.
class Points {
public:
  explicit Points(const Example &example) : example(example), undisturbed(example, {}) {
    EXPECT_THAT(undisturbed.wrong(undisturbed), testing::IsEmpty());
  }
  ~Points() { EXPECT_GT(tried, 0u); }

  const Trial &calm() const { return undisturbed; }

  /// The trial, for what more a test wants to know of it.
  template <typename Set> Trial tryOne(Set set) {
    Disturbance disturbance;
    set(disturbance);
    Trial trial(example, std::move(disturbance));
    ++tried;
    died += trial.deaths;
    killed += trial.kills;
    stopped += trial.outside.stoppedAt.size();
    rested += trial.outside.rests;
    restedOut += trial.outside.restsOut;
    unknown += trial.outside.end && trial.outside.end->failure.kind == base::FailKind::unknownOutcome &&
               trial.outside.end->state == frame::EndState::failed;
    EXPECT_THAT(trial.wrong(undisturbed), testing::IsEmpty());
    return trial;
  }

  std::size_t count() const { return tried; }
  std::size_t deaths() const { return died; }
  std::size_t kills() const { return killed; }
  std::size_t stops() const { return stopped; }
  std::size_t rests() const { return rested; }

  void report(const char *what) const {
    std::printf(
        "%s, %zu records: %s, %zu points, %zu kills, %zu stops, out of memory at %zu of %zu rests, %zu ends with "
        "unknown_outcome\n",
        example.name.c_str(), undisturbed.records.size(), what, tried, killed, stopped, restedOut, rested, unknown);
  }

private:
  const Example &example;
  Trial undisturbed;
  std::size_t tried = 0, died = 0, killed = 0, stopped = 0, rested = 0, restedOut = 0, unknown = 0;
};

} // namespace weft::test
