//===- ExecDriverTest.cpp - Programs with limits, for real ----------------===//

#include "runtime/agent/exec/ExecDriver.h"
#include "runtime/agent/PoolDriver.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/value/Utf8.h"

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <thread>

namespace weft::agent {
namespace {

using base::FailKind;
using testing::HasSubstr;
using testing::Not;
using value::Value;

class ExecDriverTest : public testing::Test {
protected:
  void make(std::function<void(ExecSpec &)> change = {}) {
    ExecSpec spec;
    spec.tool = "shell";
    spec.folder = "/tmp";
    spec.environment = execEnvironment(runtime.doors().process);
    spec.render = [](const CallRequest &request) -> base::Result<std::vector<std::string>> {
      std::vector<std::string> arguments;
      for (const Value &arg : request.args)
        arguments.emplace_back(arg.asText());
      return arguments;
    };
    spec.answer = [](const CallRequest &, std::string_view output) {
      CallOutcome outcome;
      outcome.value = Value::text(output);
      return outcome;
    };
    if (change)
      change(spec);
    driver = makeExecDriver(runtime.doors(), std::move(spec));
  }

  void start(std::initializer_list<std::string> args) {
    CallRequest request;
    request.id = ++lastId;
    request.idempotencyKey = "key-1";
    for (const std::string &arg : args)
      request.args.push_back(Value::text(arg));
    outcome.reset();
    driver->start(std::move(request), [this](CallOutcome result) { outcome = std::move(result); });
    EXPECT_FALSE(outcome) << "called back inside start";
  }
  CallOutcome finish() {
    EXPECT_TRUE(runtime.runUntil([&] { return outcome.has_value(); }));
    EXPECT_EQ(outcome->id, lastId);
    return std::move(*outcome);
  }
  CallOutcome call(std::initializer_list<std::string> args) {
    start(args);
    return finish();
  }

  io::AsioRuntime runtime;
  std::unique_ptr<Driver> driver;
  std::optional<CallOutcome> outcome;
  CallId lastId = 0;
};

TEST_F(ExecDriverTest, TheLastNewlineIsDropped) {
  make();
  EXPECT_EQ(call({"printf", "a\\nb\\n\\n"}).value->asText(), "a\nb\n");
  EXPECT_EQ(call({"true"}).value->asText(), "");
}

TEST_F(ExecDriverTest, NoShellSeesTheArguments) {
  make();
  EXPECT_EQ(call({"echo", "$HOME; ls *", "`id`"}).value->asText(), "$HOME; ls * `id`");
}

/// What is shown of long arguments ends between characters: a handler is given it as a text.
TEST_F(ExecDriverTest, LongArgumentsAreCutBetweenCharacters) {
  make();
  std::string umlauts;
  for (int i = 0; i < 100; ++i)
    umlauts += "\u00e4";
  for (const char *before : {"", "x"}) {
    auto outcome = call({"false", before + umlauts});
    ASSERT_FALSE(outcome.value);
    EXPECT_TRUE(value::validUtf8(outcome.failure.why)) << outcome.failure.why;
    EXPECT_THAT(outcome.failure.why, HasSubstr("...: exit code 1"));
  }
}

TEST_F(ExecDriverTest, RunsInItsFolder) {
  make();
  EXPECT_EQ(call({"pwd"}).value->asText(), "/tmp");
}

TEST_F(ExecDriverTest, OnlyTheNamedEnvironmentIsPassed) {
  ::setenv("WEFT_TEST_SECRET", "s3cret", 1);
  make();
  std::string environment(call({"env"}).value->asText());
  EXPECT_THAT(environment, Not(HasSubstr("s3cret")));
  EXPECT_THAT(environment, HasSubstr("PATH="));
  EXPECT_THAT(environment, HasSubstr("WEFT_IDEMPOTENCY_KEY=key-1"));
}

TEST_F(ExecDriverTest, AnExitCodeIsAFailureWithTheLastWords) {
  make();
  CallOutcome outcome = call({"sh", "-c", "echo some; echo no such branch >&2; exit 3"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("exit code 3: no such branch"));
}

TEST_F(ExecDriverTest, ASignalIsAFailure) {
  make();
  EXPECT_THAT(call({"sh", "-c", "kill -TERM $$"}).failure.why, HasSubstr("signal 15"));
}

TEST_F(ExecDriverTest, AProgramThatDoesNotExistIsNamed) {
  make();
  CallOutcome outcome = call({"weft-no-such-program"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("weft-no-such-program"));
}

TEST_F(ExecDriverTest, ZeroBytesAndEmptyTemplatesAreRefused) {
  make();
  EXPECT_EQ(call({"echo", std::string("a\0b", 3)}).failure.kind, FailKind::refused);
  EXPECT_EQ(call({}).failure.kind, FailKind::tool);
}

TEST_F(ExecDriverTest, TooMuchOutputIsCut) {
  make([](ExecSpec &spec) { spec.outputBytes = 1000; });
  CallOutcome outcome = call({"yes"});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("more than 1000 bytes"));
}

TEST_F(ExecDriverTest, OutputMustBeText) {
  make();
  EXPECT_THAT(call({"printf", "a\\377"}).failure.why, HasSubstr("byte 1 of its output is not UTF-8"));
}

/// Whether a process of that number lives (a zombie does not).
bool lives(int pid) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/stat");
  std::string number, name, state;
  return status >> number >> name >> state && state != "Z";
}

int pidIn(const std::string &file) {
  for (int i = 0; i < 500; ++i) {
    int pid = 0;
    if (std::ifstream(file) >> pid && pid > 0)
      return pid;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return 0;
}

TEST_F(ExecDriverTest, ATimeoutKillsTheWholeGroup) {
  std::string file = "/tmp/weft-exec-" + std::to_string(::getpid()) + "-t";
  make([](ExecSpec &spec) { spec.timeout = std::chrono::milliseconds(300); });
  CallOutcome outcome = call({"sh", "-c", "sleep 100 & echo $! > " + file + "; wait"});
  EXPECT_EQ(outcome.failure.kind, FailKind::timeout);
  int child = pidIn(file);
  ASSERT_GT(child, 0);
  for (int i = 0; lives(child) && i < 300; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(lives(child));
  std::filesystem::remove(file);
}

TEST_F(ExecDriverTest, ACancelKillsTheWholeGroup) {
  std::string file = "/tmp/weft-exec-" + std::to_string(::getpid()) + "-c";
  make();
  start({"sh", "-c", "sleep 100 & echo $! > " + file + "; wait"});
  int child = pidIn(file);
  ASSERT_GT(child, 0);
  driver->cancel(lastId);
  EXPECT_EQ(finish().failure.kind, FailKind::cancelled);
  for (int i = 0; lives(child) && i < 300; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(lives(child));
  std::filesystem::remove(file);
}

TEST_F(ExecDriverTest, MoreCallsThanRunAtOnceAllEnd) {
  make();
  std::size_t ended = 0;
  for (std::size_t i = 0; i < 3 * maxExecRunning; ++i) {
    CallRequest request;
    request.id = 1000 + i;
    request.args = {Value::text("echo"), Value::text(std::to_string(i))};
    driver->start(std::move(request), [&, i](CallOutcome result) {
      EXPECT_TRUE(result && result.value->asText() == std::to_string(i));
      ++ended;
    });
  }
  EXPECT_TRUE(runtime.runUntil([&] { return ended == 3 * maxExecRunning; }));
}

} // namespace
} // namespace weft::agent
