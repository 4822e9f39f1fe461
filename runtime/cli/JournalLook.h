//===- JournalLook.h - The journal, for those that only read --------------===//
//
// Looking at runs must not wait for the process that makes them: while another
// process owns the journal, or the folder cannot be written to, a copy of it is
// read.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/Session.h"

namespace weft::cli {

class JournalLook {
public:
  /// Errors: notFound (the project has no journal), and what the journal finds.
  static base::Result<JournalLook> open(io::AsioRuntime &runtime, const Project &project);
  JournalLook(JournalLook &&other) noexcept
      : opened(std::move(other.opened)), storage(other.storage), copy(std::exchange(other.copy, "")) {}
  ~JournalLook();

  journal::Journal &journal() { return *opened; }

  /// For the screen: "interrupted" is a run that had begun and that no process is at work on, "running" one that the
  /// owner of the journal has written to.
  base::Result<std::string> stateOf(io::AsioRuntime &runtime, const journal::RunHead &head);

private:
  JournalLook(std::unique_ptr<journal::Journal> opened, io::Storage &storage, std::string copy)
      : opened(std::move(opened)), storage(&storage), copy(std::move(copy)) {}

  std::unique_ptr<journal::Journal> opened;
  io::Storage *storage;
  std::string copy; ///< Its folder; empty: the journal itself is read.
};

} // namespace weft::cli
