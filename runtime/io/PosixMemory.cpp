//===- PosixMemory.cpp - Shared memory, words to wait for, native code ----===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/PosixFiles.h"
#include "runtime/io/SystemError.h"

#include <cerrno>
#include <climits>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/futex.h>
#include <sys/mman.h>
#include <sys/syscall.h>

namespace weft::io {
namespace {

class PosixSegment final : public Segment {
public:
  PosixSegment(void *start, std::size_t sizeBytes) : start(start), sizeBytes(sizeBytes) {}
  ~PosixSegment() override { ::munmap(start, sizeBytes); }
  base::MutableBytes bytes() override { return {static_cast<std::byte *>(start), sizeBytes}; }

private:
  void *start;
  std::size_t sizeBytes;
};

class PosixCode final : public NativeCode {
public:
  PosixCode(Descriptor file, void *handle) : file(std::move(file)), handle(handle) {}
  ~PosixCode() override { ::dlclose(handle); }
  void *symbol(const std::string &name) override { return ::dlsym(handle, name.c_str()); }

private:
  // Kept open: the loader knows objects by their name, which is this descriptor's number.
  Descriptor file;
  void *handle;
};

std::uint32_t *plain(std::atomic<std::uint32_t> &word) {
  static_assert(sizeof word == 4 && std::atomic<std::uint32_t>::is_always_lock_free);
  return reinterpret_cast<std::uint32_t *>(&word);
}

} // namespace

base::Result<std::unique_ptr<Segment>> makePosixSegment(std::uint64_t sizeBytes) {
  void *start = ::mmap(nullptr, sizeBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (start == MAP_FAILED)
    return systemError(errno, "shared memory of " + std::to_string(sizeBytes) + " bytes");
  return std::unique_ptr<Segment>(std::make_unique<PosixSegment>(start, sizeBytes));
}

bool waitFutex(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout) {
  timespec relative{static_cast<time_t>(timeout.count() / 1'000'000'000),
                    static_cast<long>(timeout.count() % 1'000'000'000)};
  long failed = ::syscall(SYS_futex, plain(word), FUTEX_WAIT, expected, &relative, nullptr, 0);
  // EAGAIN: the word has another value already.
  return failed == 0 || errno == EAGAIN || errno == EINTR;
}

void wakeFutex(std::atomic<std::uint32_t> &word) {
  ::syscall(SYS_futex, plain(word), FUTEX_WAKE, INT_MAX, nullptr, nullptr, 0);
}

base::Result<std::unique_ptr<NativeCode>> loadPosixCode(base::ConstBytes elf) {
  Descriptor file(::memfd_create("weft-code", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!file)
    return systemError(errno, "load code");
  if (auto written = writeAt(file.get(), "code", 0, elf); !written)
    return written.error();
  // Nobody can change the bytes between here and the end of the code's use, not even through /proc.
  if (::fcntl(file.get(), F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) != 0)
    return systemError(errno, "seal code");
  std::string path = "/proc/self/fd/" + std::to_string(file.get());
  void *handle = ::dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!handle) {
    const char *why = ::dlerror();
    return base::error(base::Code::invalid, std::string("load code: ") + (why ? why : "unknown reason"));
  }
  return std::unique_ptr<NativeCode>(std::make_unique<PosixCode>(std::move(file), handle));
}

} // namespace weft::io
