//===- RowShape.cpp - Ops that one pass over rows computes ----------------===//
//
// Values that must have equal extents are put into one group; reductions and
// broadcasts say what extent a group has, and all must agree.
//
//===----------------------------------------------------------------------===//

#include "compiler/analysis/RowShape.h"

#include "dialects/nn/Nn.h"
#include "mlir/IR/BuiltinTypes.h"
#include "llvm/ADT/EquivalenceClasses.h"
#include "llvm/ADT/STLExtras.h"

namespace weft::analysis {
using namespace mlir;

namespace {

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }
int64_t countOf(Value value) { return typeOf(value).getNumElements(); }

bool isComputed(Type element) {
  return element.isF32() || element.isF64() || element.isInteger(1) || element.isInteger(32) || element.isInteger(64);
}

/// `dims` are the first of a rank, or the last.
bool areFirst(ArrayRef<int64_t> dims) {
  return llvm::all_of(llvm::enumerate(dims), [](auto each) { return each.value() == int64_t(each.index()); });
}
bool areLast(ArrayRef<int64_t> dims, int64_t rank) {
  int64_t first = rank - static_cast<int64_t>(dims.size());
  return llvm::all_of(llvm::enumerate(dims), [&](auto each) { return each.value() == first + int64_t(each.index()); });
}

class Analysis {
public:
  std::optional<RowShape> run(ArrayRef<Operation *> ops) {
    for (Operation *op : ops) {
      if (!isOfRows(op) && !isa<nn::MatmulOp>(op))
        return {};
      for (Value value : llvm::concat<Value>(llvm::to_vector(op->getOperands()), llvm::to_vector(op->getResults())))
        if (!isComputed(typeOf(value).getElementType()))
          return {};
      if (isa<nn::MatmulOp>(op)) {
        if (product)
          return {};
        product = op;
        total = std::max(total, countOf(op->getResult(0)));
        continue;
      }
      for (Value value : op->getOperands())
        total = std::max(total, countOf(value));
      for (Value value : op->getResults())
        total = std::max(total, countOf(value));
    }
    for (Operation *op : ops)
      if (!addRules(op))
        return {};
    return decide(ops);
  }

private:
  bool addRules(Operation *op) {
    if (op == product) {
      if (countOf(op->getResult(0)) != total)
        return false;
      return isFull(op->getResult(0)) && hasColumns(typeOf(op->getResult(0)).getShape().back());
    }
    if (auto reduce = dyn_cast<nn::ReduceOp>(op))
      return addReduce(reduce);
    if (auto broadcast = dyn_cast<nn::BroadcastOp>(op))
      return addBroadcast(broadcast);
    if (auto iota = dyn_cast<nn::IotaOp>(op)) {
      classes.insert(iota.getResult());
      return !iota.getStart();
    }
    if (isa<nn::ConstantOp>(op)) {
      classes.insert(op->getResult(0));
      return cast<nn::ConstantOp>(op).getValue().isSplat();
    }
    if (auto loss = dyn_cast<nn::CrossEntropyOp>(op))
      return isFull(loss.getLogits()) && hasColumns(typeOf(loss.getLogits()).getShape().back()) &&
             is(loss.getIds(), Extent::row) && is(loss.getResult(), Extent::row) && !product;
    int64_t along = -1;
    if (auto softmax = dyn_cast<nn::SoftmaxOp>(op))
      along = softmax.getDim();
    else if (auto norm = dyn_cast<nn::LayerNormOp>(op))
      along = norm.getDim();
    else if (auto norm = dyn_cast<nn::RmsNormOp>(op))
      along = norm.getDim();
    if (along >= 0) {
      RankedTensorType type = typeOf(op->getResult(0));
      return along == type.getRank() - 1 && !product && isFull(op->getOperand(0)) && isFull(op->getResult(0)) &&
             hasColumns(type.getShape().back());
    }
    for (Value operand : op->getOperands())
      classes.unionSets(operand, op->getResult(0));
    return true;
  }

  bool addReduce(nn::ReduceOp reduce) {
    if (product)
      return false;
    int64_t rank = typeOf(reduce.getInput()).getRank(), kept = countOf(reduce.getResult());
    ArrayRef<int64_t> dims = reduce.getDims();
    classes.insert(reduce.getInput());
    if (int64_t(dims.size()) == rank) {
      // Of rows or of all: what the operand is decides.
      return is(reduce.getResult(), Extent::scalar);
    }
    if (!isFull(reduce.getInput()))
      return false;
    if (areLast(dims, rank))
      return is(reduce.getResult(), Extent::row) && hasColumns(total / kept);
    return areFirst(dims) && is(reduce.getResult(), Extent::column) && hasColumns(kept);
  }

  bool addBroadcast(nn::BroadcastOp broadcast) {
    int64_t from = countOf(broadcast.getInput()), to = countOf(broadcast.getResult());
    if (from == to) {
      classes.unionSets(broadcast.getInput(), broadcast.getResult());
      return true;
    }
    classes.insert(broadcast.getResult());
    if (from == 1)
      return is(broadcast.getInput(), Extent::scalar);
    if (!isFull(broadcast.getResult()))
      return false;
    if (areFirst(broadcast.getDims()))
      return is(broadcast.getInput(), Extent::row) && hasColumns(to / from);
    return areLast(broadcast.getDims(), typeOf(broadcast.getResult()).getRank()) &&
           is(broadcast.getInput(), Extent::column) && hasColumns(from);
  }

  bool hasColumns(int64_t count) {
    if (columns && *columns != count)
      return false;
    columns = count;
    return true;
  }

  bool isFull(Value value) { return countOf(value) == total && is(value, Extent::full); }
  bool is(Value value, Extent extent) {
    classes.insert(value);
    said.emplace_back(value, extent);
    return true;
  }

  std::optional<RowShape> decide(ArrayRef<Operation *> ops) {
    RowShape shape;
    shape.isFlat = !columns;
    shape.columns = columns.value_or(total);
    shape.rows = total / shape.columns;
    DenseMap<Value, Extent> ofClass;
    for (auto [value, extent] : said) {
      auto [place, isNew] = ofClass.try_emplace(classes.getOrInsertLeaderValue(value), extent);
      if (!isNew && place->second != extent)
        return {};
    }
    for (Operation *op : ops) {
      SmallVector<Value> values(op->getResults());
      if (op != product)
        llvm::append_range(values, op->getOperands());
      for (Value value : values) {
        auto known = ofClass.find(classes.getOrInsertLeaderValue(value));
        int64_t count = countOf(value);
        Extent extent = known != ofClass.end() ? known->second : count == total ? Extent::full : Extent::scalar;
        int64_t wanted = extent == Extent::full     ? total
                         : extent == Extent::row    ? shape.rows
                         : extent == Extent::column ? shape.columns
                                                    : 1;
        if (count != wanted)
          return {};
        shape.extents[value] = extent;
      }
    }
    return findLate(ops, shape) ? std::optional(std::move(shape)) : std::nullopt;
  }

  /// What is known late may not be asked for by the pass over the rows.
  static bool findLate(ArrayRef<Operation *> ops, RowShape &shape) {
    for (Operation *op : ops) {
      auto reduce = dyn_cast<nn::ReduceOp>(op);
      bool readsLate = llvm::any_of(op->getOperands(), [&](Value value) { return shape.late.contains(value); });
      if (reduce && readsLate)
        return false;
      bool isEnd = reduce && shape.extents[reduce.getResult()] != Extent::row;
      if (isEnd && shape.extents[reduce.getInput()] != Extent::full && shape.extents[reduce.getInput()] != Extent::row)
        return false;
      for (Value result : op->getResults())
        if (isEnd || readsLate) {
          Extent extent = shape.extents[result];
          if (extent == Extent::full || extent == Extent::row)
            return false;
          // Sums for each column are ready at another time than those of all elements.
          for (Value operand : op->getOperands())
            if (!reduce && shape.late.contains(operand) && shape.extents[operand] != extent)
              return false;
          shape.late.insert(result);
        }
    }
    return true;
  }

  llvm::EquivalenceClasses<Value> classes;
  SmallVector<std::pair<Value, Extent>> said;
  std::optional<int64_t> columns;
  int64_t total = 1;
  Operation *product = nullptr;
};

} // namespace

bool isOfRows(Operation *op) {
  return isa<nn::ElementwiseOp, nn::CompareOp, nn::SelectOp, nn::CastOp, nn::ConstantOp, nn::ReshapeOp, nn::BroadcastOp,
             nn::ReduceOp, nn::IotaOp, nn::SoftmaxOp, nn::LayerNormOp, nn::RmsNormOp, nn::CrossEntropyOp>(op);
}

std::optional<RowShape> rowShapeOf(ArrayRef<Operation *> ops) { return Analysis().run(ops); }

} // namespace weft::analysis
