//===- GangRunner.cpp - Gangs as forked workers on this machine -----------===//

#include "runtime/gang/GangRunner.h"

#include "runtime/gang/Coordinator.h"
#include "runtime/gang/LoadStates.h"
#include "runtime/gang/WholeFiles.h"
#include "runtime/gang/Worker.h"
#include "runtime/transport/Connection.h"

#include <map>

namespace weft::gang {
namespace {

std::string describe(io::ProcessExit exit) {
  return exit.signal ? "signal " + std::to_string(exit.signal) : "exit code " + std::to_string(exit.code);
}

} // namespace

struct GangRunner::State : std::enable_shared_from_this<State> {
  /// A worker's process and the connection to it.
  struct Link {
    std::unique_ptr<io::Child> child;
    std::unique_ptr<transport::Connection> connection;
    std::vector<CoordinatorActions::Send> queued;
  };
  using Links = std::map<membership::MemberId, Link>;
  struct Running {
    std::shared_ptr<const plan::Plan> plan;
    std::uint32_t index = 0;
    const plan::Gang *gang = nullptr;
    std::string folder; ///< Of its checkpoints; empty: it takes none.
    std::shared_ptr<const Sources> sources;
    std::shared_ptr<io::Segment> segment;
    std::unique_ptr<Coordinator> coordinator;
    Links links;
  };

  State(io::Doors &doors, Handlers handlers, Options options)
      : doors(doors), handlers(std::move(handlers)), options(std::move(options)) {}

  void begin(std::shared_ptr<const plan::Plan> plan, GangCall call) {
    const plan::Gang &gang = plan->gangs[call.gang];
    Running &running = gangs[call.id];
    running.plan = plan;
    running.index = call.gang;
    running.gang = &gang;
    bool kept = gang.checkpointEvery > 0 || !gang.checkpointTo.empty();
    if (!options.checkpointFolder.empty() && handlers.checkpoint && kept)
      running.folder = options.checkpointFolder + "/" + call.name;
    if (gang.sources.empty() && gang.files.empty() && !gang.evaluation)
      return beginWith(std::move(call), nullptr);
    // Before any worker is forked: they share what is opened.
    struct Opened {
      GangCall call;
      std::shared_ptr<const Sources> sources;
      base::Result<> outcome = {};
    };
    auto opened = std::make_shared<Opened>(Opened{std::move(call), nullptr});
    auto open = [opened, plan, &gang, &storage = doors.storage, spec = options.specFolder, folder = running.folder] {
      opened->outcome = [&]() -> base::Result<> {
        auto sources = Sources::open(storage, spec, *plan, gang);
        if (!sources)
          return std::move(sources).error();
        opened->sources = *std::move(sources);
        if (!folder.empty())
          if (auto same = keepRecord(storage, folder, *opened->sources, !opened->call.lastCheckpoint.empty()); !same)
            return same;
        auto inputs = withFiles(storage, spec, *plan, gang, std::move(opened->call.inputs));
        if (!inputs)
          return std::move(inputs).error();
        opened->call.inputs = *std::move(inputs);
        return {};
      }();
    };
    std::uint64_t id = opened->call.id;
    auto goOn = [weak = weak_from_this(), opened, id] {
      auto self = weak.lock();
      if (!self || !self->gangs.contains(id))
        return;
      if (!opened->outcome)
        return self->fail(id, opened->outcome.error().message);
      self->beginWith(std::move(opened->call), std::move(opened->sources));
    };
    if (auto queued = doors.pool.submit(open, goOn); !queued)
      fail(id, queued.error().message);
  }

  void beginWith(GangCall call, std::shared_ptr<const Sources> sources) {
    Running &running = gangs.at(call.id);
    running.sources = std::move(sources);
    if (auto made = makeSegment(running); !made)
      return fail(call.id, made.error().message);
    bool checkpoints = !running.folder.empty() && running.gang->checkpointEvery > 0;
    bool givesOut = !running.folder.empty() && !running.gang->checkpointTo.empty();
    CoordinatorOptions made{options.pieceBytes, 0, checkpoints, givesOut, options.sabotage};
    if (auto view = membership::decodeView(call.lastView))
      made.lastEpoch = view->epoch;
    running.coordinator =
        std::make_unique<Coordinator>(running.plan, call.gang, std::move(call.inputs), running.segment->bytes(), made);
    auto start = [](Coordinator &coordinator, CoordinatorActions &actions) { coordinator.begin(actions); };
    if (call.lastCheckpoint.empty() || running.folder.empty() || options.sabotage.startOver) {
      tellBegin(call.id, 0);
      return act(call.id, start);
    }
    auto manifest = checkpoint::decodeManifest(call.lastCheckpoint);
    if (!manifest)
      return fail(call.id, manifest.error().message);
    load(call.id, *manifest, [this, id = call.id, start](const checkpoint::Manifest *from, auto states) {
      if (from)
        gangs.at(id).coordinator->resumeFrom(*from, std::move(states));
      tellBegin(id, from ? from->step : 0);
      act(id, start);
    });
  }

  void tellBegin(std::uint64_t id, std::uint64_t fromStep) {
    const Running &running = gangs.at(id);
    if (!handlers.begun || running.gang->reports.empty())
      return;
    GangBegin begin{fromStep, {}, {}};
    if (running.sources) {
      begin.texts = running.sources->told();
      begin.bigram = running.sources->bigram();
    }
    handlers.begun(id, running.index, begin);
  }

  base::Result<> makeSegment(Running &running) {
    Boards boards(*running.plan, *running.gang, options.pieceBytes);
    auto segment = doors.process.makeSegment(std::max<std::uint64_t>(boards.sizeBytes(), 64));
    if (!segment)
      return std::move(segment).error();
    running.segment = *std::move(segment);
    return {};
  }

  using Loaded = std::function<void(const checkpoint::Manifest *from, std::vector<base::Bytes> states)>;

  /// `then` gets the states to go on from, null and nothing where that is the start, unless the gang has ended or
  /// cannot go on.
  void load(std::uint64_t id, const checkpoint::Manifest &wanted, Loaded then) {
    const Running &running = gangs.at(id);
    loadStates(doors, running.plan, *running.gang, running.folder, wanted,
               [weak = weak_from_this(), id, then = std::move(then)](base::Result<LoadedStates> loaded) {
                 auto self = weak.lock();
                 if (!self || !self->gangs.contains(id))
                   return;
                 if (!loaded)
                   return self->fail(id, loaded.error().message);
                 self->tellSpoiled(id, *loaded);
                 then(loaded->from ? &*loaded->from : nullptr, std::move(loaded->states));
               });
  }

  void tellSpoiled(std::uint64_t id, const LoadedStates &loaded) {
    if (!handlers.notice)
      return;
    for (const std::string &why : loaded.spoiled)
      handlers.notice(std::string(gangs.at(id).gang->name) + ": " + why +
                      (loaded.from ? "; goes back to the checkpoint of step " + std::to_string(loaded.from->step)
                                   : "; begins again at the start"));
  }

  /// New boards, new members, the states of the last checkpoint.
  void goBack(std::uint64_t id, Running &running) {
    if (auto made = makeSegment(running); !made)
      return fail(id, made.error().message);
    auto begin = [this, id](const checkpoint::Manifest *from, std::vector<base::Bytes> states) {
      base::MutableBytes boards = gangs.at(id).segment->bytes();
      act(id, [&](Coordinator &coordinator, CoordinatorActions &actions) {
        coordinator.goneBack(boards, from, std::move(states), actions);
      });
    };
    if (const auto &last = running.coordinator->lastCheckpoint())
      return load(id, *last, begin);
    doors.executor.post([weak = weak_from_this(), id, begin] {
      if (auto self = weak.lock(); self && self->gangs.contains(id))
        begin(nullptr, {});
    });
  }

  template <typename Step> void act(std::uint64_t id, Step step) {
    auto found = gangs.find(id);
    if (found == gangs.end())
      return;
    CoordinatorActions actions;
    step(*found->second.coordinator, actions);
    perform(id, found->second, std::move(actions));
  }

  void perform(std::uint64_t id, Running &running, CoordinatorActions actions) {
    for (membership::MemberId member : actions.kill)
      drop(running, member);
    for (membership::MemberId member : actions.start)
      if (auto started = fork(id, running, member); !started)
        return fail(id, started.error().message);
    for (CoordinatorActions::Send &send : actions.sends)
      if (auto link = running.links.find(send.member); link != running.links.end()) {
        link->second.queued.push_back(std::move(send));
        flush(link->second);
      }
    if (actions.wakeAll)
      running.coordinator->layout().eachWord(running.segment->bytes(),
                                             [&](std::atomic<std::uint32_t> &word) { doors.process.wakeWord(word); });
    if (actions.checkpoint)
      handlers.checkpoint(id, *std::move(actions.checkpoint));
    if (actions.report)
      handlers.report(id, *std::move(actions.report));
    if (actions.removeOlder)
      tidy([&storage = doors.storage, folder = running.folder, keeps = running.gang->checkpointKeep,
            kept = *std::move(actions.removeOlder)] {
        if (keeps < 2 || checkpoint::keepManifest(storage, folder, kept))
          checkpoint::removeOlder(storage, folder, kept);
      });
    if (!actions.progress.empty() && handlers.progress)
      handlers.progress(id, running.index, actions.progress);
    if (actions.giveOut)
      giveOut(id, running, *std::move(actions.giveOut));
    if (actions.goBack)
      return goBack(id, running);
    if (actions.results)
      finish(id, {std::move(actions.results), {}}, running);
    else if (actions.failure)
      finish(id, {std::nullopt, *std::move(actions.failure)}, running);
  }

  void giveOut(std::uint64_t id, const Running &running, checkpoint::Manifest manifest) {
    std::string to(running.gang->checkpointTo);
    if (!to.starts_with('/'))
      to = options.specFolder + "/" + to;
    auto written = std::make_shared<base::Result<>>();
    auto tell = [weak = weak_from_this(), id, written] {
      if (auto self = weak.lock())
        self->act(id, [&](Coordinator &coordinator, CoordinatorActions &actions) {
          coordinator.givenOut(std::move(*written), actions);
        });
    };
    auto write = [written, &storage = doors.storage, shards = running.folder, to, plan = running.plan,
                  gang = running.gang, manifest = std::move(manifest)] {
      *written = writeWholeFiles(storage, shards, to, *plan, *gang, manifest);
    };
    if (auto queued = doors.pool.submit(std::move(write), tell); !queued) {
      *written = std::move(queued).error();
      doors.executor.post(tell);
    }
  }

  /// Nothing waits for it, and what a full queue leaves is removed after the next checkpoint.
  void tidy(io::Task remove) {
    (void)doors.pool.submit(std::move(remove), [] {});
  }

  /// Ends a member's process; its exit is then no news. It goes from the loop, not from inside one of its callbacks.
  void drop(Running &running, membership::MemberId member) {
    auto link = running.links.find(member);
    if (link == running.links.end())
      return;
    link->second.child->killGroup();
    forget(running, link);
  }

  /// The link's own callback may be what is running: it goes by the next task.
  void forget(Running &running, Links::iterator link) {
    doors.executor.post([gone = std::make_shared<Link>(std::move(link->second))] {});
    running.links.erase(link);
  }

  void fail(std::uint64_t id, std::string why) {
    auto found = gangs.find(id);
    if (found != gangs.end())
      finish(id, {std::nullopt, {base::FailKind::failed, "gang " + std::string(found->second.gang->name) + ": " + why}},
             found->second);
  }

  /// Workers end with their links: a killed group needs no farewell, and one that was told to stop has nothing left.
  void finish(std::uint64_t id, GangEnd gangEnd, Running &running) {
    for (auto &[member, link] : running.links)
      link.child->killGroup();
    if (gangEnd.results && !running.folder.empty())
      settled[id] = {running.coordinator->reportsPending(), running.folder};
    // Connections and children are destroyed from the loop, not from inside one of their callbacks.
    doors.executor.post([ended = std::make_shared<Running>(std::move(running))] {});
    gangs.erase(id);
    end(id, std::move(gangEnd));
  }

  void end(std::uint64_t id, GangEnd gangEnd) {
    auto shared = std::make_shared<GangEnd>(std::move(gangEnd));
    doors.executor.post([weak = weak_from_this(), id, shared] {
      if (auto self = weak.lock())
        self->handlers.ended(id, std::move(*shared));
    });
  }

  base::Result<> fork(std::uint64_t id, Running &running, membership::MemberId member) {
    std::uint32_t threads = std::max(1U, options.threads / running.plan->meshes[running.gang->mesh].slots());
    WorkerSetup setup{running.plan, running.segment, member,           options.pieceBytes, options.memoryLimitBytes,
                      threads,      running.folder,  options.sabotage, running.sources,    options.beforePiece};
    auto child = doors.process.forkWorker(
        [setup](io::Doors &fresh, std::unique_ptr<io::Stream> toParent) {
          return startWorker(fresh, std::move(toParent), setup);
        },
        [weak = weak_from_this(), id, member](io::ProcessExit exit) {
          if (auto self = weak.lock())
            self->exited(id, member, exit);
        });
    if (!child)
      return std::move(child).error().in("a worker could not be started");
    Link &link = running.links[member];
    link.child = *std::move(child);
    // A link that was dropped goes from the loop, perhaps after this runner.
    auto withLink = [weak = weak_from_this(), id, member](auto use) {
      if (auto self = weak.lock())
        if (auto gang = self->gangs.find(id); gang != self->gangs.end())
          if (auto found = gang->second.links.find(member); found != gang->second.links.end())
            use(*self, found->second);
    };
    link.connection = std::make_unique<transport::Connection>(
        link.child->channel(),
        transport::Connection::Handlers{
            [weak = weak_from_this(), id, member](transport::Frame frame) {
              if (auto self = weak.lock())
                self->act(id, [&](Coordinator &coordinator, CoordinatorActions &actions) {
                  coordinator.received(member, frame, actions);
                });
            },
            // Its exit follows; a worker that lives on without its channel is of no use.
            [withLink](base::Error) { withLink([](State &, Link &lost) { lost.child->killGroup(); }); },
            [withLink] { withLink([](State &self, Link &ready) { self.flush(ready); }); }});
    if (handlers.worker)
      handlers.worker(id, slotOf(running, member), link.child->pid(), "");
    return {};
  }

  std::uint32_t slotOf(const Running &running, membership::MemberId member) const {
    const auto &slots = running.coordinator->view().slots;
    for (std::uint32_t slot = 0; slot < slots.size(); ++slot)
      if (slots[slot] == member)
        return slot;
    return static_cast<std::uint32_t>(slots.size());
  }

  void exited(std::uint64_t id, membership::MemberId member, io::ProcessExit exit) {
    auto found = gangs.find(id);
    if (found == gangs.end())
      return;
    std::uint32_t slot = slotOf(found->second, member);
    if (handlers.worker && slot < found->second.coordinator->view().slots.size())
      handlers.worker(id, slot, 0, found->second.coordinator->whereIs(slot));
    if (auto link = found->second.links.find(member); link != found->second.links.end())
      forget(found->second, link);
    act(id, [&](Coordinator &coordinator, CoordinatorActions &actions) {
      coordinator.lost(member, describe(exit), actions);
    });
  }

  void flush(Link &link) {
    std::size_t sent = 0;
    while (sent < link.queued.size() && link.connection->send(static_cast<std::uint16_t>(link.queued[sent].kind),
                                                              link.queued[sent].epoch, link.queued[sent].payload))
      ++sent;
    link.queued.erase(link.queued.begin(), link.queued.begin() + static_cast<std::ptrdiff_t>(sent));
  }

  io::Doors &doors;
  Handlers handlers;
  Options options;
  std::map<std::uint64_t, Running> gangs;
  /// Gangs that gave results: what is to become durable before those are, and then the folder to remove.
  struct Settled {
    std::size_t reports;
    std::string folder;
  };
  std::map<std::uint64_t, Settled> settled;
};

GangRunner::GangRunner(io::Doors &doors, Handlers handlers, Options options)
    : state(std::make_shared<State>(doors, std::move(handlers), std::move(options))) {}
GangRunner::~GangRunner() {
  for (auto &[id, running] : state->gangs)
    for (auto &[member, link] : running.links)
      link.child->killGroup();
}

void GangRunner::start(std::shared_ptr<const plan::Plan> plan, GangCall call) {
  state->begin(std::move(plan), std::move(call));
}
void GangRunner::durable(std::uint64_t id) {
  if (auto found = state->settled.find(id); found != state->settled.end()) {
    if (found->second.reports-- > 0)
      return;
    state->tidy(
        [&storage = state->doors.storage, folder = found->second.folder] { io::removeFolder(storage, folder); });
    state->settled.erase(found);
    return;
  }
  state->act(id, [](Coordinator &coordinator, CoordinatorActions &actions) { coordinator.reportDurable(actions); });
}
void GangRunner::cancel(std::uint64_t id) {
  if (auto found = state->gangs.find(id); found != state->gangs.end() && !found->second.coordinator) {
    // What it reads is still being opened; nobody else knows of it.
    std::string name(found->second.gang->name);
    state->gangs.erase(found);
    return state->end(id, {std::nullopt, {base::FailKind::cancelled, "gang " + name + ": was cancelled"}});
  }
  state->act(id, [](Coordinator &coordinator, CoordinatorActions &actions) { coordinator.cancel(actions); });
}

} // namespace weft::gang
