//===- BlockWriter.cpp - A region of steps as a block of nodes ------------===//
//
// Each node's words and operands, then who waits for whom, found from the
// registers as PlanCheck finds it, then all of it into the pools.
//
//===----------------------------------------------------------------------===//

#include "compiler/lowering/FlowToPlan/BlockWriter.h"

#include "compiler/lowering/FlowToPlan/Drafts.h"
#include "compiler/lowering/FlowToPlan/Ordering.h"
#include "compiler/lowering/FlowToPlan/WordsWriter.h"
#include "dialects/flow/Tests.h"
#include "runtime/plan/NodeFlags.h"
#include "runtime/plan/WordsUse.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

namespace weft::lowering {
namespace {

class Writer {
public:
  Writer(BlockContext &context, Region &region, std::uint32_t index, const std::string &name, std::uint64_t stableId)
      : context(context), block(region.front()), index(index), name(name), stableId(stableId) {}

  LogicalResult run() {
    for (Value argument : block.getArguments())
      params.push_back(registers.add(argument));
    drafts = draftsOf(block, context.effects);
    bool endsInRegister = !needsEnd();
    if (endsInRegister)
      drafts.pop_back();
    for (std::uint32_t node = 0; node < drafts.size(); ++node)
      if (failed(write(node)))
        return failure();
    if (endsInRegister)
      result = {registers.places.lookup(underName(cast<flow::YieldOp>(block.getTerminator()).getValue()))};
    if (registers.next > value::maxRegisters)
      return block.getParentOp()->emitError()
             << "'" << name << "' needs " << registers.next << " registers, the limit is " << value::maxRegisters
             << "; split it into workflows that call each other";
    finish();
    return success();
  }

private:
  /// A block that yields what a step or the caller wrote needs no node for it.
  bool needsEnd() {
    Value value = cast<flow::YieldOp>(block.getTerminator()).getValue();
    return !drafts.back().pure.empty() || endsRound(value) || !isRegister(value);
  }

  /// Whether the block is a round of a loop: it gives whether the loop ends beside the value. Blocks inside a round
  /// hand such a step on as one value.
  bool endsRound(Value value) const {
    return isa<flow::StepType>(value.getType()) && isa<flow::LoopOp>(block.getParentOp());
  }

  // ---- one node

  LogicalResult write(std::uint32_t number) {
    Draft &draft = drafts[number];
    WordsWriter writer(context.pools, registers, name);
    for (Operation *op : draft.pure) {
      writer.write(op);
      draft.touch.add(context.effects.of(op));
    }
    if (draft.isEnd)
      yield(draft, writer);
    else if (draft.step) {
      draft.touch.add(context.effects.of(draft.step));
      if (failed(step(draft, writer)))
        return failure();
    } else if (!isa<expr::FailOp>(draft.root))
      draft.results.push_back(registers.places.lookup(draft.root->getResult(0)));
    draft.words = writer.words.finish();
    draft.places = std::move(writer.places);
    if (!draft.step)
      draft.stableId = stableIdOf(stableId, "eval", number);
    return context.ids.claim(draft.stableId, draft.root);
  }

  void yield(Draft &draft, WordsWriter &writer) {
    Value value = cast<flow::YieldOp>(draft.root).getValue();
    if (endsRound(value)) {
      auto [stops, carried] = writer.splitStep(value);
      result = {stops, carried};
      draft.results = result;
      return;
    }
    result = {writer.inRegister(value)};
    draft.results = result;
  }

  LogicalResult step(Draft &draft, WordsWriter &writer) {
    Operation *op = draft.step;
    IntegerAttr id = cast<flow::StepInterface>(op).getStepId();
    if (!id)
      return op->emitError() << "the step has no stable id; lowering gives one to each";
    draft.stableId = static_cast<std::uint64_t>(id.getInt());
    auto inRegisters = [&](ValueRange values) {
      for (Value value : values)
        draft.operands.push_back(writer.inRegister(value));
    };
    LogicalResult done =
        llvm::TypeSwitch<Operation *, LogicalResult>(op)
            .Case([&](flow::CallOp call) {
              draft.op = fb::Op::call;
              draft.target = static_cast<std::int32_t>(context.bindings.member(call.getCallee()));
              draft.policy = context.bindings.policy(call.getPolicyAttr());
              draft.flags = call.getWithOthers() ? plan::goesWithOthers : 0;
              if (call.getPrefix())
                draft.group = context.bindings.group(*call.getPrefix(), *call.getPrefixBytes());
              inRegisters(call.getArguments());
              return success();
            })
            .Case([&](flow::InvokeOp invoke) {
              draft.op = fb::Op::invoke;
              flow::WorkflowOp callee = context.calls.calleeOf(invoke);
              draft.policy = context.bindings.policy(invoke.getPolicyAttr(), callee.getBudgetAttr());
              draft.bodies.push_back(context.workflows.lookup(invoke.getCallee()));
              inRegisters(invoke.getArguments());
              return success();
            })
            .Case([&](flow::GangOp gang) -> LogicalResult {
              auto found = context.gangs.find(gang.getCallee());
              if (found == context.gangs.end())
                return op->emitError() << "nothing was compiled for the tensor function " << gang.getCalleeAttr();
              draft.op = fb::Op::gang;
              draft.target = static_cast<std::int32_t>(found->second);
              draft.policy = context.bindings.policy(gang.getPolicyAttr());
              inRegisters(gang.getArguments());
              return success();
            })
            .Case([&](flow::SystemOp system) {
              draft.op = fb::Op::system;
              draft.target = static_cast<std::int32_t>(system.getKind());
              inRegisters(system.getArguments());
              return success();
            })
            .Case([&](flow::GetOp get) {
              draft.op = fb::Op::get;
              draft.flags = get.getKey() ? plan::byKey : 0;
              inRegisters(get->getOperands());
              return success();
            })
            .Case([&](flow::EmitOp emit) {
              draft.op = fb::Op::emit;
              inRegisters(emit.getValue());
              return success();
            })
            .Case([&](flow::FailOp fail) {
              draft.op = fb::Op::fail;
              draft.target = static_cast<std::int32_t>(fail.getKind().value_or(flow::FailKind::failed));
              draft.flags = fail.getKind() ? 0 : plan::raisesAgain;
              inRegisters(fail.getValue());
              return success();
            })
            .Default([&](Operation *) { return form(draft, writer); });
    for (Value value : op->getResults())
      draft.results.push_back(registers.add(value));
    return done;
  }

  LogicalResult form(Draft &draft, WordsWriter &writer) {
    Operation *op = draft.step;
    llvm::TypeSwitch<Operation *>(op)
        .Case([&](flow::MapOp map) {
          draft.op = fb::Op::map;
          draft.operands.push_back(writer.inRegister(map.getList()));
          if (map.getWindow())
            draft.target = static_cast<std::int32_t>(writer.inRegister(map.getWindow()));
        })
        .Case([&](flow::FoldOp fold) {
          draft.op = fb::Op::fold;
          draft.flags = fold.getTree() ? plan::foldsAsTree : 0;
          draft.operands = {writer.inRegister(fold.getList()), writer.inRegister(fold.getInit())};
        })
        .Case([&](flow::LoopOp loop) {
          draft.op = fb::Op::loop;
          draft.operands = {writer.inRegister(loop.getMax()), writer.inRegister(loop.getInit())};
        })
        .Case([&](flow::SwitchOp choice) {
          draft.op = fb::Op::branch;
          draft.operands.push_back(writer.selector(choice.getSelector()));
        })
        .Case([&](flow::VoteOp vote) {
          draft.op = fb::Op::vote;
          draft.operands = {writer.inRegister(vote.getKeep()), writer.inRegister(vote.getSamples())};
        })
        .Case([&](flow::OnceOp once) {
          draft.op = fb::Op::once;
          draft.flags = once.getResult().getType().getKey() ? plan::byKey : 0;
          context.pools.needs("once");
        })
        .Case([&](flow::RaceOp) { draft.op = fb::Op::race; })
        .Case([&](flow::TryOp) { draft.op = fb::Op::try_; })
        .Case([&](flow::ScopeOp scope) {
          draft.op = fb::Op::scope;
          draft.policy = context.bindings.policy(scope.getPolicyAttr());
          draft.flags = scope->hasAttr(flow::emittedName) ? plan::givesEmitted : 0;
        });
    for (OpOperand &capture : cast<flow::FormInterface>(op).captures())
      draft.operands.push_back(writer.inRegister(capture.get()));
    for (Region &region : op->getRegions()) {
      if (region.empty())
        continue;
      std::uint32_t body = static_cast<std::uint32_t>(context.pools.plan.code->blocks.size());
      context.pools.plan.code->blocks.push_back(std::make_unique<fb::BlockT>());
      draft.bodies.push_back(body);
      std::uint64_t id = stableIdOf(draft.stableId, "body", region.getRegionNumber());
      std::string inner = name + "." + fb::EnumNameOp(draft.op);
      if (failed(writeBlock(context, region, body, inner, id)))
        return failure();
    }
    return success();
  }

  // ---- edges, and into the pools

  bool ofTest() const {
    auto workflow = dyn_cast<flow::WorkflowOp>(block.getParentOp());
    if (!workflow)
      workflow = block.getParentOp()->getParentOfType<flow::WorkflowOp>();
    return workflow && workflow.getKind() == flow::BlockKind::test;
  }

  void finish() {
    std::vector<std::vector<std::uint32_t>> producers = this->producers();
    std::vector<const analysis::Touch *> touches;
    for (Draft &draft : drafts)
      touches.push_back(&draft.touch);
    std::vector<std::vector<std::uint32_t>> after = orderOf(touches, producers, ofTest());
    std::vector<std::vector<std::uint32_t>> users(drafts.size());
    for (std::uint32_t node = 0; node < drafts.size(); ++node)
      for (const auto &waits : {producers[node], after[node]})
        for (std::uint32_t other : waits)
          users[other].push_back(node);

    fb::CodeT &code = *context.pools.plan.code;
    fb::Range nodes(static_cast<std::uint32_t>(code.nodes.size()), static_cast<std::uint32_t>(drafts.size()));
    for (std::uint32_t at = 0; at < drafts.size(); ++at) {
      Draft &draft = drafts[at];
      std::uint32_t missing = static_cast<std::uint32_t>(producers[at].size() + after[at].size());
      code.nodes.emplace_back(draft.stableId, draft.op, static_cast<fb::Effect>(draft.touch.effect), draft.flags,
                              missing, add(code.registers, draft.operands), add(code.registers, draft.results),
                              add(code.users, users[at]), add(code.users, after[at]), draft.target, draft.policy,
                              add(code.bodies, draft.bodies), context.pools.addWords(draft.words, draft.places),
                              context.pools.span(draft.root->getLoc()), draft.group);
    }
    fb::BlockT &made = *code.blocks[index];
    made.name = name;
    made.params = std::make_unique<fb::Range>(add(code.registers, params));
    made.nodes = std::make_unique<fb::Range>(nodes);
    made.registers = registers.next;
    made.result = std::make_unique<fb::Range>(add(code.registers, result));
    made.stable_id = stableId;
    made.frame_bytes = registers.next * valueBytes + static_cast<std::uint32_t>(drafts.size()) * countBytes;
  }

  /// Who wrote what each node reads: found from the words and operands, as PlanCheck finds it.
  std::vector<std::vector<std::uint32_t>> producers() {
    std::vector<std::int64_t> writer(registers.next, -1);
    for (std::uint32_t node = 0; node < drafts.size(); ++node)
      for (std::uint32_t reg : drafts[node].results)
        writer[reg] = node;
    std::vector<std::vector<std::uint32_t>> producers(drafts.size());
    for (std::uint32_t node = 0; node < drafts.size(); ++node) {
      llvm::SetVector<std::uint32_t> waits;
      auto read = [&](std::uint32_t reg) {
        if (writer[reg] >= 0 && writer[reg] != node)
          waits.insert(static_cast<std::uint32_t>(writer[reg]));
      };
      plan::WordsUse use = plan::usesOf(drafts[node].words);
      llvm::for_each(use.readsFirst, read);
      llvm::for_each(drafts[node].operands, read);
      if (drafts[node].op == fb::Op::map && drafts[node].target >= 0)
        read(static_cast<std::uint32_t>(drafts[node].target));
      producers[node].assign(waits.begin(), waits.end());
      llvm::sort(producers[node]);
    }
    return producers;
  }

  static fb::Range add(std::vector<std::uint32_t> &pool, const std::vector<std::uint32_t> &values) {
    fb::Range range(static_cast<std::uint32_t>(pool.size()), static_cast<std::uint32_t>(values.size()));
    pool.insert(pool.end(), values.begin(), values.end());
    return range;
  }

  /// What a frame holds per register and per node; told in the plan so that memory is predicted without running.
  static constexpr std::uint32_t valueBytes = 16, countBytes = 4;

  BlockContext &context;
  Block &block;
  std::uint32_t index;
  std::string name;
  std::uint64_t stableId;
  Registers registers;
  std::vector<Draft> drafts;
  std::vector<std::uint32_t> params, result;
};

} // namespace

LogicalResult writeBlock(BlockContext &context, Region &region, std::uint32_t index, const std::string &name,
                         std::uint64_t stableId) {
  return Writer(context, region, index, name, stableId).run();
}

} // namespace weft::lowering
