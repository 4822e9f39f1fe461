//===- Mosaic.cpp - Kernels that put tensors together ---------------------===//
//
// Edges of what is joined or padded cut a result into boxes, in each of which every
// element is computed alike: no element asks where it comes from. Leading dimensions
// that nothing cuts are units of work; where the first is cut, blocks of it are.
// LLVM vectorises the innermost loops.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Mosaic.h"

#include "compiler/analysis/Mosaic.h"
#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/targets/cpu/PhaseBuilder.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

#include <map>
#include <set>
#include <vector>

namespace weft::cpu {
namespace {
using namespace mlir;
using analysis::Placement;

/// Elements of an item: a range of items is worth a thread's while.
constexpr int64_t elementsOfItem = 1 << 14;
/// Elements of a unit, so that finding out which one it is costs little.
constexpr int64_t elementsOfUnit = 64;
/// Boxes of a result; more are left to loops that ask.
constexpr int64_t mostBoxes = 32;

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

Placement identity(Value value) {
  Placement same;
  for (int64_t dim = 0; dim < typeOf(value).getRank(); ++dim) {
    same.dims.push_back(dim);
    same.offsets.push_back(0);
  }
  return same;
}

/// Along each dimension of the result from where to where.
using Box = SmallVector<std::pair<int64_t, int64_t>, 6>;

/// One result and the boxes that it is cut into.
struct Result {
  Value value;
  unsigned number;
  SmallVector<std::set<int64_t>, 6> cuts; ///< Inside of each dimension.

  Result(Value value, unsigned number) : value(value), number(number), cuts(typeOf(value).getRank()) {
    std::set<std::pair<void *, Placement>> seen;
    addCuts(value, identity(value), seen);
  }

  void addCuts(Value part, const Placement &at, std::set<std::pair<void *, Placement>> &seen) {
    Operation *op = part.getDefiningOp();
    if (!op || !seen.insert({part.getAsOpaquePointer(), at}).second)
      return;
    auto cut = [&](int64_t dim, int64_t place) {
      int64_t inResult = place - at.offsets[dim], resultDim = at.dims[dim];
      if (inResult > 0 && inResult < typeOf(value).getDimSize(resultDim))
        cuts[resultDim].insert(inResult);
    };
    if (auto pad = dyn_cast<nn::PadOp>(op))
      for (auto [dim, low] : llvm::enumerate(pad.getLow())) {
        cut(static_cast<int64_t>(dim), low);
        cut(static_cast<int64_t>(dim), low + typeOf(pad.getInput()).getDimSize(dim));
      }
    if (auto concat = dyn_cast<nn::ConcatOp>(op)) {
      int64_t edge = 0;
      for (Value input : concat.getInputs())
        cut(concat.getDim(), edge += typeOf(input).getDimSize(concat.getDim()));
    }
    for (auto [number, operand] : llvm::enumerate(op->getOperands()))
      addCuts(operand, at.ofOperand(op, number), seen);
  }

  int64_t boxCount() const {
    int64_t count = 1;
    for (const std::set<int64_t> &inside : cuts)
      count *= static_cast<int64_t>(inside.size()) + 1;
    return count;
  }

  SmallVector<Box> boxes() const {
    SmallVector<Box> all = {{}};
    for (auto [dim, inside] : llvm::enumerate(cuts)) {
      SmallVector<int64_t> edges = {0};
      edges.append(inside.begin(), inside.end());
      edges.push_back(typeOf(value).getDimSize(dim));
      SmallVector<Box> longer;
      for (const Box &box : all)
        for (size_t i = 0; i + 1 < edges.size(); ++i) {
          longer.push_back(box);
          longer.back().push_back({edges[i], edges[i + 1]});
        }
      all = std::move(longer);
    }
    return all;
  }
};

/// Writes the element at one place of a box.
class ElementOfBox {
public:
  ElementOfBox(PhaseBuilder &phase, const Box &box, ArrayRef<Value> indices)
      : phase(phase), box(box), indices(indices) {}

  Value operator()(Value value, const Placement &at) {
    Value &known = memo[{value.getAsOpaquePointer(), at}];
    if (!known)
      known = write(value, at);
    return known;
  }

  Value linear(Value value, const Placement &at) {
    Value place = phase.index(0);
    for (auto [dim, size] : llvm::enumerate(typeOf(value).getShape()))
      place = phase.add(phase.mul(place, size), indexAlong(at, dim));
    return place;
  }

private:
  Value write(Value value, const Placement &at) {
    Operation *op = value.getDefiningOp();
    OpBuilder &builder = phase.builder;
    Type element = typeOf(value).getElementType();
    if (!op)
      return phase.load(phase.input(cast<BlockArgument>(value).getArgNumber()), linear(value, at), element);
    if (auto constant = dyn_cast<nn::ConstantOp>(op))
      return arith::ConstantOp::create(builder, phase.place,
                                       cast<SplatElementsAttr>(constant.getValue()).getSplatValue<TypedAttr>());
    if (auto iota = dyn_cast<nn::IotaOp>(op)) {
      Type whole = element.isInteger(64) ? element : builder.getI32Type();
      Value number = arith::IndexCastOp::create(builder, phase.place, whole, indexAlong(at, iota.getDim()));
      return lowering::convertElement(builder, phase.place, number, element);
    }
    if (isa<nn::PadOp, nn::ConcatOp>(op)) {
      for (auto [number, part] : llvm::enumerate(op->getOperands()))
        if (Placement inside = at.ofOperand(op, number); holds(part, inside))
          return (*this)(part, inside);
      return arith::ConstantOp::create(builder, phase.place, builder.getZeroAttr(element));
    }
    SmallVector<Value> operands;
    for (auto [number, operand] : llvm::enumerate(op->getOperands()))
      operands.push_back((*this)(operand, at.ofOperand(op, number)));
    if (analysis::isMove(op))
      return operands[0];
    if (auto elementwise = dyn_cast<nn::ElementwiseOp>(op))
      return lowering::applyElementwise(builder, phase.place, elementwise.getKind(), operands);
    if (auto compare = dyn_cast<nn::CompareOp>(op))
      return lowering::compareElements(builder, phase.place, compare.getKind(), operands[0], operands[1]);
    if (isa<nn::SelectOp>(op))
      return arith::SelectOp::create(builder, phase.place, operands[0], operands[1], operands[2]);
    return lowering::convertElement(builder, phase.place, operands[0], element);
  }

  Value indexAlong(const Placement &at, size_t dim) { return phase.add(indices[at.dims[dim]], at.offsets[dim]); }

  /// Whether the box lies in the part; cuts make it all or nothing.
  bool holds(Value part, const Placement &at) const {
    for (auto [dim, size] : llvm::enumerate(typeOf(part).getShape()))
      if (int64_t first = box[at.dims[dim]].first + at.offsets[dim]; first < 0 || first >= size)
        return false;
    return true;
  }

  PhaseBuilder &phase;
  const Box &box;
  ArrayRef<Value> indices;
  std::map<std::pair<void *, Placement>, Value> memo;
};

class MosaicLowering {
public:
  MosaicLowering(func::FuncOp kernel, std::vector<Result> results) : results(std::move(results)), phased(kernel) {}

  KernelFrame run() {
    for (const Result &result : results)
      addPhase(result);
    return phased.finish();
  }

private:
  /// One for each result: what they share is computed for each of them.
  void addPhase(const Result &result) {
    ArrayRef<int64_t> shape = typeOf(result.value).getShape();
    int64_t behind = typeOf(result.value).getNumElements(), units = 1;
    size_t leading = 0;
    while (leading < shape.size() && result.cuts[leading].empty() && behind / shape[leading] >= elementsOfUnit) {
      units *= shape[leading];
      behind /= shape[leading++];
    }
    // Nothing leads: the first dimension, cut or not, is taken in blocks.
    bool isCut = leading == 0 && !shape.empty();
    if (isCut) {
      units = shape[0];
      behind /= units;
    }
    int64_t block = std::max<int64_t>(1, elementsOfItem / behind);
    phased.addPhase((units + block - 1) / block, [=, this, &result](PhaseBuilder &phase) {
      Value first = phase.mul(phase.begin, block), last = phase.least(phase.mul(phase.end, block), phase.index(units));
      if (isCut)
        return eachBox(phase, result, {}, first, last);
      phase.loop(first, last, 1, [&](Value unit) {
        SmallVector<Value> indices(leading);
        for (size_t dim = leading; dim-- > 0;) {
          indices[dim] = dim == 0 ? unit : phase.rem(unit, shape[dim]);
          unit = phase.div(unit, shape[dim]);
        }
        eachBox(phase, result, indices, {}, {});
      });
    });
  }

  /// `from` and `to` bound the first dimension, where it is taken in blocks.
  void eachBox(PhaseBuilder &phase, const Result &result, ArrayRef<Value> leading, Value from, Value to) {
    for (const Box &box : result.boxes()) {
      SmallVector<Value> indices(leading);
      writeLoops(phase, result, box, indices, from, to);
    }
  }

  void writeLoops(PhaseBuilder &phase, const Result &result, const Box &box, SmallVectorImpl<Value> &indices,
                  Value from, Value to) {
    size_t dim = indices.size();
    if (dim == box.size()) {
      ElementOfBox element(phase, box, indices);
      Placement here = identity(result.value);
      phase.store(element(result.value, here), phase.output(result.number), element.linear(result.value, here));
      return;
    }
    Value begin = phase.index(box[dim].first), end = phase.index(box[dim].second);
    if (dim == 0 && from) {
      begin = arith::MaxUIOp::create(phase.builder, phase.place, begin, from);
      end = phase.least(end, to);
    }
    phase.loop(begin, end, 1, [&](Value index) {
      indices.push_back(index);
      writeLoops(phase, result, box, indices, from, to);
      indices.pop_back();
    });
  }

  std::vector<Result> results;
  PhasedKernel phased;
};

} // namespace

std::optional<KernelFrame> lowerMosaic(func::FuncOp kernel) {
  Block &body = kernel.getBody().front();
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator())
    ops.push_back(&op);
  bool isEmpty = llvm::any_of(body.getTerminator()->getOperandTypes(),
                              [](Type type) { return cast<RankedTensorType>(type).getNumElements() == 0; });
  bool isCopy = ops.empty() && llvm::all_of(kernel.getArgumentTypes(), [](Type type) {
                  Type element = cast<RankedTensorType>(type).getElementType();
                  return element.isF32() || element.isF64() || element.isInteger(32) || element.isInteger(64);
                });
  if (isEmpty || (!isCopy && !analysis::isMosaic(ops)))
    return {};
  std::vector<Result> results;
  for (auto [number, value] : llvm::enumerate(body.getTerminator()->getOperands())) {
    results.emplace_back(value, static_cast<unsigned>(number));
    if (results.back().boxCount() > mostBoxes)
      return {};
  }
  return MosaicLowering(kernel, std::move(results)).run();
}

} // namespace weft::cpu
