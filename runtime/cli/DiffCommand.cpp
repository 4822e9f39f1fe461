//===- DiffCommand.cpp - weft diff ----------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/JournalLook.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Session.h"
#include "runtime/frame/Upgrade.h"

namespace weft::cli {
namespace {

const Usage &diffUsage() {
  static const Usage text{
      "diff",
      "OLD NEW",
      "Compares the steps of two plans, and says which runs under way could go on with the new one.",
      2,
      2,
      {dimFlag},
      "OLD and NEW are specs (.weft) or plans; OLD may be a run of NEW's folder, for the plan that "
      "it is pinned to.\n`+` is a step that only NEW has, `-` one that only OLD has, `~` one that is "
      "not the same. Steps are known by where\nthey stand and what they call, so moving lines or "
      "changing pure code changes none."};
  return text;
}

/// Whether a run with the plan is meant: it is pinned to the old one, or was begun from the spec that the new one is
/// of.
bool concerned(const plan::Plan &pinned, const plan::Plan &from, const plan::Plan &to) {
  return pinned.digest == from.digest ||
         (!pinned.files.empty() && !to.files.empty() && pinned.files.front() == to.files.front());
}

/// Of each run of the project that is not over, whether it could go on with the new plan.
int tellRuns(io::AsioRuntime &runtime, const Project &project, JournalLook &look, const plan::Plan &from,
             const plan::Plan &to) {
  auto heads = listRuns(runtime, look.journal());
  if (!heads)
    return say(heads.error().message);
  for (const journal::RunHead &head : *heads) {
    if (head.state == journal::RunState::succeeded || head.state == journal::RunState::cancelled)
      continue;
    auto pinned = keptPlan(runtime.doors().storage, project, head.planDigest);
    if (!pinned || !concerned(**pinned, from, to))
      continue;
    auto state = look.stateOf(runtime, head);
    auto records = readRecords(runtime, look.journal(), head.run);
    if (!state || !records)
      return say(state ? records.error().message : state.error().message);
    std::vector<std::string> obstacles = frame::upgradeObstacles(**pinned, to, *records);
    put("run " + shortName(head.run) + ", " + *state + ": " +
        (obstacles.empty() ? "can go on with the new plan" : "cannot go on with the new plan") + "\n");
    for (const std::string &obstacle : obstacles)
      put("      " + obstacle + "\n");
  }
  return done;
}

int diff(const Arguments &arguments, io::AsioRuntime &runtime) {
  const std::string &old = arguments.words[0], &fresh = arguments.words[1];
  auto to = openPlan(runtime, fresh, compilerOptions(arguments), Keep::no);
  if (!to)
    return say(to.error().message);
  Project project = projectOf(fresh);
  std::optional<JournalLook> look;
  if (runtime.doors().storage.stat(project.journal() + "/journal.db")) {
    auto opened = JournalLook::open(runtime, project);
    if (!opened)
      return say(opened.error().message);
    look.emplace(*std::move(opened));
  }
  base::Result<std::shared_ptr<const plan::Plan>> from = base::error(base::Code::notFound, "");
  if (runtime.doors().storage.stat(old) || old.ends_with(".weft") || !look) {
    from = openPlan(runtime, old, compilerOptions(arguments), Keep::no);
  } else {
    auto head = findRun(runtime, look->journal(), old);
    if (!head)
      return say("there is no file '" + old + "', and " + head.error().message);
    from = keptPlan(runtime.doors().storage, project, head->planDigest);
  }
  if (!from)
    return say(from.error().message);
  using Kind = frame::StepChange::Kind;
  std::vector<frame::StepChange> changes = frame::changesBetween(**from, **to);
  for (const frame::StepChange &change : changes)
    put(std::string(change.kind == Kind::gone    ? "- "
                    : change.kind == Kind::added ? "+ "
                                                 : "~ ") +
        change.step + (change.why.empty() ? "" : " " + change.why) + "\n");
  if (changes.empty())
    put((*from)->digest == (*to)->digest ? "the plans are equal\n" : "the steps are equal\n");
  return look ? tellRuns(runtime, project, *look, **from, **to) : done;
}

} // namespace

const Command diffCommand{diffUsage, diff};

} // namespace weft::cli
