//===- TensorEmitter.h - The body of one tensor function ------------------===//
//
// A body is emitted once for each choice of what its signature leaves open: sizes,
// records of a type parameter, numbers. Records and tuples exist while emitting
// only: a function has the tensors in them, in order.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/lowering/ModuleEmitter.h"

#include "dialects/nn/Nn.h"

#include <vector>

namespace weft::lowering {

/// A tensor, or a record or tuple of them: exactly one of the two is there. Of a function without tensors neither is.
struct TensorParts {
  mlir::Value value;
  std::vector<TensorParts> fields;

  /// The tensors in it, in order.
  void flatten(llvm::SmallVectorImpl<mlir::Value> &values) const;
  llvm::SmallVector<mlir::Value> flat() const;
};

class TensorEmitter {
public:
  TensorEmitter(ModuleEmitter &module, TensorInstance instance)
      : module(module), builder(module.module.getContext()), instance(std::move(instance)) {}

  mlir::RankedTensorType typeOf(sema::Type type);
  /// What a type is here; nothing if there is more in it than tensors.
  std::optional<TensorLayout> layoutOf(sema::Type type);
  /// Whether this build keeps such tensors. Refuses those that are out of reach.
  bool computed(source::Span span, mlir::RankedTensorType type);
  /// What a parameter is bound to; `next` goes on to the values that stand for it. `stack`: marks of the dimensions
  /// that stand in front of all tensors in it.
  TensorParts bindParameter(source::Span span, sema::Type type, const sema::Marks &marks, mlir::ValueRange values,
                            std::size_t &next, llvm::ArrayRef<sema::DimMark> stack = {});
  /// The value, laid out as its marks say.
  mlir::Value mark(source::Span span, mlir::Value value, const sema::Marks &marks);
  TensorParts markAll(source::Span span, const TensorParts &parts, sema::Type type, const sema::Marks &marks);
  /// Nothing after something was refused.
  std::optional<TensorParts> emit(const syntax::Expr *expr);
  /// Of what is one tensor; null after something was refused.
  mlir::Value emitTensor(const syntax::Expr *expr);
  /// The values as the parts of such a layout.
  static TensorParts partsOf(const TensorLayout &layout, mlir::ValueRange values, std::size_t &next);
  /// The lambda as a function of its own: of its parameters, which are given these parts, and of what it captures.
  mlir::func::FuncOp lambdaFunction(const syntax::LambdaExpr *lambda, llvm::ArrayRef<TensorParts> given,
                                    const std::string &name);
  /// The lambda's value where it stands, its parameters bound to these parts.
  std::optional<TensorParts> emitLambda(const syntax::LambdaExpr *lambda, llvm::ArrayRef<TensorParts> given);
  /// What the function gives for these arguments, its own defaults behind them.
  std::optional<TensorParts> callFunction(source::Span span, const sema::CallInfo &info,
                                          llvm::ArrayRef<TensorParts> given, bool derived = false);
  /// All its results, and with `derived` the derivatives by the tensors of the first argument behind them.
  std::optional<llvm::SmallVector<mlir::Value>> callFlat(source::Span span, const sema::CallInfo &info,
                                                         llvm::ArrayRef<TensorParts> given, bool derived = false);
  mlir::Value scalar(source::Span span, double number, mlir::Type element);
  mlir::Value elementwise(source::Span span, nn::ElementwiseKind kind, mlir::ValueRange inputs);
  double numberOf(const syntax::Expr *expr); ///< TensorNumbers.cpp

  ModuleEmitter &module;
  mlir::OpBuilder builder;
  std::map<const sema::Symbol *, TensorParts> values;

private:
  std::optional<TensorParts> emitBare(const syntax::Expr *expr);
  std::optional<TensorParts> block(const syntax::BlockExpr *expr);
  void bindPattern(const syntax::Pattern *pattern, const TensorParts &parts);
  std::optional<TensorParts> record(const syntax::RecordExpr *expr);
  std::optional<TensorParts> pick(const syntax::IndexExpr *expr);
  std::optional<TensorParts> call(const syntax::Expr *expr, const sema::CallInfo &info);
  std::optional<TensorParts> called(const syntax::Expr *expr, const sema::CallInfo &info);

  // ---- TensorOps.cpp
  mlir::Value binary(const syntax::BinaryExpr *expr);
  mlir::Value elementwise(const syntax::Expr *expr, nn::ElementwiseKind kind, const syntax::Expr *left,
                          const syntax::Expr *right);
  /// Both operands, of one element type and shape; null after something was refused.
  std::pair<mlir::Value, mlir::Value> paired(const syntax::Expr *expr, const syntax::Expr *left,
                                             const syntax::Expr *right);
  mlir::Value matmul(const syntax::BinaryExpr *expr, mlir::Value left, mlir::Value right);
  mlir::Value compare(const syntax::BinaryExpr *expr);
  mlir::Value select(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value scalar(const syntax::Expr *expr, mlir::Type element);
  std::optional<__int128> wholeOf(const syntax::Expr *expr);
  bool isNumber(const syntax::Expr *expr);
  bool computes(source::Span span, mlir::Value value);
  mlir::Value reduce(source::Span span, const sema::CallInfo &info, mlir::Value input);

  // ---- TensorShapes.cpp: functions that move elements, and those with several operands
  llvm::SmallVector<std::int64_t> dimensions(const sema::CallInfo &info, mlir::RankedTensorType input);
  mlir::Value moved(const syntax::Expr *expr, const sema::CallInfo &info, mlir::Value input);
  mlir::Value transposed(source::Span span, const sema::CallInfo &info, mlir::Value input);
  mlir::Value cut(source::Span span, mlir::Value input, std::int64_t dim, std::int64_t from, std::int64_t size);
  mlir::Value concat(source::Span span, const sema::CallInfo &info);
  mlir::Value attention(source::Span span, const sema::CallInfo &info, mlir::Value queries);
  mlir::Value crossEntropy(source::Span span, const sema::CallInfo &info, mlir::Value logits);
  mlir::Value indices(source::Span span, mlir::Value ids);
  std::optional<TensorParts> split(source::Span span, const sema::CallInfo &info, mlir::Value input);

  // ---- TensorRecords.cpp
  std::optional<TensorParts> fill(source::Span span, const sema::CallInfo &info);
  std::optional<TensorParts> each(const syntax::Expr *expr, const sema::CallInfo &info);
  std::optional<TensorParts> fold(const syntax::Expr *expr, const sema::CallInfo &info);
  std::optional<TensorParts> gradient(const syntax::Expr *expr, const sema::CallInfo &info);
  /// A key from this one that no other place of the function has.
  mlir::Value keyOfPlace(source::Span span, mlir::Value key);
  /// What a lambda uses of outside, in its order.
  llvm::SmallVector<mlir::Value> captured(const syntax::LambdaExpr *lambda);
  void bindCaptures(const syntax::LambdaExpr *lambda, mlir::ValueRange given);

  TensorInstance instance;
  std::int64_t places = 0; ///< That draw, so far.
};

} // namespace weft::lowering
