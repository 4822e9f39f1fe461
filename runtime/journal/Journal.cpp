//===- Journal.cpp - Names ------------------------------------------------===//

#include "runtime/journal/Journal.h"

namespace weft::journal {

const char *name(RunState state) {
  switch (state) {
  case RunState::running:
    return "running";
  case RunState::parked:
    return "parked";
  case RunState::succeeded:
    return "succeeded";
  case RunState::failed:
    return "failed";
  case RunState::cancelled:
    return "cancelled";
  }
  WEFT_UNREACHABLE();
}

} // namespace weft::journal
