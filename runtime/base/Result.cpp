//===- Result.cpp - Names of error codes ----------------------------------===//

#include "runtime/base/Result.h"

namespace weft::base {

const char *name(Code code) {
  switch (code) {
  case Code::invalid:
    return "invalid";
  case Code::notFound:
    return "not_found";
  case Code::exists:
    return "exists";
  case Code::denied:
    return "denied";
  case Code::stale:
    return "stale";
  case Code::busy:
    return "busy";
  case Code::corrupt:
    return "corrupt";
  case Code::unsupported:
    return "unsupported";
  case Code::limit:
    return "limit";
  case Code::timedOut:
    return "timed_out";
  case Code::cancelled:
    return "cancelled";
  case Code::unavailable:
    return "unavailable";
  case Code::io:
    return "io";
  }
  WEFT_UNREACHABLE();
}

} // namespace weft::base
