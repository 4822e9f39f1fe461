//===- Sabotage.h - One deliberate break per rule, for tests --------------===//
//
// A rule that no test can see broken is not tested. Off outside test/.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace weft::collective {

struct Sabotage {
  bool reuseBoardEarly = false; ///< Contributions are taken whatever use of the board they were written in.
};

} // namespace weft::collective
