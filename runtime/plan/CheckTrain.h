//===- CheckTrain.h - What a gang reads, reports, evaluates and keeps -----===//
#pragma once

#include "runtime/plan/CheckFailure.h"

namespace weft::plan {

/// Sources, feeds, reports, files and the evaluation of a gang. Feeds are checked before the roles' ports of them.
base::Result<> checkSources(const Plan &plan, const Gang &gang, const std::string &name);

/// What needs the roles: the ports of all gangs have been checked one by one.
base::Result<> checkTrain(const Plan &plan, const Gang &gang, const std::string &name);

} // namespace weft::plan
