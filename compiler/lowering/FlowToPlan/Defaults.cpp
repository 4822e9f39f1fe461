//===- Defaults.cpp - Defaults of parameters that are computed ------------===//
//
// A default is pure and sees nothing of a run, so it has one value: it is known
// when the plan is made, and a run, a form and a schema find a constant. It is
// computed by the evaluator that would compute it in a run.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/FlowToPlan/Defaults.h"

#include "compiler/lowering/FlowToPlan/TypeTable.h"
#include "runtime/base/Assert.h"
#include "runtime/base/Limits.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/Evaluator.h"

#include <utility>

using namespace mlir;

namespace weft::lowering {
namespace {

/// A default stands in the plan, which is read whole: what is larger is made in a body.
constexpr std::uint64_t maxDefaultBytes = 1u << 20;

} // namespace

void Defaults::readPlan() {
  if (std::exchange(hasRead, true))
    return;
  types = typeTableOf(pools.plan);
  for (const auto &one : pools.plan.consts) {
    auto decoded = value::decode(std::as_bytes(std::span(one->bytes)));
    WEFT_ASSERT(decoded);
    consts.push_back(*std::move(decoded));
  }
  const fb::CodeT &code = *pools.plan.code;
  for (const auto &one : code.functions)
    functions.push_back({one->name, one->params, one->captures, one->registers,
                         std::span(code.words).subspan(one->words->first(), one->words->count())});
}

FailureOr<std::uint32_t> Defaults::compute(expr::FunctionOp function) {
  readPlan();
  value::Evaluator evaluator({consts, functions, &types});
  value::Value made;
  std::uint64_t fuel = base::defaultFuel;
  auto failure = evaluator.call(pools.function(function.getSymName()), {}, made, fuel);
  if (failure)
    return function.emitError() << "this default fails when it is computed: " << failure->why;
  if (std::uint64_t bytes = value::encodedBytes(made); bytes > maxDefaultBytes)
    return function.emitError() << "this default has " << bytes << " bytes, a plan holds at most " << maxDefaultBytes
                                << "; compute it in the body";
  return pools.constant(made, function.getResultTypes()[0]);
}

} // namespace weft::lowering
