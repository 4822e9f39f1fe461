//===- Project.h - The folder where a spec's runs are kept ----------------===//
//
// Beside a spec stands `.weft`: the journal with its blobs, and every plan that
// was ever run, by digest, because a run is pinned to its plan.
//
//   .weft/journal/…        runtime/journal
//   .weft/checkpoints/…    runtime/checkpoint, a folder per gang that keeps a state
//   .weft/plans/DIGEST     plan files
//   .weft/plans/of-SPEC    which plan a spec was compiled to, from which sources
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/cli/Arguments.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/plan/PlanReader.h"

#include <set>
#include <string>

namespace weft::cli {

struct Project {
  std::string folder; ///< Of the spec; where relative roots of tools begin.
  std::string journal() const { return folder + "/.weft/journal"; }
  std::string checkpoints() const { return folder + "/.weft/checkpoints"; }
  std::string plans() const { return folder + "/.weft/plans"; }
};

/// The project of a spec or plan file.
Project projectOf(const std::string &file);
/// The project of the current folder, for commands that name a run and no file; `folder` if it is not empty.
Project projectAt(const std::string &folder);

/// Keeps a plan by its digest; one that is there already is not written again.
base::Result<> keepPlan(io::Storage &storage, const Project &project, const plan::Plan &plan);
/// The plan that a run is pinned to. Errors: notFound when nobody kept it, and what readPlan finds.
base::Result<std::shared_ptr<const plan::Plan>> keptPlan(io::Storage &storage, const Project &project,
                                                         const base::Digest &digest);

/// Removes the plans that are neither named nor what a spec was last compiled to; gives their number.
std::size_t removeUnusedPlans(io::Storage &storage, const Project &project, const std::set<std::string> &digests);
/// Removes the checkpoints of all gangs of a run.
void removeCheckpoints(io::Storage &storage, const Project &project, const std::string &run);

/// Flags that a command hands on to the compiler, and what it was given of them, as the compiler takes them.
inline constexpr Flag dimFlag{"--dim", "NAME=SIZE", "size of a dimension, for the compiler", true};
inline constexpr Flag passesFlag{"--passes", "LIST", "passes over workflows, for the compiler: all, none, -NAME, NAME",
                                 true};
std::vector<std::string> compilerOptions(const Arguments &arguments);

/// Whether what is opened stays: a run needs its plan again, a test is only quicker with it, and a command that looks
/// at a plan leaves no folder behind.
enum class Keep : std::uint8_t { yes, ifPossible, no };

/// The file is a spec if it ends in `.weft`, which `weftc` compiles, else a plan; the plan is kept as `keep`
/// says, and used again while neither the sources nor the compiler change. What weftc prints (errors, warnings) is
/// passed through to standard error. `options` go to the compiler (`compilerOptions`). Errors: notFound, invalid
/// (refused by the compiler, who has said why: the message is empty then), unavailable (no weftc beside this program or
/// in PATH).
base::Result<std::shared_ptr<const plan::Plan>> openPlan(io::AsioRuntime &runtime, const std::string &file,
                                                         const std::vector<std::string> &options,
                                                         Keep keep = Keep::yes);

} // namespace weft::cli
