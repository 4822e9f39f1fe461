//===- Cells.cpp - Values that are worked out when first asked for --------===//
//
// A cell's body runs where the cell was made, in a scope of its own: its steps
// have the same names whoever asks first, so a resumed run finds them, and an
// asker that is cancelled takes it from nobody. It is known by its number, which
// registers hold and PlanCheck has followed; the number is of this process and
// stands in no record but a snapshot. A cell with keys is one for each key, and
// the names of its steps have the key's hash in them.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"
#include "runtime/plan/NodeFlags.h"
#include "runtime/value/Encoding.h"

namespace weft::frame {

void Core::startOnce(Frame &frame, std::uint32_t index) {
  OnceStep &cell = *slab.make<OnceStep>(&frame, index);
  frame.steps.add(&cell);
  if (nodeOf(frame, index).flags() & plan::byKey)
    cell.byKey = std::make_unique<std::unordered_map<base::Hash128, OnceStep *>>();
  numberCell(cell);
  setResult(frame, nodeOf(frame, index), Value::integer(cell.number));
  completeNode(frame, index);
}

void Core::numberCell(OnceStep &cell) {
  Run &run = *cell.frame->run;
  if (run.freeCells.empty()) {
    cell.number = static_cast<std::uint32_t>(run.cells.size());
    run.cells.push_back(&cell);
  } else {
    cell.number = run.freeCells.back();
    run.freeCells.pop_back();
    run.cells[cell.number] = &cell;
  }
}

OnceStep &Core::cellOf(OnceStep &cell, const Value &key) {
  scratch.clear();
  value::encode(key, scratch);
  Hash128 hash = base::hashOf(scratch);
  OnceStep *&own = (*cell.byKey)[hash];
  if (!own) {
    own = slab.make<OnceStep>(cell.frame, cell.node);
    own->table = &cell;
    own->key = hash;
    cell.frame->steps.add(own);
  }
  return *own;
}

void Core::startGet(Frame &frame, std::uint32_t index) {
  std::span<const std::uint32_t> operands = planOf(frame).operandsOf(nodeOf(frame, index));
  auto number = static_cast<std::size_t>(frame.registers()[operands[0]].asInt());
  WEFT_ASSERT(number < frame.run->cells.size() && frame.run->cells[number]);
  OnceStep &asked = *frame.run->cells[number];
  const Value *key = asked.byKey ? &frame.registers()[operands[1]] : nullptr;
  OnceStep &cell = key ? cellOf(asked, *key) : asked;
  if (cell.decided)
    return tell(cell, frame, index);
  GetStep &get = *slab.make<GetStep>(&frame, index);
  frame.steps.add(&get);
  get.cell = &cell;
  get.previousAsker = cell.lastAsker;
  (cell.lastAsker ? cell.lastAsker->nextAsker : cell.firstAsker) = &get;
  cell.lastAsker = &get;
  if (cell.begun)
    return;
  cell.begun = true;
  Frame &home = *cell.frame;
  Hash128 path = pathOf(home, nodeOf(home, cell.node), 0);
  if (key)
    path = base::mix(base::mix(path, cell.key.high), cell.key.low);
  Scope *scope = openScope(*home.run, home.scope, &cell, path, 0, plan::noIndex, 0);
  if (knownFailure(*scope))
    return;
  Frame *body =
      makeFrame(*home.run, planOf(home).bodiesOf(nodeOf(home, cell.node))[0], &cell, scope, path, 0, Role::body, &home);
  if (!body)
    return;
  scope->frame = body;
  const std::uint32_t *param = planOf(home).paramsOf(*body->block).data();
  if (key)
    body->registers()[*param++] = *key;
  for (std::uint32_t operand : planOf(home).operandsOf(nodeOf(home, cell.node)))
    body->registers()[*param++] = home.registers()[operand];
  launch(*body);
}

void Core::leaveCell(GetStep &get) {
  if (!get.cell)
    return;
  (get.previousAsker ? get.previousAsker->nextAsker : get.cell->firstAsker) = get.nextAsker;
  (get.nextAsker ? get.nextAsker->previousAsker : get.cell->lastAsker) = get.previousAsker;
  get.previousAsker = get.nextAsker = nullptr;
  get.cell = nullptr;
}

void Core::tell(OnceStep &cell, Frame &frame, std::uint32_t index) {
  if (cell.last)
    return raise(frame, Failed(*cell.last));
  setResult(frame, nodeOf(frame, index), Value(cell.won));
  completeNode(frame, index);
}

void Core::cellKnown(OnceStep &cell) {
  cell.decided = true;
  while (GetStep *get = cell.firstAsker) {
    leaveCell(*get);
    Frame &frame = *get->frame;
    std::uint32_t node = get->node;
    frame.steps.remove(get);
    slab.destroy(get);
    tell(cell, frame, node);
  }
}

/// What nobody waits for any more is cancelled.
void Core::closeCells(Frame &frame) {
  while (Step *step = frame.steps.first)
    cancelStep(*step, nullptr);
  cancelStacked(nullptr);
}

} // namespace weft::frame
