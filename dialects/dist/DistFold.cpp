//===- DistFold.cpp - Folds of dist's ops ---------------------------------===//

#include "dialects/dist/Dist.h"

using namespace mlir;

namespace weft::dist {

/// A sharding that stays is no step. Two reshardings in a row stay: whether one step does both is the planner's to say.
OpFoldResult ReshardOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  return {};
}

} // namespace weft::dist
