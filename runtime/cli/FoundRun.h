//===- FoundRun.h - The run that a command line means --------------------===//
#pragma once

#include "runtime/cli/Arguments.h"
#include "runtime/cli/Project.h"
#include "runtime/frame/RecordBody.h"
#include "runtime/journal/Journal.h"

#include <memory>

namespace weft::cli {

/// "--folder" of commands that name a run and no file.
extern const Flag folderFlag;

/// Its project, the journal, which this process owns from now on, and the plan that it is pinned to.
struct FoundRun {
  Project project;
  std::unique_ptr<journal::Journal> journal;
  journal::RunHead head;
  std::shared_ptr<const plan::Plan> plan;

  /// By the first word, `last` without one. Errors: notFound, invalid with the candidates, busy.
  static base::Result<FoundRun> open(const Arguments &arguments, io::AsioRuntime &runtime);
};

/// Waits until a record about the run, with the changes of its head, is durable.
base::Result<> recordSignal(io::AsioRuntime &runtime, journal::Journal &journal, journal::RunId run,
                            const frame::SignalBody &signal, std::span<const journal::HeadChange> heads = {});

/// The journal of a project that has runs, owned by this process. Errors: notFound, busy.
base::Result<std::unique_ptr<journal::Journal>> openRuns(io::AsioRuntime &runtime, const Project &project);

} // namespace weft::cli
