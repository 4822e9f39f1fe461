//===- Sequences.h - Random models of sequences from a seed ---------------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"

namespace weft::reference {

/// A module with one function @model of four tensors of weights and token ids [1, sequenceLength], i32 below
/// vocabularySize, that gives [1, sequenceLength, vocabularySize]: a gather of the ids, `ops` ops on each position
/// alone or of causal attention, some of them in a loop over layers, and a product. It has nn.sequence, for chunks of 1
/// and 3.
mlir::OwningOpRef<mlir::ModuleOp> generateSequence(mlir::MLIRContext &context, std::uint64_t seed, unsigned ops,
                                                   bool doubles);

inline constexpr std::int64_t sequenceLength = 6, vocabularySize = 5;

} // namespace weft::reference
