//===- JournalLook.cpp - The journal, for those that only read ------------===//

#include "runtime/cli/JournalLook.h"

#include "runtime/journal/sqlite/CopyJournal.h"
#include "runtime/journal/sqlite/SqliteJournal.h"

namespace weft::cli {

using base::Code;

namespace {

/// Beside the journal, where its readers are those of the journal; else, in a name that nobody can guess, where the
/// system keeps what is soon gone.
base::Result<std::string> makeCopy(io::Doors &doors, const Project &project) {
  std::string number = std::to_string(doors.process.pid()), beside = project.folder + "/.weft/looking-" + number;
  io::removeFolder(doors.storage, beside); // Of a process that had this number, and was killed.
  auto made = journal::copyJournal(doors.storage, project.journal(), beside);
  if (made)
    return beside;
  io::removeFolder(doors.storage, beside);
  if (made.error().code != Code::denied && made.error().code != Code::io)
    return std::move(made).error();
  std::uint64_t random = 0;
  doors.process.entropy(std::as_writable_bytes(std::span(&random, 1)));
  std::string elsewhere =
      doors.process.environment("TMPDIR").value_or("/tmp") + "/weft-looking-" + number + "-" + std::to_string(random);
  made = journal::copyJournal(doors.storage, project.journal(), elsewhere);
  if (made)
    return elsewhere;
  io::removeFolder(doors.storage, elsewhere);
  return std::move(made).error();
}

} // namespace

base::Result<JournalLook> JournalLook::open(io::AsioRuntime &runtime, const Project &project) {
  io::Storage &storage = runtime.doors().storage;
  if (!storage.stat(project.journal() + "/journal.db"))
    return base::error(Code::notFound,
                       "there are no runs in '" + project.folder + "'; --folder names the folder of the spec");
  auto own = openJournal(runtime.doors(), project);
  if (own)
    return JournalLook(*std::move(own), storage, "");
  if (own.error().code != Code::busy && own.error().code != Code::denied)
    return std::move(own).error();
  auto copy = makeCopy(runtime.doors(), project);
  if (!copy)
    return std::move(copy).error().in(project.journal());
  auto copied = journal::openSqliteJournal(runtime.doors(), *copy);
  if (!copied) {
    io::removeFolder(storage, *copy);
    return std::move(copied).error();
  }
  return JournalLook(*std::move(copied), storage, *copy);
}

JournalLook::~JournalLook() {
  opened.reset();
  if (!copy.empty())
    io::removeFolder(*storage, copy);
}

base::Result<std::string> JournalLook::stateOf(io::AsioRuntime &runtime, const journal::RunHead &head) {
  if (head.state == journal::RunState::parked)
    return std::string("waiting");
  if (head.state != journal::RunState::running)
    return std::string(journal::name(head.state));
  if (copy.empty())
    return std::string("interrupted");
  auto last = readRecords(runtime, *opened, head.run, head.lastLsn);
  if (!last)
    return std::move(last).error();
  // Opening the copy has counted one further.
  bool byOwner = !last->empty() && last->back().epoch + 1 == opened->epoch();
  return std::string(byOwner ? "running" : "interrupted");
}

} // namespace weft::cli
