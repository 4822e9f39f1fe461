//===- Connection.h - One connection to the journal's database ------------===//
#pragma once

#include "runtime/journal/sqlite/StorageVfs.h"

#include <memory>
#include <string>

struct sqlite3;
struct sqlite3_stmt;

namespace weft::journal {

/// A prepared statement. Parameters from 1, columns from 0.
class Statement {
public:
  Statement() = default;
  Statement(Statement &&other) noexcept : handle(std::exchange(other.handle, nullptr)) {}
  Statement &operator=(Statement &&other) noexcept {
    std::swap(handle, other.handle);
    return *this;
  }
  ~Statement();

  void bind(int parameter, std::uint64_t value);
  /// The bytes stay valid until `reset`.
  void bind(int parameter, base::ConstBytes bytes);
  std::uint64_t number(int column);
  /// Valid until the next call.
  base::ConstBytes bytes(int column);
  void reset();

private:
  friend class Connection;
  sqlite3_stmt *handle = nullptr;
};

/// Used by one thread at a time.
class Connection {
public:
  /// Errors: `corrupt`, `unsupported`, `io`.
  static base::Result<Connection> open(StorageVfs &vfs, const std::string &path, bool writer);
  Connection(Connection &&other) noexcept : vfs(other.vfs), handle(std::exchange(other.handle, nullptr)) {}
  Connection &operator=(Connection &&other) noexcept {
    std::swap(vfs, other.vfs);
    std::swap(handle, other.handle);
    return *this;
  }
  ~Connection();

  base::Result<void> execute(const char *sql);
  base::Result<Statement> prepare(const char *sql);
  /// True when there is a row.
  base::Result<bool> step(Statement &statement);
  /// Steps to the end and resets, whatever comes of it.
  base::Result<void> finish(Statement &statement);
  /// The first column of the first row; 0 without a row.
  base::Result<std::uint64_t> number(const char *sql);
  /// Moves what it can of the log into the table, without waiting for anybody.
  base::Result<void> checkpoint();

  sqlite3 *raw() { return handle; }

private:
  Connection(StorageVfs &vfs, sqlite3 *handle) : vfs(&vfs), handle(handle) {}
  base::Error failure(const char *what);

  StorageVfs *vfs;
  sqlite3 *handle;
};

} // namespace weft::journal
