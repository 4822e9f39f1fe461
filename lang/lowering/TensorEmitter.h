//===- TensorEmitter.h - The body of one tensor function ------------------===//
#pragma once

#include "lang/lowering/ModuleEmitter.h"

#include "dialects/nn/Nn.h"

#include <vector>

namespace weft::lowering {

/// What the sizes that a signature leaves open are in one instance.
using TensorSizes = std::map<const sema::DimSymbol *, std::int64_t>;

/// A tensor, or a record of tensors: exactly one of the two is there.
struct TensorParts {
  mlir::Value value;
  std::vector<TensorParts> fields;
};

class TensorEmitter {
public:
  TensorEmitter(ModuleEmitter &module, TensorSizes sizes)
      : module(module), builder(module.module.getContext()), sizes(std::move(sizes)) {}

  mlir::RankedTensorType typeOf(sema::Type type);
  /// Types of the tensors in a type, in order: a record gives those of its fields. False if anything else stands in it.
  bool tensorTypes(sema::Type type, llvm::SmallVectorImpl<mlir::Type> &types);
  /// Whether this build computes with such tensors: element types that have kernels, and sizes in reach. Refuses
  /// others.
  bool computed(source::Span span, mlir::RankedTensorType type);
  /// What a parameter is bound to; `next` goes on to the values that stand for it.
  TensorParts bindParameter(source::Span span, sema::Type type, const sema::Marks &marks,
                            mlir::Block::BlockArgListType values, std::size_t &next);
  /// The value, laid out as its marks say.
  mlir::Value mark(source::Span span, mlir::Value value, const sema::Marks &marks);
  /// Null after something was refused.
  mlir::Value emit(const syntax::Expr *expr);

  ModuleEmitter &module;
  mlir::OpBuilder builder;
  std::map<const sema::Symbol *, TensorParts> values;

private:
  const TensorParts *partsOf(const syntax::Expr *expr);
  mlir::Value emitBare(const syntax::Expr *expr);
  mlir::Value block(const syntax::BlockExpr *expr);
  mlir::Value binary(const syntax::BinaryExpr *expr);
  mlir::Value call(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value callFunction(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value elementwise(source::Span span, nn::ElementwiseKind kind, mlir::ValueRange inputs);
  mlir::Value elementwise(const syntax::Expr *expr, nn::ElementwiseKind kind, const syntax::Expr *left,
                          const syntax::Expr *right);
  mlir::Value scalar(source::Span span, double number, mlir::Type element);
  mlir::Value scalar(const syntax::Expr *expr, mlir::Type element);
  std::optional<__int128> wholeOf(const syntax::Expr *expr);
  llvm::SmallVector<std::int64_t> dimensions(const sema::CallInfo &info, mlir::RankedTensorType input);
  bool isNumber(const syntax::Expr *expr);
  double numberOf(const syntax::Expr *expr);

  TensorSizes sizes;
};

} // namespace weft::lowering
