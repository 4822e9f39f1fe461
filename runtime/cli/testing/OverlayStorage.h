//===- OverlayStorage.h - Files that a test writes, in memory -------------===//
//
// A test reads the folders of its spec and must not change them. What it writes
// stands before what is there, for as long as the storage lives.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Storage.h"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace weft::cli {

/// The files below roots, which is how tools write, and `map` of these. Everything else goes to the storage below, as
/// it is.
class OverlayStorage final : public io::Storage {
public:
  explicit OverlayStorage(io::Storage &below) : below(below) {}

  base::Result<std::unique_ptr<io::File>> open(const std::string &path, io::OpenMode mode) override {
    return below.open(path, mode);
  }
  /// What was written below a root too.
  base::Result<std::unique_ptr<io::Mapping>> map(const std::string &path) override;
  base::Result<void> rename(const std::string &from, const std::string &to) override { return below.rename(from, to); }
  base::Result<void> remove(const std::string &path) override { return below.remove(path); }
  /// Makes none: a root that is not there is an empty one.
  base::Result<void> makeFolders(const std::string &) override { return {}; }
  base::Result<void> makePrivateFolder(const std::string &path) override { return below.makePrivateFolder(path); }
  base::Result<std::vector<io::Entry>> list(const std::string &folder) override { return below.list(folder); }
  base::Result<io::Entry> stat(const std::string &path) override { return below.stat(path); }
  base::Result<void> syncFolder(const std::string &folder) override { return below.syncFolder(folder); }
  base::Result<std::unique_ptr<io::FileLock>> lock(const std::string &path, const std::string &owner) override {
    return below.lock(path, owner);
  }
  /// Two roots of one folder see the same. Errors: those of the storage below, `notFound` excepted.
  base::Result<std::unique_ptr<io::Root>> openRoot(const std::string &folder) override;

private:
  /// By path below the root; nothing where a file was removed. Tools call from several threads.
  struct Written {
    std::mutex mutex;
    std::map<std::string, std::optional<base::Bytes>> files;
  };
  class OverlayRoot;

  io::Storage &below;
  std::mutex mutex;
  std::map<std::string, std::shared_ptr<Written>> roots;
};

} // namespace weft::cli
