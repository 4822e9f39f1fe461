/* killer.c - ends a process with SIGKILL at its n-th change of the disk.
 *
 * Preloaded into weft. Counts pwrite, fdatasync, fsync and rename of the process it was loaded into (forked workers and tools are left alone):
 *
 *   WEFT_KILL_AT=n      SIGKILL at change n: before it, or, where n is odd and it is a write, after half of its bytes
 *   WEFT_KILL_COUNT=F   writes the number of changes to file F when the process exits
 *   WEFT_KILL_WORKERS=1 what forked workers change is counted too; who comes to change n dies with the process that forked it
 *   WEFT_DISK_FULL=T    nothing dies: writes to files that have T in their path fail, as on a disk that is full
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

static atomic_long *changes; /* shared with what is forked */
static long killAt;
static pid_t owner;
static int withWorkers;
static const char *full;

static void count(void) {
  const char *path = getenv("WEFT_KILL_COUNT");
  if (!path || getpid() != owner)
    return;
  FILE *file = fopen(path, "w");
  if (file) {
    fprintf(file, "%ld\n", atomic_load(changes));
    fclose(file);
  }
}

__attribute__((constructor)) static void begin(void) {
  const char *at = getenv("WEFT_KILL_AT");
  killAt = at ? atol(at) : 0;
  withWorkers = getenv("WEFT_KILL_WORKERS") != NULL;
  full = getenv("WEFT_DISK_FULL");
  changes = mmap(NULL, sizeof *changes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (changes == MAP_FAILED)
    abort();
  owner = getpid();
  atexit(count);
}

/* Whether this is the change to die at. */
static int due(void) {
  if (getpid() != owner && !withWorkers)
    return 0;
  return atomic_fetch_add(changes, 1) + 1 == killAt;
}

static int isFull(int fd) {
  char link[64], path[4096];
  if (!full)
    return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  path[length < 0 ? 0 : length] = 0;
  return strstr(path, full) != NULL;
}

static void die(void) {
  if (getpid() != owner)
    kill(owner, SIGKILL);
  kill(getpid(), SIGKILL);
  for (;;)
    pause();
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off64_t);
  if (!real)
    real = dlsym(RTLD_NEXT, "pwrite64");
  if (isFull(fd)) {
    errno = ENOSPC;
    return -1;
  }
  if (due()) {
    if (killAt % 2 && size > 1)
      real(fd, bytes, size / 2, offset);
    die();
  }
  return real(fd, bytes, size, offset);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t offset) { return pwrite64(fd, bytes, size, offset); }

#define WRAP(name)                                                                                                                                             \
  int name(int fd) {                                                                                                                                           \
    static int (*real)(int);                                                                                                                                   \
    if (!real)                                                                                                                                                 \
      real = dlsym(RTLD_NEXT, #name);                                                                                                                          \
    if (due())                                                                                                                                                 \
      die();                                                                                                                                                   \
    return real(fd);                                                                                                                                           \
  }
WRAP(fsync)
WRAP(fdatasync)

int rename(const char *from, const char *to) {
  static int (*real)(const char *, const char *);
  if (!real)
    real = dlsym(RTLD_NEXT, "rename");
  if (due())
    die();
  return real(from, to);
}

int renameat(int a, const char *from, int b, const char *to) {
  static int (*real)(int, const char *, int, const char *);
  if (!real)
    real = dlsym(RTLD_NEXT, "renameat");
  if (due())
    die();
  return real(a, from, b, to);
}
