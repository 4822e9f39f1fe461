//===- TensorPrograms.h - Programs compiled as weftc compiles them --------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "compiler/targets/cpu/CompileKernels.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "test/reference/nn/Interpreter.h"

#include <string>
#include <vector>

namespace weft::test {

/// The dialects of tensor programs, and what their compilation needs.
mlir::MLIRContext &compilerContext();

/// A program that has gone through all phases of tensor functions.
struct CompiledProgram {
  mlir::OwningOpRef<mlir::ModuleOp> module;
  lowering::GangModule gangs;
};

/// Compiles a copy of `module` up to its gang tables; with a failure of the test where a pass fails.
mlir::FailureOr<CompiledProgram> compileProgram(mlir::ModuleOp module);

/// What its gang `name` gives as native code of `isa`.
std::vector<reference::Tensor> runProgram(const CompiledProgram &program, llvm::StringRef name, cpu::Isa isa,
                                          const std::vector<reference::Tensor> &inputs);

} // namespace weft::test
