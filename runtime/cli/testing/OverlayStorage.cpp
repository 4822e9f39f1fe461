//===- OverlayStorage.cpp - Files that a test writes, in memory -----------===//

#include "runtime/cli/testing/OverlayStorage.h"

#include <algorithm>

namespace weft::cli {
namespace {

using base::Code;
using io::Entry;

/// Without "." and empty names; `denied` where it would leave the root.
base::Result<std::string> cleaned(const std::string &path) {
  std::string out;
  if (path.starts_with('/'))
    return base::error(Code::denied, "'" + path + "' is an absolute path");
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    std::string part = path.substr(start, end - start);
    if (part == "..")
      return base::error(Code::denied, "'" + path + "' leads out of its root folder");
    if (!part.empty() && part != ".")
      out += (out.empty() ? "" : "/") + part;
    start = end + 1;
  }
  return out;
}

class Copied final : public io::Mapping {
public:
  explicit Copied(base::Bytes content) : content(std::move(content)) {}
  base::ConstBytes bytes() const override { return content; }

private:
  base::Bytes content;
};

base::Error missing(const std::string &path) { return base::error(Code::notFound, "there is no '" + path + "'"); }

} // namespace

class OverlayStorage::OverlayRoot final : public io::Root {
public:
  OverlayRoot(std::unique_ptr<io::Root> below, std::shared_ptr<Written> written)
      : below(std::move(below)), written(std::move(written)) {}

  base::Result<base::Bytes> readWhole(const std::string &path, std::uint64_t limitBytes) override {
    auto name = cleaned(path);
    if (!name)
      return std::move(name).error();
    std::lock_guard lock(written->mutex);
    auto found = written->files.find(*name);
    if (found == written->files.end())
      return below ? below->readWhole(path, limitBytes) : base::Result<base::Bytes>(missing(path));
    if (!found->second)
      return missing(path);
    if (found->second->size() > limitBytes)
      return base::error(Code::limit, "'" + path + "' is larger than " + std::to_string(limitBytes) + " bytes");
    return *found->second;
  }

  /// Refused where the real one would refuse: a folder of this name, a file on the way, a link that leads out.
  base::Result<void> writeWhole(const std::string &path, base::ConstBytes bytes) override {
    auto name = cleaned(path);
    if (!name)
      return std::move(name).error();
    std::lock_guard lock(written->mutex);
    for (std::size_t end = name->find('/'); end != std::string::npos; end = name->find('/', end + 1))
      if (auto on = look(name->substr(0, end)); on && on->kind != Entry::Kind::folder)
        return base::error(Code::invalid, "'" + name->substr(0, end) + "' is a file, not a folder");
      else if (!on && on.error().code != Code::notFound)
        return std::move(on).error();
    auto there = look(*name);
    if (there && there->kind == Entry::Kind::folder)
      return base::error(Code::invalid, "'" + path + "' is a folder");
    if (!there && there.error().code != Code::notFound)
      return std::move(there).error();
    written->files[*name] = base::Bytes(bytes.begin(), bytes.end());
    return {};
  }

  base::Result<std::vector<Entry>> list(const std::string &path) override {
    auto name = cleaned(path);
    if (!name)
      return std::move(name).error();
    std::lock_guard lock(written->mutex);
    std::map<std::string, Entry> entries;
    auto real = below ? below->list(path) : base::Result<std::vector<Entry>>(missing(path));
    bool known = real || name->empty();
    if (real)
      for (Entry &entry : *real)
        entries[entry.name] = std::move(entry);
    else if (real.error().code != Code::notFound)
      return std::move(real).error();
    std::string front = name->empty() ? "" : *name + "/";
    for (const auto &[file, bytes] : written->files) {
      if (!file.starts_with(front))
        continue;
      std::string rest = file.substr(front.size());
      std::size_t slash = rest.find('/');
      if (slash == std::string::npos && !bytes)
        entries.erase(rest);
      else if (slash == std::string::npos)
        entries[rest] = {rest, Entry::Kind::file, bytes->size(), 0};
      else if (bytes)
        entries.try_emplace(rest.substr(0, slash), Entry{rest.substr(0, slash), Entry::Kind::folder, 0, 0});
      known |= bytes.has_value();
    }
    if (!known)
      return missing(path);
    std::vector<Entry> sorted;
    for (auto &[key, entry] : entries)
      sorted.push_back(std::move(entry));
    return sorted;
  }

  base::Result<Entry> stat(const std::string &path) override {
    auto name = cleaned(path);
    if (!name)
      return std::move(name).error();
    std::lock_guard lock(written->mutex);
    return look(*name);
  }

  base::Result<void> remove(const std::string &path) override {
    auto name = cleaned(path);
    if (!name)
      return std::move(name).error();
    std::lock_guard lock(written->mutex);
    if (auto there = look(*name); !there)
      return std::move(there).error();
    written->files[*name] = std::nullopt;
    return {};
  }

private:
  base::Result<Entry> look(const std::string &name) {
    auto found = written->files.find(name);
    if (found != written->files.end())
      return found->second ? base::Result<Entry>(
                                 Entry{name.substr(name.rfind('/') + 1), Entry::Kind::file, found->second->size(), 0})
                           : base::Result<Entry>(missing(name));
    auto inside = written->files.lower_bound(name + "/");
    for (; inside != written->files.end() && inside->first.starts_with(name + "/"); ++inside)
      if (inside->second)
        return Entry{name.substr(name.rfind('/') + 1), Entry::Kind::folder, 0, 0};
    return below ? below->stat(name.empty() ? "." : name) : base::Result<Entry>(missing(name));
  }

  std::unique_ptr<io::Root> below; ///< Null: no such folder.
  std::shared_ptr<Written> written;
};

base::Result<std::unique_ptr<io::Mapping>> OverlayStorage::map(const std::string &path) {
  std::lock_guard lock(mutex);
  for (const auto &[folder, written] : roots) {
    if (!path.starts_with(folder + "/"))
      continue;
    auto name = cleaned(path.substr(folder.size() + 1));
    std::lock_guard inside(written->mutex);
    auto found = name ? written->files.find(*name) : written->files.end();
    if (found == written->files.end())
      continue;
    if (!found->second)
      return missing(path);
    return std::unique_ptr<io::Mapping>(std::make_unique<Copied>(*found->second));
  }
  return below.map(path);
}

base::Result<std::unique_ptr<io::Root>> OverlayStorage::openRoot(const std::string &folder) {
  auto real = below.openRoot(folder);
  if (!real && real.error().code != Code::notFound)
    return real;
  std::lock_guard lock(mutex);
  std::shared_ptr<Written> &written = roots[folder];
  if (!written)
    written = std::make_shared<Written>();
  return std::unique_ptr<io::Root>(std::make_unique<OverlayRoot>(real ? *std::move(real) : nullptr, written));
}

} // namespace weft::cli
