//===- StorageVfs.cpp - SQLite's files through the Storage door -----------===//

#include "runtime/journal/sqlite/StorageVfs.h"

#include "runtime/base/Crc32c.h"
#include "runtime/journal/sqlite/LogIndex.h"

#include <cstring>
#include <new>
#include <sqlite3.h>

namespace weft::journal {
namespace {

constexpr std::uint32_t pageMark = 0x31545657; // "WVT1": the page was written through this VFS
/// A write of no more than this is the log's header, which is written when the log starts anew.
constexpr int logHeaderBytes = 32;

struct OpenFile {
  sqlite3_file base; ///< First: SQLite sees only this.
  struct State {
    StorageVfs *vfs;
    std::string path;
    std::unique_ptr<io::File> file;
    std::shared_ptr<LogIndex> index;
    int held = SQLITE_LOCK_NONE;
    bool database = false, log = false, writer = false, deleteOnClose = false;
    bool nameIsNew = false;          ///< The folder is not synced yet.
    bool wroteMoreThanHeader = true; ///< Since the last sync.
  } * state;
};

OpenFile::State &stateOf(sqlite3_file *file) { return *reinterpret_cast<OpenFile *>(file)->state; }
StorageVfs &vfsOf(sqlite3_vfs *vfs) { return *static_cast<StorageVfs *>(vfs->pAppData); }

int failed(StorageVfs &vfs, const base::Error &error, int code) {
  vfs.fail(error);
  return error.code == base::Code::limit ? SQLITE_FULL : code;
}

std::uint32_t checksumOf(const std::byte *page) {
  return base::crc32c({page, static_cast<std::size_t>(pageBytes - pageChecksumBytes)});
}

bool isWholePage(int size, sqlite3_int64 offset) { return size == pageBytes && offset % pageBytes == 0; }

/// Of a read of the database; its pages have the one size, those of a foreign file may have another.
bool isSound(const std::byte *bytes, int size, sqlite3_int64 offset) {
  if (!isWholePage(size, offset))
    return false;
  std::uint32_t sum = 0, mark = 0;
  std::memcpy(&sum, bytes + pageBytes - pageChecksumBytes, 4);
  std::memcpy(&mark, bytes + pageBytes - 4, 4);
  return mark == pageMark && sum == checksumOf(bytes);
}

int closeFile(sqlite3_file *file) {
  OpenFile::State *state = &stateOf(file);
  if (state->index)
    state->index->lower(state->held, SQLITE_LOCK_NONE);
  state->file.reset();
  if (state->deleteOnClose)
    (void)state->vfs->storage().remove(state->path);
  delete state;
  return SQLITE_OK;
}

int readFile(sqlite3_file *file, void *into, int size, sqlite3_int64 offset) {
  OpenFile::State &state = stateOf(file);
  auto *bytes = static_cast<std::byte *>(into);
  auto count = state.file->read(static_cast<std::uint64_t>(offset), {bytes, static_cast<std::size_t>(size)});
  if (!count)
    return failed(*state.vfs, count.error(), SQLITE_IOERR_READ);
  // SQLite looks at parts of the header before it reads the first page whole; that read is then checked.
  constexpr int largestPeek = 100;
  bool isPage = state.database && size > largestPeek && !state.vfs->sabotage.trustPages;
  bool isShort = *count < static_cast<std::size_t>(size);
  if (isShort)
    std::memset(bytes + *count, 0, static_cast<std::size_t>(size) - *count);
  // Behind the end of the file SQLite takes zeros for what was never written; a page that is cut off was.
  if (isShort && (!isPage || *count == 0))
    return SQLITE_IOERR_SHORT_READ;
  if (!isPage || isSound(bytes, size, offset))
    return SQLITE_OK;
  state.vfs->fail(base::error(base::Code::corrupt, "'" + state.path + "': page " +
                                                       std::to_string(offset / pageBytes + 1) +
                                                       " does not match its checksum"));
  return SQLITE_IOERR_DATA;
}

int writeFile(sqlite3_file *file, const void *from, int size, sqlite3_int64 offset) {
  OpenFile::State &state = stateOf(file);
  base::ConstBytes bytes(static_cast<const std::byte *>(from), static_cast<std::size_t>(size));
  std::byte page[pageBytes];
  if (state.database && isWholePage(size, offset)) {
    std::memcpy(page, from, pageBytes);
    std::uint32_t sum = checksumOf(page);
    std::memcpy(page + pageBytes - pageChecksumBytes, &sum, 4);
    std::memcpy(page + pageBytes - 4, &pageMark, 4);
    bytes = page;
  }
  if (size > logHeaderBytes || offset > 0)
    state.wroteMoreThanHeader = true;
  if (auto written = state.file->write(static_cast<std::uint64_t>(offset), bytes); !written)
    return failed(*state.vfs, written.error(), SQLITE_IOERR_WRITE);
  return SQLITE_OK;
}

int truncateFile(sqlite3_file *file, sqlite3_int64 size) {
  OpenFile::State &state = stateOf(file);
  if (auto cut = state.file->truncate(static_cast<std::uint64_t>(size)); !cut)
    return failed(*state.vfs, cut.error(), SQLITE_IOERR_TRUNCATE);
  return SQLITE_OK;
}

int syncFile(sqlite3_file *file, int) {
  OpenFile::State &state = stateOf(file);
  StorageVfs &vfs = *state.vfs;
  bool ofGroup = state.log && state.writer && state.wroteMoreThanHeader && !vfs.checkpointing;
  ++(ofGroup ? vfs.groupSyncs : vfs.otherSyncs);
  state.wroteMoreThanHeader = false;
  if (auto synced = state.file->sync(); !synced)
    return failed(vfs, synced.error(), SQLITE_IOERR_FSYNC);
  if (state.nameIsNew) {
    ++vfs.otherSyncs;
    if (auto synced = vfs.storage().syncFolder(io::folderOf(state.path)); !synced)
      return failed(vfs, synced.error(), SQLITE_IOERR_DIR_FSYNC);
    state.nameIsNew = false;
  }
  return SQLITE_OK;
}

int fileSize(sqlite3_file *file, sqlite3_int64 *size) {
  OpenFile::State &state = stateOf(file);
  auto found = state.file->sizeBytes();
  if (!found)
    return failed(*state.vfs, found.error(), SQLITE_IOERR_FSTAT);
  *size = static_cast<sqlite3_int64>(*found);
  return SQLITE_OK;
}

int lockFile(sqlite3_file *file, int level) {
  OpenFile::State &state = stateOf(file);
  return !state.index || state.index->raise(state.held, level) ? SQLITE_OK : SQLITE_BUSY;
}

int unlockFile(sqlite3_file *file, int level) {
  OpenFile::State &state = stateOf(file);
  if (state.index)
    state.index->lower(state.held, level);
  return SQLITE_OK;
}

int checkReserved(sqlite3_file *file, int *reserved) {
  OpenFile::State &state = stateOf(file);
  *reserved = state.index && state.index->reserved();
  return SQLITE_OK;
}

int fileControl(sqlite3_file *, int, void *) { return SQLITE_NOTFOUND; }
int sectorSize(sqlite3_file *) { return pageBytes; }
int characteristics(sqlite3_file *) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE | SQLITE_IOCAP_UNDELETABLE_WHEN_OPEN; }

int shmMap(sqlite3_file *file, int region, int size, int make, void volatile **into) {
  *into = const_cast<void volatile *>(stateOf(file).index->region(region, size, make != 0));
  return SQLITE_OK;
}

int shmLock(sqlite3_file *file, int first, int count, int flags) {
  using Slots = LogIndex::Slots;
  bool shared = (flags & SQLITE_SHM_SHARED) != 0;
  Slots what = flags & SQLITE_SHM_LOCK ? (shared ? Slots::lockShared : Slots::lockExclusive)
                                       : (shared ? Slots::unlockShared : Slots::unlockExclusive);
  return stateOf(file).index->change(what, first, count) ? SQLITE_OK : SQLITE_BUSY;
}

void shmBarrier(sqlite3_file *) { std::atomic_thread_fence(std::memory_order_seq_cst); }
int shmUnmap(sqlite3_file *, int) { return SQLITE_OK; }

constexpr sqlite3_io_methods fileMethods = {2,           closeFile,  readFile,        writeFile,  truncateFile,
                                            syncFile,    fileSize,   lockFile,        unlockFile, checkReserved,
                                            fileControl, sectorSize, characteristics, shmMap,     shmLock,
                                            shmBarrier,  shmUnmap,   nullptr,         nullptr};

int openFile(sqlite3_vfs *self, const char *path, sqlite3_file *file, int flags, int *outFlags) {
  StorageVfs &vfs = vfsOf(self);
  file->pMethods = nullptr;
  // Temporary files stay in memory (temp_store); one without a name would need a folder to lie in.
  if (!path)
    return SQLITE_CANTOPEN;
  bool existed = static_cast<bool>(vfs.storage().stat(path));
  io::OpenMode mode = flags & SQLITE_OPEN_CREATE     ? io::OpenMode::createReadWrite
                      : flags & SQLITE_OPEN_READONLY ? io::OpenMode::read
                                                     : io::OpenMode::readWrite;
  auto opened = vfs.storage().open(path, mode);
  if (!opened)
    return failed(vfs, opened.error(), SQLITE_CANTOPEN);
  auto *state = new OpenFile::State{&vfs, path, std::move(*opened), nullptr};
  state->database = (flags & SQLITE_OPEN_MAIN_DB) != 0;
  state->log = (flags & SQLITE_OPEN_WAL) != 0;
  state->writer = (state->database || state->log) && sqlite3_uri_boolean(path, "writer", 0) != 0;
  state->deleteOnClose = (flags & SQLITE_OPEN_DELETEONCLOSE) != 0;
  state->nameIsNew = !existed;
  if (state->database)
    state->index = LogIndex::of(&vfs.storage(), path);
  reinterpret_cast<OpenFile *>(file)->state = state;
  file->pMethods = &fileMethods;
  if (outFlags)
    *outFlags = flags;
  return SQLITE_OK;
}

int deleteFile(sqlite3_vfs *self, const char *path, int syncFolder) {
  StorageVfs &vfs = vfsOf(self);
  auto removed = vfs.storage().remove(path);
  if (!removed)
    return removed.error().code == base::Code::notFound ? SQLITE_IOERR_DELETE_NOENT
                                                        : failed(vfs, removed.error(), SQLITE_IOERR_DELETE);
  if (!syncFolder)
    return SQLITE_OK;
  ++vfs.otherSyncs;
  auto synced = vfs.storage().syncFolder(io::folderOf(path));
  return synced ? SQLITE_OK : failed(vfs, synced.error(), SQLITE_IOERR_DIR_FSYNC);
}

int accessFile(sqlite3_vfs *self, const char *path, int, int *there) {
  auto found = vfsOf(self).storage().stat(path);
  if (!found && found.error().code != base::Code::notFound)
    return failed(vfsOf(self), found.error(), SQLITE_IOERR_ACCESS);
  *there = static_cast<bool>(found);
  return SQLITE_OK;
}

int fullPath(sqlite3_vfs *, const char *path, int size, char *out) {
  if (std::strlen(path) >= static_cast<std::size_t>(size))
    return SQLITE_CANTOPEN;
  std::strcpy(out, path);
  return SQLITE_OK;
}

int randomness(sqlite3_vfs *self, int size, char *out) {
  vfsOf(self).all().process.entropy({reinterpret_cast<std::byte *>(out), static_cast<std::size_t>(size)});
  return size;
}

// Connections of one process never wait long for each other; who must try again does so at once.
int sleepFor(sqlite3_vfs *, int microseconds) { return microseconds; }

int timeNow(sqlite3_vfs *self, sqlite3_int64 *julianMs) {
  constexpr sqlite3_int64 unixEpochJulianMs = 210866760000000;
  *julianMs = unixEpochJulianMs + vfsOf(self).all().clock.wallTimeNs() / 1'000'000;
  return SQLITE_OK;
}

int lastError(sqlite3_vfs *, int, char *) { return 0; }

} // namespace

StorageVfs::StorageVfs(io::Doors &doors, Sabotage sabotage) : sabotage(sabotage), doors(doors) {
  static std::atomic<std::uint64_t> count{0};
  vfsName = "weft-storage-" + std::to_string(count++);
  constexpr int longestPath = 1024;
  vfs = std::make_unique<sqlite3_vfs>();
  vfs->iVersion = 2;
  vfs->szOsFile = sizeof(OpenFile);
  vfs->mxPathname = longestPath;
  vfs->zName = vfsName.c_str();
  vfs->pAppData = this;
  vfs->xOpen = openFile;
  vfs->xDelete = deleteFile;
  vfs->xAccess = accessFile;
  vfs->xFullPathname = fullPath;
  vfs->xRandomness = randomness;
  vfs->xSleep = sleepFor;
  vfs->xGetLastError = lastError;
  vfs->xCurrentTimeInt64 = timeNow;
  int registered = sqlite3_vfs_register(vfs.get(), 0);
  WEFT_ASSERT(registered == SQLITE_OK);
}

StorageVfs::~StorageVfs() { sqlite3_vfs_unregister(vfs.get()); }

void StorageVfs::fail(base::Error error) {
  std::lock_guard lock(mutex);
  // The first one is the cause of those that follow.
  if (!failure)
    failure = std::move(error);
}

std::optional<base::Error> StorageVfs::takeFailure() {
  std::lock_guard lock(mutex);
  return std::exchange(failure, std::nullopt);
}

} // namespace weft::journal
