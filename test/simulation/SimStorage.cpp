//===- SimStorage.cpp - The storage door of a simulated process -----------===//

#include "World.h"

namespace weft::simulation {
namespace {

using base::Code;

constexpr std::uint64_t pageBytes = 4096;

/// Joins the folder and the path and resolves `.` and `..`; empty when the path leads out of the folder.
std::string beneath(const std::string &folder, const std::string &path) {
  std::vector<std::string> parts;
  if (path.starts_with('/'))
    return "";
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    std::string part = path.substr(start, end - start);
    if (part == ".." && parts.empty())
      return "";
    if (part == "..")
      parts.pop_back();
    else if (!part.empty() && part != ".")
      parts.push_back(part);
    start = end + 1;
  }
  std::string joined = folder;
  for (const std::string &part : parts)
    joined += "/" + part;
  return joined;
}

/// The same path without `.` and doubled slashes: a disk knows a file by one name.
std::string plain(const std::string &path) {
  std::string out = path.starts_with('/') ? "/" : "";
  for (std::size_t start = 0; start <= path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    std::string part = path.substr(start, end - start);
    if (!part.empty() && part != ".")
      out += (out.empty() || out == "/" ? "" : "/") + part;
    start = end + 1;
  }
  return out;
}

/// What happens to one operation that changes something.
enum class Fate { done, partly, lost };

class Gate {
public:
  explicit Gate(Node &node) : node(node) {}

  base::Result<void> check() {
    if (!node.acting())
      return base::error(Code::io, "this process is dead");
    return {};
  }

  /// Counts the operation, and kills the host in it when that was asked for.
  base::Result<Fate> change(std::uint64_t detail) {
    if (auto living = check(); !living)
      return living.error();
    Host &host = node.home();
    ++host.storageOperations;
    node.world.note(node.host, "storage", detail);
    if (host.killOperation != 0 && host.storageOperations >= host.killOperation) {
      host.killOperation = 0;
      host.dying = host.killLoss;
      return static_cast<Fate>(node.world.random.below(3));
    }
    if (node.world.chance(node.world.faults.failWrite)) {
      node.world.count(FaultKind::writeFailed, node.host, detail);
      return base::error(Code::limit, "the disk is full");
    }
    return Fate::done;
  }

  Node &node;
};

class SimFile final : public io::File {
public:
  SimFile(Node &node, std::shared_ptr<DiskFile> file, bool writable)
      : gate(node), file(std::move(file)), writable(writable) {}

  base::Result<std::size_t> read(std::uint64_t offset, base::MutableBytes into) override {
    if (auto living = gate.check(); !living)
      return living.error();
    std::size_t count = file->read(offset, into);
    World &world = gate.node.world;
    if (count > 0 && world.chance(world.faults.corruptRead)) {
      world.count(FaultKind::readCorrupted, gate.node.host, count);
      into[world.random.below(count)] ^= static_cast<std::byte>(1u << world.random.below(8));
    }
    return count;
  }

  base::Result<void> write(std::uint64_t offset, base::ConstBytes bytes) override {
    if (!writable)
      return base::error(Code::denied, "the file was opened for reading");
    auto fate = gate.change(bytes.size());
    if (!fate)
      return fate.error();
    if (*fate == Fate::partly) {
      // A system call that its process does not survive ends between two pages of the cache.
      std::uint64_t end = (offset + gate.node.world.random.below(bytes.size() + 1)) / pageBytes * pageBytes;
      bytes = bytes.first(end > offset ? end - offset : 0);
    }
    if (*fate != Fate::lost && !bytes.empty())
      file->write(offset, bytes);
    return gate.check();
  }

  base::Result<void> sync() override {
    auto fate = gate.change(0);
    if (!fate)
      return fate.error();
    if (*fate == Fate::done)
      file->sync();
    return gate.check();
  }

  base::Result<std::uint64_t> sizeBytes() override {
    if (auto living = gate.check(); !living)
      return living.error();
    return file->sizeBytes();
  }

  base::Result<void> truncate(std::uint64_t sizeBytes) override {
    auto fate = gate.change(sizeBytes);
    if (!fate)
      return fate.error();
    if (*fate == Fate::done)
      file->truncate(sizeBytes);
    return gate.check();
  }

private:
  Gate gate;
  std::shared_ptr<DiskFile> file;
  bool writable;
};

class SimLock final : public io::FileLock {
public:
  SimLock(Node &node, std::string path) : node(node.weak_from_this()), path(std::move(path)) {}
  ~SimLock() override {
    // A dead process lost its locks already, and somebody else may have them.
    if (auto owner = node.lock(); owner && owner->alive)
      owner->home().disk.locks.erase(path);
  }

private:
  std::weak_ptr<Node> node;
  std::string path;
};

/// What the file held when it was mapped.
class SimMapping final : public io::Mapping {
public:
  explicit SimMapping(base::Bytes content) : content(std::move(content)) {}
  base::ConstBytes bytes() const override { return content; }

private:
  base::Bytes content;
};

class SimStorage final : public io::Storage {
public:
  explicit SimStorage(Node &node) : gate(node) {}

  base::Result<std::unique_ptr<io::File>> open(const std::string &given, io::OpenMode mode) override {
    std::string path = plain(given);
    if (auto living = gate.check(); !living)
      return living.error();
    auto file = disk().find(path);
    if (file && mode == io::OpenMode::createNew)
      return base::error(Code::exists, "open '" + path + "': it is there already");
    bool make = mode == io::OpenMode::createNew || mode == io::OpenMode::createReadWrite;
    if (!file && (!make || !disk().isFolder(io::folderOf(path))))
      return base::error(Code::notFound, "open '" + path + "': no such file or folder");
    if (!file) {
      auto fate = gate.change(0);
      if (!fate)
        return fate.error();
      file = std::make_shared<DiskFile>();
      if (*fate == Fate::done)
        disk().link(path, file);
      if (auto living = gate.check(); !living)
        return living.error();
    }
    return std::unique_ptr<io::File>(std::make_unique<SimFile>(gate.node, file, mode != io::OpenMode::read));
  }

  base::Result<std::unique_ptr<io::Mapping>> map(const std::string &given) override {
    auto file = disk().find(plain(given));
    if (auto living = gate.check(); !living)
      return living.error();
    if (!file)
      return base::error(Code::notFound, "open '" + given + "': no such file");
    base::Bytes content(file->sizeBytes());
    file->read(0, content);
    return std::unique_ptr<io::Mapping>(std::make_unique<SimMapping>(std::move(content)));
  }

  base::Result<void> rename(const std::string &givenFrom, const std::string &givenTo) override {
    std::string from = plain(givenFrom), to = plain(givenTo);
    if (auto living = gate.check(); !living)
      return living;
    if (!disk().find(from) || !disk().isFolder(io::folderOf(to)))
      return base::error(Code::notFound, "rename '" + from + "' to '" + to + "': no such file or folder");
    auto fate = gate.change(0);
    if (!fate)
      return fate.error();
    if (*fate == Fate::done)
      disk().rename(from, to);
    return gate.check();
  }

  base::Result<void> remove(const std::string &given) override {
    std::string path = plain(given);
    if (auto living = gate.check(); !living)
      return living;
    bool file = disk().find(path) != nullptr;
    if (!file && !disk().isFolder(path))
      return base::error(Code::notFound, "remove '" + path + "': no such file or folder");
    auto fate = gate.change(0);
    if (!fate)
      return fate.error();
    if (*fate == Fate::done && file)
      disk().link(path, nullptr);
    else if (*fate == Fate::done && !disk().removeFolder(path))
      return base::error(Code::invalid, "remove '" + path + "': the folder is not empty");
    return gate.check();
  }

  base::Result<void> makeFolders(const std::string &path) override {
    if (auto living = gate.check(); !living)
      return living;
    disk().makeFolders(plain(path));
    return {};
  }

  base::Result<void> makePrivateFolder(const std::string &path) override {
    if (disk().isFolder(plain(path)))
      return base::error(Code::exists, "make folder '" + path + "': it is there already");
    return makeFolders(path);
  }

  base::Result<std::vector<io::Entry>> list(const std::string &given) override {
    std::string folder = plain(given);
    if (auto living = gate.check(); !living)
      return living.error();
    if (!disk().isFolder(folder))
      return base::error(Code::notFound, "list '" + folder + "': no such folder");
    return disk().list(folder);
  }

  base::Result<io::Entry> stat(const std::string &given) override {
    std::string path = plain(given);
    if (auto living = gate.check(); !living)
      return living.error();
    std::string name = path.substr(path.rfind('/') + 1);
    if (auto file = disk().find(path))
      return io::Entry{name, io::Entry::Kind::file, file->sizeBytes(), 0};
    if (disk().isFolder(path))
      return io::Entry{name, io::Entry::Kind::folder, 0, 0};
    return base::error(Code::notFound, "stat '" + path + "': no such file or folder");
  }

  base::Result<void> syncFolder(const std::string &folder) override {
    auto fate = gate.change(0);
    if (!fate)
      return fate.error();
    if (*fate == Fate::done)
      disk().syncFolder(plain(folder));
    return gate.check();
  }

  base::Result<std::unique_ptr<io::FileLock>> lock(const std::string &given, const std::string &owner) override {
    std::string path = plain(given);
    if (auto living = gate.check(); !living)
      return living.error();
    auto [held, taken] = disk().locks.emplace(path, Disk::Lock{owner, gate.node.pid});
    if (!taken)
      return base::error(Code::busy, "'" + path + "' is held by " + held->second.owner);
    return std::unique_ptr<io::FileLock>(std::make_unique<SimLock>(gate.node, path));
  }

  base::Result<std::unique_ptr<io::Root>> openRoot(const std::string &folder) override;

private:
  Disk &disk() { return gate.node.home().disk; }

  Gate gate;
};

class SimRoot final : public io::Root {
public:
  SimRoot(SimStorage &storage, std::string folder) : storage(storage), folder(std::move(folder)) {}

  base::Result<base::Bytes> readWhole(const std::string &path, std::uint64_t limitBytes) override {
    std::string whole = beneath(folder, path);
    return whole.empty() ? denied(path) : io::readWhole(storage, whole, limitBytes);
  }
  base::Result<void> writeWhole(const std::string &path, base::ConstBytes bytes) override {
    std::string whole = beneath(folder, path);
    if (whole.empty())
      return denied(path);
    if (auto made = storage.makeFolders(io::folderOf(whole)); !made)
      return made;
    return io::writeWhole(storage, whole, bytes);
  }
  base::Result<std::vector<io::Entry>> list(const std::string &path) override {
    std::string whole = beneath(folder, path);
    if (whole.empty())
      return denied(path);
    return storage.list(whole);
  }
  base::Result<io::Entry> stat(const std::string &path) override {
    std::string whole = beneath(folder, path);
    if (whole.empty())
      return denied(path);
    return storage.stat(whole);
  }
  base::Result<void> remove(const std::string &path) override {
    std::string whole = beneath(folder, path);
    return whole.empty() ? denied(path) : storage.remove(whole);
  }

private:
  static base::Error denied(const std::string &path) {
    return base::error(Code::denied, "'" + path + "': the path leads out of its root folder");
  }

  SimStorage &storage;
  std::string folder;
};

base::Result<std::unique_ptr<io::Root>> SimStorage::openRoot(const std::string &given) {
  std::string folder = plain(given);
  if (auto living = gate.check(); !living)
    return living.error();
  if (!disk().isFolder(folder))
    return base::error(Code::notFound, "open folder '" + folder + "': no such folder");
  return std::unique_ptr<io::Root>(std::make_unique<SimRoot>(*this, folder));
}

} // namespace

std::unique_ptr<io::Storage> makeStorage(Node &node) { return std::make_unique<SimStorage>(node); }

} // namespace weft::simulation
