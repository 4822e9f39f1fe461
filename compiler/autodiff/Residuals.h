//===- Residuals.h - What a reversed scan knows of the forward turns ------===//
//
// The body of the derivative was built reading values of the forward body. Each
// of them comes to it in one of four ways, the cheapest that there is: as an
// operand of the forward scan (slices, shared), as a constant, computed once
// more from others by a cheap op, or stacked by the forward scan.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"

#include "llvm/ADT/SetVector.h"

namespace weft::autodiff {

/// Costs about as much as reading its result from memory would.
bool isCheapAgain(mlir::Operation *op);
/// Of a tensor.
std::uint64_t bytesOf(mlir::Value value);

class Residuals {
public:
  /// `backward` is a block that stands in no region yet; its ops, and `yielded` besides, read values of the body of
  /// `forward`. Decides which of them the forward scan stacks: with a limit other than 0 that it would exceed, carried
  /// values alone, and the rest is computed again.
  Residuals(nn::ScanOp forward, mlir::Block &backward, llvm::MutableArrayRef<mlir::Value> yielded,
            std::uint64_t limitBytes);

  /// Bytes that the forward scan stacks beyond what it gives already.
  std::uint64_t keptBytes() const;
  bool isRecomputed() const { return recomputes; }

  /// A scan in the place of the forward one, with the stacked results that are needed added behind its own, and its
  /// body taken over; the forward scan is left without uses and body. The scan itself where nothing is added.
  nn::ScanOp extendForward();

  /// After extendForward: makes `backward` and `yielded` read arguments added to `backward`, and what is computed once
  /// more there; `index` stands for the index of the turn.
  void bringOver(mlir::Value index);

  /// The arguments that were added, and the operands that they stand for.
  struct Group {
    llvm::SmallVector<mlir::Value> operands;
    llvm::SmallVector<mlir::BlockArgument> arguments;
  };
  const Group &stacked() const { return slices; }
  const Group &shared() const { return same; }

private:
  using ValueSet = llvm::SetVector<mlir::Value>;

  bool isForeign(mlir::Value value) const;
  bool isFree(mlir::Value value) const;
  ValueSet fewest() const;
  ValueSet carriedAlone() const;
  bool isGivenAlready(mlir::Value value) const { return llvm::is_contained(scan.getYieldedSlices(), value); }
  std::uint64_t bytesOf(const ValueSet &values) const;
  mlir::Value bring(mlir::Value value, mlir::OpBuilder &builder);
  mlir::Value addArgument(Group &group, mlir::Value operand, mlir::Type type);

  mutable nn::ScanOp scan; ///< Mutable, since accessors of ops are not const.
  mlir::Block &backward;
  llvm::MutableArrayRef<mlir::Value> yielded;
  ValueSet read;   ///< What the derivative reads of the forward body.
  ValueSet stored; ///< What is stacked of the forward body: the rest of `read` follows from it.
  llvm::DenseMap<mlir::Value, mlir::Value> stackedAs; ///< For each of `stored`, the result of the scan that stacks it.
  llvm::DenseMap<mlir::Value, mlir::Value> brought;
  Group slices, same;
  bool recomputes = false;
};

} // namespace weft::autodiff
