//===- FilesDriver.h - A folder as a tool: list, read, write --------------===//
//
// Nothing outside the root is reached, whatever the names say: the system
// resolves every path beneath it (io::Root). A write is whole or not there.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/PoolDriver.h"

namespace weft::agent {

/// A text of a workflow goes into prompts and journals; larger files are for other tools.
inline constexpr std::uint64_t maxFileBytes = 16 << 20;
/// What one `list` may give, and what it may look at on the way.
inline constexpr std::size_t maxListedFiles = 100'000;
inline constexpr std::size_t maxVisitedEntries = 1'000'000;
inline constexpr std::size_t maxFolderDepth = 64;

enum class FilesMember : std::uint8_t { list, read, write };

struct FilesSpec {
  std::string tool; ///< Its name in the spec, for messages.
  std::string root; ///< A folder; opened by the first call.
  bool write = false;
  std::unordered_map<std::uint32_t, FilesMember> members; ///< By index of the plan.
};

/// Members: `list(pattern)` gives names relative to the root, ascending by bytes, each file once: links are other names
/// of files below the root, or lead out of it. `read(name)` gives UTF-8 text, through links that stay inside too.
/// `write(name, text)` replaces or makes a file and the folders on its way.
/// Failures: `refused` for a way out of the root or a write to a read-only tool; `tool` for a root or file that does
/// not exist, is too large, or is no text.
std::unique_ptr<Driver> makeFilesDriver(io::Doors &doors, FilesSpec spec);

} // namespace weft::agent
