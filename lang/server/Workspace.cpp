//===- Workspace.cpp - Programs as they stand in the editor ---------------===//

#include "lang/server/Workspace.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace weft::server {
namespace fs = std::filesystem;

namespace {
constexpr std::size_t maxSpecs = 2000;
constexpr std::size_t maxEntries = 50'000;         ///< A folder that holds a whole disk must not hold up the editor.
constexpr std::uintmax_t maxFileBytes = 16u << 20; ///< Nobody wrote a longer module by hand.
/// Of texts whose analyses are kept though they are not open; an analysis takes about 100 times its text.
constexpr std::size_t maxKeptBytes = std::size_t{1} << 20;
} // namespace

std::optional<std::string> Workspace::textOf(const std::string &path) const {
  if (const Document *document = documents.find(path))
    return document->text;
  std::error_code error;
  if (!fs::is_regular_file(path, error) || fs::file_size(path, error) > maxFileBytes || error)
    return std::nullopt;
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return in ? std::optional(out.str()) : std::nullopt;
}

std::string Workspace::stampOf(const std::string &path) const {
  if (const Document *document = documents.find(path))
    return "open " + std::to_string(document->stamp);
  std::error_code error;
  auto time = fs::last_write_time(path, error);
  if (error)
    return "none";
  return std::to_string(time.time_since_epoch().count()) + " " + std::to_string(fs::file_size(path, error));
}

std::shared_ptr<const Analysis> Workspace::analyse(const std::string &path) {
  auto known = kept.find(path);
  if (known != kept.end()) {
    const auto &madeFrom = known->second->madeFrom;
    if (std::all_of(madeFrom.begin(), madeFrom.end(),
                    [&](const auto &each) { return stampOf(each.first) == each.second; }))
      return known->second;
    kept.erase(known);
  }
  std::shared_ptr<const Analysis> made = analyse(path, {});
  if (!made)
    return nullptr;
  kept[path] = made;
  makeRoom();
  return made;
}

void Workspace::makeRoom() {
  std::size_t bytes = 0;
  for (const auto &[path, analysis] : kept)
    if (!documents.find(path))
      for (source::FileId file = 0; file < analysis->sources.size(); ++file)
        bytes += analysis->sources.file(file).text().size();
  if (bytes > maxKeptBytes)
    std::erase_if(kept, [&](const auto &each) { return !documents.find(each.first); });
}

std::string Workspace::uriAt(const std::string &path) const {
  const Document *document = documents.find(path);
  return document ? document->uri : uriOf(path);
}

std::shared_ptr<const Analysis> Workspace::analyse(const std::string &path,
                                                   const std::map<std::string, std::string> &instead) const {
  auto made = std::make_shared<Analysis>(documents.encoding, library);
  auto load = [&](const std::string &file) {
    made->madeFrom.emplace_back(file, stampOf(file));
    if (const Document *document = documents.find(file))
      made->uris.emplace(file, document->uri);
    auto other = instead.find(file);
    return other != instead.end() ? std::optional(other->second) : textOf(file);
  };
  std::optional<std::string> text = load(path);
  if (!text)
    return nullptr;
  source::FileId root = made->sources.add(path, std::move(*text)).id();
  auto module = [&](const std::string &name) -> std::optional<std::string> {
    if (!name.starts_with("std/"))
      return load(name);
    return library.empty() ? std::nullopt : load(library + "/" + name.substr(4) + ".weft");
  };
  sema::Options options;
  options.isLibrary = inLibrary(path);
  options.memory = &memory;
  made->program = sema::check(made->sources, root, made->engine, module, options);
  return made;
}

std::vector<std::string> Workspace::specs() const {
  std::set<std::string> found;
  for (const auto &[path, document] : documents.all())
    found.insert(path);
  for (const std::string &folder : folders) {
    std::error_code error;
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, error), end;
    for (std::size_t entries = 0; !error && at != end && found.size() < maxSpecs && entries < maxEntries; ++entries) {
      std::string name = at->path().filename().string();
      std::error_code ignored;
      if (at->is_directory(ignored)) {
        if (name.starts_with(".") || name == "node_modules")
          at.disable_recursion_pending();
      } else if (name.ends_with(".weft")) {
        found.insert(at->path().lexically_normal().string());
      }
      at.increment(error);
    }
  }
  return {found.begin(), found.end()};
}

std::vector<std::string> Workspace::libraryModules() const {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator at(library, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == ".weft")
      names.push_back(at->path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

} // namespace weft::server
