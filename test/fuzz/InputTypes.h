//===- InputTypes.h - A plan whose entry takes a value of every type ------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <memory>

namespace weft::test {

/// One parameter per type that an input may have, named `p0`, `p1` and so on; none has a default.
std::shared_ptr<const plan::Plan> planOfInputs();

} // namespace weft::test
