//===- Worker.cpp - A forked process that serves one slot of a gang -------===//
//
// Drives the member: hands it frames, makes its calls to `advance` one per turn
// of the loop so that frames get in between, and waits on a futex when the
// member waits for another one's word.
//
//===----------------------------------------------------------------------===//

#include "runtime/gang/Worker.h"

#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/transport/Connection.h"

#include <iterator>

namespace weft::gang {
namespace {

/// A wake can be lost with the process that should have made it: look again after this long.
constexpr io::Duration lookAgain = std::chrono::milliseconds(100);
/// What a step told is for people: a few times a second, however short the steps are.
constexpr io::Duration tellEvery = std::chrono::milliseconds(200);

class Worker : public std::enable_shared_from_this<Worker> {
public:
  Worker(io::Doors &doors, std::unique_ptr<io::Stream> stream, const WorkerSetup &setup)
      : doors(doors), stream(std::move(stream)), segment(setup.segment),
        device(device::makeCpuDevice(doors.process, setup.memoryLimitBytes, setup.threads)), self(setup.self),
        checkpointFolder(setup.checkpointFolder), sabotage(setup.sabotage), beforePiece(setup.beforePiece),
        member(setup.plan, *device, segment->bytes(), setup.self, setup.pieceBytes, setup.sabotage, setup.sources) {}

  void start() {
    connection.emplace(*stream, transport::Connection::Handlers{
                                    [this](transport::Frame frame) {
                                      act([&](MemberActions &actions) { member.receive(frame, actions); });
                                    },
                                    [this](base::Error) { doors.process.exit(0); }, [this] { drained(); }});
    act([this](MemberActions &actions) { member.greet(actions); });
  }

private:
  template <typename Step> void act(Step step) {
    MemberActions actions;
    step(actions);
    for (MemberActions::Save &one : actions.saves)
      save(std::move(one));
    std::move(actions.reports.begin(), actions.reports.end(), std::back_inserter(reports));
    // Who hears of what comes next has heard of the steps before it.
    if (!actions.sends.empty() || reports.size() >= maxReportsInFrame)
      tellReports();
    else if (!reports.empty() && !telling)
      telling = doors.clock.after(tellEvery, [weak = weak_from_this()] {
        if (auto worker = weak.lock()) {
          worker->telling.reset();
          worker->tellReports();
          worker->flush();
        }
      });
    for (MemberActions::Send &send : actions.sends)
      queued.push_back(std::move(send));
    flush();
    if (actions.wake)
      doors.process.wakeWord(*actions.wake);
    if (actions.leave)
      return doors.process.exit(0);
    if (actions.again && actions.paced && !connection->idle()) {
      awaiting = true;
      connection->awaitDrained();
    } else if (actions.again)
      schedule();
    else if (actions.wait)
      doors.process.waitWord(*actions.wait, actions.seen, lookAgain, [weak = weak_from_this()](bool) {
        if (auto worker = weak.lock())
          worker->schedule();
      });
  }

  void tellReports() {
    for (std::size_t at = 0; at < reports.size(); at += maxReportsInFrame) {
      auto some = std::span(reports).subspan(at, std::min(maxReportsInFrame, reports.size() - at));
      queued.push_back({MessageKind::progress, encodedProgress(some)});
    }
    reports.clear();
  }

  /// Steps go on while the pool writes.
  void save(MemberActions::Save &&what) {
    struct Work {
      MemberActions::Save save;
      base::Result<checkpoint::ShardFile> file = base::error(base::Code::io, "was not written");
    };
    auto work = std::make_shared<Work>(Work{std::move(what)});
    auto tell = [weak = weak_from_this(), work] {
      if (auto worker = weak.lock())
        worker->act(
            [&](MemberActions &actions) { worker->member.saved(work->save.what, std::move(work->file), actions); });
    };
    auto write = [work, &storage = doors.storage, folder = checkpointFolder] {
      work->file = checkpoint::writeShard(storage, folder, work->save.what.file, work->save.shard, *work->save.payload);
    };
    if (sabotage.checkpointBeforeShards) {
      base::Bytes bytes = checkpoint::encoded(work->save.shard, *work->save.payload);
      auto early = std::make_shared<Work>();
      early->save = work->save;
      work->file =
          checkpoint::ShardFile{work->save.shard.part, work->save.what.file, bytes.size(), base::digestOf(bytes)};
      doors.executor.post(tell);
      doors.clock.after(std::chrono::milliseconds(50), [&storage = doors.storage, folder = checkpointFolder, early] {
        (void)checkpoint::writeShard(storage, folder, early->save.what.file, early->save.shard, *early->save.payload);
      });
      return;
    }
    if (auto queued = doors.pool.submit(std::move(write), tell); !queued) {
      work->file = std::move(queued).error();
      doors.executor.post(tell);
    }
  }

  /// At most one call to `advance` waits in the loop.
  void schedule() {
    if (scheduled)
      return;
    scheduled = true;
    doors.executor.post([weak = weak_from_this()] {
      if (auto worker = weak.lock()) {
        worker->scheduled = false;
        if (worker->beforePiece)
          worker->beforePiece(worker->self, worker->pieces++);
        worker->act([&](MemberActions &actions) { worker->member.advance(actions); });
      }
    });
  }

  void drained() {
    flush();
    if (awaiting && queued.empty()) {
      awaiting = false;
      schedule();
    }
  }

  void flush() {
    std::size_t sent = 0;
    while (sent < queued.size() &&
           connection->send(static_cast<std::uint16_t>(queued[sent].kind), member.epoch(), queued[sent].payload))
      ++sent;
    queued.erase(queued.begin(), queued.begin() + static_cast<std::ptrdiff_t>(sent));
  }

  io::Doors &doors;
  std::unique_ptr<io::Stream> stream;
  std::shared_ptr<io::Segment> segment;
  std::unique_ptr<device::Device> device;
  membership::MemberId self;
  std::string checkpointFolder;
  Sabotage sabotage;
  std::function<void(membership::MemberId, std::uint64_t)> beforePiece;
  std::uint64_t pieces = 0;
  Member member;
  std::optional<transport::Connection> connection;
  std::vector<MemberActions::Send> queued;
  std::vector<StepReport> reports; ///< Not told yet.
  std::optional<io::TimerId> telling;
  bool scheduled = false;
  bool awaiting = false; ///< Goes on when what was sent was taken.
};

} // namespace

std::shared_ptr<void> startWorker(io::Doors &doors, std::unique_ptr<io::Stream> toParent, const WorkerSetup &setup) {
  auto worker = std::make_shared<Worker>(doors, std::move(toParent), setup);
  worker->start();
  return worker;
}

} // namespace weft::gang
