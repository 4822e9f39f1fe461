//===- RowForms.cpp - Products, sums and whole rows, as linalg ------------===//
//
// In passes over the rows: what a row's elements have in common (maximum, mean, sum)
// is a tensor of one element for each row, and the next pass reads it.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/lowering/NnToLinalg/Loops.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace weft::lowering {
namespace {
using namespace mlir;

/// With the last two dimensions swapped.
Value swapped(OpBuilder &builder, Location place, Value input) {
  SmallVector<int64_t> shape(typeOf(input).getShape()), loops = llvm::to_vector(llvm::seq<int64_t>(0, shape.size()));
  std::swap(shape.back(), shape[shape.size() - 2]);
  std::swap(loops.back(), loops[loops.size() - 2]);
  auto output = RankedTensorType::get(shape, typeOf(input).getElementType());
  return mapped(builder, place, output, input, mapOf(builder.getContext(), output.getRank(), loops),
                [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

struct MatmulForm : ComputingForm<MatmulForm, nn::MatmulOp> {
  /// Rows of a batch that shares its right operand are rows of one product; other batches become one dimension.
  static SmallVector<Value> build(nn::MatmulOp op, OpBuilder &builder, ValueRange operands) {
    Location place = op.getLoc();
    Value a = op.getTransposeLhs() ? swapped(builder, place, operands[0]) : operands[0];
    Value b = op.getTransposeRhs() ? swapped(builder, place, operands[1]) : operands[1];
    Type element = typeOf(a).getElementType();
    auto [m, n, k, rows] = nn::matmulSizes(op);
    int64_t batch = typeOf(a).getNumElements() / (m * k);
    auto zero = cast<TypedAttr>(builder.getZeroAttr(element));
    auto matrix = [&](ArrayRef<int64_t> shape) { return RankedTensorType::get(shape, element); };
    Value result;
    if (typeOf(b).getRank() == 2) {
      Value lhs = reshaped(builder, place, a, matrix({batch * m, k}));
      Value start = filled(builder, place, matrix({batch * m, n}), zero);
      result = linalg::MatmulOp::create(builder, place, ValueRange{lhs, b}, ValueRange{start}).getResult(0);
    } else {
      Value lhs = reshaped(builder, place, a, matrix({batch, m, k}));
      Value rhs = reshaped(builder, place, b, matrix({batch, k, n}));
      Value start = filled(builder, place, matrix({batch, m, n}), zero);
      result = linalg::BatchMatmulOp::create(builder, place, ValueRange{lhs, rhs}, ValueRange{start}).getResult(0);
    }
    return {reshaped(builder, place, result, matrix(op.getType().getShape()))};
  }
};

struct ReduceForm : ComputingForm<ReduceForm, nn::ReduceOp> {
  static SmallVector<Value> build(nn::ReduceOp op, OpBuilder &builder, ValueRange operands) {
    auto output = RankedTensorType::get(op.getType().getShape(), typeOf(operands[0]).getElementType());
    return {reduced(builder, op.getLoc(), output, operands[0], op.getDims(), op.getKind())};
  }
};

/// The rows of one tensor along a dimension, and passes over them.
struct Rows {
  Rows(OpBuilder &builder, Location place, Value input, int64_t dim)
      : builder(builder), place(place), input(input), type(typeOf(input)),
        element(cast<FloatType>(type.getElementType())), kept(dimsBut(type.getRank(), dim)),
        length(type.getShape()[dim]) {
    SmallVector<int64_t> shape(type.getShape());
    shape.erase(shape.begin() + dim);
    rowType = RankedTensorType::get(shape, element);
    row = mapOf(builder.getContext(), type.getRank(), kept);
    whole = builder.getMultiDimIdentityMap(type.getRank());
  }

  using Body = function_ref<Value(ScalarForms &, ValueRange)>;

  /// One element for each row: `body` of the row's elements and of the row's element of each of `rowValues`, combined.
  Value combine(ReduceKind kind, Value of, ValueRange rowValues, Body body) {
    return contracted(builder, place, rowType, type.getRank(), kept, inputs(of, rowValues), maps(rowValues), kind,
                      scalars(body));
  }
  /// Each element by `body` of it and of the row's element of each of `rowValues`.
  Value map(Value of, ValueRange rowValues, Body body) {
    return mapped(builder, place, type, inputs(of, rowValues), maps(rowValues), scalars(body));
  }
  /// One element for each row from others.
  Value mapRows(ValueRange rowValues, Body body) {
    return mappedAlike(builder, place, rowType, rowValues, scalars(body));
  }

  Value largest() {
    return combine(ReduceKind::max, input, {}, [](ScalarForms &, ValueRange x) { return x[0]; });
  }

  OpBuilder &builder;
  Location place;
  Value input;
  RankedTensorType type, rowType;
  FloatType element;
  SmallVector<int64_t> kept;
  int64_t length;
  AffineMap row, whole;

private:
  static SmallVector<Value> inputs(Value of, ValueRange rowValues) {
    SmallVector<Value> all = {of};
    llvm::append_range(all, rowValues);
    return all;
  }
  SmallVector<AffineMap> maps(ValueRange rowValues) {
    SmallVector<AffineMap> all(rowValues.size() + 1, row);
    all[0] = whole;
    return all;
  }
  std::function<Value(OpBuilder &, Location, ValueRange)> scalars(Body body) {
    return [this, body](OpBuilder &inner, Location at, ValueRange x) {
      ScalarForms forms(inner, at, element);
      return body(forms, x);
    };
  }
};

struct SoftmaxForm : ComputingForm<SoftmaxForm, nn::SoftmaxOp> {
  static SmallVector<Value> build(nn::SoftmaxOp op, OpBuilder &builder, ValueRange operands) {
    Rows rows(builder, op.getLoc(), operands[0], op.getDim());
    Value weights = rows.map(rows.input, rows.largest(),
                             [](ScalarForms &forms, ValueRange x) { return forms.exp(forms.sub(x[0], x[1])); });
    Value sum = rows.combine(ReduceKind::sum, weights, {}, [](ScalarForms &, ValueRange x) { return x[0]; });
    return {rows.map(weights, sum, [](ScalarForms &forms, ValueRange x) { return forms.div(x[0], x[1]); })};
  }
};

/// 1 / sqrt(sum / length + eps), for each row.
Value inverseDeviation(Rows &rows, Value squares, double eps) {
  return rows.mapRows(squares, [&](ScalarForms &forms, ValueRange x) {
    Value mean = forms.div(x[0], forms.constant(double(rows.length)));
    return forms.rsqrt(forms.add(mean, forms.constant(eps)));
  });
}

/// The mean first and the deviations from it then: the difference of two large sums would lose what is asked for.
struct LayerNormForm : ComputingForm<LayerNormForm, nn::LayerNormOp> {
  static SmallVector<Value> build(nn::LayerNormOp op, OpBuilder &builder, ValueRange operands) {
    Rows rows(builder, op.getLoc(), operands[0], op.getDim());
    Value sum = rows.combine(ReduceKind::sum, rows.input, {}, [](ScalarForms &, ValueRange x) { return x[0]; });
    Value mean = rows.mapRows(
        sum, [&](ScalarForms &forms, ValueRange x) { return forms.div(x[0], forms.constant(double(rows.length))); });
    Value squares = rows.combine(ReduceKind::sum, rows.input, mean, [](ScalarForms &forms, ValueRange x) {
      Value apart = forms.sub(x[0], x[1]);
      return forms.mul(apart, apart);
    });
    Value scale = inverseDeviation(rows, squares, op.getEps().convertToDouble());
    return {rows.map(rows.input, {mean, scale},
                     [](ScalarForms &forms, ValueRange x) { return forms.mul(forms.sub(x[0], x[1]), x[2]); })};
  }
};

struct RmsNormForm : ComputingForm<RmsNormForm, nn::RmsNormOp> {
  static SmallVector<Value> build(nn::RmsNormOp op, OpBuilder &builder, ValueRange operands) {
    Rows rows(builder, op.getLoc(), operands[0], op.getDim());
    Value squares = rows.combine(ReduceKind::sum, rows.input, {},
                                 [](ScalarForms &forms, ValueRange x) { return forms.mul(x[0], x[0]); });
    Value scale = inverseDeviation(rows, squares, op.getEps().convertToDouble());
    return {rows.map(rows.input, scale, [](ScalarForms &forms, ValueRange x) { return forms.mul(x[0], x[1]); })};
  }
};

struct CrossEntropyForm : ComputingForm<CrossEntropyForm, nn::CrossEntropyOp> {
  static SmallVector<Value> build(nn::CrossEntropyOp op, OpBuilder &builder, ValueRange operands) {
    int64_t rank = typeOf(operands[0]).getRank();
    Rows rows(builder, op.getLoc(), operands[0], rank - 1);
    Value top = rows.largest();
    Value sum = rows.combine(ReduceKind::sum, rows.input, top,
                             [](ScalarForms &forms, ValueRange x) { return forms.exp(forms.sub(x[0], x[1])); });
    AffineMap each = builder.getMultiDimIdentityMap(rank - 1);
    return {mapped(builder, op.getLoc(), rows.rowType, {operands[1], top, sum}, {each, each, each},
                   [&](OpBuilder &inner, Location at, ValueRange x) {
                     SmallVector<Value> places;
                     for (int64_t i = 0; i < rank - 1; ++i)
                       places.push_back(linalg::IndexOp::create(inner, at, i));
                     places.push_back(clampedIndex(inner, at, x[0], rows.length));
                     Value picked = tensor::ExtractOp::create(inner, at, operands[0], places);
                     ScalarForms forms(inner, at, rows.element);
                     return forms.add(forms.log(x[2]), forms.sub(x[1], picked));
                   })};
  }
};

} // namespace

void attachRowForms(MLIRContext &context) {
  nn::MatmulOp::attachInterface<MatmulForm>(context);
  nn::ReduceOp::attachInterface<ReduceForm>(context);
  nn::SoftmaxOp::attachInterface<SoftmaxForm>(context);
  nn::LayerNormOp::attachInterface<LayerNormForm>(context);
  nn::RmsNormOp::attachInterface<RmsNormForm>(context);
  nn::CrossEntropyOp::attachInterface<CrossEntropyForm>(context);
}

} // namespace weft::lowering
