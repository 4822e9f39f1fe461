//===- Terms.h - How much a value's terms add up to -----------------------===//
//
// What a float32 result may be off is measured by the sum of the absolute values
// of its terms: of a product of matrices the sum of |a| * |b|, of a sum that of |x|,
// of a function of one number the result itself. Where an op reads what another one
// computed, it goes on from that one's sum: a product multiplies the sums, a function
// lets through what its slope does, and at least its own result.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

namespace weft::reference {

struct Weighed {
  Tensor value, terms;  ///< Of one shape; terms are at least |value|, but for values that are not finite.
  bool isExact = false; ///< An argument, a constant, or such elements moved: float32 holds it as it is.
};

/// The results of a function of one op after the other; inputs are exact. Ops as the interpreter knows them.
std::vector<Weighed> weigh(mlir::func::FuncOp function, const std::vector<Tensor> &inputs);

/// Of all elements the largest |found - wanted| / terms: compared with 1e-5 for float32. 0 where found and wanted are
/// equal, infinity where one is not finite and they differ, where shapes differ, or where they differ and have no
/// terms.
double excess(const Tensor &found, const Weighed &wanted);

} // namespace weft::reference
