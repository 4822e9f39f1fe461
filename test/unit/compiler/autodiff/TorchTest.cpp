//===- TorchTest.cpp - Each op and its derivative against PyTorch ---------===//
//
// The oracle and this test's differences are ours; PyTorch is not. It computes in
// float64 what `torch-gradients` says each case is. Skipped where Debian's
// python3-torch is not installed.
//
//===----------------------------------------------------------------------===//

#include "mlir/Parser/Parser.h"
#include "test/reference/nn/Generator.h"
#include "test/unit/compiler/autodiff/OpCases.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Program.h"

#include <fstream>
#include <sstream>

namespace weft::test {
namespace {
using namespace mlir;

llvm::json::Value json(const reference::Tensor &tensor) {
  return llvm::json::Object{{"shape", llvm::json::Array(tensor.shape)},
                            {"elements", llvm::json::Array(tensor.elements)}};
}

/// The inputs of a case, what the oracle says of its value and what the derivative of it gives.
llvm::json::Value evaluated(const FunctionCase &op) {
  auto module = parseSourceString<ModuleOp>(op.function, &tensorContext());
  auto loss = *module->getOps<func::FuncOp>().begin();
  makeLoss(loss);
  EXPECT_TRUE(succeeded(differentiate(*module, loss, loss.getNumArguments()))) << op.name;
  llvm::json::Array inputs, results;
  std::vector<reference::Tensor> values = reference::randomInputs(loss, 7);
  for (const reference::Tensor &value : values)
    inputs.push_back(json(value));
  for (const reference::Tensor &value : reference::evaluate(module->lookupSymbol<func::FuncOp>("gradient"), values))
    results.push_back(json(value));
  return llvm::json::Object{{"name", op.name}, {"inputs", std::move(inputs)}, {"results", std::move(results)}};
}

std::string textOf(StringRef path) {
  std::ifstream file(path.str());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(OpGradientInTorch, IsTheSame) {
  constexpr int skipped = 77;
  llvm::SmallString<128> cases, told;
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("weft-gradients", "json", cases));
  ASSERT_FALSE(llvm::sys::fs::createTemporaryFile("weft-torch", "txt", told));
  llvm::json::Array all;
  for (const FunctionCase &op : allOpCases())
    all.push_back(evaluated(op));
  std::error_code error;
  {
    llvm::raw_fd_ostream out(cases, error);
    out << llvm::json::Value(std::move(all));
  }
  ASSERT_FALSE(error);
  // Debian's package is for Debian's interpreter, which need not be the first on the path.
  int code =
      llvm::sys::ExecuteAndWait("/usr/bin/python3", {"/usr/bin/python3", WEFT_TORCH_GRADIENTS, cases}, std::nullopt,
                                {StringRef(), StringRef(told), StringRef(told)}, /*SecondsToWait=*/300);
  std::string text = textOf(told);
  llvm::sys::fs::remove(cases);
  llvm::sys::fs::remove(told);
  if (code == skipped)
    GTEST_SKIP() << text;
  EXPECT_EQ(code, 0) << text;
}

} // namespace
} // namespace weft::test
