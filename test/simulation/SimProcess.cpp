//===- SimProcess.cpp - Children, words and entropy from the seed ---------===//

#include "World.h"
#include "runtime/io/AsioRuntime.h"

#include <algorithm>

namespace weft::simulation {
namespace {

using base::Code;

class SimSegment final : public io::Segment {
public:
  explicit SimSegment(std::uint64_t sizeBytes) : memory((sizeBytes + lineBytes - 1) / lineBytes), size(sizeBytes) {}
  base::MutableBytes bytes() override { return {memory.front().bytes, size}; }

private:
  static constexpr std::size_t lineBytes = 64;
  struct alignas(lineBytes) Line {
    std::byte bytes[lineBytes] = {};
  };
  std::vector<Line> memory;
  std::size_t size;
};

class SimChild final : public io::Child {
public:
  SimChild(std::shared_ptr<Node> node, std::unique_ptr<io::Stream> channel, std::unique_ptr<io::Stream> errors)
      : node(node), number(node->pid), stream(std::move(channel)), errorStream(std::move(errors)) {}
  ~SimChild() override {
    if (auto child = node.lock()) {
      child->exited = nullptr;
      child->world.end(*child, {-1, 9});
    }
  }
  int pid() const override { return number; }
  void killGroup() override { end(9); }
  void askToEnd() override { end(15); }
  io::Stream &channel() override { return *stream; }
  io::Stream *errors() override { return errorStream.get(); }

private:
  void end(int signal) {
    if (auto child = node.lock())
      child->world.end(*child, {-1, signal});
  }

  std::weak_ptr<Node> node;
  int number;
  std::unique_ptr<io::Stream> stream, errorStream;
};

/// Reads its input to the end, then does what the program says.
struct RunningProgram : std::enable_shared_from_this<RunningProgram> {
  io::Doors &doors;
  io::SpawnSpec spec;
  Program program;
  std::unique_ptr<io::Stream> channel, errors;
  base::Bytes input, buffer{base::Bytes(4096)};
  ProgramResult result;
  int left = 2;

  RunningProgram(io::Doors &doors, io::SpawnSpec spec, Program program)
      : doors(doors), spec(std::move(spec)), program(std::move(program)) {}

  void readInput() {
    channel->read(buffer, [this](base::Result<std::size_t> count) {
      if (count && *count > 0) {
        input.insert(input.end(), buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*count));
        return readInput();
      }
      result = program(spec, input);
      doors.clock.after(result.takes, [this] {
        channel->write(base::bytesOf(result.output), [this](auto) { finish(); });
        errors->write(base::bytesOf(result.errors), [this](auto) { finish(); });
      });
    });
  }

  void finish() {
    if (--left > 0)
      return;
    channel->closeWrite();
    errors->closeWrite();
    doors.process.exit(result.exit.code);
  }
};

class SimProcess final : public io::Process {
public:
  explicit SimProcess(Node &node) : node(node) {}

  base::Result<std::unique_ptr<io::Child>> spawn(const io::SpawnSpec &spec,
                                                 std::function<void(io::ProcessExit)> exited) override {
    auto program = node.world.programs.find(spec.program);
    if (program == node.world.programs.end() || !node.acting())
      return base::error(Code::notFound, "program '" + spec.program + "' is not known to the simulation");
    auto child = makeChild(std::move(exited));
    auto [mine, theirs] = makeLink(node, *child, LinkKind::pipes);
    auto [myErrors, theirErrors] = makeLink(node, *child, LinkKind::pipes);
    auto running = std::make_shared<RunningProgram>(*child->doors, spec, program->second);
    running->channel = std::move(theirs);
    running->errors = std::move(theirErrors);
    child->machine = running;
    child->post([running = running.get()] { running->readInput(); });
    return std::unique_ptr<io::Child>(std::make_unique<SimChild>(child, std::move(mine), std::move(myErrors)));
  }

  base::Result<std::unique_ptr<io::Child>> forkWorker(io::WorkerStart start,
                                                      std::function<void(io::ProcessExit)> exited) override {
    if (!node.acting())
      return base::error(Code::limit, "fork a worker: this process is dead");
    auto child = makeChild(std::move(exited));
    auto [mine, theirs] = makeLink(node, *child, LinkKind::connection);
    auto channel = std::make_shared<std::unique_ptr<io::Stream>>(std::move(theirs));
    child->post([child = child.get(), start = std::move(start), channel] {
      auto machine = start(*child->doors, std::move(*channel));
      if (child->alive)
        child->machine = std::move(machine);
    });
    return std::unique_ptr<io::Child>(std::make_unique<SimChild>(child, std::move(mine), nullptr));
  }

  base::Result<std::unique_ptr<io::Segment>> makeSegment(std::uint64_t sizeBytes) override {
    if (sizeBytes == 0)
      return base::error(Code::invalid, "shared memory of 0 bytes");
    return std::unique_ptr<io::Segment>(std::make_unique<SimSegment>(sizeBytes));
  }

  void waitWord(std::atomic<std::uint32_t> &word, std::uint32_t expected, io::Duration timeout,
                std::function<void(bool)> done) override {
    auto call = std::make_shared<std::function<void(bool)>>(std::move(done));
    auto finish = [call](bool woken) {
      if (*call)
        std::exchange(*call, nullptr)(woken);
    };
    if (word.load() != expected)
      return node.post([finish] { finish(true); });
    node.world.wordWaits.push_back({&word, node.weak_from_this(), call});
    node.world.later(timeout, &node, [this, finish, call] {
      std::erase_if(node.world.wordWaits, [&](const World::WordWait &wait) { return wait.done == call; });
      finish(false);
    });
  }

  bool waitWordBlocking(std::atomic<std::uint32_t> &word, std::uint32_t expected, io::Duration) override {
    return word.load() != expected;
  }

  void wakeWord(std::atomic<std::uint32_t> &word) override {
    if (!node.acting())
      return;
    for (World::WordWait &wait : node.world.wordWaits)
      if (auto waiting = wait.node.lock(); waiting && wait.word == &word)
        waiting->post([call = wait.done] {
          if (*call)
            std::exchange(*call, nullptr)(true);
        });
    std::erase_if(node.world.wordWaits, [&](const World::WordWait &wait) { return wait.word == &word; });
  }

  /// Native code is a pure function of its memory: the real loader changes nothing in a trace.
  base::Result<std::unique_ptr<io::NativeCode>> loadCode(base::ConstBytes elf) override {
    io::AsioRuntime real;
    return real.doors().process.loadCode(elf);
  }

  void entropy(base::MutableBytes into) override {
    for (std::byte &byte : into)
      byte = static_cast<std::byte>(node.world.random.below(256));
  }

  std::optional<std::string> environment(const std::string &name) const override {
    auto found = node.home().environment.find(name);
    return found == node.home().environment.end() ? std::nullopt : std::optional(found->second);
  }

  int pid() const override { return node.pid; }
  std::string programFolder() const override { return ""; }
  std::uint32_t processors() const override { return 4; }
  std::uint32_t terminalColumns() const override { return 0; }
  void onInterrupt(io::Task interrupted) override { node.interrupted = std::move(interrupted); }

  void exit(int code) override {
    if (node.home().main.get() == &node && node.alive)
      node.home().exitCode = code;
    node.world.end(node, {code, 0});
  }

private:
  std::shared_ptr<Node> makeChild(std::function<void(io::ProcessExit)> exited) {
    auto child = node.world.makeNode(node.host);
    node.world.note(node.host, "start", static_cast<std::uint64_t>(child->pid));
    node.children.push_back(child);
    child->exited = [parent = node.weak_from_this(), exited = std::move(exited)](io::ProcessExit exit) {
      if (auto living = parent.lock())
        living->post([exited, exit] { exited(exit); });
    };
    return child;
  }

  Node &node;
};

} // namespace

std::unique_ptr<io::Process> makeProcess(Node &node) { return std::make_unique<SimProcess>(node); }

} // namespace weft::simulation
