//===- CheckStates.h - What a gang keeps from step to step ----------------===//
#pragma once

#include "runtime/plan/CheckContents.h"
#include "runtime/plan/CheckFailure.h"

namespace weft::plan {

bool overlap(const fb::Buffer &a, const fb::Buffer &b);

/// Steps, states and their parts over all roles. The ports of the roles have been checked one by one.
base::Result<> checkStates(const Plan &plan, const Gang &gang, const std::string &name);

/// What happens at the end of a step: each state is copied from where it was kept to where the next step finds it.
/// `contents` is changed as the copies change it.
base::Result<> checkEndOfStep(const Gang &gang, const Role &role, const std::string &name, Contents &contents);

} // namespace weft::plan
