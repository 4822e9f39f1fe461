//===- CalleeBody.cpp - A function's ops, to be had in another place ------===//

#include "compiler/autodiff/CalleeBody.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

namespace weft::autodiff {
namespace {

class Copier {
public:
  explicit Copier(SymbolTableCollection &symbols) : symbols(symbols) {}

  /// `from` is where symbols are looked up: what is copied stands nowhere yet.
  LogicalResult copy(func::FuncOp function, Operation *user, Operation *from, Block &to, ValueRange arguments) {
    if (!function || function.isExternal() || !function.getBody().hasOneBlock())
      return user->emitError() << "needs the body of a function of one block; '"
                               << (function ? function.getSymName() : "the callee") << "' has none";
    if (llvm::is_contained(stack, function))
      return user->emitError() << "calls '" << function.getSymName()
                               << "' from within itself; a derivative needs a function that does not call itself";
    stack.push_back(function);
    IRMapping mapping;
    mapping.map(function.getArguments(), arguments);
    OpBuilder builder(user->getContext());
    builder.setInsertionPointToEnd(&to);
    for (Operation &op : function.getBody().front())
      builder.clone(op, mapping);
    SmallVector<func::CallOp> calls;
    for (Operation &op : to)
      op.walk([&](func::CallOp call) { calls.push_back(call); });
    for (func::CallOp call : calls)
      if (failed(expand(call, from)))
        return failure();
    stack.pop_back();
    return success();
  }

private:
  LogicalResult expand(func::CallOp call, Operation *from) {
    auto callee = symbols.lookupNearestSymbolFrom<func::FuncOp>(from, call.getCalleeAttr());
    Block body;
    if (failed(copy(callee, call, from, body, call.getOperands())))
      return failure();
    Operation *terminator = body.getTerminator();
    call.replaceAllUsesWith(terminator->getOperands());
    terminator->erase();
    call->getBlock()->getOperations().splice(call->getIterator(), body.getOperations());
    call.erase();
    return success();
  }

  SymbolTableCollection &symbols;
  SmallVector<func::FuncOp> stack;
};

} // namespace

FailureOr<std::unique_ptr<Block>> copyBody(func::FuncOp function, Operation *user, SymbolTableCollection &symbols) {
  auto body = std::make_unique<Block>();
  for (Type type : function.getArgumentTypes())
    body->addArgument(type, function.getLoc());
  if (failed(Copier(symbols).copy(function, user, user, *body, body->getArguments())))
    return failure();
  return body;
}

} // namespace weft::autodiff
