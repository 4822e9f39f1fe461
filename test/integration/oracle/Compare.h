//===- Compare.h - Are two results the same? ------------------------------===//
#pragma once

#include "test/reference/workflow/Json.h"

namespace weft::oracle {

/// Empty if equal, else the place of the first difference with both sides. With `tensors`, tensors may differ by 1e-5
/// of their norm and single floats by 1e-5 of their size: float32 against float64.
std::string difference(const weft::reference::workflow::Json &found, const weft::reference::workflow::Json &wanted,
                       bool tensors, const std::string &place = "$");

} // namespace weft::oracle
