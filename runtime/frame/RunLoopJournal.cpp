//===- RunLoopJournal.cpp - Records and blobs on their way to disk -------===//
//
// Blobs go before the records that name them, and what one step appends is one
// group, so that a kill leaves all of a step or nothing.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"
#include "runtime/frame/RunLoopState.h"

#include <algorithm>

namespace weft::frame {
namespace {

journal::RunState headState(EndState state) {
  switch (state) {
  case EndState::succeeded:
    return journal::RunState::succeeded;
  case EndState::failed:
    return journal::RunState::failed;
  case EndState::cancelled:
    return journal::RunState::cancelled;
  }
  WEFT_UNREACHABLE();
}

/// What a call has cost that nobody waits for any more: it does not say that the run goes on.
bool isLate(const journal::Record &record) {
  if (record.kind != journal::RecordKind::outcome)
    return false;
  auto body = decodeBody(record.kind, record.body);
  WEFT_ASSERT(body);
  return std::get<OutcomeBody>(*body).status == OutcomeBody::Status::late;
}

} // namespace

void RunLoop::State::addRecord(const Action &action) {
  if (recordCount == records.size())
    records.emplace_back();
  Record &record = records[recordCount++];
  record.run = action.run;
  record.kind = action.recordKind;
  record.key = action.key;
  base::ConstBytes body = actions.bytesOf(action);
  record.body.assign(body.begin(), body.end());
  sequences.push_back(action.sequence);
  auto found = live.find(action.run);
  if (action.recordKind == journal::RecordKind::runStarted) {
    journal::HeadChange head{action.run, journal::RunState::running, {}, {}, {}};
    if (found != live.end()) {
      head.planDigest = found->second.plan->digest;
      auto started = decodeBody(record.kind, record.body);
      if (started)
        head.name = std::get<RunStartedBody>(*started).entry;
    }
    heads.push_back(std::move(head));
  } else if (action.recordKind == journal::RecordKind::runEnded) {
    auto body = decodeBody(record.kind, record.body);
    WEFT_ASSERT(body);
    auto state = static_cast<EndState>(std::get<RunEndedBody>(*body).state);
    heads.push_back({action.run, headState(state), {}, 0, {}});
  } else if (found != live.end() && found->second.headParked && !isLate(record)) {
    found->second.headParked = false;
    heads.push_back({action.run, journal::RunState::running, {}, 0, {}});
  }
}

void RunLoop::State::flush() {
  if (failed)
    return;
  std::size_t recordsReady = recordCount, headsReady = heads.size();
  for (; nextBlob < blobs.size(); ++nextBlob) {
    HeldBlob &blob = blobs[nextBlob];
    auto put = journal.putBlob(blob.bytes);
    if (put)
      continue;
    if (put.error().code != base::Code::limit || (pendingGroups == 0 && blob.records == recordsGone))
      return fail(put.error());
    // Records that stand before this blob can go, and make room.
    recordsReady = blob.records - recordsGone;
    headsReady = blob.heads - headsGone;
    break;
  }
  if (recordsReady == 0 && headsReady == 0)
    return forgetBlobs();
  std::uint64_t sequence = recordsReady > 0 ? sequences[recordsReady - 1] : lastDurable;
  auto lsn = journal.append(std::span(records.data(), recordsReady), std::span(heads.data(), headsReady),
                            [weak = weak_from_this(), sequence](base::Result<std::uint64_t> durable) {
                              auto self = weak.lock();
                              if (!self)
                                return;
                              if (!durable)
                                return self->fail(durable.error());
                              --self->pendingGroups;
                              self->lastDurable = std::max(self->lastDurable, sequence);
                              self->feed(Durable{sequence});
                            });
  if (!lsn) {
    if (lsn.error().code != base::Code::limit || pendingGroups == 0)
      fail(lsn.error());
    return;
  }
  ++pendingGroups;
  // What stays moves to the front; mostly nothing does, and the memory of the records is used again.
  if (recordsReady < recordCount)
    std::rotate(records.begin(), records.begin() + static_cast<std::ptrdiff_t>(recordsReady),
                records.begin() + static_cast<std::ptrdiff_t>(recordCount));
  sequences.erase(sequences.begin(), sequences.begin() + static_cast<std::ptrdiff_t>(recordsReady));
  heads.erase(heads.begin(), heads.begin() + static_cast<std::ptrdiff_t>(headsReady));
  recordCount -= recordsReady;
  recordsGone += recordsReady;
  headsGone += headsReady;
  forgetBlobs();
}

void RunLoop::State::forgetBlobs() {
  if (nextBlob < blobs.size())
    return;
  blobs.clear();
  nextBlob = 0;
  recordsGone = headsGone = 0;
}

void RunLoop::State::fail(const base::Error &error) {
  if (failed)
    return;
  failed = true;
  for (auto &[id, driver] : calls)
    if (driver)
      driver->cancel(id);
  tell([error](RunListener &listener) { listener.journalFailed(error); });
}

} // namespace weft::frame
