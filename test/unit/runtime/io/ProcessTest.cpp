//===- ProcessTest.cpp - Children, words and code of the real machine -----===//

#include "TemporaryFolder.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/io/Command.h"

#include <csignal>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace weft;
using namespace weft::io;
using namespace std::chrono_literals;
using base::bytesOf;
using base::Code;
using base::textOf;

namespace {

class ProcessTest : public testing::Test {
protected:
  CommandSpec shell(const std::string &script) {
    CommandSpec spec;
    spec.program.program = "/bin/sh";
    spec.program.arguments = {"-c", script};
    return spec;
  }

  base::Result<CommandResult> run(CommandSpec spec) {
    std::optional<CommandResult> result;
    auto command = startCommand(runtime.doors(), std::move(spec), [&](CommandResult r) { result = std::move(r); });
    if (!command)
      return command.error();
    runtime.runUntil([&] { return result.has_value(); });
    return std::move(*result);
  }

  AsioRuntime runtime;
  Process &process = runtime.doors().process;
};

} // namespace

TEST_F(ProcessTest, aCommandGetsInputAndGivesOutputErrorsAndCode) {
  CommandSpec spec = shell("cat; echo wrong >&2; exit 3");
  auto input = bytesOf("given");
  spec.input.assign(input.begin(), input.end());
  auto result = run(std::move(spec));
  ASSERT_TRUE(result);
  EXPECT_EQ(textOf(result->output), "given");
  EXPECT_EQ(textOf(result->errors), "wrong\n");
  EXPECT_EQ(result->exit.code, 3);
  EXPECT_EQ(result->exit.signal, 0);
}

TEST_F(ProcessTest, onlyTheGivenEnvironmentIsSeen) {
  CommandSpec spec = shell("echo $GIVEN-$HOME");
  spec.program.environment = {{"GIVEN", "yes"}};
  EXPECT_EQ(textOf(run(std::move(spec))->output), "yes-\n");
}

TEST_F(ProcessTest, argumentsSeeNoShell) {
  CommandSpec spec;
  spec.program.program = "echo";
  spec.program.arguments = {"$HOME; ls *"};
  EXPECT_EQ(textOf(run(std::move(spec))->output), "$HOME; ls *\n");
}

TEST_F(ProcessTest, aMissingProgramAndFolderAreNamed) {
  CommandSpec spec;
  spec.program.program = "weft-no-such-program";
  auto missing = run(spec);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, Code::notFound);
  EXPECT_NE(missing.error().message.find("weft-no-such-program"), std::string::npos);
  spec.program.program = "/weft/no/such/program";
  EXPECT_EQ(run(spec).error().code, Code::notFound);
  spec.program.program = "/bin/true";
  spec.program.folder = "/weft/no/such/folder";
  EXPECT_NE(run(spec).error().message.find("/weft/no/such/folder"), std::string::npos);
}

TEST_F(ProcessTest, theDeadlineKillsTheWholeGroup) {
  TemporaryFolder folder;
  // The grandchild would write after its parent's death if it lived.
  CommandSpec spec = shell("(sleep 0.4; echo alive > " + (folder / "alive") + ") & sleep 60");
  spec.timeout = 100ms;
  auto result = run(std::move(spec));
  ASSERT_TRUE(result);
  EXPECT_TRUE(result->timedOut);
  EXPECT_EQ(result->exit.signal, SIGKILL);
  bool waited = false;
  runtime.doors().clock.after(600ms, [&] { waited = true; });
  runtime.runUntil([&] { return waited; });
  EXPECT_FALSE(runtime.doors().storage.stat(folder / "alive"));
}

TEST_F(ProcessTest, whatAChildLeftRunningIsKilledWithIt) {
  TemporaryFolder folder;
  auto result = run(shell("(sleep 0.4; echo alive > " + (folder / "alive") + ") & exit 0"));
  ASSERT_TRUE(result);
  EXPECT_EQ(result->exit.code, 0);
  bool waited = false;
  runtime.doors().clock.after(600ms, [&] { waited = true; });
  runtime.runUntil([&] { return waited; });
  EXPECT_FALSE(runtime.doors().storage.stat(folder / "alive"));
}

TEST_F(ProcessTest, tooMuchOutputIsCutAndTheGroupKilled) {
  CommandSpec spec = shell("while :; do echo 0123456789; done");
  spec.maxOutputBytes = 1000;
  auto result = run(std::move(spec));
  EXPECT_TRUE(result->outputTooLong);
  EXPECT_EQ(result->output.size(), 1000u);
  EXPECT_EQ(result->exit.signal, SIGKILL);
}

TEST_F(ProcessTest, limitsBind) {
  TemporaryFolder folder;
  CommandSpec spec = shell("exec head -c 100000 /dev/zero > " + (folder / "big"));
  spec.program.limits.fileBytes = 1000;
  auto result = run(std::move(spec));
  EXPECT_TRUE(result->exit.signal == SIGXFSZ || result->exit.code != 0);
  EXPECT_EQ(runtime.doors().storage.stat(folder / "big")->sizeBytes, 1000u);
}

TEST_F(ProcessTest, aWorkerTalksSharesMemoryAndEndsWithItsCode) {
  auto segment = process.makeSegment(4096);
  ASSERT_TRUE(segment);
  auto &word = *reinterpret_cast<std::atomic<std::uint32_t> *>((*segment)->bytes().data());
  std::optional<ProcessExit> exit;
  auto worker = process.forkWorker(
      [&](Doors &doors, std::unique_ptr<Stream> parent) -> std::shared_ptr<void> {
        struct State {
          std::unique_ptr<Stream> parent;
          std::byte buffer[8];
        };
        auto state = std::make_shared<State>();
        state->parent = std::move(parent);
        state->parent->read(state->buffer, [&word, &doors, s = state.get()](auto count) {
          word = static_cast<std::uint32_t>(s->buffer[0]) + static_cast<std::uint32_t>(*count);
          doors.process.wakeWord(word);
          doors.process.exit(5);
        });
        return state;
      },
      [&](ProcessExit e) { exit = e; });
  ASSERT_TRUE(worker);
  std::optional<bool> woken;
  process.waitWord(word, 0, 10s, [&](bool w) { woken = w; });
  (*worker)->channel().write(bytesOf("A"), [](auto) {});
  ASSERT_TRUE(runtime.runUntil([&] { return exit && woken; }));
  EXPECT_TRUE(*woken);
  EXPECT_EQ(word, 'A' + 1u);
  EXPECT_EQ(exit->code, 5);
}

TEST_F(ProcessTest, aKilledWorkerIsNoticed) {
  std::optional<ProcessExit> exit;
  auto worker = process.forkWorker(
      [](Doors &doors, auto) -> std::shared_ptr<void> {
        doors.clock.after(1h, [] {});
        return nullptr;
      },
      [&](ProcessExit e) { exit = e; });
  ASSERT_TRUE(worker);
  (*worker)->killGroup();
  ASSERT_TRUE(runtime.runUntil([&] { return exit.has_value(); }));
  EXPECT_EQ(exit->signal, SIGKILL);
}

TEST_F(ProcessTest, aDestroyedChildIsDeadAndCallsNobody) {
  auto worker = process.forkWorker(
      [](Doors &doors, auto) -> std::shared_ptr<void> {
        doors.clock.after(1h, [] {});
        return nullptr;
      },
      [&](ProcessExit) { ADD_FAILURE() << "called after destruction"; });
  int pid = (*worker)->pid();
  worker->reset();
  EXPECT_NE(::kill(pid, 0), 0);
  EXPECT_EQ(runtime.run(), 0);
}

/// Two workers end at once. Who hears of the first one drops the other and starts a third, whose descriptors get the
/// reactor's places of the dropped one, with the news that were on their way to it.
TEST_F(ProcessTest, theEndOfADroppedWorkerIsNotTakenForThatOfTheNextOne) {
  auto waits = [](Doors &doors, auto) -> std::shared_ptr<void> {
    doors.clock.after(1h, [] {});
    return nullptr;
  };
  std::unique_ptr<Child> pair[2], third;
  std::optional<ProcessExit> thirdExit;
  auto onExit = [&](int which) {
    return [&, which](ProcessExit) {
      runtime.doors().executor.post([ended = std::make_shared<std::unique_ptr<Child>>(std::move(pair[which]))] {});
      pair[1 - which].reset();
      auto made = process.forkWorker(waits, [&](ProcessExit exit) { thirdExit = exit; });
      ASSERT_TRUE(made);
      third = *std::move(made);
    };
  };
  for (int which : {0, 1})
    pair[which] = *process.forkWorker(waits, onExit(which));
  for (auto &child : pair) {
    child->killGroup();
    siginfo_t info{};
    ::waitid(P_PID, static_cast<id_t>(child->pid()), &info, WEXITED | WNOWAIT);
  }
  bool later = false;
  runtime.doors().clock.after(50ms, [&] { later = true; });
  EXPECT_TRUE(runtime.runUntil([&] { return later; }));
  ASSERT_TRUE(third);
  EXPECT_FALSE(thirdExit);
  third->killGroup();
  EXPECT_TRUE(runtime.runUntil([&] { return thirdExit.has_value(); }));
  EXPECT_EQ(thirdExit->signal, SIGKILL);
}

TEST_F(ProcessTest, aWordThatStaysTimesOut) {
  auto segment = process.makeSegment(4096);
  auto &word = *reinterpret_cast<std::atomic<std::uint32_t> *>((*segment)->bytes().data());
  EXPECT_FALSE(process.waitWordBlocking(word, 0, 5ms));
  EXPECT_TRUE(process.waitWordBlocking(word, 1, 5ms));
  std::optional<bool> woken;
  process.waitWord(word, 0, 5ms, [&](bool w) { woken = w; });
  runtime.runUntil([&] { return woken.has_value(); });
  EXPECT_FALSE(*woken);
}

TEST_F(ProcessTest, codeIsLoadedFromMemoryAndUnloaded) {
  auto elf = readWhole(runtime.doors().storage, ANSWER_LIBRARY, 1 << 24);
  ASSERT_TRUE(elf);
  for (int round = 0; round < 3; ++round) {
    auto code = process.loadCode(*elf);
    ASSERT_TRUE(code) << code.error().message;
    auto answer = reinterpret_cast<int (*)()>((*code)->symbol("answer"));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer(), 42);
    EXPECT_EQ((*code)->symbol("question"), nullptr);
  }
  elf->resize(100);
  auto broken = process.loadCode(*elf);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, Code::invalid);
}

TEST_F(ProcessTest, anInterruptIsAnEvent) {
  int interrupts = 0;
  process.onInterrupt([&] { ++interrupts; });
  runtime.doors().executor.post([] { ::raise(SIGINT); });
  runtime.runUntil([&] { return interrupts > 0; });
  EXPECT_EQ(interrupts, 1);
  process.onInterrupt(nullptr);
  EXPECT_EQ(runtime.run(), 0);
}

TEST_F(ProcessTest, entropyDiffers) {
  base::Bytes first(32), second(32);
  process.entropy(first);
  process.entropy(second);
  EXPECT_FALSE(first == second);
}
