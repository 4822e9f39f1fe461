//===- GroupPrefixes.cpp - What calls of models begin with ----------------===//
//
// An agent that asks again when an answer does not fit its type stands in a loop,
// whose carried value is the prompt: what it begins with is what all rounds begin
// with.
//
//===----------------------------------------------------------------------===//

#include "compiler/flow/Passes.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/xxhash.h"

namespace weft {
#define GEN_PASS_DEF_GROUPPREFIXES
#include "compiler/flow/Passes.h.inc"

namespace {
using namespace mlir;

/// Values that are looked through below each other: prompts are made of few.
constexpr unsigned maxLevels = 16;

/// What a text begins with; `whole` if that is all of it.
struct Beginning {
  std::string text;
  bool whole = false;
};

Beginning beginningOf(Value value, unsigned levels);

/// The value that a tuple holds at `index`, where that is known.
Value elementOf(Value tuple, unsigned index) {
  auto list = tuple.getDefiningOp<expr::ListOp>();
  return list && index < list->getNumOperands() ? list->getOperand(index) : Value();
}

/// What all rounds of a loop carry at `index` begins with.
Beginning carriedBeginning(flow::LoopOp loop, unsigned index, unsigned levels) {
  Value first = elementOf(loop.getInit(), index);
  if (!first)
    return {};
  Beginning beginning = beginningOf(first, levels);
  beginning.whole = false;
  loop.getBody().walk([&](flow::MakeStepOp step) {
    if (step.getBreaks() || step->getParentOfType<flow::LoopOp>() != loop)
      return;
    Value next = elementOf(step.getValue(), index);
    std::string other = next ? beginningOf(next, levels).text : std::string();
    std::size_t same = 0;
    while (same < beginning.text.size() && same < other.size() && beginning.text[same] == other[same])
      ++same;
    beginning.text.resize(same);
  });
  return beginning;
}

Beginning beginningOf(Value value, unsigned levels) {
  if (levels == 0)
    return {};
  if (auto constant = value.getDefiningOp<expr::ConstantOp>())
    if (auto text = dyn_cast<StringAttr>(constant.getValue()))
      return {text.getValue().str(), true};
  if (auto format = value.getDefiningOp<expr::FormatOp>()) {
    Beginning beginning;
    for (auto [at, piece] : llvm::enumerate(format.getPieces().getAsRange<StringAttr>())) {
      beginning.text += piece.getValue();
      if (at == format.getHoles().size())
        break;
      Value hole = format.getHoles()[at];
      // Other values would have to be made texts first.
      bool isText = hole.getType() == expr::simple(hole.getContext(), expr::Kind::string);
      Beginning inner = isText ? beginningOf(hole, levels - 1) : Beginning();
      beginning.text += inner.text;
      if (!inner.whole)
        return beginning;
    }
    beginning.whole = true;
    return beginning;
  }
  if (auto field = value.getDefiningOp<expr::FieldOp>()) {
    Value from = field->getOperand(0);
    if (Value element = elementOf(from, field.getIndex()))
      return beginningOf(element, levels - 1);
    if (auto carried = dyn_cast<BlockArgument>(from); carried && carried.getArgNumber() == 0)
      if (auto loop = dyn_cast<flow::LoopOp>(carried.getOwner()->getParentOp());
          loop && carried.getOwner()->getParent() == &loop.getBody())
        return carriedBeginning(loop, field.getIndex(), levels - 1);
  }
  return {};
}

struct GroupPrefixes : impl::GroupPrefixesBase<GroupPrefixes> {
  using GroupPrefixesBase::GroupPrefixesBase;

  void runOnOperation() override {
    SymbolTable symbols(getOperation());
    getOperation().walk([&](flow::CallOp call) {
      auto binding = symbols.lookup<flow::BindingOp>(call.getCallee().getRootReference());
      if (binding && binding.getKind() == flow::BindingKind::model && call.getArguments().size() == 3)
        group(call);
    });
  }

private:
  /// Arguments of a model: system prompt, prompt, schema.
  void group(flow::CallOp call) {
    Beginning system = beginningOf(call.getArguments()[0], maxLevels);
    if (!system.whole)
      return tell(call, "OpenSystemPrompt", "its system prompt is made at run time");
    Beginning prompt = beginningOf(call.getArguments()[1], maxLevels);
    std::size_t bytes = system.text.size() + prompt.text.size();
    if (bytes < minBytes.getValue())
      return tell(call, "ShortPrefix",
                  llvm::formatv("it begins with {0} known bytes, min-bytes is {1}", bytes, minBytes.getValue()));
    // A zero byte tells the two apart: no text holds one.
    std::uint64_t digest = llvm::xxh3_64bits(system.text + '\0' + prompt.text);
    Builder builder(&getContext());
    call.setPrefixAttr(builder.getI64IntegerAttr(static_cast<std::int64_t>(digest | 1)));
    call.setPrefixBytesAttr(builder.getI64IntegerAttr(static_cast<std::int64_t>(bytes)));
    ++numGrouped;
    remark::passed(call.getLoc(), remark::RemarkOpts::name("Grouped").category("group-prefixes"))
        << remark::reason("follows calls that begin with the same {0} bytes", bytes);
  }

  static void tell(flow::CallOp call, StringRef name, const Twine &why) {
    std::string text = why.str();
    remark::missed(call.getLoc(), remark::RemarkOpts::name(name).category("group-prefixes"))
        << remark::reason("{0}", text);
  }
};
} // namespace
} // namespace weft
