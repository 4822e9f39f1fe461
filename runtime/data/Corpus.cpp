//===- Corpus.cpp - The files that match a pattern ------------------------===//

#include "runtime/data/Corpus.h"

#include "runtime/value/Glob.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weft::data {
namespace {

using base::Code;

/// The folders before the first name with a sign of a pattern are one, and need no search.
struct Split {
  std::string folder;  ///< With the pattern's own first folders.
  std::string written; ///< Those folders, as they stand before each name: "" or "data/".
  std::string rest;
};

std::string joined(const std::string &folder, const std::string &below) {
  return below.empty() ? folder : folder + "/" + below;
}

Split split(const std::string &folder, const std::string &pattern) {
  std::size_t sign = std::min(pattern.find_first_of("*?[{"), pattern.size());
  std::size_t slash = pattern.rfind('/', sign == pattern.size() ? std::string::npos : sign);
  if (slash == std::string::npos)
    return {folder, "", pattern};
  std::string written = pattern.substr(0, slash + 1);
  std::string below = pattern.substr(0, slash);
  return {written.starts_with('/') ? below : joined(folder, below), written, pattern.substr(slash + 1)};
}

std::optional<base::Digest> digestFrom(std::string_view hex) {
  base::Digest out;
  for (std::size_t at = 0; at < out.bytes.size(); ++at) {
    const char *digits = hex.data() + 2 * at;
    auto [end, failed] = std::from_chars(digits, digits + 2, out.bytes[at], 16);
    if (failed != std::errc() || end != digits + 2)
      return std::nullopt;
  }
  return out;
}

class Finder {
public:
  Finder(io::Storage &storage, std::string folder, const value::Glob &glob)
      : storage(storage), folder(std::move(folder)), glob(glob) {}

  base::Result<std::vector<std::string>> find() {
    if (auto walked = walk("", 0); !walked)
      return std::move(walked).error();
    std::sort(found.begin(), found.end());
    return std::move(found);
  }

private:
  base::Result<> walk(const std::string &below, std::size_t depth) {
    auto entries = storage.list(joined(folder, below));
    if (!entries)
      return std::move(entries).error();
    for (const io::Entry &entry : *entries) {
      if (++visited > maxVisitedEntries || found.size() >= maxFiles)
        return base::error(Code::limit, "more than " + std::to_string(maxFiles) + " files match, or " +
                                            std::to_string(maxVisitedEntries) +
                                            " stand in the folders; take a narrower pattern");
      std::string path = below.empty() ? entry.name : below + "/" + entry.name;
      if (entry.kind == io::Entry::Kind::folder) {
        if (depth + 1 < maxFolderDepth && glob.mayMatchBelow(path))
          if (auto ok = walk(path, depth + 1); !ok)
            return ok;
        continue;
      }
      // A link to a file is read as the file; one that leads elsewhere says so when it is mapped.
      if (entry.kind != io::Entry::Kind::other && glob.matches(path))
        found.push_back(std::move(path));
    }
    return {};
  }

  io::Storage &storage;
  std::string folder;
  const value::Glob &glob;
  std::size_t visited = 0;
  std::vector<std::string> found;
};

} // namespace

base::Result<std::shared_ptr<const Corpus>> Corpus::open(io::Storage &storage, const std::string &folder,
                                                         const std::string &pattern) {
  auto corpus = std::make_shared<Corpus>();
  corpus->place = "'" + pattern + "' in " + folder;
  std::string context = "text " + corpus->place;
  Split parts = split(folder, pattern);
  auto glob = value::Glob::compile(parts.rest);
  if (!glob)
    return std::move(glob).error().in(context);
  auto names = Finder(storage, parts.folder, *glob).find();
  if (!names && names.error().code != Code::notFound)
    return std::move(names).error().in(context);
  if (!names || names->empty())
    return base::error(Code::notFound, context + ": no file matches, wanted at least one; the pattern is relative to " +
                                           "the folder of the spec");
  for (const std::string &name : *names) {
    auto mapping = storage.map(parts.folder + "/" + name);
    if (!mapping)
      return std::move(mapping).error().in(context);
    base::ConstBytes bytes = (*mapping)->bytes();
    corpus->known.push_back({parts.written + name, bytes.size(), base::digestOf(bytes)});
    corpus->mappings.push_back(*std::move(mapping));
  }
  return std::shared_ptr<const Corpus>(std::move(corpus));
}

std::string encodedRecord(const std::vector<CorpusFile> &files) {
  std::string out;
  for (const CorpusFile &file : files)
    out += file.digest.hex() + " " + std::to_string(file.sizeBytes) + " " + std::to_string(file.name.size()) + " " +
           file.name + "\n";
  return out;
}

base::Result<std::vector<CorpusFile>> decodeRecord(std::string_view text) {
  std::vector<CorpusFile> files;
  auto corrupt = [&] {
    return base::error(Code::corrupt, "the record of the text's files does not fit together in line " +
                                          std::to_string(files.size() + 1));
  };
  auto number = [&](std::uint64_t &out) {
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (failed != std::errc() || end == text.data() + text.size() || *end != ' ')
      return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()) + 1);
    return true;
  };
  while (!text.empty()) {
    constexpr std::size_t digits = 64;
    CorpusFile file;
    auto digest = text.size() > digits && text[digits] == ' ' ? digestFrom(text.substr(0, digits)) : std::nullopt;
    if (!digest)
      return corrupt();
    file.digest = *digest;
    text.remove_prefix(digits + 1);
    std::uint64_t nameBytes = 0;
    if (!number(file.sizeBytes) || !number(nameBytes) || nameBytes >= text.size() || text[nameBytes] != '\n')
      return corrupt();
    file.name = text.substr(0, nameBytes);
    text.remove_prefix(nameBytes + 1);
    files.push_back(std::move(file));
  }
  return files;
}

base::Result<> compareCorpora(const std::vector<CorpusFile> &was, const std::vector<CorpusFile> &is) {
  auto changed = [](const std::string &name, const std::string &how) {
    return base::error(Code::invalid,
                       "file '" + name + "' " + how + " since the run began; put the file back, or begin a new run");
  };
  for (std::size_t at = 0; at < std::max(was.size(), is.size()); ++at) {
    if (at == was.size() || (at < is.size() && is[at].name < was[at].name))
      return changed(is[at].name, "was added");
    if (at == is.size() || was[at].name < is[at].name)
      return changed(was[at].name, "is gone");
    if (was[at].sizeBytes != is[at].sizeBytes)
      return changed(was[at].name,
                     "has " + std::to_string(is[at].sizeBytes) + " bytes and had " + std::to_string(was[at].sizeBytes));
    if (was[at].digest != is[at].digest)
      return changed(was[at].name, "was changed (its digest is " + is[at].digest.hex().substr(0, 16) + ", was " +
                                       was[at].digest.hex().substr(0, 16) + ")");
  }
  return {};
}

} // namespace weft::data
