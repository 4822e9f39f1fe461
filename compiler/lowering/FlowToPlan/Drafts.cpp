//===- Drafts.cpp - Which op of a block belongs to which node -------------===//

#include "compiler/lowering/FlowToPlan/Drafts.h"

#include "dialects/expr/Expr.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <algorithm>
#include <optional>

using namespace mlir;

namespace weft::lowering {
namespace {

using NodeOf = llvm::DenseMap<Operation *, std::uint32_t>;

/// The op of `block` that holds `user`.
Operation *inBlock(Operation *user, Block &block) {
  while (user->getBlock() != &block)
    user = user->getParentOp();
  return user;
}

/// Another name of a value is used where its own users stand.
void addUsers(Operation &op, const NodeOf &nodeOf, llvm::SmallSetVector<std::uint32_t, 2> &nodes) {
  for (Operation *user : op.getUsers())
    if (Operation *here = inBlock(user, *op.getBlock()); isa<expr::AsOp>(here))
      addUsers(*here, nodeOf, nodes);
    else
      nodes.insert(nodeOf.lookup(here));
}

std::optional<std::uint32_t> onlyUser(Operation &op, const NodeOf &nodeOf) {
  llvm::SmallSetVector<std::uint32_t, 2> nodes;
  addUsers(op, nodeOf, nodes);
  return nodes.size() == 1 ? std::optional(nodes[0]) : std::nullopt;
}

/// Whether a program can make it fail, other than by values that outgrow every limit.
bool mayFail(Operation &op) {
  return op
      .walk([](Operation *inner) {
        bool grows = isa<expr::FormatOp>(inner);
        bool knowsItsCase = isa<expr::CaseFieldOp>(inner); // its case was asked for before
        return grows || knowsItsCase || isSpeculatable(inner) ? WalkResult::advance() : WalkResult::interrupt();
      })
      .wasInterrupted();
}

} // namespace

std::vector<Draft> draftsOf(Block &block, analysis::FlowEffects &effects) {
  // Users stand below: walking upwards meets them first. Nodes are numbered from the end and turned round.
  NodeOf nodeOf;
  Operation *end = block.getTerminator();
  std::vector<Draft> drafts(1);
  drafts[0].root = end;
  drafts[0].isEnd = true;
  nodeOf[end] = 0;
  std::optional<std::uint32_t> nextWrite; // The nearest below.
  for (Operation &op : llvm::drop_begin(llvm::reverse(block))) {
    if (isa<expr::ConstantOp, expr::SchemaOp, expr::AsOp>(op))
      continue; // Constants of the plan, or another name of a value.
    bool isStep = isa<flow::StepInterface>(op);
    std::optional<std::uint32_t> node = isStep ? std::nullopt : onlyUser(op, nodeOf);
    if (node && nextWrite && *node < *nextWrite && mayFail(op))
      node = std::nullopt;
    if (!node) {
      node = static_cast<std::uint32_t>(drafts.size());
      Draft draft;
      draft.root = &op;
      draft.step = isStep ? &op : nullptr;
      drafts.push_back(std::move(draft));
    }
    nodeOf[&op] = *node;
    if (isStep && effects.of(&op).writes())
      nextWrite = node;
    if (!isStep)
      drafts[*node].pure.push_back(&op);
  }
  std::reverse(drafts.begin(), drafts.end());
  for (Draft &draft : drafts)
    std::reverse(draft.pure.begin(), draft.pure.end());
  return drafts;
}

} // namespace weft::lowering
