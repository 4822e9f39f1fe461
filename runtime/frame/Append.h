//===- Append.h - Write one record of a run -------------------------------===//
#pragma once

#include "runtime/frame/Core.h"

namespace weft::frame {

template <typename Write>
void Core::append(Run &run, journal::RecordKind kind, const journal::StepKey &key, Write &&write) {
  blobs.clear();
  auto first = static_cast<std::uint32_t>(out->bytes.size());
  BodyWriter writer(out->bytes);
  write(writer);
  auto count = static_cast<std::uint32_t>(out->bytes.size()) - first;
  for (const Blob &blob : blobs) {
    Action &action = act(ActionKind::putBlob, run);
    action.digest = blob.digest;
    action.bytes = pool(base::textOf(blob.bytes));
  }
  Action &action = act(ActionKind::append, run);
  action.recordKind = kind;
  action.key = key;
  action.bytes = {first, count};
  action.sequence = ++sequence;
  run.lastSequence = sequence;
  run.journalBytes += count + journal::recordHeaderBytes;
  ++run.recordsSince;
  run.bytesSince += count + journal::recordHeaderBytes;
  ++counters.records;
}

} // namespace weft::frame
