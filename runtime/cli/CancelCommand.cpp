//===- CancelCommand.cpp - weft cancel ------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/FoundRun.h"
#include "runtime/cli/Session.h"

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
  // So that it is not taken up before it is known to be cancelled: nothing of it leaves again.
  frame::SignalBody ends{frame::SignalBody::What::cancel, {}, {}};
  if (auto recorded = recordSignal(runtime, *found->journal, head.run, ends); !recorded)
    return say(recorded.error().message);
  Session session(runtime, found->project, std::move(found->journal), found->plan, {true, false, ""});
  return session.cancel(head);
}

} // namespace

const Command cancelCommand{cancelUsage, cancel};

} // namespace weft::cli
