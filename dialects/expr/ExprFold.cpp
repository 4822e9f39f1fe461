//===- ExprFold.cpp - What is known is computed by the compiler -----------===//
//
// Builtins fold by the code that a run would use, so a folded plan gives the
// same bits. What would fail is left alone: the failure belongs to the run and
// to the branch that it stands in.
//
//===----------------------------------------------------------------------===//

#include "dialects/expr/ConstantValue.h"
#include "runtime/value/Builtins.h"

#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;

namespace weft::expr {
namespace {

/// A builtin that needs more than this while compiling is left to the run.
constexpr uint64_t foldFuel = 100000;
/// A folded constant of more bytes would make the plan larger than the code that computes it.
constexpr uint64_t maxFoldedBytes = 4096;

ArrayAttr allKnown(MLIRContext *context, ArrayRef<Attribute> operands) {
  return llvm::all_of(operands, [](Attribute one) { return !!one; }) ? ArrayAttr::get(context, operands) : ArrayAttr();
}

/// What `${}` gives for values whose text needs no type.
std::optional<std::string> textOf(Attribute value) {
  if (auto text = dyn_cast_or_null<StringAttr>(value))
    return text.str();
  if (auto boolean = dyn_cast_or_null<BoolAttr>(value))
    return boolean.getValue() ? "true" : "false";
  if (auto integer = dyn_cast_or_null<IntegerAttr>(value))
    return std::to_string(integer.getInt());
  return std::nullopt;
}

/// Whether a constant is one of a simple type; of others it is not said, and nothing is folded.
bool fits(Attribute value, Type type) {
  auto valueType = dyn_cast<ValueType>(type);
  if (!valueType)
    return false;
  switch (valueType.getKind()) {
  case Kind::boolean:
    return isa<BoolAttr>(value);
  case Kind::integer:
    return isa<IntegerAttr>(value) && !isa<BoolAttr>(value);
  case Kind::real:
    return isa<FloatAttr>(value);
  case Kind::string:
    return isa<StringAttr>(value);
  default:
    return false;
  }
}

} // namespace

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

/// Constant holes become part of the text around them; a format without holes is its text.
OpFoldResult FormatOp::fold(FoldAdaptor adaptor) {
  SmallVector<Attribute> pieces{getPieces()[0]};
  SmallVector<Value> holes;
  for (auto [hole, known, piece] : llvm::zip(getHoles(), adaptor.getHoles(), getPieces().getValue().drop_front())) {
    std::optional<std::string> text = textOf(known);
    if (!text) {
      holes.push_back(hole);
      pieces.push_back(piece);
      continue;
    }
    std::string joined = cast<StringAttr>(pieces.back()).str() + *text + cast<StringAttr>(piece).str();
    pieces.back() = StringAttr::get(getContext(), joined);
  }
  if (holes.empty())
    return pieces[0];
  if (holes.size() == 1 && isKind(holes[0].getType(), Kind::string) && cast<StringAttr>(pieces[0]).empty() &&
      cast<StringAttr>(pieces[1]).empty())
    return holes[0];
  if (holes.size() == getHoles().size())
    return {};
  setPiecesAttr(ArrayAttr::get(getContext(), pieces));
  getHolesMutable().assign(holes);
  return getResult();
}

OpFoldResult RecordOp::fold(FoldAdaptor adaptor) {
  ArrayAttr fields = allKnown(getContext(), adaptor.getFields());
  return fields ? RecordValueAttr::get(getContext(), fields) : Attribute();
}

OpFoldResult ListOp::fold(FoldAdaptor adaptor) { return allKnown(getContext(), adaptor.getItems()); }

OpFoldResult VariantOp::fold(FoldAdaptor adaptor) {
  ArrayAttr fields = allKnown(getContext(), adaptor.getFields());
  return fields ? CaseValueAttr::get(getContext(), getIndex(), fields) : Attribute();
}

OpFoldResult FieldOp::fold(FoldAdaptor adaptor) {
  if (auto made = getObject().getDefiningOp<RecordOp>(); made && getIndex() < made.getFields().size())
    return made.getFields()[getIndex()];
  if (auto made = getObject().getDefiningOp<ListOp>(); made && getIndex() < made.getItems().size())
    return made.getItems()[getIndex()];
  ArrayAttr fields = dyn_cast_or_null<ArrayAttr>(adaptor.getObject());
  if (auto record = dyn_cast_or_null<RecordValueAttr>(adaptor.getObject()))
    fields = record.getFields();
  return fields && getIndex() < fields.size() ? fields[getIndex()] : Attribute();
}

OpFoldResult AsOp::fold(FoldAdaptor adaptor) {
  if (getValue().getType() == getResult().getType())
    return getValue();
  if (auto inner = getValue().getDefiningOp<AsOp>(); inner && inner.getValue().getType() == getResult().getType())
    return inner.getValue();
  return adaptor.getValue();
}

OpFoldResult CaseIndexOp::fold(FoldAdaptor adaptor) {
  Builder builder(getContext());
  // An optional that holds a sum is asked whether it is there, not which case it is.
  if (isKind(getValue().getType(), Kind::optional))
    return adaptor.getValue() ? builder.getI64IntegerAttr(isa<UnitAttr>(adaptor.getValue()) ? 0 : 1) : IntegerAttr();
  if (auto made = getValue().getDefiningOp<VariantOp>())
    return builder.getI64IntegerAttr(made.getIndex());
  if (!adaptor.getValue())
    return {};
  if (auto known = dyn_cast<CaseValueAttr>(adaptor.getValue()))
    return builder.getI64IntegerAttr(known.getIndex());
  return {};
}

OpFoldResult CaseFieldOp::fold(FoldAdaptor adaptor) {
  if (isKind(getValue().getType(), Kind::optional)) {
    bool present = adaptor.getValue() && !isa<UnitAttr>(adaptor.getValue());
    return present ? adaptor.getValue() : Attribute();
  }
  // In an arm that is never taken the value has another case: what lies there has another type.
  if (auto made = getValue().getDefiningOp<VariantOp>())
    return getIndex() < made.getFields().size() && made.getFields()[getIndex()].getType() == getType()
               ? OpFoldResult(made.getFields()[getIndex()])
               : OpFoldResult();
  if (auto known = dyn_cast_or_null<CaseValueAttr>(adaptor.getValue()))
    return getIndex() < known.getFields().size() && fits(known.getFields()[getIndex()], getType())
               ? known.getFields()[getIndex()]
               : Attribute();
  return {};
}

OpFoldResult BuiltinOp::fold(FoldAdaptor adaptor) {
  std::vector<value::Value> arguments;
  for (Attribute known : adaptor.getArguments()) {
    auto value = known ? valueOf(known) : std::nullopt;
    if (!value)
      return {};
    arguments.push_back(*std::move(value));
  }
  value::NoApplier applier(foldFuel);
  value::Value result;
  if (value::callBuiltin(*value::builtinNamed(getName()), arguments, result, applier))
    return {};
  if (result.deepBytes() > maxFoldedBytes)
    return {};
  return attributeOf(getContext(), result);
}

/// A known selector leaves only its arm.
LogicalResult SwitchOp::canonicalize(SwitchOp op, PatternRewriter &rewriter) {
  Attribute known;
  if (!matchPattern(op.getSelector(), m_Constant(&known)))
    return rewriter.notifyMatchFailure(op, "selector is not known");
  uint64_t chosen = 0;
  if (auto boolean = dyn_cast<BoolAttr>(known))
    chosen = boolean.getValue() ? 0 : 1;
  else if (auto integer = dyn_cast<IntegerAttr>(known))
    chosen = static_cast<uint64_t>(integer.getInt());
  if (chosen >= op.getArms().size())
    return rewriter.notifyMatchFailure(op, "selector names no arm");
  Block &arm = op.getArms()[chosen].front();
  Value result = cast<YieldOp>(arm.getTerminator()).getValue();
  rewriter.eraseOp(arm.getTerminator());
  rewriter.inlineBlockBefore(&arm, op);
  rewriter.replaceOp(op, result);
  return success();
}

} // namespace weft::expr
