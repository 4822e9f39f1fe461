//===- Numbers.h - Numbers as text, and elements of tensors as numbers ----===//
#pragma once

#include "runtime/value/Value.h"

#include <string>

namespace weft::value {

/// The shortest decimal that reads back as the same double, recognisable as a float: "1.0", "0.0003", "1e300".
/// Between 0.000001 and 1e21 it has no exponent. `value` is finite.
std::string floatText(double value);

/// The same for a float: "0.1" and not "0.10000000149011612".
std::string floatText(float value);

// IEEE half and bfloat16 by their bits; to nearest, ties to even.
float halfToFloat(std::uint16_t bits);
std::uint16_t floatToHalf(float value);
float bfloatToFloat(std::uint16_t bits);
std::uint16_t floatToBfloat(float value);

/// Element `index` in row-major order as a float, int or bool.
Value elementOf(const TensorView &tensor, std::uint64_t index);

/// Writes an element. `value` is a bool for bool tensors, an int that fits for integer ones, an int or float for the
/// rest; false where it is not.
bool setElement(base::ElementType type, std::byte *data, std::uint64_t index, const Value &value);

} // namespace weft::value
