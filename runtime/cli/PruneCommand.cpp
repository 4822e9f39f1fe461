//===- PruneCommand.cpp - weft prune --------------------------------------===//
//
// Runs first, then what only they had: blobs, plans, checkpoints. A death in
// between leaves files that nothing names, and the next prune removes them.
//
//===----------------------------------------------------------------------===//

#include "runtime/base/Units.h"
#include "runtime/cli/Command.h"
#include "runtime/cli/FoundRun.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Session.h"
#include "runtime/cli/Waiting.h"
#include "runtime/frame/RecordBody.h"

#include <algorithm>
#include <charconv>

namespace weft::cli {
namespace {

using base::Code;
using journal::RunHead;
using journal::RunState;

const Usage &pruneUsage() {
  static const Usage text{
      "prune",
      "[RUN...]",
      "Removes runs that are over from a project's journal, and what only they had kept.",
      0,
      1000,
      {folderFlag,
       {"--older", "AGE", "without RUN: those that ended longer ago, as 12h or 7d; 30d without it"},
       {"--failed", "", "without RUN: failed runs too, which could be tried again"},
       {"--dry-run", "", "only say what would be removed"}},
      "RUN is an id of `weft runs`, or any beginning or end of it. A run that waits or was interrupted stays:\n"
      "`weft cancel RUN` ends it."};
  return text;
}

/// "90s", "15m", "12h", "7d" as nanoseconds.
base::Result<std::int64_t> ageOf(const std::string &text) {
  std::int64_t count = 0, unit = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (rest == "s")
    unit = base::nsPerSecond;
  else if (rest == "m")
    unit = base::nsPerMinute;
  else if (rest == "h")
    unit = base::nsPerHour;
  else if (rest == "d")
    unit = 24 * base::nsPerHour;
  if (failure != std::errc() || count < 0 || unit == 0 || count > INT64_MAX / unit)
    return base::error(Code::invalid, "--older: expected an age as 90s, 15m, 12h or 7d, found '" + text + "'");
  return count * unit;
}

/// The runs that are meant, oldest first, each once. Errors name the run that cannot be removed.
base::Result<std::vector<RunHead>> chosen(const Arguments &arguments, io::AsioRuntime &runtime,
                                          journal::Journal &journal) {
  std::vector<RunHead> runs;
  for (const std::string &word : arguments.words) {
    auto head = findRun(runtime, journal, word);
    if (!head)
      return std::move(head).error();
    if (!isOver(head->state))
      return base::error(Code::invalid, "run " + shortName(head->run) + " is not over; `weft cancel " +
                                            shortName(head->run) + "` ends it, `weft resume` goes on with it");
    if (std::ranges::find(runs, head->run, &RunHead::run) == runs.end())
      runs.push_back(*std::move(head));
  }
  if (!arguments.words.empty())
    return runs;
  auto age = ageOf(arguments.value("--older", "30d"));
  auto heads = listRuns(runtime, journal);
  if (!age || !heads)
    return age ? std::move(heads).error() : std::move(age).error();
  std::int64_t nowNs = runtime.doors().clock.wallTimeNs();
  for (RunHead &head : *heads)
    if ((head.state == RunState::succeeded || head.state == RunState::cancelled ||
         (head.state == RunState::failed && arguments.has("--failed"))) &&
        nowNs - head.updatedNs > *age)
      runs.push_back(std::move(head));
  return runs;
}

/// What runs that stay have need of.
struct Needed {
  std::set<base::Digest> blobs;
  std::set<std::string> plans;
};

base::Result<Needed> neededBy(io::AsioRuntime &runtime, journal::Journal &journal) {
  Needed needed;
  auto heads = listRuns(runtime, journal);
  if (!heads)
    return std::move(heads).error();
  for (const RunHead &head : *heads) {
    needed.plans.insert(head.planDigest.hex());
    auto records = readRecords(runtime, journal, head.run);
    if (!records)
      return std::move(records).error();
    for (const journal::Record &record : *records)
      if (auto digest = frame::blobOf(record))
        needed.blobs.insert(*digest);
  }
  return needed;
}

std::string lineOf(const RunHead &head) {
  return shortName(head.run) + "  " + padded(journal::name(head.state), 11) + "  " + head.name + "\n";
}

int prune(const Arguments &arguments, io::AsioRuntime &runtime) {
  Project project = projectAt(arguments.value("--folder"));
  auto journal = openRuns(runtime, project);
  if (!journal)
    return say(journal.error().message);
  auto runs = chosen(arguments, runtime, **journal);
  if (!runs)
    return say(runs.error().message);
  for (const RunHead &head : *runs)
    put(lineOf(head));
  std::string count = std::to_string(runs->size()) + (runs->size() == 1 ? " run" : " runs");
  if (arguments.has("--dry-run"))
    return say(count + " would be removed", done);
  std::vector<journal::RunId> ids;
  for (const RunHead &head : *runs)
    ids.push_back(head.run);
  auto removed = waitFor<void>(runtime, [&](auto done) { (*journal)->remove(ids, done); });
  if (!removed)
    return say(removed.error().message);
  auto needed = neededBy(runtime, **journal);
  if (!needed)
    return say(needed.error().message);
  auto blobs = waitFor<journal::Removed>(runtime, [&](auto done) { (*journal)->keepBlobs(needed->blobs, done); });
  if (!blobs)
    return say(blobs.error().message);
  std::size_t plans = removeUnusedPlans(runtime.doors().storage, project, needed->plans);
  for (journal::RunId run : ids)
    removeCheckpoints(runtime.doors().storage, project, run.hex());
  return say("removed " + count + ", " + std::to_string(plans) + (plans == 1 ? " plan, " : " plans, ") +
                 std::to_string(blobs->files) + (blobs->files == 1 ? " blob" : " blobs") + " of " +
                 base::sizeText(static_cast<std::int64_t>(blobs->bytes)),
             done);
}

} // namespace

const Command pruneCommand{pruneUsage, prune};

} // namespace weft::cli
