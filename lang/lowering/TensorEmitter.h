//===- TensorEmitter.h - The body of one tensor function ------------------===//
#pragma once

#include "lang/lowering/ModuleEmitter.h"

#include "dialects/nn/Nn.h"

namespace weft::lowering {

/// What the sizes that a signature leaves open are in one instance.
using TensorSizes = std::map<const sema::DimSymbol *, std::int64_t>;

class TensorEmitter {
public:
  TensorEmitter(ModuleEmitter &module, TensorSizes sizes)
      : module(module), builder(module.module.getContext()), sizes(std::move(sizes)) {}

  mlir::RankedTensorType typeOf(sema::Type type);
  /// The value, laid out as its marks say.
  mlir::Value mark(source::Span span, mlir::Value value, const sema::Marks &marks);
  /// Null after something was refused.
  mlir::Value emit(const syntax::Expr *expr);

  ModuleEmitter &module;
  mlir::OpBuilder builder;
  std::map<const sema::Symbol *, mlir::Value> values;

private:
  mlir::Value emitBare(const syntax::Expr *expr);
  mlir::Value block(const syntax::BlockExpr *expr);
  mlir::Value binary(const syntax::BinaryExpr *expr);
  mlir::Value call(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value callFunction(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value elementwise(source::Span span, nn::ElementwiseKind kind, mlir::ValueRange inputs);
  mlir::Value elementwise(const syntax::Expr *expr, nn::ElementwiseKind kind, const syntax::Expr *left, const syntax::Expr *right);
  mlir::Value scalar(source::Span span, double number, mlir::Type element);
  llvm::SmallVector<std::int64_t> dimensions(const sema::CallInfo &info, mlir::RankedTensorType input);
  bool isNumber(const syntax::Expr *expr);
  double numberOf(const syntax::Expr *expr);

  TensorSizes sizes;
};

} // namespace weft::lowering
