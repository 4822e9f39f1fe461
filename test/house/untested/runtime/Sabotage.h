//===- Sabotage.h - Switches that `sabotage` must find --------------------===//
#pragma once

struct Sabotage {
  bool seen = false;
  bool nobodyKnows = false;
};
