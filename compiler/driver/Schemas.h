//===- Schemas.h - What --emit=schema prints ------------------------------===//
#pragma once

#include "runtime/plan/Plan.h"

#include <string>

namespace weft::driver {

/// One JSON object: `types` holds the JSON Schema of each named type, `workflows` for each workflow that can be started
/// the schema of its `input` object and of its `output`.
std::string printSchemas(const plan::Plan &plan);

} // namespace weft::driver
