//===- NnVerifyRows.cpp - The constraints of ops on whole rows ------------===//

#include "dialects/nn/NnChecks.h"

#include <cmath>

using namespace mlir;

namespace weft::nn {
namespace {

LogicalResult verifyNorm(Operation *op, Value input, RankedTensorType result, int64_t dim, const APFloat &eps) {
  if (failed(dimIsWithin(op, dim, typeOf(input).getRank()))) // C1
    return failure();
  if (failed(shapeIs(op, result, typeOf(input).getShape())) || failed(sameElements(op, result, typeOf(input)))) // C2
    return failure();
  if (!eps.isFinite() || (eps.isNegative() && !eps.isZero())) // C3
    return op->emitOpError() << "eps is " << eps.convertToDouble() << "; wanted a number that is not negative";
  return success();
}

/// C1 to C3 and C5 of attention, for either op.
template <typename Op> LogicalResult verifyHeads(Op op) {
  RankedTensorType q = typeOf(op.getQueries()), k = typeOf(op.getKeys()), v = typeOf(op.getValues());
  if (q.getRank() < 2 || k.getRank() != q.getRank() || v.getRank() != q.getRank()) // C1
    return op.emitOpError() << "has queries, keys and values of rank " << q.getRank() << ", " << k.getRank() << " and "
                            << v.getRank() << "; wanted one rank of 2 or more";
  ArrayRef<int64_t> qs = q.getShape(), ks = k.getShape(), vs = v.getShape();
  if (ks.drop_back(2) != qs.drop_back(2) || vs.drop_back(2) != qs.drop_back(2)) // C1
    return op.emitOpError() << "has batch dimensions " << textOf(qs.drop_back(2)) << ", " << textOf(ks.drop_back(2))
                            << " and " << textOf(vs.drop_back(2)) << "; wanted the same";
  if (failed(sameElements(op, k, q)) || failed(sameElements(op, v, q))) // C1
    return failure();
  if (ks.back() != qs.back()) // C2
    return op.emitOpError() << "has queries of " << qs.back() << " columns and keys of " << ks.back()
                            << "; wanted as many";
  if (vs[vs.size() - 2] != ks[ks.size() - 2]) // C2
    return op.emitOpError() << "has " << ks[ks.size() - 2] << " keys and " << vs[vs.size() - 2]
                            << " values; wanted as many";
  auto heads = static_cast<int64_t>(op.getHeads());
  if (heads < 1 || ks.back() % heads != 0 || vs.back() % heads != 0) // C3
    return op.emitOpError() << "heads is " << heads << "; wanted a divisor of " << ks.back() << " columns of keys and "
                            << vs.back() << " of values";
  if (op.getOffset() && !op.getCausal()) // C5
    return op.emitOpError() << "has an offset and is not causal; wanted causal, or no offset";
  if (!op.getScale().isFinite()) // C5
    return op.emitOpError() << "scale is " << op.getScale().convertToDouble() << "; wanted a finite number";
  return success();
}

/// C4: the results of attention, in either op.
template <typename Op> LogicalResult verifyMixed(Op op, Value result, Value lse, StringRef resultName) {
  RankedTensorType q = typeOf(op.getQueries());
  SmallVector<int64_t> wanted(q.getShape()), wantedLse(q.getShape().drop_back(2));
  wanted.back() = typeOf(op.getValues()).getShape().back();
  wantedLse.append({static_cast<int64_t>(op.getHeads()), q.getShape()[q.getRank() - 2]});
  if (failed(shapeIs(op, typeOf(result), wanted, resultName)) || failed(sameElements(op, typeOf(result), q)) ||
      failed(shapeIs(op, typeOf(lse), wantedLse, "lse")))
    return failure();
  if (typeOf(lse).getElementType().isF64() != q.getElementType().isF64())
    return op.emitOpError() << "lse has elements of " << typeOf(lse).getElementType() << " for operands of "
                            << q.getElementType() << "; wanted f64 for f64, else f32";
  return success();
}

} // namespace

LogicalResult SoftmaxOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(dimIsWithin(*this, getDim(), input.getRank()))) // C1
    return failure();
  if (failed(shapeIs(*this, getType(), input.getShape()))) // C2
    return failure();
  return sameElements(*this, getType(), input);
}

LogicalResult LayerNormOp::verify() { return verifyNorm(*this, getInput(), getType(), getDim(), getEps()); }
LogicalResult RmsNormOp::verify() { return verifyNorm(*this, getInput(), getType(), getDim(), getEps()); }

LogicalResult CrossEntropyOp::verify() {
  RankedTensorType logits = typeOf(getLogits());
  if (logits.getRank() < 1) // C1
    return emitOpError() << "has scores without dimensions; wanted rank 1 or more";
  ArrayRef<int64_t> rows = logits.getShape().drop_back();
  if (failed(shapeIs(*this, typeOf(getIds()), rows, "ids")) || failed(shapeIs(*this, getType(), rows))) // C1, C2
    return failure();
  return sameElements(*this, getType(), logits); // C2
}

LogicalResult ArgmaxOp::verify() {
  RankedTensorType input = typeOf(getInput());
  if (failed(dimIsWithin(*this, getDim(), input.getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted(input.getShape());
  wanted.erase(wanted.begin() + getDim());
  return shapeIs(*this, getType(), wanted); // C2
}

LogicalResult TopKOp::verify() {
  RankedTensorType input = typeOf(getInput()), values = typeOf(getValues());
  if (failed(dimIsWithin(*this, getDim(), input.getRank()))) // C1
    return failure();
  SmallVector<int64_t> wanted(input.getShape());
  if (values.getRank() == input.getRank())
    wanted[getDim()] = std::min(values.getShape()[getDim()], wanted[getDim()]);
  if (failed(shapeIs(*this, values, wanted, "values")) || failed(shapeIs(*this, typeOf(getPlaces()), wanted, "places")))
    return failure();                        // C2
  return sameElements(*this, values, input); // C3
}

LogicalResult AttentionOp::verify() {
  if (failed(verifyHeads(*this)))
    return failure();
  return verifyMixed(*this, getResult(), getLse(), "result"); // C4
}

LogicalResult AttentionGradOp::verify() {
  if (failed(verifyHeads(*this)) || failed(verifyMixed(*this, getOutput(), getLse(), "output"))) // C1, C2
    return failure();
  if (failed(shapeIs(*this, typeOf(getCotangent()), typeOf(getOutput()).getShape(), "cotangent")) ||
      failed(sameElements(*this, typeOf(getCotangent()), typeOf(getOutput())))) // C2
    return failure();
  for (auto [result, operand] : llvm::zip(getResults(), getOperands().take_front(3))) // C3
    if (failed(shapeIs(*this, typeOf(result), typeOf(operand).getShape())) ||
        failed(sameElements(*this, typeOf(result), typeOf(operand))))
      return failure();
  return success();
}

LogicalResult RandomOp::verify() {
  if (static_cast<int64_t>(getPlace()) < 0) // C1
    return emitOpError() << "place is " << static_cast<int64_t>(getPlace()) << "; wanted 0 or more";
  return success();
}

} // namespace weft::nn
