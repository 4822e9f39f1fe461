//===- TorchOracle.h - Programs computed by PyTorch -----------------------===//
#pragma once

#include "test/reference/nn/Interpreter.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/JSON.h"

#include <string>

namespace weft::reference {

/// Collects programs and asks PyTorch for all of them at once, since to start it takes a second.
class TorchOracle {
public:
  struct Answer {
    std::vector<Tensor> doubles, singles; ///< The results, computed in float64 and in float32.
  };
  struct Answers {
    std::vector<Answer> answers; ///< One for each program, or empty where something failed.
    bool isInstalled = true;     ///< Whether there is a PyTorch.
    std::string told;            ///< What it printed.
  };

  /// Adds `function`, whose callees are beside it, on `inputs`. Known are all ops of nn; another one aborts.
  void add(mlir::func::FuncOp function, const std::vector<Tensor> &inputs);

  /// Cost: one process, at most five minutes.
  Answers ask() const;

private:
  llvm::json::Array programs;
};

} // namespace weft::reference
