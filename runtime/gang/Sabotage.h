//===- Sabotage.h - One deliberate break per rule, for tests --------------===//
//
// A rule that no test can see broken is not tested. Off outside test/; the
// runner takes them with its options and nowhere else.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/collective/Sabotage.h"

namespace weft::gang {

struct Sabotage {
  bool checkpointBeforeShards = false; ///< A part is called saved before it is written.
  bool removeBeforeDurable = false;    ///< Older shards go when the checkpoint is reported, not when it is durable.
  bool staleFrames = false;            ///< A member obeys commands of views that are over.
  bool ranksNotSlots = false; ///< A member's place is its rank among the living, not the slot that it was given.
  bool startOver = false;     ///< The last checkpoint is not looked at.
  collective::Sabotage boards;
};

} // namespace weft::gang
