//===- Disk.cpp - Files that remember what was not synced -----------------===//

#include "Disk.h"

#include <algorithm>
#include <cstring>

namespace weft::simulation {
namespace {

void count(FaultCounts &counts, FaultKind kind) { ++counts[static_cast<std::size_t>(kind)]; }

} // namespace

std::string_view name(FaultKind kind) {
  constexpr std::string_view names[faultKindCount] = {"connection-broken",
                                                      "read-split",
                                                      "long-delay",
                                                      "chunk-dropped",
                                                      "chunk-duplicated",
                                                      "chunk-reordered",
                                                      "chunk-corrupted",
                                                      "write-failed",
                                                      "read-corrupted",
                                                      "write-lost",
                                                      "write-torn",
                                                      "name-lost",
                                                      "killed",
                                                      "restarted",
                                                      "partitioned",
                                                      "healed"};
  return names[static_cast<std::size_t>(kind)];
}

std::size_t DiskFile::read(std::uint64_t offset, base::MutableBytes into) const {
  if (offset >= content.size())
    return 0;
  std::size_t size = std::min<std::size_t>(into.size(), content.size() - offset);
  std::memcpy(into.data(), content.data() + offset, size);
  return size;
}

void DiskFile::write(std::uint64_t offset, base::ConstBytes bytes) {
  Write step{offset, false, {bytes.begin(), bytes.end()}, content.size(), {}};
  if (offset < content.size())
    step.before.assign(content.begin() + offset,
                       content.begin() + std::min<std::size_t>(content.size(), offset + bytes.size()));
  unsynced.push_back(std::move(step));
  if (content.size() < offset + bytes.size())
    content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + offset);
}

void DiskFile::truncate(std::uint64_t sizeBytes) {
  Write step{sizeBytes, true, {}, content.size(), {}};
  if (sizeBytes < content.size())
    step.before.assign(content.begin() + sizeBytes, content.end());
  unsynced.push_back(std::move(step));
  content.resize(sizeBytes);
}

void DiskFile::losePower(base::Random &random, FaultCounts &counts) {
  for (auto step = unsynced.rbegin(); step != unsynced.rend(); ++step) {
    content.resize(step->sizeBefore);
    std::copy(step->before.begin(), step->before.end(), content.begin() + step->offset);
  }
  std::vector<Write> steps = std::move(unsynced);
  unsynced.clear();
  // Mostly all or nothing came through: mixtures of every write with every other hit deep states too seldom.
  std::uint64_t mood = random.below(4);
  for (const Write &step : steps) {
    std::uint64_t fate = mood == 0 ? 0 : mood == 1 ? 1 : random.below(3);
    if (fate == 0)
      count(counts, FaultKind::writeLost);
    else if (step.truncation)
      content.resize(step.offset);
    else if (fate == 1)
      write(step.offset, step.bytes);
    else {
      count(counts, FaultKind::writeTorn);
      for (std::size_t at = 0; at < step.bytes.size();) {
        // Sectors lie at multiples of their size in the file.
        std::size_t size =
            std::min<std::size_t>(step.bytes.size() - at, sectorBytes - (step.offset + at) % sectorBytes);
        if (random.below(2))
          write(step.offset + at, base::ConstBytes(step.bytes).subspan(at, size));
        at += size;
      }
    }
  }
  unsynced.clear();
}

std::shared_ptr<DiskFile> Disk::find(const std::string &path) const {
  auto found = files.find(path);
  return found == files.end() ? nullptr : found->second;
}

void Disk::put(const std::string &path, std::shared_ptr<DiskFile> file, Step &step) {
  step.push_back({path, find(path)});
  if (file)
    files[path] = std::move(file);
  else
    files.erase(path);
}

void Disk::link(const std::string &path, std::shared_ptr<DiskFile> file) {
  put(path, std::move(file), unsynced[io::folderOf(path)].emplace_back());
}

void Disk::rename(const std::string &from, const std::string &to) {
  auto file = find(from);
  if (io::folderOf(from) != io::folderOf(to)) {
    link(to, file);
    link(from, nullptr);
    return;
  }
  Step &step = unsynced[io::folderOf(to)].emplace_back();
  put(to, file, step);
  put(from, nullptr, step);
}

void Disk::syncFolder(const std::string &folder) { unsynced.erase(folder); }

void Disk::makeFolders(const std::string &path) {
  for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
    folders.insert(path.substr(0, end));
    if (end == std::string::npos)
      return;
  }
}

bool Disk::removeFolder(const std::string &path) { return list(path).empty() && folders.erase(path) > 0; }

std::vector<io::Entry> Disk::list(const std::string &folder) const {
  std::map<std::string, io::Entry> entries;
  std::string prefix = folder.ends_with('/') ? folder : folder + "/";
  auto inside = [&](const std::string &path) {
    return path.size() > prefix.size() && path.starts_with(prefix) &&
           path.find('/', prefix.size()) == std::string::npos;
  };
  for (const auto &[path, file] : files)
    if (inside(path)) {
      std::string name = path.substr(prefix.size());
      entries[name] = {name, io::Entry::Kind::file, file->sizeBytes(), 0};
    }
  for (const std::string &path : folders)
    if (inside(path)) {
      std::string name = path.substr(prefix.size());
      entries[name] = {name, io::Entry::Kind::folder, 0, 0};
    }
  std::vector<io::Entry> sorted;
  for (auto &[name, entry] : entries)
    sorted.push_back(std::move(entry));
  return sorted;
}

void Disk::losePower(base::Random &random, FaultCounts &counts) {
  for (auto &[folder, steps] : unsynced) {
    // A file system keeps the order of names within a folder: some first steps are durable, the rest is not.
    std::size_t kept = random.below(steps.size() + 1);
    while (steps.size() > kept) {
      count(counts, FaultKind::nameLost);
      Step &step = steps.back();
      for (auto name = step.rbegin(); name != step.rend(); ++name) {
        if (name->before)
          files[name->path] = name->before;
        else
          files.erase(name->path);
      }
      steps.pop_back();
    }
  }
  unsynced.clear();
  std::set<DiskFile *> done; // a file may have two names
  for (auto &[path, file] : files)
    if (done.insert(file.get()).second)
      file->losePower(random, counts);
  locks.clear();
}

} // namespace weft::simulation
