//===- StableIds.h - Names of steps that survive edits --------------------===//
#pragma once

#include "mlir/IR/Operation.h"

#include <cstdint>
#include <map>
#include <string>

namespace weft::lowering {

/// Hash of a text, 64 bits; the same on every machine and in every release.
std::uint64_t stableIdOf(llvm::StringRef text);
/// Id of a part of something that has one: body 1 of a switch, the second pure node of a block.
std::uint64_t stableIdOf(std::uint64_t whole, llvm::StringRef part, std::uint64_t ordinal);

/// Ids that were given out; two equal ones are refused, because a journal could not tell the steps apart.
class StableIds {
public:
  mlir::LogicalResult claim(std::uint64_t id, mlir::Operation *op);

private:
  std::map<std::uint64_t, mlir::Operation *> owners;
};

} // namespace weft::lowering
