//===- Runs.cpp - The journal of a project and the runs in it -------------===//

#include "runtime/cli/Session.h"
#include "runtime/cli/Waiting.h"
#include "runtime/journal/sqlite/SqliteJournal.h"

#include <algorithm>

namespace weft::cli {

using base::Code;
using base::error;

constexpr std::size_t shortDigits = 8;

base::Result<std::unique_ptr<journal::Journal>> openJournal(io::Doors &doors, const Project &project) {
  if (auto made = doors.storage.makeFolders(project.journal()); !made)
    return std::move(made).error().in(project.journal());
  auto opened = journal::openSqliteJournal(doors, project.journal());
  if (!opened && opened.error().code == Code::busy)
    return error(Code::busy, opened.error().message +
                                 ", and a project's runs are made by one process at a time; wait for its end, or "
                                 "look at it with `weft runs` and `weft show`");
  return opened;
}

base::Result<std::vector<journal::RunHead>> listRuns(io::AsioRuntime &runtime, journal::Journal &journal) {
  return waitFor<std::vector<journal::RunHead>>(runtime, [&](auto done) { journal.runs(std::move(done)); });
}

base::Result<std::vector<journal::Record>> readRecords(io::AsioRuntime &runtime, journal::Journal &journal,
                                                       journal::RunId run, std::uint64_t fromLsn) {
  return waitFor<std::vector<journal::Record>>(runtime,
                                               [&](auto done) { journal.read(run, fromLsn, std::move(done)); });
}

std::string shortName(journal::RunId run) {
  std::string hex = run.hex();
  return hex.substr(hex.size() - shortDigits);
}

base::Result<journal::RunHead> findRun(io::AsioRuntime &runtime, journal::Journal &journal, const std::string &name) {
  auto heads = listRuns(runtime, journal);
  if (!heads)
    return std::move(heads).error();
  if (heads->empty())
    return error(Code::notFound, "this project has no runs yet; `weft run FILE` makes one");
  if (name == "last")
    return heads->back();
  std::vector<const journal::RunHead *> found;
  for (const journal::RunHead &head : *heads)
    if (std::string hex = head.run.hex();
        hex.starts_with(name) || hex.ends_with(name) || shortName(head.run).starts_with(name))
      found.push_back(&head);
  if (found.size() == 1)
    return *found[0];
  if (found.empty())
    return error(Code::notFound, "there is no run '" + name + "' in this project; `weft runs` lists them");
  std::string names;
  for (std::size_t at = 0; at < std::min<std::size_t>(found.size(), 5); ++at)
    names += (at ? ", " : "") + found[at]->run.hex();
  return error(Code::invalid, "'" + name + "' fits " + std::to_string(found.size()) + " runs: " + names +
                                  (found.size() > 5 ? ", …" : ""));
}

} // namespace weft::cli
