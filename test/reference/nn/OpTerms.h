//===- OpTerms.h - The terms of one op's results --------------------------===//
#pragma once

#include "test/reference/nn/Terms.h"

namespace weft::reference {

/// The terms of each of `results`, which the interpreter gave for the operands' values. Not of a scan. Terms may be
/// smaller than the result's absolute value: the caller takes the larger one.
std::vector<Weighed> termsOf(mlir::Operation *op, const std::vector<Weighed> &operands, std::vector<Tensor> results);

/// The same of nn.attention and nn.attention_grad, `results` with their values.
std::vector<Weighed> attentionTerms(mlir::Operation *op, const std::vector<Weighed> &operands,
                                    std::vector<Weighed> results);

} // namespace weft::reference
