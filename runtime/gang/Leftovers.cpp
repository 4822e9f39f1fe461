//===- Leftovers.cpp - Checkpoints that nobody goes on from ---------------===//

#include "runtime/gang/Leftovers.h"

#include "runtime/checkpoint/Folder.h"

namespace weft::gang {
namespace {

/// The run loop names a gang RUN-PATH, both in hexadecimal digits.
constexpr std::size_t hexDigits = 32;

} // namespace

void removeLeftovers(io::Doors &doors, journal::Journal &journal, const std::string &folder) {
  auto entries = doors.storage.list(folder);
  if (!entries)
    return; // nothing was ever written
  for (const io::Entry &entry : *entries) {
    auto run = journal::RunId::parse(std::string_view(entry.name).substr(0, hexDigits));
    if (entry.name.size() != 2 * hexDigits + 1 || entry.name[hexDigits] != '-' || !run)
      continue;
    journal.head(*run, [&doors, gone = folder + "/" + entry.name](base::Result<journal::RunHead> head) {
      if (!head || (head->state != journal::RunState::succeeded && head->state != journal::RunState::cancelled))
        return;
      (void)doors.pool.submit([&storage = doors.storage, gone] { io::removeFolder(storage, gone); }, [] {});
    });
  }
}

} // namespace weft::gang
