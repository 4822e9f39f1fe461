//===- Companion.cpp - Programs that stand beside weft --------------------===//

#include "runtime/cli/Companion.h"

#include "runtime/cli/Command.h"
#include "runtime/io/ReplaceProgram.h"

#include <set>
#include <sstream>

namespace weft::cli {

base::Result<Companion> findCompanion(io::Doors &doors, const std::string &name, const std::string &why) {
  std::vector<std::string> folders;
  if (auto self = doors.process.programFolder(); !self.empty())
    folders.push_back(self);
  std::stringstream path(doors.process.environment("PATH").value_or(""));
  for (std::string folder; std::getline(path, folder, ':');)
    if (!folder.empty())
      folders.push_back(folder);
  for (const std::string &folder : folders) {
    std::string file = folder + "/" + name;
    if (auto entry = doors.storage.stat(file); entry && entry->kind != io::Entry::Kind::folder)
      return Companion{file, std::to_string(entry->sizeBytes) + "-" + std::to_string(entry->modifiedNs)};
  }
  return base::error(base::Code::unavailable, why + ", and there is no " + name + " beside weft or in PATH");
}

std::span<const Delegated> delegated() {
  static constexpr Delegated all[] = {
      {"fmt", "[FILE|FOLDER...]", "Lays specs out in their one form."},
      {"lsp", "", "The language server, which editors start."},
  };
  return all;
}

int delegate(const std::vector<std::string> &words) {
  std::string program;
  {
    io::AsioRuntime runtime; // Gone before the program is replaced.
    auto companion = findCompanion(runtime.doors(), "weft-lang", "`weft " + words[0] + "` is carried out by weft-lang");
    if (!companion)
      return say(companion.error().message + "; install the compiler's package, which brings it");
    program = companion->path;
  }
  return say(io::replaceProgram(program, words).message);
}

std::vector<std::pair<std::string, std::string>> inherited(io::Doors &doors, std::span<const std::string> names) {
  std::set<std::string> wanted{"PATH", "HOME", "TERM", "LANG", "TMPDIR", "WEFT_STDLIB"};
  wanted.insert(names.begin(), names.end());
  std::vector<std::pair<std::string, std::string>> found;
  for (const std::string &name : wanted)
    if (auto value = doors.process.environment(name))
      found.emplace_back(name, *value);
  return found;
}

} // namespace weft::cli
