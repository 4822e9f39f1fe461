//===- CancelCommand.cpp - weft cancel ------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/FoundRun.h"
#include "runtime/cli/Session.h"
#include "runtime/frame/RecordBody.h"

namespace weft::cli {
namespace {

const Usage &cancelUsage() {
  static const Usage text{
      "cancel",
      "RUN",
      "Ends a run that waits or was interrupted, for ever.",
      1,
      1,
      {folderFlag},
      "RUN is an id of `weft runs`, any beginning or end of it, or `last`. A run that is under way is "
      "stopped first where\nit runs, with Ctrl-C. What the run has written stays written."};
  return text;
}

/// So that the run is not taken up before it is known to be cancelled: nothing of it leaves again.
base::Result<> recordCancel(io::AsioRuntime &runtime, journal::Journal &journal, journal::RunId run) {
  journal::Record record;
  record.run = run;
  record.kind = journal::RecordKind::signal;
  encode(frame::SignalBody{frame::SignalBody::What::cancel, {}}, record.body);
  std::optional<base::Result<std::uint64_t>> durable;
  auto queued = journal.append(std::span(&record, 1), {}, [&](auto lsn) { durable = std::move(lsn); });
  if (!queued)
    return std::move(queued).error();
  runtime.runUntil([&] { return durable.has_value(); });
  if (!durable)
    return base::error(base::Code::cancelled, "interrupted");
  return *durable ? base::Result<>() : std::move(*durable).error();
}

int cancel(const Arguments &arguments, io::AsioRuntime &runtime) {
  auto found = FoundRun::open(arguments, runtime);
  if (!found)
    return say(found.error().message);
  const journal::RunHead &head = found->head;
  if (head.state == journal::RunState::cancelled)
    return say("run " + shortName(head.run) + " was cancelled before", done);
  if (isOver(head.state))
    return say("run " + shortName(head.run) + " is over, it " + journal::name(head.state) + "; `weft prune " +
               shortName(head.run) + "` removes it");
  if (auto recorded = recordCancel(runtime, *found->journal, head.run); !recorded)
    return say(recorded.error().message);
  Session session(runtime, found->project, std::move(found->journal), found->plan, {true, false});
  return session.cancel(head);
}

} // namespace

const Command cancelCommand{cancelUsage, cancel};

} // namespace weft::cli
