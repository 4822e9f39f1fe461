//===- AttentionForms.cpp - Attention with its scores, as linalg ----------===//
//
// The plain form: scores of all queries and keys, a softmax over the keys, a mix of
// the values. A target that can keep the scores of a few rows at a time does so
// instead; this form says what the result is, and serves where speed does not matter.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace weft::lowering {
namespace {
using namespace mlir;

/// Loops over batch, head, query, key and column, and tensors as maps over them.
class Heads {
public:
  template <typename Op>
  Heads(Op op, OpBuilder &builder, ValueRange operands, Value offset)
      : builder(builder), place(op.getLoc()), element(cast<FloatType>(typeOf(operands[0]).getElementType())),
        heads(op.getHeads()), scale(op.getScale().convertToDouble()), isCausal(op.getCausal()), offset(offset) {
    ArrayRef<int64_t> q = typeOf(operands[0]).getShape(), k = typeOf(operands[1]).getShape();
    queries = q[q.size() - 2];
    keys = k[k.size() - 2];
    batch = typeOf(operands[0]).getNumElements() / (queries * q.back());
  }

  enum Loop : int64_t { b, h, i, j, c, loopCount };

  /// Columns cut into heads: [batch, rows, heads, columns of one].
  Value cut(Value input) {
    ArrayRef<int64_t> shape = typeOf(input).getShape();
    auto type = RankedTensorType::get({batch, shape[shape.size() - 2], heads, shape.back() / heads}, element);
    return reshaped(builder, place, input, type);
  }
  /// The maps of what is cut by queries and of what is cut by keys, and of what has a score's shape or a row's.
  AffineMap byQuery() { return mapOf(builder.getContext(), loopCount, {b, i, h, c}); }
  AffineMap byKey() { return mapOf(builder.getContext(), loopCount, {b, j, h, c}); }
  AffineMap byScore() { return mapOf(builder.getContext(), loopCount, {b, h, i, j}); }

  RankedTensorType scoreType() { return RankedTensorType::get({batch, heads, queries, keys}, element); }
  RankedTensorType rowType() { return RankedTensorType::get({batch, heads, queries}, element); }

  /// Sums of products of two tensors; `output` are the loops of the result.
  Value product(RankedTensorType type, ArrayRef<int64_t> output, Value x, AffineMap xMap, Value y, AffineMap yMap) {
    auto body = [&](OpBuilder &inner, Location at, ValueRange v) {
      return ScalarForms(inner, at, element).mul(v[0], v[1]);
    };
    return contracted(builder, place, type, loopCount, output, {x, y}, {xMap, yMap}, ReduceKind::sum, body);
  }

  /// A tensor of the shape of the scores. `body` has the elements of `inputs`, rows among them, and whether the query
  /// sees the key.
  Value mapScores(ValueRange inputs, function_ref<Value(ScalarForms &, ValueRange, Value)> body) {
    SmallVector<AffineMap> maps;
    SmallVector<Value> all(inputs);
    for (Value input : inputs)
      maps.push_back(typeOf(input).getRank() == 3 ? mapOf(builder.getContext(), 4, {b, h, i})
                                                  : builder.getMultiDimIdentityMap(4));
    if (offset) {
      all.push_back(offset);
      maps.push_back(mapOf(builder.getContext(), 4, {}));
    }
    return mapped(builder, place, scoreType(), all, maps, [&](OpBuilder &inner, Location at, ValueRange x) {
      ScalarForms forms(inner, at, element);
      return body(forms, x.take_front(inputs.size()), sees(inner, at, offset ? x.back() : Value()));
    });
  }

  Value scaled(ScalarForms &forms, Value score) { return forms.mul(score, forms.constant(scale)); }

  OpBuilder &builder;
  Location place;
  FloatType element;
  int64_t heads, queries, keys, batch;
  double scale;

private:
  /// key <= query + offset.
  Value sees(OpBuilder &inner, Location at, Value given) {
    Type i64 = inner.getI64Type();
    if (!isCausal)
      return arith::ConstantOp::create(inner, at, inner.getBoolAttr(true));
    auto index = [&](int64_t loop) -> Value {
      return arith::IndexCastOp::create(inner, at, i64, linalg::IndexOp::create(inner, at, loop));
    };
    Value by = given ? arith::ExtSIOp::create(inner, at, i64, given).getResult()
                     : arith::ConstantOp::create(inner, at, inner.getI64IntegerAttr(keys - queries)).getResult();
    Value most = arith::AddIOp::create(inner, at, index(i), by);
    return arith::CmpIOp::create(inner, at, arith::CmpIPredicate::sle, index(j), most);
  }

  bool isCausal;
  Value offset;
};

struct AttentionForm : ComputingForm<AttentionForm, nn::AttentionOp> {
  static SmallVector<Value> build(nn::AttentionOp op, OpBuilder &builder, ValueRange operands) {
    Heads at(op, builder, operands, operands.size() > 3 ? operands[3] : Value());
    Value q = at.cut(operands[0]), k = at.cut(operands[1]), v = at.cut(operands[2]);
    Value products =
        at.product(at.scoreType(), {Heads::b, Heads::h, Heads::i, Heads::j}, q, at.byQuery(), k, at.byKey());
    Value scores = at.mapScores(products, [&](ScalarForms &forms, ValueRange x, Value isSeen) {
      return forms.select(isSeen, at.scaled(forms, x[0]), forms.constant(-INFINITY));
    });
    // A query without keys has no largest score; any number in its place makes all weights exp(-infinity).
    Value top = reduced(builder, at.place, at.rowType(), scores, {3}, ReduceKind::max);
    top = mappedAlike(builder, at.place, at.rowType(), top, [&](OpBuilder &inner, Location here, ValueRange x) {
      ScalarForms forms(inner, here, at.element);
      return forms.select(forms.isEqual(x[0], forms.constant(-INFINITY)), forms.constant(0.0), x[0]);
    });
    Value weights = at.mapScores(
        {scores, top}, [](ScalarForms &forms, ValueRange x, Value) { return forms.exp(forms.sub(x[0], x[1])); });
    Value sum = reduced(builder, at.place, at.rowType(), weights, {3}, ReduceKind::sum);
    Value lse =
        mappedAlike(builder, at.place, at.rowType(), {top, sum}, [&](OpBuilder &inner, Location here, ValueRange x) {
          ScalarForms forms(inner, here, at.element);
          return forms.add(x[0], forms.log(x[1]));
        });
    weights = at.mapScores({weights, sum}, [](ScalarForms &forms, ValueRange x, Value) {
      Value isEmpty = forms.isEqual(x[1], forms.constant(0.0));
      return forms.div(x[0], forms.select(isEmpty, forms.constant(1.0), x[1]));
    });
    auto mixedType = RankedTensorType::get({at.batch, at.queries, at.heads, typeOf(v).getShape().back()}, at.element);
    Value mixed = at.product(mixedType, {Heads::b, Heads::i, Heads::h, Heads::c}, weights, at.byScore(), v, at.byKey());
    auto shaped = [&](Value value, Value like) {
      return reshaped(builder, at.place, value, RankedTensorType::get(typeOf(like).getShape(), at.element));
    };
    return {shaped(mixed, op.getResult()), shaped(lse, op.getLse())};
  }
};

struct AttentionGradForm : ComputingForm<AttentionGradForm, nn::AttentionGradOp> {
  static SmallVector<Value> build(nn::AttentionGradOp op, OpBuilder &builder, ValueRange operands) {
    Heads at(op, builder, operands, operands.size() > 6 ? operands[6] : Value());
    Value q = at.cut(operands[0]), k = at.cut(operands[1]), v = at.cut(operands[2]), output = at.cut(operands[3]);
    Value lse = reshaped(builder, at.place, operands[4], at.rowType()), cotangent = at.cut(operands[5]);
    SmallVector<int64_t> score = {Heads::b, Heads::h, Heads::i, Heads::j};
    Value products = at.product(at.scoreType(), score, q, at.byQuery(), k, at.byKey());
    Value weights = at.mapScores({products, lse}, [&](ScalarForms &forms, ValueRange x, Value isSeen) {
      return forms.select(isSeen, forms.exp(forms.sub(at.scaled(forms, x[0]), x[1])), forms.constant(0.0));
    });
    Value forWeights = at.product(at.scoreType(), score, cotangent, at.byQuery(), v, at.byKey());
    AffineMap byRow = mapOf(builder.getContext(), 4, {0, 2, 1, 3}); // Batch, head, query, column.
    Value together = contracted(builder, at.place, at.rowType(), 4, {0, 1, 2}, {cotangent, output}, {byRow, byRow},
                                ReduceKind::sum, [&](OpBuilder &inner, Location here, ValueRange x) {
                                  return ScalarForms(inner, here, at.element).mul(x[0], x[1]);
                                });
    Value forScores = at.mapScores({weights, forWeights, together}, [&](ScalarForms &forms, ValueRange x, Value) {
      return at.scaled(forms, forms.mul(x[0], forms.sub(x[1], x[2])));
    });
    SmallVector<int64_t> query = {Heads::b, Heads::i, Heads::h, Heads::c},
                         key = {Heads::b, Heads::j, Heads::h, Heads::c};
    Value forQ = at.product(typeOf(q), query, forScores, at.byScore(), k, at.byKey());
    Value forK = at.product(typeOf(k), key, forScores, at.byScore(), q, at.byQuery());
    Value forV = at.product(typeOf(v), key, weights, at.byScore(), cotangent, at.byQuery());
    SmallVector<Value> results = {forQ, forK, forV};
    for (auto [result, operand] : llvm::zip(results, operands))
      result = reshaped(builder, at.place, result, typeOf(operand));
    return results;
  }
};

} // namespace

void attachAttentionForms(MLIRContext &context) {
  nn::AttentionOp::attachInterface<AttentionForm>(context);
  nn::AttentionGradOp::attachInterface<AttentionGradForm>(context);
}

} // namespace weft::lowering
