//===- NnControl.cpp - Constraints and builders of ops that run others ----===//

#include "dialects/nn/Nn.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

#include <limits>

using namespace mlir;

namespace weft::nn {
namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

/// Encodings are not compared: the body is never split.
bool isAlike(Type found, Type wanted) {
  auto left = dyn_cast<RankedTensorType>(found), right = dyn_cast<RankedTensorType>(wanted);
  return left && right && left.getShape() == right.getShape() && left.getElementType() == right.getElementType();
}

std::string ordinal(StringRef what, size_t index) { return (what + " " + Twine(index)).str(); }

} // namespace

RankedTensorType sliceType(RankedTensorType stacked) {
  return RankedTensorType::get(stacked.getShape().drop_front(), stacked.getElementType());
}

RankedTensorType stackedType(RankedTensorType slice, int64_t count) {
  SmallVector<int64_t> shape = {count};
  llvm::append_range(shape, slice.getShape());
  return RankedTensorType::get(shape, slice.getElementType());
}

void ScanOp::build(OpBuilder &builder, OperationState &state, int64_t count, bool reverse, ValueRange carried,
                   ValueRange stacked, ValueRange shared,
                   llvm::function_ref<SmallVector<Value>(OpBuilder &, ScanBody)> body) {
  OpBuilder::InsertionGuard guard(builder);
  Location place = state.location;
  state.addOperands(carried);
  state.addOperands(stacked);
  state.addOperands(shared);
  state.addAttribute(
      getOperandSegmentSizesAttrName(state.name),
      builder.getDenseI32ArrayAttr({int32_t(carried.size()), int32_t(stacked.size()), int32_t(shared.size())}));
  state.addAttribute(getCountAttrName(state.name), builder.getI64IntegerAttr(count));
  if (reverse)
    state.addAttribute(getReverseAttrName(state.name), builder.getUnitAttr());
  SmallVector<Type> types = {RankedTensorType::get({}, builder.getI32Type())};
  for (Value value : carried)
    types.push_back(RankedTensorType::get(typeOf(value).getShape(), typeOf(value).getElementType()));
  for (Value value : stacked)
    types.push_back(sliceType(typeOf(value)));
  for (Value value : shared)
    types.push_back(RankedTensorType::get(typeOf(value).getShape(), typeOf(value).getElementType()));
  Block *block = builder.createBlock(state.addRegion(), {}, types, SmallVector<Location>(types.size(), place));
  SmallVector<Value> yielded = body(builder, ScanBody(*block, carried.size(), stacked.size()));
  YieldOp::create(builder, place, yielded);
  for (auto [index, value] : llvm::enumerate(yielded))
    state.addTypes(index < carried.size() ? typeOf(value) : stackedType(typeOf(value), count));
}

ScanBody ScanOp::getBodyArguments() { return ScanBody(getBody().front(), getCarried().size(), getStacked().size()); }

OperandRange ScanOp::getYielded() { return getBody().front().getTerminator()->getOperands(); }

LogicalResult ScanOp::verifyRegions() {
  int64_t count = getCount();
  if (count < 1 || count > std::numeric_limits<int32_t>::max()) // C1
    return emitOpError() << "count is " << count << "; wanted 1 to " << std::numeric_limits<int32_t>::max();
  for (auto [index, value] : llvm::enumerate(getStacked())) // C2
    if (typeOf(value).getRank() == 0 || typeOf(value).getShape().front() != count)
      return emitOpError() << "has the stacked operand " << index << " of " << value.getType()
                           << "; wanted a first dimension of " << count << ", the count";
  SmallVector<std::pair<std::string, Type>> wanted = {
      {"index", RankedTensorType::get({}, IntegerType::get(getContext(), 32))}};
  for (auto [index, value] : llvm::enumerate(getCarried()))
    wanted.emplace_back(ordinal("carried value", index), value.getType());
  for (auto [index, value] : llvm::enumerate(getStacked()))
    wanted.emplace_back(ordinal("slice of stacked operand", index), sliceType(typeOf(value)));
  for (auto [index, value] : llvm::enumerate(getShared()))
    wanted.emplace_back(ordinal("shared operand", index), value.getType());
  Block &block = getBody().front();
  if (block.getNumArguments() != wanted.size()) // C3
    return emitOpError() << "has a body of " << block.getNumArguments() << " arguments; wanted " << wanted.size()
                         << ": the index, carried values, slices and shared operands";
  for (auto [argument, want] : llvm::zip(block.getArguments(), wanted))
    if (!isAlike(argument.getType(), want.second)) // C3
      return emitOpError() << "has a body whose argument for the " << want.first << " is of " << argument.getType()
                           << "; wanted " << want.second;
  if (getYielded().size() != getOutputs().size() || getYielded().size() < getCarried().size()) // C4
    return emitOpError() << "yields " << getYielded().size() << " values for " << getCarried().size()
                         << " carried values and " << getOutputs().size() << " results; wanted one for each result";
  for (auto [index, yielded, carried, last] : llvm::enumerate(getNextCarried(), getCarried(), getLastCarried()))
    if (!isAlike(yielded.getType(), carried.getType()) || !isAlike(last.getType(), carried.getType())) // C4
      return emitOpError() << "carries value " << index << " as " << carried.getType() << ", yields it as "
                           << yielded.getType() << " and gives it as " << last.getType() << "; wanted one type";
  for (auto [index, yielded, output] : llvm::enumerate(getYieldedSlices(), getStackedOutputs()))
    if (Type type = stackedType(typeOf(yielded), count); !isAlike(output.getType(), type)) // C5
      return emitOpError() << "stacks result " << index + getCarried().size() << " as " << output.getType()
                           << "; wanted " << type;
  return success();
}

/// All is whole, so the rule has no factors.
ShardingRule ScanOp::getShardingRule() {
  ShardingRule rule;
  for (Value value : getOperands())
    rule.operands.emplace_back(typeOf(value).getRank(), ShardingRule::whole);
  for (Value value : getResults())
    rule.results.emplace_back(typeOf(value).getRank(), ShardingRule::whole);
  rule.linearIn.assign(getNumOperands(), false);
  return rule;
}

Operation *ScanOp::buildLocal(OpBuilder &builder, ValueRange operands, TypeRange resultTypes) {
  Operation *local = builder.clone(*getOperation());
  local->setOperands(operands);
  for (auto [result, type] : llvm::zip(local->getResults(), resultTypes))
    result.setType(type);
  return local;
}

LogicalResult ValueAndGradOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto function = symbols.lookupNearestSymbolFrom<FunctionOpInterface>(*this, getCalleeAttr());
  if (!function) // C1
    return emitOpError() << "differentiates " << getCalleeAttr() << ", which is no function of the module";
  auto sameTypes = [](TypeRange found, TypeRange wanted) {
    return found.size() == wanted.size() && llvm::all_of(llvm::zip(found, wanted), [](auto pair) {
             return isAlike(std::get<0>(pair), std::get<1>(pair));
           });
  };
  int64_t wrt = getWrt(), operands = getInputs().size(), results = getOutputs().size();
  if (wrt < 1 || wrt > operands || wrt > results) // C3
    return emitOpError() << "wrt is " << wrt << " for " << operands << " operands and " << results
                         << " results; wanted 1 or more, and at most as many as either";
  if (!sameTypes(getInputs().getTypes(), function.getArgumentTypes())) // C1
    return emitOpError() << "has operands of other types than the arguments of " << getCalleeAttr();
  if (!sameTypes(getValues().getTypes(), function.getResultTypes())) // C1
    return emitOpError() << "has " << results - wrt << " results before the " << wrt << " derivatives; wanted those of "
                         << getCalleeAttr() << ", of their types";
  auto isValue = [](Type type) {
    auto tensor = dyn_cast<RankedTensorType>(type);
    return tensor && tensor.getRank() == 0 && (tensor.getElementType().isF32() || tensor.getElementType().isF64());
  };
  if (function.getNumResults() == 0 || !isValue(function.getResultTypes().front())) // C2
    return emitOpError() << "differentiates " << getCalleeAttr()
                         << ", whose first result is no single f32 or f64; wanted tensor<f32> or tensor<f64>";
  for (auto [index, input] : llvm::enumerate(getInputs().take_front(wrt)))
    if (!isa<FloatType>(typeOf(input).getElementType())) // C3
      return emitOpError() << "asks for the derivative by operand " << index << " of " << input.getType()
                           << "; wanted elements of a float type";
  if (!sameTypes(getGradients().getTypes(), getInputs().take_front(wrt).getTypes())) // C4
    return emitOpError() << "has derivatives of other types than the operands that they are by";
  return success();
}

} // namespace weft::nn
