//===- OpsTest.cpp - Each op and derivative, beside oracle and PyTorch ----===//
//
// Compiled as weftc compiles it, for every ISA of this machine, and compared with the
// float64 interpreter and with PyTorch in float64 and in float32: a float32 result is off
// by at most 1e-5 of the sum of the absolute values of its terms (Terms.h). What is
// moved, chosen or counted is equal.
//
//===----------------------------------------------------------------------===//

#include "compiler/autodiff/Passes.h"
#include "dialects/base/Base.h"
#include "dialects/nn/Nn.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/nn/Generator.h"
#include "test/reference/nn/Losses.h"
#include "test/reference/nn/OpCases.h"
#include "test/reference/nn/Terms.h"
#include "test/reference/torch/TorchOracle.h"
#include "test/support/kernels/NativeKernels.h"
#include "test/unit/compiler/pipelines/TensorPrograms.h"
#include "test/unit/compiler/pipelines/ValueCases.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;
using reference::Weighed;

/// A function to compile, and the same without derivatives in it, whose ops the oracle weighs.
struct Program {
  std::string name;
  OwningOpRef<ModuleOp> module, plain;
  std::string function;
  std::vector<Tensor> inputs;
  bool isRun = true;       ///< As native code; else only the oracle is compared with PyTorch.
  double ofOracle = 1e-12; ///< What it may be off. Where a derivative is of f32, its constants (of gelu, 1/n) are too.

  func::FuncOp compiled() const { return module.get().lookupSymbol<func::FuncOp>(function); }
};

Program programOf(const ValueCase &one) {
  auto module = parseSourceString<ModuleOp>(one.function, &compilerContext());
  EXPECT_TRUE(module) << one.name << one.function;
  if (!module)
    return {};
  auto f = *module->getOps<func::FuncOp>().begin();
  std::vector<Tensor> inputs = reference::randomInputs(f, 7);
  for (Tensor &input : inputs)
    for (double &x : input.elements)
      x = one.isPositive ? std::fabs(x) + 0.25 : x;
  OwningOpRef<ModuleOp> plain = module->clone();
  return {one.name, std::move(module), std::move(plain), f.getSymName().str(), std::move(inputs)};
}

/// The value and derivatives of a case, in f32 or as it is written, in f64.
Program derivativeOf(const reference::FunctionCase &one, bool isSingle) {
  std::string text = one.function;
  for (size_t at = 0; isSingle && (at = text.find("f64", at)) != std::string::npos;)
    text.replace(at, 3, "f32");
  auto module = parseSourceString<ModuleOp>(text, &compilerContext());
  EXPECT_TRUE(module) << one.name << text;
  if (!module)
    return {};
  auto loss = *module->getOps<func::FuncOp>().begin();
  std::vector<Tensor> inputs = reference::randomInputs(loss, 7);
  reference::makeLoss(loss);
  loss.setPrivate();
  auto gradient = reference::addGradient(*module, loss, loss.getNumArguments());
  OwningOpRef<ModuleOp> plain = module->clone();
  PassManager passes(&compilerContext());
  passes.addPass(createDifferentiate());
  EXPECT_TRUE(succeeded(passes.run(*plain))) << one.name;
  std::string name = one.name + std::string(isSingle ? "" : " in f64");
  return {std::move(name),   std::move(module), std::move(plain),       gradient.getSymName().str(),
          std::move(inputs), isSingle,          isSingle ? 1e-7 : 1e-12};
}

/// How much of its terms a result of this type may be off.
double allowed(Type element, bool isExact) {
  if (element.isBF16())
    return 0x1p-8;
  if (element.isF16())
    return 0x1p-10;
  return isExact ? 0 : element.isF64() ? 1e-12 : 1e-5;
}

void compare(const std::string &what, const std::vector<Tensor> &found, const std::vector<Weighed> &wanted,
             TypeRange types, const char *withWhat) {
  ASSERT_EQ(found.size(), wanted.size()) << what;
  for (auto [i, type] : llvm::enumerate(types))
    EXPECT_LE(reference::excess(found[i], wanted[i]), allowed(getElementTypeOrSelf(type), wanted[i].isExact))
        << what << ", result " << i << ", beside " << withWhat;
}

std::vector<Weighed> withTerms(const std::vector<Tensor> &values, std::vector<Weighed> terms) {
  for (size_t i = 0; i < terms.size() && i < values.size(); ++i)
    terms[i].value = values[i];
  return terms;
}

void check(const std::vector<Program> &programs) {
  reference::TorchOracle torch;
  std::vector<std::vector<Weighed>> wanted;
  std::vector<std::vector<std::vector<Tensor>>> found; // of each program, on each ISA
  for (const Program &program : programs) {
    auto types = program.compiled().getResultTypes();
    wanted.push_back(
        reference::weigh(program.plain.get().lookupSymbol<func::FuncOp>(program.function), program.inputs));
    torch.add(program.compiled(), program.inputs);
    found.emplace_back();
    if (!program.isRun)
      continue;
    FailureOr<CompiledProgram> compiled = compileProgram(*program.module);
    ASSERT_TRUE(succeeded(compiled)) << program.name;
    for (cpu::Isa isa : runnableIsas()) {
      found.back().push_back(runProgram(*compiled, program.function, isa, program.inputs));
      compare(program.name + " on " + cpu::name(isa), found.back().back(), wanted.back(), types, "the oracle");
    }
  }
  reference::TorchOracle::Answers answers = torch.ask();
  // Skipped without PyTorch, a peer that only `test/run --long` installs: the oracle was compared with above all the
  // same.
  if (!answers.isInstalled)
    GTEST_SKIP() << answers.told;
  ASSERT_EQ(answers.answers.size(), programs.size()) << answers.told;
  for (auto [i, program] : llvm::enumerate(programs)) {
    auto types = program.compiled().getResultTypes();
    std::vector<Tensor> oracle;
    for (const Weighed &one : wanted[i])
      oracle.push_back(one.value);
    auto doubles = withTerms(answers.answers[i].doubles, wanted[i]);
    ASSERT_EQ(doubles.size(), wanted[i].size());
    for (auto [k, type] : llvm::enumerate(types)) {
      Type element = getElementTypeOrSelf(type);
      bool isNarrow = element.isBF16() || element.isF16();
      EXPECT_LE(reference::excess(oracle[k], doubles[k]), isNarrow ? allowed(element, false) : program.ofOracle)
          << program.name << ", result " << k << " of the oracle, beside PyTorch in float64";
    }
    for (auto [isa, results] : llvm::zip(runnableIsas(), found[i])) {
      compare(program.name + " on " + cpu::name(isa), results, doubles, types, "PyTorch in float64");
      compare(program.name + " on " + cpu::name(isa), results, withTerms(answers.answers[i].singles, wanted[i]), types,
              "PyTorch in float32");
    }
  }
}

void checkValues(const std::vector<ValueCase> &cases) {
  std::vector<Program> programs;
  for (const ValueCase &one : cases)
    programs.push_back(programOf(one));
  check(programs);
}

void checkDerivatives(ArrayRef<reference::FunctionCase> cases) {
  std::vector<Program> programs;
  for (bool isSingle : {true, false})
    for (const reference::FunctionCase &one : cases)
      programs.push_back(derivativeOf(one, isSingle));
  check(programs);
}

TEST(Ops, ElementsAreThoseOfPyTorch) { checkValues(elementCases()); }
TEST(Ops, ProductsAreThoseOfPyTorch) { checkValues(productCases()); }
TEST(Ops, RowsAreThoseOfPyTorch) { checkValues(rowCases()); }
TEST(Ops, MovesAreThoseOfPyTorch) { checkValues(moveCases()); }
TEST(Ops, OthersAreThoseOfPyTorch) { checkValues(otherCases()); }

TEST(Derivatives, OfElementsAreThoseOfPyTorch) { checkDerivatives(reference::elementwiseCases()); }
TEST(Derivatives, OfProductsAreThoseOfPyTorch) { checkDerivatives(reference::matmulCases()); }
TEST(Derivatives, OfRowsAreThoseOfPyTorch) { checkDerivatives(reference::rowCases()); }
TEST(Derivatives, OfMovesAreThoseOfPyTorch) { checkDerivatives(reference::moveCases()); }
TEST(Derivatives, OfOthersAreThoseOfPyTorch) { checkDerivatives(reference::otherCases()); }
TEST(Derivatives, OfScansAreThoseOfPyTorch) { checkDerivatives(reference::scanCases()); }

/// What a program has: ops by name, and the kinds of those that have some.
void note(ModuleOp module, std::set<std::string> &seen) {
  module.walk([&](Operation *op) {
    std::string name = op->getName().getStringRef().str();
    seen.insert(name);
    if (auto node = dyn_cast<nn::ElementwiseOp>(op))
      seen.insert(name + " " + stringifyElementwiseKind(node.getKind()).str());
    if (auto node = dyn_cast<nn::CompareOp>(op))
      seen.insert(name + " " + stringifyCompareKind(node.getKind()).str());
    if (auto node = dyn_cast<nn::RandomOp>(op))
      seen.insert(name + " " + stringifyRandomKind(node.getKind()).str());
    if (auto node = dyn_cast<nn::ReduceOp>(op))
      seen.insert(name + " " + stringifyReduceKind(node.getKind()).str());
  });
}

std::vector<std::string> opsOfNn() {
  std::vector<std::string> names;
  compilerContext(); // loads the dialect
  for (RegisteredOperationName name : compilerContext().getRegisteredOperationsByDialect("nn"))
    names.push_back(name.getStringRef().str());
  for (uint32_t number = 0; number < 256; ++number) {
    if (auto kind = nn::symbolizeElementwiseKind(number))
      names.push_back("nn.elementwise " + stringifyElementwiseKind(*kind).str());
    if (auto kind = nn::symbolizeCompareKind(number))
      names.push_back("nn.compare " + stringifyCompareKind(*kind).str());
    if (auto kind = nn::symbolizeRandomKind(number))
      names.push_back("nn.random " + stringifyRandomKind(*kind).str());
    if (auto kind = symbolizeReduceKind(number))
      names.push_back("nn.reduce " + stringifyReduceKind(*kind).str());
  }
  return names;
}

// A new op, or a new kind of one, without a case here is a failure.
TEST(Ops, AllHaveACase) {
  std::set<std::string> seen;
  for (const auto &cases : {elementCases(), productCases(), rowCases(), moveCases(), otherCases()})
    for (const ValueCase &one : cases)
      note(*programOf(one).module, seen);
  note(*derivativeOf(reference::elementwiseCases().front(), true).module, seen); // nn.value_and_grad
  for (const std::string &name : opsOfNn())
    EXPECT_TRUE(seen.count(name)) << name << " has no case in ValueCases.cpp";
}

} // namespace
} // namespace weft::test
