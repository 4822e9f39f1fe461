//===- FilesDriver.cpp - A folder as a tool: list, read, write ------------===//

#include "runtime/agent/files/FilesDriver.h"

#include "runtime/value/Builders.h"
#include "runtime/value/Glob.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <mutex>

namespace weft::agent {
namespace {

using base::FailKind;
using value::Value;

/// Checked before the door is asked, so that the message names the tool and the rule and not a system's error.
std::optional<base::Failure> wrongName(std::string_view name) {
  auto refused = [&](const char *why) {
    return base::Failure{FailKind::refused, "'" + std::string(value::cutTo(name, 200)) + "' " + why};
  };
  if (name.empty() || name.find('\0') != std::string_view::npos)
    return refused("is no name of a file");
  if (name.starts_with('/'))
    return refused("is an absolute path; names are relative to the tool's root folder");
  for (std::size_t start = 0; start <= name.size();) {
    std::size_t end = std::min(name.find('/', start), name.size());
    if (name.substr(start, end - start) == "..")
      return refused("leads out of the tool's root folder");
    start = end + 1;
  }
  return std::nullopt;
}

class FilesWork final : public PoolDriver::Work {
public:
  FilesWork(io::Storage &storage, FilesSpec spec) : storage(storage), spec(std::move(spec)) {}

  CallOutcome perform(const CallRequest &request, const std::atomic<bool> &) override {
    CallOutcome outcome = act(request);
    if (!outcome)
      outcome.failure.why = spec.tool + ": " + outcome.failure.why;
    return outcome;
  }

private:
  CallOutcome act(const CallRequest &request) {
    auto member = spec.members.find(request.member);
    if (member == spec.members.end())
      return failed(FailKind::refused, "has list, read and write, not member " + std::to_string(request.member));
    std::size_t wanted = member->second == FilesMember::write ? 2 : 1;
    if (request.args.size() != wanted ||
        !std::all_of(request.args.begin(), request.args.end(), [](auto &v) { return v.is(value::Tag::string); }))
      return failed(FailKind::schema, "wants " + std::to_string(wanted) + " strings");
    auto root = openRoot();
    if (!root)
      return failed(FailKind::tool, root.error().message);
    std::string name(request.args[0].asText());
    if (member->second == FilesMember::list)
      return list(**root, name);
    if (auto wrong = wrongName(name))
      return failed(wrong->kind, wrong->why);
    return member->second == FilesMember::read ? read(**root, name) : write(**root, name, request.args[1].asText());
  }

  CallOutcome list(io::Root &root, const std::string &pattern) {
    auto glob = value::Glob::compile(pattern);
    if (!glob)
      return failed(glob.error().code == base::Code::denied ? FailKind::refused : FailKind::tool,
                    "list: " + glob.error().message);
    std::vector<std::string> names;
    std::size_t visited = 0;
    if (auto walked = walk(root, *glob, "", 0, visited, names); !walked)
      return toolFailed(walked.error());
    std::sort(names.begin(), names.end());
    value::ListBuilder builder(names.size());
    for (const std::string &name : names)
      builder.add(Value::text(name));
    return succeeded(std::move(builder).list());
  }

  base::Result<void> walk(io::Root &root, const value::Glob &glob, const std::string &folder, std::size_t depth,
                          std::size_t &visited, std::vector<std::string> &names) {
    auto entries = root.list(folder);
    if (!entries)
      return entries.error();
    for (const io::Entry &entry : *entries) {
      if (++visited > maxVisitedEntries || names.size() >= maxListedFiles)
        return base::error(base::Code::limit, "list: more than " + std::to_string(maxListedFiles) +
                                                  " files match, or " + std::to_string(maxVisitedEntries) +
                                                  " stand in the folders; ask with a narrower pattern");
      std::string path = folder.empty() ? entry.name : folder + "/" + entry.name;
      if (entry.kind == io::Entry::Kind::folder) {
        if (depth + 1 < maxFolderDepth && glob.mayMatchBelow(path)) {
          // A folder that is removed or closed to us meanwhile holds nothing for us.
          auto below = walk(root, glob, path, depth + 1, visited, names);
          if (!below && below.error().code != base::Code::notFound && below.error().code != base::Code::denied)
            return below;
        }
        continue;
      }
      // A link is another name of what stands below the root anyway, or leads out of it.
      if (entry.kind != io::Entry::Kind::file || !glob.matches(path))
        continue;
      if (value::validUtf8(path))
        names.push_back(std::move(path));
    }
    return {};
  }

  CallOutcome read(io::Root &root, const std::string &name) {
    auto bytes = root.readWhole(name, maxFileBytes);
    if (!bytes)
      return toolFailed(bytes.error());
    std::string_view text = base::textOf(*bytes);
    if (std::size_t valid = value::validUtf8Prefix(text); valid < text.size())
      return failed(FailKind::tool, "read '" + name + "': byte " + std::to_string(valid) + " of " +
                                        std::to_string(text.size()) + " is not UTF-8; wanted a text file");
    return succeeded(Value::text(text));
  }

  CallOutcome write(io::Root &root, const std::string &name, std::string_view text) {
    if (!spec.write)
      return failed(FailKind::refused,
                    "is read-only; say `write: true` in its declaration to let it write '" + name + "'");
    if (text.size() > maxFileBytes)
      return failed(FailKind::tool, "write '" + name + "': " + std::to_string(text.size()) + " bytes, the limit is " +
                                        std::to_string(maxFileBytes));
    if (auto written = root.writeWhole(name, base::bytesOf(text)); !written)
      return toolFailed(written.error());
    return succeeded(Value::none());
  }

  /// Opened once; a folder that is not there yet may be there at the next call. One that may be written to is made.
  base::Result<std::shared_ptr<io::Root>> openRoot() {
    std::lock_guard lock(mutex);
    if (!opened) {
      if (spec.write)
        if (auto made = storage.makeFolders(spec.root); !made)
          return std::move(made).error().in("root folder '" + spec.root + "'");
      auto root = storage.openRoot(spec.root);
      if (!root)
        return std::move(root).error().in("root folder '" + spec.root + "'");
      opened = std::move(*root);
    }
    return opened;
  }

  io::Storage &storage;
  FilesSpec spec;
  std::mutex mutex;
  std::shared_ptr<io::Root> opened;
};

class FilesDriver final : public PoolDriver {
public:
  FilesDriver(io::Doors &doors, FilesSpec spec)
      : PoolDriver(doors), files(std::make_shared<FilesWork>(doors.storage, std::move(spec))) {}

private:
  std::shared_ptr<Work> work() override { return files; }
  std::shared_ptr<FilesWork> files;
};

} // namespace

std::unique_ptr<Driver> makeFilesDriver(io::Doors &doors, FilesSpec spec) {
  return std::make_unique<FilesDriver>(doors, std::move(spec));
}

} // namespace weft::agent
