//===- HoistReads.cpp - Reads that no item of a map changes are made once -===//
//
// A read is moved in front of the map as a cell, which is asked where the read
// stood. So it is made when the first item asks, and never where none does; who
// asks gets its failure where it stood. Maps are looked at from the outside in:
// a read goes as far as nothing holds it. Where the map stands in another, and
// both go over lists that do not depend on each other, what only the inner item
// changes is made once for each of those: the cell has keys then.
//
//===----------------------------------------------------------------------===//

#include "compiler/analysis/EqualReads.h"
#include "compiler/flow/DerivedIds.h"
#include "compiler/flow/MapBodies.h"
#include "compiler/flow/Passes.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Remarks.h"

namespace weft {
#define GEN_PASS_DEF_HOISTREADS
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

/// A read of a block, or a cell that makes it: `step` is the read itself.
struct Reading {
  Operation *holder, *step;
};

struct HoistReads : impl::HoistReadsBase<HoistReads> {
  using HoistReadsBase::HoistReadsBase;

  void runOnOperation() override {
    analysis::FlowEffects effects(getOperation());
    known = &effects;
    for (auto workflow : getOperation().getOps<flow::WorkflowOp>())
      if (workflow.getKind() != flow::BlockKind::test) // Each workflow that a test calls is a run of its own.
        visit(workflow.getBody().front());
    // What a chain of reads asked on its way out, nobody asks where it stood.
    for (flow::GetOp get : llvm::reverse(gets))
      if (get.use_empty())
        get.erase();
    for (Operation *op : dead)
      op->erase();
    gets.clear();
    dead.clear();
  }

private:
  void visit(Block &block) {
    bool hoisted = false;
    for (Operation &op : llvm::make_early_inc_range(block))
      if (auto map = dyn_cast<flow::MapOp>(op)) {
        StringRef why;
        FixedValues values(map, *known);
        if (letsReadsOut(map, why))
          hoisted |= lift(map.getBody().front(), map, values);
        else
          tellHeld(map, map, values, why);
      }
    if (hoisted)
      mergeCells(block);
    for (Operation &op : block)
      if (isa<flow::FormInterface>(op) && !dead.contains(&op))
        for (Region &region : op.getRegions())
          for (Block &body : region)
            visit(body);
  }

  // ---- out of one map

  /// Whether anything went.
  bool lift(Block &body, flow::MapOp map, FixedValues &values) {
    bool any = false;
    for (Operation &op : llvm::make_early_inc_range(body)) {
      values.visit(&op);
      if (!isa<flow::StepInterface>(op))
        continue;
      bool reads = isRead(&op);
      Value key = reads ? values.keyOf(&op) : Value();
      if (reads && (key || values.isFixed(&op))) {
        std::string why = whyNot(&op, map);
        if (why.empty() && move(&op, key, map, values)) {
          values.visit(gets.back());
          any = true;
          continue;
        }
        if (!why.empty())
          tell(&op, "Held", why);
      } else if (reads && !isa<flow::FormInterface>(op)) {
        tell(&op, "DependsOnItem", "it is given what the item decides");
      }
      if (!isa<flow::FormInterface>(op) || isa<flow::OnceOp>(op))
        continue;
      StringRef why;
      if (!letsReadsOut(&op, why)) {
        tellHeld(&op, map, values, why);
        continue;
      }
      for (Region &region : op.getRegions())
        for (Block &inner : region)
          any |= lift(inner, map, values);
    }
    return any;
  }

  /// A step with one value that reads, and does nothing else; what it asks is made anew each time otherwise.
  bool isRead(Operation *op) {
    return isa<flow::StepInterface>(op) && !isa<flow::GetOp, flow::OnceOp>(op) && op->getNumResults() == 1 &&
           known->of(op).effect == flow::Effect::read && !isa<flow::StepType>(op->getResult(0).getType());
  }

  /// Why a read of fixed values is left where it stands; empty: it is not.
  std::string whyNot(Operation *op, flow::MapOp map) {
    const analysis::Touch &touch = known->of(op);
    if (touch.chance)
      return "asking twice is meant to, or may, give two answers";
    if (touch.people)
      return "a person is asked each time";
    if (touch.emits)
      return "it emits";
    const analysis::Touch &around = known->of(map);
    for (auto &[binding, effect] : touch.bindings)
      if (auto other = around.bindings.find(binding); other != around.bindings.end() && flow::writes(other->second))
        return ("'" + binding.getValue() + "' is written in the same body").str();
    return {};
  }

  /// `key`: by which `op` is fixed, or null.
  bool move(Operation *op, Value key, flow::MapOp map, const FixedValues &values) {
    SmallVector<Operation *> slice;
    if (!values.sliceOf(op, maxSlice, slice)) {
      tell(op, "LongSlice",
           llvm::formatv("what it is given takes more than max-slice = {0} pure steps", maxSlice.getValue()));
      return false;
    }
    OpBuilder builder(map);
    flow::OnceOp once = makeCell(builder, op, key);
    builder.setInsertionPointToStart(&once.getBody().front());
    IRMapping copies;
    if (key)
      copies.map(key, once.getBody().getArgument(0));
    for (Operation *one : slice)
      renamed(builder.clone(*one, copies), op);
    remark::passed(op->getLoc(), remark::RemarkOpts::name("Hoisted").category("hoist-reads")) << remark::reason(
        "made once for all items{0}, when it is first asked for", key ? ", for each item of the list inside" : "");
    intoCell(op, once, key);
    auto rename = [&](OpOperand &operand) {
      if (Value copy = copies.lookupOrNull(operand.get()))
        operand.set(copy);
    };
    op->walk([&](Operation *inner) { llvm::for_each(inner->getOpOperands(), rename); });
    ++numHoisted;
    return true;
  }

  /// What a cell asks of other cells for `op` are steps of its own.
  static void renamed(Operation *copy, Operation *op) {
    auto step = dyn_cast<flow::StepInterface>(copy);
    IntegerAttr own = step ? step.getStepId() : IntegerAttr(), forWhom = cast<flow::StepInterface>(op).getStepId();
    if (own && forWhom)
      step.setStepId(Builder(copy->getContext()).getI64IntegerAttr(idOfBoth(forWhom.getInt(), own.getInt())));
  }

  /// An empty cell for what `op` gives.
  flow::OnceOp makeCell(OpBuilder &builder, Operation *op, Value key = {}) {
    auto type = flow::CellType::get(&getContext(), op->getResult(0).getType(), key ? key.getType() : Type());
    // With keys it is as many as the map inside has items, and a report says so.
    Location loc = key ? key.getParentRegion()->getParentOp()->getLoc() : op->getLoc();
    auto once = flow::OnceOp::create(builder, loc, type, ValueRange(), derivedId(op, "once"));
    Block &body = once.getBody().emplaceBlock();
    if (key)
      body.addArgument(key.getType(), key.getLoc());
    return once;
  }

  /// Moves `op` to the end of the cell's body; the cell is asked where it stood.
  void intoCell(Operation *op, flow::OnceOp once, Value key = {}) {
    OpBuilder builder(op);
    auto get = flow::GetOp::create(builder, op->getLoc(), op->getResult(0).getType(), once.getResult(), key,
                                   derivedId(op, "get"));
    gets.push_back(get);
    op->getResult(0).replaceAllUsesWith(get.getResult());
    op->moveBefore(&once.getBody().front(), once.getBody().front().end());
    builder.setInsertionPointToEnd(&once.getBody().front());
    flow::YieldOp::create(builder, op->getLoc(), op->getResult(0));
  }

  // ---- cells of one block that make the same read

  void mergeCells(Block &block) {
    analysis::ValueNumbers numbers;
    analysis::ValueNumbers::Scope scope;
    llvm::DenseMap<analysis::ValueNumbers::Number, Reading> open;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      numbers.add(&op, scope);
      auto once = dyn_cast<flow::OnceOp>(op);
      if (once && once.getResult().getType().getKey())
        continue;
      Operation *step = once ? stepOf(once, numbers, scope) : &op;
      const analysis::Touch &touch = known->of(step);
      if (!once && !analysis::isMergeable(&op, touch)) {
        if (touch.writes())
          close(open, touch);
        continue;
      }
      auto [entry, added] = open.try_emplace(numbers.ofOp(step, scope), Reading{&op, step});
      if (!added)
        entry->second = merge(entry->second, {&op, step});
    }
  }

  /// The read of a cell; what stands before it there is numbered.
  static Operation *stepOf(flow::OnceOp once, analysis::ValueNumbers &numbers, analysis::ValueNumbers::Scope &scope) {
    Block &body = once.getBody().front();
    Operation *step = body.getTerminator()->getPrevNode();
    for (Operation &op : body) {
      if (&op == step)
        break;
      numbers.add(&op, scope);
      if (isa<flow::GetOp>(op))
        scope[op.getResult(0)] = numbers.ofOp(&op, scope);
    }
    return step;
  }

  void close(llvm::DenseMap<analysis::ValueNumbers::Number, Reading> &open, const analysis::Touch &touch) {
    SmallVector<analysis::ValueNumbers::Number> ended;
    for (auto &[number, reading] : open)
      for (auto &[binding, effect] : known->of(reading.step).bindings)
        if (auto found = touch.bindings.find(binding); found != touch.bindings.end() && flow::writes(found->second)) {
          ended.push_back(number);
          break;
        }
    for (analysis::ValueNumbers::Number number : ended)
      open.erase(number);
  }
  /// One of two equal reads remains, in a cell that stands where the upper one stood.
  Reading merge(Reading above, Reading below) {
    auto upper = dyn_cast<flow::OnceOp>(above.holder), lower = dyn_cast<flow::OnceOp>(below.holder);
    if (!upper && !lower)
      return above; // weft-merge-equal-reads made them one, or was told not to.
    noteMerged(above.step, below.step);
    if (!upper) {
      // What the block itself asks is asked through the cell too: its value comes when it is there, and keeps nobody.
      OpBuilder builder(above.step);
      upper = makeCell(builder, above.step);
      intoCell(above.step, upper);
      above.holder = upper;
    }
    if (lower) {
      lower.getResult().replaceAllUsesWith(upper.getResult());
    } else {
      OpBuilder builder(below.step);
      auto get = flow::GetOp::create(builder, below.step->getLoc(), below.step->getResult(0).getType(),
                                     upper.getResult(), Value(), derivedId(below.step, "get"));
      gets.push_back(get);
      below.step->getResult(0).replaceAllUsesWith(get.getResult());
    }
    // Not before the end: what is known of ops is known by their addresses.
    dead.insert(below.holder);
    ++numMerged;
    return above;
  }

  void noteMerged(Operation *into, Operation *step) {
    SmallVector<Attribute> ids;
    if (auto listed = into->getAttrOfType<ArrayAttr>("merged"))
      ids.append(listed.begin(), listed.end());
    if (Attribute id = cast<flow::StepInterface>(step).getStepId())
      ids.push_back(id);
    if (auto listed = step->getAttrOfType<ArrayAttr>("merged"))
      ids.append(listed.begin(), listed.end());
    into->setAttr("merged", ArrayAttr::get(&getContext(), ids));
  }

  // ---- what is told

  void tell(Operation *op, StringRef name, const Twine &why) {
    std::string text = why.str();
    remark::missed(op->getLoc(), remark::RemarkOpts::name(name).category("hoist-reads")) << remark::reason("{0}", text);
  }

  /// Reads of fixed values below a form that keeps them.
  void tellHeld(Operation *form, flow::MapOp map, FixedValues &values, StringRef why) {
    form->walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (op == form)
        return;
      values.visit(op);
      if (isa<flow::CallOp, flow::InvokeOp, flow::SystemOp>(op) && isRead(op) && values.isFixed(op) &&
          whyNot(op, map).empty())
        tell(op, "Held", why);
    });
  }

  analysis::FlowEffects *known = nullptr;
  SmallVector<flow::GetOp> gets;
  llvm::SetVector<Operation *> dead;
};
} // namespace
} // namespace weft
