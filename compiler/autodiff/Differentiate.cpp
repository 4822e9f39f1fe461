//===- Differentiate.cpp - The pass: callees first, then their callers ----===//

#include "compiler/autodiff/CalleeBody.h"
#include "compiler/autodiff/Passes.h"
#include "compiler/autodiff/Pullbacks.h"
#include "compiler/autodiff/ReverseSweep.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace weft {
#define GEN_PASS_DEF_DIFFERENTIATE
#include "compiler/autodiff/Passes.h.inc"

namespace {
using namespace mlir;
using namespace autodiff;

/// Takes the functions of a module; those that a function needs come before it.
class Differentiator {
public:
  Differentiator(MLIRContext *context, Accounts &accounts) : context(context), accounts(accounts) {}

  /// Functions that a function calls or differentiates are free of nn.value_and_grad before it is.
  LogicalResult visit(func::FuncOp function) {
    auto [entry, isNew] = states.try_emplace(function, State::open);
    if (!isNew)
      return success(); // What calls itself is refused where its body is needed.
    SmallVector<nn::ValueAndGradOp> derivatives;
    SmallVector<func::FuncOp> needed;
    function.walk([&](Operation *op) {
      auto derivative = dyn_cast<nn::ValueAndGradOp>(op);
      if (derivative)
        derivatives.push_back(derivative);
      auto call = dyn_cast<func::CallOp>(op);
      if (call || derivative)
        if (auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(op, call ? call.getCalleeAttr()
                                                                                 : derivative.getCalleeAttr()))
          needed.push_back(callee);
    });
    for (func::FuncOp callee : needed)
      if (failed(visit(callee)))
        return failure();
    for (nn::ValueAndGradOp derivative : derivatives)
      if (failed(replace(derivative)))
        return failure();
    states[function] = State::done;
    return success();
  }

private:
  enum class State { open, done };

  LogicalResult replace(nn::ValueAndGradOp derivative) {
    auto function = symbols.lookupNearestSymbolFrom<func::FuncOp>(derivative, derivative.getCalleeAttr());
    if (!function || states.lookup(function) != State::done)
      return derivative.emitError() << "differentiates " << derivative.getCalleeAttr()
                                    << ", in whose body it stands itself; wanted another function";
    FailureOr<std::unique_ptr<Block>> body = copyBody(function, derivative, symbols);
    if (failed(body))
      return failure();
    Block &block = **body;
    Operation *terminator = block.getTerminator();

    Values varied;
    for (auto [argument, gradient] : llvm::zip(block.getArguments(), derivative.getGradients()))
      if (!gradient.use_empty())
        varied.insert(argument);
    spreadVaried(block, varied);
    OpBuilder builder(terminator);
    ReverseSweep sweep(builder, varied, accounts);
    Value value = terminator->getOperand(0);
    auto valueType = cast<RankedTensorType>(value.getType());
    sweep.add(value, nn::buildSplat(builder, derivative.getLoc(), valueType, 1));
    if (failed(runAskedFor(sweep, block, derivative)))
      return failure();
    // Not before: the sweep replaces scans, and what they give.
    SmallVector<Value> results(terminator->getOperands());
    terminator->erase();
    builder.setInsertionPointToEnd(&block);
    for (auto [argument, gradient] : llvm::zip(block.getArguments(), derivative.getGradients())) {
      Value cotangent = sweep.cotangentOf(argument);
      auto type = cast<RankedTensorType>(argument.getType());
      results.push_back(cotangent ? cotangent : nn::buildSplat(builder, derivative.getLoc(), type, 0));
    }
    for (auto [index, result] : llvm::enumerate(results))
      if (auto argument = dyn_cast<BlockArgument>(result))
        results[index] = derivative.getInputs()[argument.getArgNumber()];
    for (auto [argument, operand] : llvm::zip(block.getArguments(), derivative.getInputs()))
      argument.replaceAllUsesWith(operand);
    derivative->getBlock()->getOperations().splice(derivative->getIterator(), block.getOperations());
    derivative->replaceAllUsesWith(results);
    derivative.erase();
    ++accounts.derivatives;
    return success();
  }

  /// A refusal tells besides which derivative is asked for.
  LogicalResult runAskedFor(ReverseSweep &sweep, Block &block, nn::ValueAndGradOp derivative) {
    SmallVector<Diagnostic> told;
    LogicalResult result = success();
    {
      ScopedDiagnosticHandler handler(context, [&](Diagnostic &diagnostic) {
        if (diagnostic.getSeverity() != DiagnosticSeverity::Error)
          return failure();
        told.push_back(std::move(diagnostic));
        return success();
      });
      result = sweep.run(block);
    }
    for (Diagnostic &diagnostic : told) {
      diagnostic.attachNote(derivative.getLoc())
          << "the derivative of " << derivative.getCalleeAttr() << " is asked for here";
      context->getDiagEngine().emit(std::move(diagnostic));
    }
    return result;
  }

  MLIRContext *context;
  Accounts &accounts;
  SymbolTableCollection symbols;
  DenseMap<func::FuncOp, State> states;
};

struct Differentiate : impl::DifferentiateBase<Differentiate> {
  using DifferentiateBase::DifferentiateBase;

  /// The pullbacks come with the pass, so that no user of it can forget them.
  void getDependentDialects(DialectRegistry &registry) const override {
    DifferentiateBase::getDependentDialects(registry);
    registerPullbacks(registry);
  }

  void runOnOperation() override {
    Accounts accounts;
    accounts.memoryLimitBytes = memoryLimitBytes;
    Differentiator differentiator(&getContext(), accounts);
    for (auto function : getOperation().getOps<func::FuncOp>())
      if (failed(differentiator.visit(function)))
        return signalPassFailure();
    numDerivatives += accounts.derivatives;
    numScans += accounts.scans;
    numRecomputed += accounts.recomputedScans;
    numBytesKept += accounts.keptBytes;
  }
};
} // namespace
} // namespace weft
