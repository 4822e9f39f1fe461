//===- LinalgForms.cpp - What nn's ops compute, as linalg -----------------===//
//
// Attached from outside so that dialects/nn needs no heavy header. Forms are
// plain: loops over whole tensors with the body of one element; tiling, fusion and
// vectorisation are the target's.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/NnToLinalg/LinalgForms.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/lowering/NnToLinalg/ScalarForms.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/AffineMap.h"

namespace weft::lowering {
namespace {
using namespace mlir;
using Values = FailureOr<SmallVector<Value>>;

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

Value emptyLike(OpBuilder &builder, Location place, RankedTensorType type) {
  return tensor::EmptyOp::create(builder, place, type.getShape(), type.getElementType());
}

Value filled(OpBuilder &builder, Location place, RankedTensorType type, TypedAttr element) {
  Value value = arith::ConstantOp::create(builder, place, element);
  return linalg::FillOp::create(builder, place, value, emptyLike(builder, place, type)).getResult(0);
}

/// One loop nest over `output`; `body` gives an element from one element of each input.
Value mapped(OpBuilder &builder, Location place, RankedTensorType output, ValueRange inputs,
             ArrayRef<AffineMap> inputMaps, function_ref<Value(OpBuilder &, Location, ValueRange)> body) {
  SmallVector<AffineMap> maps(inputMaps);
  maps.push_back(builder.getMultiDimIdentityMap(output.getRank()));
  SmallVector<utils::IteratorType> loops(output.getRank(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, place, TypeRange(output), inputs,
                                   ValueRange(emptyLike(builder, place, output)), maps, loops,
                                   [&](OpBuilder &inner, Location at, ValueRange elements) {
                                     linalg::YieldOp::create(inner, at, body(inner, at, elements));
                                   })
      .getResult(0);
}

/// Combines `input` over `dims`; sums may be made in any order, so that they are made in vectors.
Value reduced(OpBuilder &builder, Location place, RankedTensorType output, Value input, ArrayRef<int64_t> dims,
              ReduceKind kind) {
  int64_t rank = typeOf(input).getRank();
  SmallVector<utils::IteratorType> loops(rank, utils::IteratorType::parallel);
  SmallVector<AffineExpr> kept;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (llvm::is_contained(dims, dim))
      loops[dim] = utils::IteratorType::reduction;
    else
      kept.push_back(builder.getAffineDimExpr(dim));
  SmallVector<AffineMap> maps = {builder.getMultiDimIdentityMap(rank),
                                 AffineMap::get(rank, 0, kept, builder.getContext())};
  Value start = filled(builder, place, output, startOf(builder, kind, output.getElementType()));
  return linalg::GenericOp::create(builder, place, TypeRange(output), ValueRange(input), ValueRange(start), maps, loops,
                                   [&](OpBuilder &inner, Location at, ValueRange elements) {
                                     Value both = combine(inner, at, kind, elements[1], elements[0]);
                                     linalg::YieldOp::create(inner, at, both);
                                   })
      .getResult(0);
}

/// The same elements in another shape, through one dimension where shapes do not nest.
Value reshaped(OpBuilder &builder, Location place, Value input, RankedTensorType output) {
  RankedTensorType from = typeOf(input);
  if (from == output)
    return input;
  auto all = [](int64_t rank) {
    SmallVector<ReassociationIndices> groups;
    if (rank)
      groups.push_back(llvm::to_vector<2>(llvm::seq<int64_t>(0, rank)));
    return groups;
  };
  auto flat = RankedTensorType::get({from.getNumElements()}, from.getElementType());
  if (from.getRank() == 0)
    input = tensor::ExpandShapeOp::create(builder, place, flat, input, ArrayRef<ReassociationIndices>{});
  else if (from.getRank() > 1)
    input = tensor::CollapseShapeOp::create(builder, place, flat, input, all(from.getRank()));
  if (output.getRank() == 0)
    return tensor::CollapseShapeOp::create(builder, place, output, input, ArrayRef<ReassociationIndices>{});
  if (output.getRank() > 1)
    return tensor::ExpandShapeOp::create(builder, place, output, input, all(output.getRank()));
  return input;
}

template <typename Form, typename Op> using FormOf = LinalgFormInterface::ExternalModel<Form, Op>;

struct ConstantForm : FormOf<ConstantForm, nn::ConstantOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange) const {
    auto value = cast<TypedAttr>(cast<nn::ConstantOp>(op).getValue());
    return SmallVector<Value>{arith::ConstantOp::create(builder, op->getLoc(), value)};
  }
};

struct ElementwiseForm : FormOf<ElementwiseForm, nn::ElementwiseOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto elementwise = cast<nn::ElementwiseOp>(op);
    SmallVector<AffineMap> maps(operands.size(), builder.getMultiDimIdentityMap(elementwise.getType().getRank()));
    return SmallVector<Value>{mapped(builder, op->getLoc(), elementwise.getType(), operands, maps,
                                     [&](OpBuilder &inner, Location at, ValueRange elements) {
                                       return applyElementwise(inner, at, elementwise.getKind(),
                                                               elements.take_front(operands.size()));
                                     })};
  }
};

/// With the last two dimensions swapped.
Value swapped(OpBuilder &builder, Location place, Value input) {
  SmallVector<int64_t> shape(typeOf(input).getShape());
  SmallVector<AffineExpr> places;
  for (size_t i = 0; i < shape.size(); ++i)
    places.push_back(builder.getAffineDimExpr(i));
  std::swap(shape.back(), shape[shape.size() - 2]);
  std::swap(places.back(), places[places.size() - 2]);
  auto output = RankedTensorType::get(shape, typeOf(input).getElementType());
  return mapped(builder, place, output, input, AffineMap::get(shape.size(), 0, places, builder.getContext()),
                [](OpBuilder &, Location, ValueRange x) { return x[0]; });
}

struct MatmulForm : FormOf<MatmulForm, nn::MatmulOp> {
  /// Rows of a batch that shares its right operand are rows of one product; other batches become one dimension.
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto matmul = cast<nn::MatmulOp>(op);
    Location place = op->getLoc();
    Type element = matmul.getType().getElementType();
    Value a = matmul.getTransposeLhs() ? swapped(builder, place, operands[0]) : operands[0];
    Value b = matmul.getTransposeRhs() ? swapped(builder, place, operands[1]) : operands[1];
    RankedTensorType left = typeOf(a), right = typeOf(b);
    int64_t k = left.getShape().back(), n = right.getShape().back(), m = left.getShape()[left.getRank() - 2];
    int64_t batch = left.getNumElements() / (m * k);
    auto zero = cast<TypedAttr>(builder.getZeroAttr(element));
    Value result;
    if (right.getRank() == 2) {
      Value rows = reshaped(builder, place, a, RankedTensorType::get({batch * m, k}, element));
      Value start = filled(builder, place, RankedTensorType::get({batch * m, n}, element), zero);
      result = linalg::MatmulOp::create(builder, place, ValueRange{rows, b}, ValueRange{start}).getResult(0);
    } else {
      Value lhs = reshaped(builder, place, a, RankedTensorType::get({batch, m, k}, element));
      Value rhs = reshaped(builder, place, b, RankedTensorType::get({batch, k, n}, element));
      Value start = filled(builder, place, RankedTensorType::get({batch, m, n}, element), zero);
      result = linalg::BatchMatmulOp::create(builder, place, ValueRange{lhs, rhs}, ValueRange{start}).getResult(0);
    }
    return SmallVector<Value>{reshaped(builder, place, result, matmul.getType())};
  }
};

struct ReduceForm : FormOf<ReduceForm, nn::ReduceOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto reduce = cast<nn::ReduceOp>(op);
    return SmallVector<Value>{
        reduced(builder, op->getLoc(), reduce.getType(), operands[0], reduce.getDims(), reduce.getKind())};
  }
};

struct SoftmaxForm : FormOf<SoftmaxForm, nn::SoftmaxOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto softmax = cast<nn::SoftmaxOp>(op);
    Location place = op->getLoc();
    RankedTensorType type = softmax.getType();
    int64_t rank = type.getRank(), dim = softmax.getDim();
    SmallVector<int64_t> shape(type.getShape());
    shape.erase(shape.begin() + dim);
    auto rowType = RankedTensorType::get(shape, type.getElementType());
    SmallVector<AffineExpr> kept;
    for (int64_t i = 0; i < rank; ++i)
      if (i != dim)
        kept.push_back(builder.getAffineDimExpr(i));
    AffineMap whole = builder.getMultiDimIdentityMap(rank), row = AffineMap::get(rank, 0, kept, builder.getContext());
    auto element = cast<FloatType>(type.getElementType());

    Value top = reduced(builder, place, rowType, operands[0], {dim}, ReduceKind::max);
    Value weights = mapped(builder, place, type, {operands[0], top}, {whole, row},
                           [&](OpBuilder &inner, Location at, ValueRange x) {
                             ScalarForms forms(inner, at, element);
                             return forms.exp(forms.sub(x[0], x[1]));
                           });
    Value sum = reduced(builder, place, rowType, weights, {dim}, ReduceKind::sum);
    return SmallVector<Value>{
        mapped(builder, place, type, {weights, sum}, {whole, row}, [&](OpBuilder &inner, Location at, ValueRange x) {
          return ScalarForms(inner, at, element).div(x[0], x[1]);
        })};
  }
};

struct ReshapeForm : FormOf<ReshapeForm, nn::ReshapeOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    return SmallVector<Value>{reshaped(builder, op->getLoc(), operands[0], cast<nn::ReshapeOp>(op).getType())};
  }
};

struct TransposeForm : FormOf<TransposeForm, nn::TransposeOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto transpose = cast<nn::TransposeOp>(op);
    // Result dimension i is operand dimension perm[i], so the operand is read at the inverse permutation.
    SmallVector<AffineExpr> places(transpose.getPerm().size());
    for (auto [i, dim] : llvm::enumerate(transpose.getPerm()))
      places[dim] = builder.getAffineDimExpr(i);
    AffineMap map = AffineMap::get(places.size(), 0, places, builder.getContext());
    return SmallVector<Value>{mapped(builder, op->getLoc(), transpose.getType(), operands, map,
                                     [](OpBuilder &, Location, ValueRange x) { return x[0]; })};
  }
};

struct BroadcastForm : FormOf<BroadcastForm, nn::BroadcastOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto broadcast = cast<nn::BroadcastOp>(op);
    SmallVector<AffineExpr> places;
    for (int64_t dim : broadcast.getDims())
      places.push_back(builder.getAffineDimExpr(dim));
    AffineMap map = AffineMap::get(broadcast.getType().getRank(), 0, places, builder.getContext());
    return SmallVector<Value>{mapped(builder, op->getLoc(), broadcast.getType(), operands, map,
                                     [](OpBuilder &, Location, ValueRange x) { return x[0]; })};
  }
};

struct CastForm : FormOf<CastForm, nn::CastOp> {
  Values buildLinalg(Operation *op, OpBuilder &builder, ValueRange operands) const {
    auto cast = llvm::cast<nn::CastOp>(op);
    Type element = cast.getType().getElementType();
    return SmallVector<Value>{mapped(
        builder, op->getLoc(), cast.getType(), operands, builder.getMultiDimIdentityMap(cast.getType().getRank()),
        [&](OpBuilder &inner, Location at, ValueRange x) { return convertElement(inner, at, x[0], element); })};
  }
};

} // namespace

void registerLinalgForms(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, nn::NnDialect *) {
    nn::ConstantOp::attachInterface<ConstantForm>(*context);
    nn::ElementwiseOp::attachInterface<ElementwiseForm>(*context);
    nn::MatmulOp::attachInterface<MatmulForm>(*context);
    nn::ReduceOp::attachInterface<ReduceForm>(*context);
    nn::SoftmaxOp::attachInterface<SoftmaxForm>(*context);
    nn::ReshapeOp::attachInterface<ReshapeForm>(*context);
    nn::TransposeOp::attachInterface<TransposeForm>(*context);
    nn::BroadcastOp::attachInterface<BroadcastForm>(*context);
    nn::CastOp::attachInterface<CastForm>(*context);
  });
}

} // namespace weft::lowering
