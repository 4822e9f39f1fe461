//===- PullbackBuilder.h - Short words for the ops of pullbacks -----------===//
//
// Products with a constant 1 and moves of constants are not written: the sweep
// begins with a constant, and most of what it builds first would be of them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/nn/Nn.h"

namespace weft::autodiff {

using Cotangents = llvm::FailureOr<llvm::SmallVector<mlir::Value>>;

mlir::RankedTensorType typeOf(mlir::Value value);

class PullbackBuilder {
public:
  PullbackBuilder(mlir::OpBuilder &builder, mlir::Operation *op) : builder(builder), place(op->getLoc()) {}

  mlir::Value add(mlir::Value x, mlir::Value y) { return binary(nn::ElementwiseKind::add, x, y); }
  mlir::Value sub(mlir::Value x, mlir::Value y) { return binary(nn::ElementwiseKind::sub, x, y); }
  mlir::Value div(mlir::Value x, mlir::Value y) { return binary(nn::ElementwiseKind::div, x, y); }
  mlir::Value mul(mlir::Value x, mlir::Value y);
  mlir::Value mul(mlir::Value x, double factor) { return mul(x, splat(x, factor)); }
  mlir::Value neg(mlir::Value x) { return unary(nn::ElementwiseKind::neg, x); }
  mlir::Value unary(nn::ElementwiseKind kind, mlir::Value x);

  /// A constant of the type of `like`.
  mlir::Value splat(mlir::Value like, double value);
  mlir::Value zeros(mlir::Value like) { return splat(like, 0); }

  /// x where the relation holds, y elsewhere.
  mlir::Value selectWhere(nn::CompareKind kind, mlir::Value left, mlir::Value right, mlir::Value x, mlir::Value y);
  mlir::Value select(mlir::Value condition, mlir::Value x, mlir::Value y);
  mlir::Value compare(nn::CompareKind kind, mlir::Value left, mlir::Value right);

  mlir::Value sum(mlir::Value x, mlir::ArrayRef<std::int64_t> dims);
  mlir::Value mean(mlir::Value x, std::int64_t dim);
  /// Undoes a reduction of `like` over `dims`: x is repeated along them.
  mlir::Value repeat(mlir::Value x, mlir::Value like, mlir::ArrayRef<std::int64_t> dims);
  mlir::Value reshape(mlir::Value x, mlir::ArrayRef<std::int64_t> shape);
  mlir::Value transpose(mlir::Value x, mlir::ArrayRef<std::int64_t> perm);
  mlir::Value matmul(mlir::Value lhs, mlir::Value rhs, bool transposesLhs, bool transposesRhs);
  mlir::Value cast(mlir::Value x, mlir::Type element);
  /// Whole numbers, moved into 0 to `largest`, as the ops that look up by them do.
  mlir::Value clamped(mlir::Value ids, std::int64_t largest);

  mlir::OpBuilder &builder;
  mlir::Location place;

private:
  mlir::Value binary(nn::ElementwiseKind kind, mlir::Value x, mlir::Value y);
};

/// What each model of an op begins with.
template <typename Concrete, typename Op> using PullbackOf = DifferentiableInterface::ExternalModel<Concrete, Op>;

} // namespace weft::autodiff
