//===- FoundRun.cpp - The run that a command line means ------------------===//

#include "runtime/cli/FoundRun.h"

#include "runtime/cli/Session.h"
#include "runtime/cli/Waiting.h"

namespace weft::cli {

const Flag folderFlag{"--folder", "FOLDER", "the folder of the spec; the current one without it"};

base::Result<std::unique_ptr<journal::Journal>> openRuns(io::AsioRuntime &runtime, const Project &project) {
  if (!runtime.doors().storage.stat(project.journal()))
    return base::error(base::Code::notFound,
                       "there are no runs in '" + project.folder + "'; --folder names the folder of the spec");
  return openJournal(runtime.doors(), project);
}

base::Result<> recordSignal(io::AsioRuntime &runtime, journal::Journal &journal, journal::RunId run,
                            const frame::SignalBody &signal, std::span<const journal::HeadChange> heads) {
  journal::Record record;
  record.run = run;
  record.kind = journal::RecordKind::signal;
  encode(signal, record.body);
  auto durable = waitFor<std::uint64_t>(runtime, [&](auto done) {
    if (auto queued = journal.append(std::span(&record, 1), heads, done); !queued)
      done(std::move(queued));
  });
  return durable ? base::Result<>() : std::move(durable).error();
}

base::Result<FoundRun> FoundRun::open(const Arguments &arguments, io::AsioRuntime &runtime) {
  FoundRun found;
  found.project = projectAt(arguments.value("--folder"));
  auto journal = openRuns(runtime, found.project);
  if (!journal)
    return std::move(journal).error();
  found.journal = *std::move(journal);
  auto head = findRun(runtime, *found.journal, arguments.words.empty() ? "last" : arguments.words[0]);
  if (!head)
    return std::move(head).error();
  found.head = *std::move(head);
  auto plan = keptPlan(runtime.doors().storage, found.project, found.head.planDigest);
  if (!plan)
    return std::move(plan).error();
  found.plan = *std::move(plan);
  return found;
}

} // namespace weft::cli
