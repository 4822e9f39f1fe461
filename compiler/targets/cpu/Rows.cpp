//===- Rows.cpp - Kernels that run over rows ------------------------------===//
//
// A row is passed over as often as a reduction of it feeds what is computed of its
// elements; it stays in the first cache. What one pass computed and a later one
// needs is computed again where that is cheap, else kept in the thread's scratch.
// Sums over rows are made for each item and then combined in order, so that no bit
// depends on the threads. LLVM vectorises the loops over columns.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Rows.h"

#include "compiler/lowering/NnToLinalg/ElementForms.h"
#include "compiler/targets/cpu/ElementWriter.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace weft::cpu {
namespace {
using namespace mlir;
using analysis::Extent;
using analysis::RowShape;

/// Work of an item, in additions or so: a range of items is worth a thread's while, and a launch ends evenly.
constexpr int64_t workOfItem = 1 << 17;
/// More partial sums than these are not worth their memory.
constexpr int64_t itemsOfSums = 32;
/// What costs no more than this is computed again rather than kept.
constexpr int64_t cheap = 6;
/// Columns of an item where partial sums are combined.
constexpr int64_t columnsOfItem = 256;

Type elementOf(Value value) { return cast<RankedTensorType>(value.getType()).getElementType(); }

int64_t costOf(Operation *op) {
  if (isa<nn::ConstantOp, nn::ReshapeOp, nn::BroadcastOp>(op))
    return 0;
  auto elementwise = dyn_cast<nn::ElementwiseOp>(op);
  if (!elementwise)
    return 1;
  switch (elementwise.getKind()) {
  case nn::ElementwiseKind::div:
  case nn::ElementwiseKind::sqrt:
  case nn::ElementwiseKind::rsqrt:
    return 6;
  default:
    return nn::isFloatKind(elementwise.getKind()) ? 20 : 1;
  }
}

class RowsLowering {
public:
  RowsLowering(func::FuncOp kernel, RowShape shape) : kernel(kernel), shape(std::move(shape)), phased(kernel) {
    for (Operation &op : kernel.getBody().front().without_terminator())
      ops.push_back(&op);
    for (auto [number, value] : llvm::enumerate(kernel.getBody().front().getTerminator()->getOperands()))
      outputs.push_back({value, static_cast<unsigned>(number)});
  }

  KernelFrame run() {
    findPasses();
    findBlocks();
    findKept();
    for (Operation *op : ops)
      if (isEnd(op))
        partials[op->getResult(0)] = phased.addWorkspace(
            elementOf(op->getResult(0)), items * (extent(op->getResult(0)) == Extent::column ? shape.columns : 1));
    phased.addPhase(items, [this](PhaseBuilder &phase) { writeRows(phase); });
    if (llvm::any_of(outputs, [&](auto &output) { return extent(output.first) == Extent::scalar; }))
      phased.addPhase(1, [this](PhaseBuilder &phase) { writeScalars(phase); });
    if (llvm::any_of(outputs, [&](auto &output) { return extent(output.first) == Extent::column; }))
      phased.addPhase((shape.columns + columnsOfItem - 1) / columnsOfItem,
                      [this](PhaseBuilder &phase) { writeColumns(phase); });
    return phased.finish();
  }

private:
  Extent extent(Value value) const { return shape.extents.lookup(value); }
  bool isEnd(Operation *op) const { return isa<nn::ReduceOp>(op) && extent(op->getResult(0)) != Extent::row; }
  bool isRowReduce(Operation *op) const { return isa<nn::ReduceOp>(op) && extent(op->getResult(0)) == Extent::row; }
  bool isLate(Value value) const { return shape.late.contains(value); }

  /// In which pass over its row each value is known first.
  void findPasses() {
    for (Operation *op : ops) {
      unsigned pass = 0;
      for (Value operand : op->getOperands())
        pass = std::max(pass, passes.lookup(operand));
      for (Value result : op->getResults())
        passes[result] = isRowReduce(op) ? pass + 1 : pass;
      for (Value result : op->getResults())
        last = std::max(last, passes[result]);
    }
  }

  void findBlocks() {
    int64_t cost = 1;
    for (Operation *op : ops)
      for (Value result : op->getResults())
        cost += extent(result) == Extent::full ? costOf(op) : 0;
    bool sums = llvm::any_of(ops, [&](Operation *op) { return isEnd(op); });
    int64_t units = shape.isFlat ? shape.columns : shape.rows, unitCost = cost * (shape.isFlat ? 1 : shape.columns);
    block = std::max<int64_t>(1, workOfItem / unitCost);
    if (shape.isFlat)
      block = (block + 255) / 256 * 256;
    if (sums)
      block = std::max(block, (units + itemsOfSums - 1) / itemsOfSums);
    items = (units + block - 1) / block;
  }

  /// Cost of computing a value of a row's element from what is loaded.
  int64_t costToRepeat(Value value) {
    if (extent(value) != Extent::full)
      return 0;
    Operation *op = value.getDefiningOp();
    if (!op)
      return 1;
    int64_t cost = costOf(op);
    for (Value operand : op->getOperands())
      cost += cost > cheap ? 0 : costToRepeat(operand);
    return cost;
  }

  /// Values of elements that a later pass asks for and that are dear to compute again.
  void findKept() {
    for (Operation *op : ops)
      for (Value result : op->getResults()) {
        if (extent(result) != Extent::full || costToRepeat(result) <= cheap)
          continue;
        bool isAskedLater = llvm::any_of(result.getUsers(), [&](Operation *user) {
          return user->getNumResults() && extent(user->getResult(0)) == Extent::full &&
                 passes[user->getResult(0)] > passes[result];
        });
        bool isStored = llvm::any_of(outputs, [&](auto &output) { return output.first == result; });
        if (isAskedLater && !isStored)
          kept[result] = phased.addScratch(elementOf(result), shape.columns);
      }
  }

  void writeRows(PhaseBuilder &phase) {
    ElementWriter element(phase, kernel, shape);
    element.readScalars();
    phase.loop(phase.begin, phase.end, 1, [&](Value item) {
      startSums(phase, item);
      Value first = phase.mul(item, block);
      Value behind = phase.least(phase.add(first, block), phase.index(shape.isFlat ? shape.columns : shape.rows));
      if (shape.isFlat)
        return writePasses(phase, element, item, first, behind, {});
      phase.loop(first, behind, 1, [&](Value row) {
        element.goToRow(row);
        writePasses(phase, element, item, phase.index(0), phase.index(shape.columns), row);
      });
    });
  }

  void writePasses(PhaseBuilder &phase, ElementWriter &element, Value item, Value from, Value to, Value row) {
    element.forgetKept();
    if (row)
      for (BlockArgument argument : kernel.getArguments())
        if (shape.extents.contains(argument) && extent(argument) == Extent::row)
          (void)element(argument);
    for (unsigned pass = 0; pass <= last; ++pass) {
      for (Operation *op : ops) {
        Value result = op->getResult(0);
        if (!isEnd(op) && extent(result) == Extent::row && passes[result] == pass)
          (void)element(result);
        if (isEnd(op) && extent(op->getOperand(0)) == Extent::row && passes[op->getOperand(0)] == pass)
          addToSum(phase, cast<nn::ReduceOp>(op), element(op->getOperand(0)), item);
      }
      for (auto [value, number] : outputs)
        if (extent(value) == Extent::row && passes.lookup(value) == pass)
          element.store(value, number);
      writePass(phase, element, pass, item, from, to, row);
      // While the first results are awaited: nothing else fetches the next row before this one is done.
      if (pass == 0 && last > 0 && row)
        prefetchNext(phase, row);
    }
  }

  void prefetchNext(PhaseBuilder &phase, Value row) {
    Value next = phase.least(phase.add(row, 1), phase.index(shape.rows - 1));
    for (BlockArgument argument : kernel.getArguments())
      if (shape.extents.contains(argument) && extent(argument) == Extent::full)
        phase.prefetch(phase.input(argument.getArgNumber()), phase.mul(next, shape.columns), shape.columns);
  }

  void writePass(PhaseBuilder &phase, ElementWriter &element, unsigned pass, Value item, Value from, Value to,
                 Value row) {
    SmallVector<nn::ReduceOp> reduces, columnSums;
    for (Operation *op : ops)
      if (auto reduce = dyn_cast<nn::ReduceOp>(op);
          reduce && extent(reduce.getInput()) == Extent::full && passes.lookup(reduce.getInput()) == pass)
        (extent(reduce.getResult()) == Extent::column ? columnSums : reduces).push_back(reduce);
    SmallVector<std::pair<Value, unsigned>> stores;
    for (auto [value, number] : outputs)
      if (extent(value) == Extent::full && passes.lookup(value) == pass)
        stores.push_back({value, number});
    SmallVector<Value> spills;
    for (Operation *op : ops)
      for (Value result : op->getResults())
        if (kept.contains(result) && passes[result] == pass)
          spills.push_back(result);
    if (reduces.empty() && columnSums.empty() && stores.empty() && spills.empty())
      return;

    SmallVector<Value> starts;
    for (nn::ReduceOp reduce : reduces)
      starts.push_back(
          arith::ConstantOp::create(phase.builder, phase.place,
                                    lowering::startOf(phase.builder, reduce.getKind(), elementOf(reduce.getResult()))));
    Value base = row ? phase.mul(row, shape.columns) : Value();
    SmallVector<Value> sums = phase.elementLoop(from, to, starts, [&](Value column, ValueRange carried) {
      element.goTo(column, base ? phase.add(base, column) : column);
      for (auto [value, number] : stores)
        element.store(value, number);
      for (Value value : spills)
        phase.store(element(value), phase.piece(kept[value]), column);
      for (nn::ReduceOp reduce : columnSums) {
        Value sum = phase.piece(partials[reduce.getResult()]), at = phase.add(phase.mul(item, shape.columns), column);
        Value before = phase.load(sum, at, elementOf(reduce.getResult()));
        phase.store(combined(phase, reduce, before, element(reduce.getInput())), sum, at);
      }
      SmallVector<Value> next;
      for (auto [reduce, before] : llvm::zip(reduces, carried))
        next.push_back(combined(phase, reduce, before, element(reduce.getInput())));
      return next;
    });
    for (auto [reduce, sum] : llvm::zip(reduces, sums))
      if (reduce->hasAttr(hidesNanAttrName)) // any number, but one and the same for all who ask
        element.know(reduce.getResult(), LLVM::FreezeOp::create(phase.builder, phase.place, sum));
      else if (extent(reduce.getResult()) == Extent::row)
        element.know(reduce.getResult(), sum);
      else
        addToSum(phase, reduce, sum, item);
    for (Value value : spills)
      element.loadFrom(value, phase.piece(kept[value]), true);
    for (auto [value, number] : stores)
      element.loadFrom(value, phase.output(number), false);
  }

  static Value combined(PhaseBuilder &phase, nn::ReduceOp reduce, Value a, Value b) {
    if (reduce->hasAttr(hidesNanAttrName))
      return arith::MaximumFOp::create(phase.builder, phase.place, a, b,
                                       arith::FastMathFlags::nnan | arith::FastMathFlags::nsz);
    return lowering::combine(phase.builder, phase.place, reduce.getKind(), a, b);
  }

  void addToSum(PhaseBuilder &phase, nn::ReduceOp reduce, Value value, Value item) {
    Value sum = phase.piece(partials[reduce.getResult()]);
    Value before = phase.load(sum, item, elementOf(reduce.getResult()));
    phase.store(combined(phase, reduce, before, value), sum, item);
  }

  void startSums(PhaseBuilder &phase, Value item) {
    for (Operation *op : ops) {
      if (!isEnd(op))
        continue;
      auto reduce = cast<nn::ReduceOp>(op);
      Value start =
          arith::ConstantOp::create(phase.builder, phase.place,
                                    lowering::startOf(phase.builder, reduce.getKind(), elementOf(reduce.getResult())));
      int64_t count = extent(reduce.getResult()) == Extent::column ? shape.columns : 1;
      Value first = phase.mul(item, count);
      phase.loop(first, phase.add(first, count), 1,
                 [&](Value at) { phase.store(start, phase.piece(partials[reduce.getResult()]), at); });
    }
  }

  /// The items' sums, in the order of the items; element `at` of `count`.
  Value combineItems(PhaseBuilder &phase, nn::ReduceOp reduce, int64_t count, Value at) {
    Value sums = phase.piece(partials[reduce.getResult()]);
    Type element = elementOf(reduce.getResult());
    Value start = arith::ConstantOp::create(phase.builder, phase.place,
                                            lowering::startOf(phase.builder, reduce.getKind(), element));
    return phase.loop(phase.index(0), phase.index(items), 1, start, [&](Value item, ValueRange carried) {
      Value one = phase.load(sums, phase.add(phase.mul(item, count), at), element);
      return SmallVector<Value>{combined(phase, reduce, carried[0], one)};
    })[0];
  }

  void writeScalars(PhaseBuilder &phase) {
    ElementWriter element(phase, kernel, shape);
    for (Operation *op : ops)
      if (isEnd(op) && extent(op->getResult(0)) == Extent::scalar)
        element.know(op->getResult(0), combineItems(phase, cast<nn::ReduceOp>(op), 1, phase.index(0)));
    for (auto [value, number] : outputs)
      if (extent(value) == Extent::scalar)
        element.store(value, number);
  }

  void writeColumns(PhaseBuilder &phase) {
    ElementWriter element(phase, kernel, shape);
    element.readScalars();
    Value behind = phase.least(phase.mul(phase.end, columnsOfItem), phase.index(shape.columns));
    phase.loop(phase.mul(phase.begin, columnsOfItem), behind, 1, [&](Value column) {
      element.goTo(column, column);
      for (Operation *op : ops)
        if (isEnd(op) && extent(op->getResult(0)) == Extent::column)
          element.know(op->getResult(0), combineItems(phase, cast<nn::ReduceOp>(op), shape.columns, column));
      for (auto [value, number] : outputs)
        if (extent(value) == Extent::column)
          element.store(value, number);
    });
  }

  func::FuncOp kernel;
  RowShape shape;
  PhasedKernel phased;
  SmallVector<Operation *> ops;
  SmallVector<std::pair<Value, unsigned>> outputs;
  DenseMap<Value, unsigned> passes;
  DenseMap<Value, Piece> partials, kept;
  unsigned last = 0;
  int64_t block = 1, items = 1;
};

} // namespace

std::optional<KernelFrame> lowerRows(func::FuncOp kernel) {
  Block &body = kernel.getBody().front();
  SmallVector<Operation *> ops;
  for (Operation &op : body.without_terminator()) {
    if (!analysis::isOfRows(&op)) // a product with more around it than its elements
      return {};
    ops.push_back(&op);
  }
  std::optional<RowShape> shape = analysis::rowShapeOf(ops);
  if (!shape)
    return {};
  for (Value result : body.getTerminator()->getOperands())
    if (!shape->extents.contains(result)) // an input handed on, of which no op says what it is
      return {};
  return RowsLowering(kernel, *std::move(shape)).run();
}

} // namespace weft::cpu
