//===- Connection.cpp - One connection to the journal's database ----------===//

#include "runtime/journal/sqlite/Connection.h"

#include <sqlite3.h>

namespace weft::journal {

Statement::~Statement() { sqlite3_finalize(handle); }

void Statement::bind(int parameter, std::uint64_t value) {
  sqlite3_bind_int64(handle, parameter, static_cast<sqlite3_int64>(value));
}

void Statement::bind(int parameter, base::ConstBytes bytes) {
  sqlite3_bind_blob64(handle, parameter, bytes.data(), bytes.size(), SQLITE_STATIC);
}

std::uint64_t Statement::number(int column) { return static_cast<std::uint64_t>(sqlite3_column_int64(handle, column)); }

base::ConstBytes Statement::bytes(int column) {
  const void *start = sqlite3_column_blob(handle, column);
  return {static_cast<const std::byte *>(start), static_cast<std::size_t>(sqlite3_column_bytes(handle, column))};
}

void Statement::reset() { sqlite3_reset(handle); }

base::Result<Connection> Connection::open(StorageVfs &vfs, const std::string &path, bool writer) {
  sqlite3 *handle = nullptr;
  // Characters that mean something in a URI are written by number.
  std::string uri = "file:";
  for (char c : path) {
    constexpr char digits[] = "0123456789ABCDEF";
    auto byte = static_cast<unsigned char>(c);
    bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' || c == '.' ||
                 c == '-' || c == '_';
    uri += plain ? std::string(1, c) : std::string{'%', digits[byte >> 4], digits[byte & 15]};
  }
  uri += writer ? "?writer=1" : "?writer=0";
  int code = sqlite3_open_v2(uri.c_str(), &handle,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                             vfs.name().c_str());
  Connection connection(vfs, handle);
  if (code != SQLITE_OK)
    return connection.failure("open");
  int reserve = pageChecksumBytes;
  sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &reserve);
  // The log is moved by the journal, not by whoever commits; nothing is kept in files beside.
  auto set =
      connection.execute("PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                         "PRAGMA wal_autocheckpoint = 0; PRAGMA temp_store = MEMORY; PRAGMA cell_size_check = ON;"
                         "PRAGMA trusted_schema = OFF; PRAGMA busy_timeout = 5000");
  if (set && vfs.sabotage.acknowledgeBeforeSync)
    set = connection.execute("PRAGMA synchronous = OFF");
  if (!set)
    return set.error();
  return connection;
}

Connection::~Connection() { sqlite3_close(handle); }

base::Result<void> Connection::execute(const char *sql) {
  if (sqlite3_exec(handle, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
    return failure("execute");
  return {};
}

base::Result<Statement> Connection::prepare(const char *sql) {
  Statement statement;
  if (sqlite3_prepare_v3(handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement.handle, nullptr) != SQLITE_OK)
    return failure("prepare");
  return statement;
}

base::Result<bool> Connection::step(Statement &statement) {
  int code = sqlite3_step(statement.handle);
  if (code != SQLITE_ROW && code != SQLITE_DONE) {
    base::Error error = failure("step");
    statement.reset();
    return error;
  }
  return code == SQLITE_ROW;
}

base::Result<void> Connection::finish(Statement &statement) {
  for (;;) {
    auto row = step(statement);
    if (!row)
      return row.error();
    if (!*row)
      break;
  }
  statement.reset();
  return {};
}

base::Result<std::uint64_t> Connection::number(const char *sql) {
  auto statement = prepare(sql);
  if (!statement)
    return statement.error();
  auto row = step(*statement);
  if (!row)
    return row.error();
  return *row ? statement->number(0) : 0;
}

base::Result<void> Connection::checkpoint() {
  int code = sqlite3_wal_checkpoint_v2(handle, "main", SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
  if (code != SQLITE_OK && code != SQLITE_BUSY)
    return failure("checkpoint");
  return {};
}

base::Error Connection::failure(const char *what) {
  int code = sqlite3_extended_errcode(handle);
  std::string words = std::string("journal database: ") + what + ": " + sqlite3_errmsg(handle);
  // The door's own words say more than SQLite's.
  if (auto cause = vfs->takeFailure())
    return std::move(*cause).in(words);
  switch (code & 0xff) {
  case SQLITE_CORRUPT:
  case SQLITE_NOTADB:
    return base::error(base::Code::corrupt, words);
  case SQLITE_FULL:
    return base::error(base::Code::limit, words);
  case SQLITE_BUSY:
  case SQLITE_LOCKED:
    return base::error(base::Code::busy, words);
  default:
    return base::error(base::Code::io, words);
  }
}

} // namespace weft::journal
