//===- CalleeBody.h - A function's ops, to be had in another place --------===//
#pragma once

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"

#include <memory>

namespace weft::autodiff {

/// A copy of `function`'s body that stands in no region, calls in it inlined, bodies of scans included; it ends in
/// func.return. A function without a body, with more than one block, or that calls itself is refused at `user`, the op
/// that needs the body.
llvm::FailureOr<std::unique_ptr<mlir::Block>> copyBody(mlir::func::FuncOp function, mlir::Operation *user,
                                                       mlir::SymbolTableCollection &symbols);

} // namespace weft::autodiff
