//===- SystemError.cpp - What errno means for the caller ------------------===//

#include "runtime/io/SystemError.h"

#include <cerrno>
#include <system_error>

namespace weft::io {
namespace {

base::Code codeOf(int number) {
  switch (number) {
  case ENOENT:
    return base::Code::notFound;
  case EEXIST:
  case EADDRINUSE:
    return base::Code::exists;
  case EACCES:
  case EPERM:
  case EROFS:
  case EXDEV: // openat2: the path leads out of the root
  case ELOOP:
    return base::Code::denied;
  case ENOTDIR:
  case EISDIR:
  case EINVAL:
  case ENAMETOOLONG:
  case ENOEXEC:
    return base::Code::invalid;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
  case EMFILE:
  case ENFILE:
  case ENOMEM:
    return base::Code::limit;
  case EBUSY:
  case EWOULDBLOCK:
    return base::Code::busy;
  case ECONNREFUSED:
  case ECONNRESET:
  case ECONNABORTED:
  case EPIPE:
  case EHOSTUNREACH:
  case ENETUNREACH:
    return base::Code::unavailable;
  case ETIMEDOUT:
    return base::Code::timedOut;
  case ECANCELED:
    return base::Code::cancelled;
  case ENOSYS:
    return base::Code::unsupported;
  default:
    return base::Code::io;
  }
}

} // namespace

base::Error systemError(int number, const std::string &what) {
  return base::error(codeOf(number), what + ": " + std::system_category().message(number));
}

} // namespace weft::io
