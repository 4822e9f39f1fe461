//===- TestLife.cpp - The lives of a test's process -----------------------===//

#include "runtime/cli/testing/TestLife.h"

#include "runtime/cli/wiring/LocalGangs.h"

namespace weft::cli {

namespace {

/// Two runs of one test draw the same.
constexpr std::uint64_t testSeed = 1;

io::Doors doorsOfTest(const io::Doors &real, io::Clock &clock, io::Storage &storage) {
  return {real.executor, clock, real.network, storage, real.process, real.pool, real.makePool};
}

} // namespace

struct TestWorld::Life final : frame::RunListener {
  Life(TestWorld &world, std::optional<Death> death)
      : plan(*world.plan), journal(journal::openMemoryJournal(world.doors, world.store), death),
        driver(world.doors, world.plan, world.plan->entries[world.entry], world.folder, log, world.replayed,
               world.asked),
        replayed(world.replayed), counted(world.asked), run(world.run),
        // Workers are real processes: they are watched by the real clock, and while they work the test's clock stands.
        gangs(
            world.runtime.doors(), [this]() -> frame::RunLoop & { return loop; }, gangOptions(world.folder)),
        loop(
            world.doors, journal, *this, [this](const plan::Plan &, std::uint32_t) { return &driver; }, gangs.starter(),
            options()) {}

  /// Texts are read beside the spec; what is learned leaves no files.
  static LocalGangOptions gangOptions(const std::string &folder) {
    LocalGangOptions made;
    if (!folder.empty())
      made.runner.specFolder = folder;
    return made;
  }

  static frame::RunLoopOptions options() {
    frame::RunLoopOptions made;
    made.jitter = false;
    made.evictParked = false;
    return made;
  }

  void ended(journal::RunId, const frame::RunEnd &runEnd) override { end = runEnd; }
  void asked(journal::RunId, const frame::Question &question) override {
    if (!log.unanswered.empty())
      return;
    std::string call = memberName(plan, question.member), does = "nothing answers it in this test";
    if (const RecordedCall *known = replayed.find(question.step.hex(), 0, call, recordedPrompt(question.prompt))) {
      auto value = recordedValue(plan, *known, question.type);
      if (value)
        return loop.answer(run, question.step, *std::move(value));
      does = "its recorded answer does not fit: " + value.error().message;
    }
    log.unanswered =
        call + " asks a person, \"" + question.prompt + "\", and " + does + "; answer it with `mock " + call + " => …`";
  }
  void entered(journal::RunId, const journal::StepKey &key, std::uint32_t member,
               std::vector<value::Value> args) override {
    counted.note(plan, member, key.path.hex(), 0, args);
  }
  void refused(journal::RunId, const base::Error &error) override { failure = error.message; }
  void journalFailed(const base::Error &error) override { failure = "the journal in memory: " + error.message; }

  /// Nothing answers people, so their question is an end too.
  bool over() const { return end || !failure.empty() || journal.dead() || !log.unanswered.empty(); }

  const plan::Plan &plan;
  CallLog log;
  DyingJournal journal;
  TestDriver driver;
  Replayed &replayed;
  Asked &counted;
  const journal::RunId run;
  LocalGangs gangs;
  frame::RunLoop loop;
  std::optional<frame::RunEnd> end;
  std::string failure;
};

TestWorld::TestWorld(io::AsioRuntime &runtime, std::shared_ptr<const plan::Plan> plan, std::uint32_t entry,
                     std::string folder)
    : runtime(runtime), plan(std::move(plan)), entry(entry), folder(std::move(folder)),
      storage(runtime.doors().storage), doors(doorsOfTest(runtime.doors(), clock, storage)),
      store(journal::makeMemoryStore()), run{1, entry + 1u} {}

base::Result<> TestWorld::readRecordings() {
  for (std::string_view file : plan->entries[entry].recordings) {
    std::string name(file), path = folder + "/" + name;
    auto bytes = io::readWhole(doors.storage, path, maxRecordingBytes);
    if (!bytes && bytes.error().code == base::Code::notFound)
      return base::error(base::Code::notFound, "replay \"" + name + "\": there is no file '" + path +
                                                   "'; `weft run --record " + name + "` makes one");
    auto recording = bytes ? Recording::read(base::textOf(*bytes)) : base::Result<Recording>(std::move(bytes).error());
    if (!recording)
      return std::move(recording).error().in("replay \"" + name + "\"");
    replayed.recordings.push_back(*std::move(recording));
  }
  return {};
}

TestEnd TestWorld::live(std::optional<Death> death) {
  TestEnd end;
  if (auto read = readRecordings(); !read) {
    end.stuck = read.error().message;
    return end;
  }
  {
    Life life(*this, death);
    std::vector<std::pair<std::string, std::string>> environment;
    for (const std::string &name : frame::environmentNames(*plan))
      if (auto value = doors.process.environment(name))
        environment.emplace_back(name, *value);
    life.loop.start(run, plan, entry, {}, testSeed, environment);
    bool survived = drive(life, end);
    end.before = life.log.calls;
    end.records = life.journal.records();
    if (survived)
      return end;
  }
  Life life(*this, {});
  end.recordsAtDeath = readRecords(life.journal);
  life.loop.resume(run, plan);
  drive(life, end);
  end.after = life.log.calls;
  return end;
}

bool TestWorld::drive(Life &life, TestEnd &end) {
  while (!runtime.runUntil([&] { return life.over(); }))
    if (!clock.jump()) {
      end.stuck = "the test waits for something that never comes";
      return true;
    }
  if (!life.log.unanswered.empty())
    end.unanswered = life.log.unanswered;
  else if (life.end)
    end.run = *life.end;
  else if (!life.failure.empty())
    end.stuck = life.failure;
  else
    return false;
  return true;
}

std::vector<journal::Record> TestWorld::readRecords(journal::Journal &journal) {
  std::optional<std::vector<journal::Record>> records;
  journal.read(run, 0, [&](base::Result<std::vector<journal::Record>> read) {
    records = read ? *std::move(read) : std::vector<journal::Record>();
  });
  runtime.runUntil([&] { return records.has_value(); });
  return records ? *std::move(records) : std::vector<journal::Record>();
}

} // namespace weft::cli
