//===- RunLoopParking.cpp - Runs that leave memory and come back ---------===//
//
// A run that waits for people only has all its facts in the journal: it is
// dropped, and read again when an answer comes or a deadline passes.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"
#include "runtime/frame/RunLoopState.h"

#include <algorithm>

namespace weft::frame {

using journal::Record;
using journal::RunId;

namespace {

/// Places of the journal, those of other runs among them, in which a snapshot is looked for first: a few times the
/// records between two.
constexpr std::uint64_t firstWindow = 8192;
/// What was read in vain is a fraction of what is read in the end.
constexpr std::uint64_t widening = 8;

} // namespace

void RunLoop::State::park(const Action &action) {
  RunId run = action.run;
  auto found = live.find(run);
  if (found == live.end() || found->second.eventsWait)
    return;
  found->second.headParked = true;
  heads.push_back({run, journal::RunState::parked, {}, action.atNs, {}});
  tell([run, questions = action.id, wake = action.atNs](RunListener &listener) {
    listener.parked(run, questions, wake);
  });
  if (!options.evictParked)
    return;
  found->second.wakeWallNs = action.atNs;
  post(EvictRun{run});
}

void RunLoop::State::evicted(RunId run) {
  auto found = live.find(run);
  if (found == live.end())
    return;
  parked.emplace(run, found->second.plan);
  if (found->second.wakeWallNs > 0)
    wakes.push({found->second.wakeWallNs, run});
  live.erase(found);
  setWake();
}

void RunLoop::State::setWake() {
  while (!wakes.empty() && !parked.contains(wakes.top().second))
    wakes.pop();
  if (wakes.empty() || wakeAtNs == wakes.top().first)
    return;
  if (wakeTimer != 0)
    doors.clock.cancel(wakeTimer);
  wakeAtNs = wakes.top().first;
  wakeTimer = doors.clock.after(io::Duration(wakeAtNs - doors.clock.wallTimeNs()), [weak = weak_from_this()] {
    if (auto self = weak.lock())
      self->wake();
  });
}

void RunLoop::State::wake() {
  wakeTimer = 0;
  wakeAtNs = 0;
  std::int64_t nowNs = doors.clock.wallTimeNs();
  while (!wakes.empty() && wakes.top().first <= nowNs) {
    RunId run = wakes.top().second;
    wakes.pop();
    if (parked.contains(run))
      bringBack(run);
  }
  setWake();
}

void RunLoop::State::bringBack(RunId run) {
  auto found = parked.find(run);
  std::shared_ptr<const plan::Plan> plan = found->second;
  load(run, std::move(plan), ResumeReason::restored);
}

void RunLoop::State::load(RunId run, std::shared_ptr<const plan::Plan> plan, ResumeReason reason) {
  if (loading.contains(run) || live.contains(run))
    return;
  parked.erase(run);
  Loading &one = loading[run];
  one.plan = std::move(plan);
  one.reason = reason;
  one.number = ++lastLoading;
  if (!charging.contains(run))
    read(run);
}

/// For the journal to call: takes what was read, and loads the blobs that are still missing. Nothing is done when the
/// loop is gone or the run was stopped meanwhile; where reading failed, the run is refused.
template <typename T>
std::function<void(base::Result<T>)> RunLoop::State::whileLoading(RunId run, const Loading &one,
                                                                  void (*take)(Loading &, T)) {
  return [weak = weak_from_this(), run, number = one.number, take](base::Result<T> read) {
    auto self = weak.lock();
    Loading *one = self ? self->loadingOf(run, number) : nullptr;
    if (!one)
      return;
    if (!read)
      return self->refuse(run, read.error());
    take(*one, *std::move(read));
    self->loadBlobs(run);
  };
}

void RunLoop::State::read(RunId run) {
  auto found = loading.find(run);
  if (found == loading.end())
    return; // stopped meanwhile
  journal.head(run, [weak = weak_from_this(), run, number = found->second.number](base::Result<journal::RunHead> head) {
    auto self = weak.lock();
    if (!self || !self->loadingOf(run, number))
      return;
    if (!head)
      return self->refuse(run, head.error());
    self->readBack(run, number, head->lastLsn, self->options.snapshotEvery > 0 ? firstWindow : head->lastLsn);
  });
}

void RunLoop::State::readBack(RunId run, std::uint64_t number, std::uint64_t lastLsn, std::uint64_t window) {
  std::uint64_t from = lastLsn > window ? lastLsn - window : 0;
  auto take = [weak = weak_from_this(), run, number, lastLsn, window, from](base::Result<std::vector<Record>> read) {
    auto self = weak.lock();
    Loading *one = self ? self->loadingOf(run, number) : nullptr;
    if (!one)
      return;
    if (!read)
      return self->refuse(run, read.error());
    auto behind = std::find_if(read->rbegin(), read->rend(), [one](const Record &record) {
      auto body = record.kind == journal::RecordKind::snapshot ? decodeBody(record.kind, record.body)
                                                               : base::error(base::Code::notFound, "");
      return body && std::get<SnapshotBody>(*body).plan == one->plan->digest;
    });
    if (behind == read->rend() && from > 0)
      return self->readBack(run, number, lastLsn, window * widening);
    auto first = behind == read->rend() || self->options.snapshotEvery == 0 ? read->begin() : behind.base() - 1;
    for (; first != read->end(); ++first)
      one->records.push_back({std::move(*first), {}});
    self->loadBlobs(run);
  };
  journal.read(run, from, take);
}

RunLoop::State::Loading *RunLoop::State::loadingOf(RunId run, std::uint64_t number) {
  auto found = loading.find(run);
  return found != loading.end() && found->second.number == number ? &found->second : nullptr;
}

void RunLoop::State::loadBlobs(RunId run) {
  Loading &one = loading.at(run);
  while (one.next < one.records.size()) {
    const Record &record = one.records[one.next].record;
    bool passed = record.kind == journal::RecordKind::snapshot && one.next > 0; // the records before it are here
    std::optional<base::Digest> blob = passed ? std::nullopt : blobOf(record);
    if (!blob) {
      ++one.next;
      continue;
    }
    return journal.readBlob(*blob, whileLoading<base::Bytes>(run, one, [](Loading &one, base::Bytes bytes) {
      one.records[one.next++].blob = std::move(bytes);
    }));
  }
  Loading whole = std::move(one);
  loading.erase(run);
  live[run].plan = whole.plan;
  // Its head may still say that it is parked or ended; the next record of it says otherwise.
  live[run].headParked = true;
  live[run].eventsWait = !whole.after.empty();
  feed(ResumeRun{run, whole.plan, std::move(whole.records), whole.reason});
  if (auto found = live.find(run); found != live.end())
    found->second.eventsWait = false;
  for (Event &event : whole.after)
    feed(std::move(event));
}

void RunLoop::State::refuse(RunId run, const base::Error &error) {
  loading.erase(run);
  tell([run, error](RunListener &listener) { listener.refused(run, error); });
}

void RunLoop::State::deliver(RunId run, Event event) {
  auto shared = std::make_shared<Event>(std::move(event));
  later([run, shared](State &self) {
    if (self.parked.contains(run))
      self.bringBack(run);
    if (auto found = self.loading.find(run); found != self.loading.end())
      found->second.after.push_back(std::move(*shared));
    else
      self.feed(std::move(*shared));
  });
}

} // namespace weft::frame
