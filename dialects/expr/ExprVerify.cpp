//===- ExprVerify.cpp - The numbered constraints of expr's ops ------------===//

#include "dialects/expr/ConstantValue.h"
#include "dialects/expr/Expr.h"
#include "runtime/base/Failure.h"
#include "runtime/value/Builtins.h"

#include "llvm/ADT/StringSet.h"

using namespace mlir;

namespace weft::expr {
namespace {

LogicalResult yieldsOf(Operation *op, Region &region, Type wanted) {
  auto yield = region.empty() ? YieldOp() : dyn_cast_or_null<YieldOp>(region.back().getTerminator());
  if (!yield)
    return op->emitOpError() << "has a body that does not end in expr.yield";
  if (yield.getValue().getType() != wanted)
    return op->emitOpError() << "yields " << yield.getValue().getType() << "; wanted " << wanted;
  return success();
}

template <typename T> LogicalResult namesDiffer(Operation *op, ArrayAttr list, StringRef what) {
  llvm::StringSet<> seen;
  for (Attribute one : list) {
    auto item = dyn_cast<T>(one);
    if (!item)
      return op->emitOpError() << "has " << one << " among its " << what;
    if (!seen.insert(item.getName()).second)
      return op->emitOpError() << "has two " << what << " named '" << item.getName().getValue() << "'";
  }
  return success();
}

LogicalResult checkIsPredicate(Operation *op, FlatSymbolRefAttr check, SymbolTableCollection &symbols) {
  if (!check)
    return success();
  auto function = symbols.lookupNearestSymbolFrom<FunctionOp>(op, check);
  if (!function)
    return op->emitOpError() << "has the check " << check << "; wanted an expr.function";
  if (function.getResultTypes().size() != 1 || !isKind(function.getResultTypes()[0], Kind::boolean))
    return op->emitOpError() << "has the check " << check << ", which does not give a bool";
  return success();
}

LogicalResult checksOf(Operation *op, ArrayAttr fields, SymbolTableCollection &symbols) {
  for (auto field : fields.getAsRange<FieldAttr>())
    if (failed(checkIsPredicate(op, field.getCheck(), symbols)))
      return failure();
  return success();
}

/// The part of a constant that no run could hold, or null.
Attribute notAValue(Attribute whole) {
  SmallVector<Attribute> open{whole};
  while (!open.empty()) {
    Attribute one = open.pop_back_val();
    if (isa<UnitAttr, BoolAttr, StringAttr, QuantityAttr>(one))
      continue;
    auto typed = dyn_cast<TypedAttr>(one);
    if (isa<IntegerAttr, FloatAttr>(one) && (typed.getType().isSignlessInteger(64) || typed.getType().isF64()))
      continue;
    if (auto elements = dyn_cast<DenseElementsAttr>(one);
        elements && !elements.getElementType().isInteger(1) && elementTypeOf(elements.getElementType()))
      continue;
    if (auto list = dyn_cast<ArrayAttr>(one))
      llvm::append_range(open, list);
    else if (auto record = dyn_cast<RecordValueAttr>(one))
      llvm::append_range(open, record.getFields());
    else if (auto variant = dyn_cast<CaseValueAttr>(one))
      llvm::append_range(open, variant.getFields());
    else if (auto map = dyn_cast<DictionaryAttr>(one))
      for (NamedAttribute entry : map)
        open.push_back(entry.getValue());
    else
      return one;
  }
  return {};
}

} // namespace

LogicalResult TypeOp::verify() {
  bool record = getForm() == TypeForm::record, sum = getForm() == TypeForm::sum;
  if (!!getFields() != record || !!getCases() != sum || !!getOf() != (getForm() == TypeForm::alias)) // C1
    return emitOpError() << "is a " << stringifyTypeForm(getForm()) << "; wanted "
                         << (record ? "fields"
                             : sum  ? "cases"
                                    : "of")
                         << " and nothing else";
  if (sum && getCases()->size() < 2) // C1
    return emitOpError() << "has " << getCases()->size() << " cases; wanted two or more";
  if (record)
    return namesDiffer<FieldAttr>(*this, *getFields(), "fields"); // C2
  if (!sum)
    return success();
  if (failed(namesDiffer<CaseAttr>(*this, *getCases(), "cases"))) // C2
    return failure();
  for (auto one : getCases()->getAsRange<CaseAttr>())
    if (failed(namesDiffer<FieldAttr>(*this, one.getFields(), "fields"))) // C2
      return failure();
  return success();
}

LogicalResult TypeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  if (failed(checkIsPredicate(*this, getCheckAttr(), symbols))) // C3
    return failure();
  if (getFields())
    return checksOf(*this, *getFields(), symbols); // C3
  if (getCases())
    for (auto one : getCases()->getAsRange<CaseAttr>())
      if (failed(checksOf(*this, one.getFields(), symbols))) // C3
        return failure();
  return success();
}

LogicalResult FunctionOp::verifyRegions() {
  if (getResultTypes().size() != 1)
    return emitOpError() << "gives " << getResultTypes().size() << " results; wanted one";
  return yieldsOf(*this, getBody(), getResultTypes()[0]); // C1
}

LogicalResult ConstantOp::verify() {
  if (Attribute wrong = notAValue(getValue())) // C1
    return emitOpError() << "holds " << wrong << ", which is no value";
  return success();
}

LogicalResult FormatOp::verify() {
  if (getPieces().size() == getHoles().size() + 1)
    return success();
  return emitOpError() << "has " << getPieces().size() << " pieces around " << getHoles().size() << " holes; wanted "
                       << getHoles().size() + 1; // C1
}

LogicalResult MapOp::verify() {
  if (getEntries().size() % 2) // C1
    return emitOpError() << "has " << getEntries().size() << " operands; wanted keys and values that alternate";
  for (size_t i = 0; i < getEntries().size(); i += 2)
    if (!isKind(getEntries()[i].getType(), Kind::string)) // C1
      return emitOpError() << "has a key of type " << getEntries()[i].getType() << "; wanted a string";
  return success();
}

LogicalResult BuiltinOp::verify() {
  auto builtin = value::builtinNamed(getName());
  if (!builtin) // C1
    return emitOpError() << "names '" << getName() << "', which is no builtin";
  const value::BuiltinInfo *info = value::builtinInfo(static_cast<uint32_t>(*builtin));
  if (getArguments().size() < info->fewest || getArguments().size() > info->most) // C2
    return emitOpError() << "gives '" << getName() << "' " << getArguments().size() << " operands; wanted "
                         << unsigned(info->fewest) << " to " << unsigned(info->most);
  return success();
}

LogicalResult CallOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto function = symbols.lookupNearestSymbolFrom<FunctionOp>(*this, getCalleeAttr());
  if (!function) // C1
    return emitOpError() << "calls " << getCalleeAttr() << "; wanted an expr.function";
  if (!llvm::equal(function.getArgumentTypes(), getArguments().getTypes()) ||
      function.getResultTypes()[0] != getResult().getType()) // C1
    return emitOpError() << "does not fit " << function.getFunctionType();
  return success();
}

LogicalResult SwitchOp::verifyRegions() {
  bool boolean = isKind(getSelector().getType(), Kind::boolean);
  if (boolean ? getArms().size() != 2 : getArms().empty()) // C1
    return emitOpError() << "has " << getArms().size() << " regions; wanted " << (boolean ? "two" : "one or more");
  for (Region &arm : getArms())
    if (failed(yieldsOf(*this, arm, getResult().getType()))) // C2
      return failure();
  return success();
}

LogicalResult LoopOp::verifyRegions() {
  if (!isKind(getMax().getType(), Kind::integer)) // C1
    return emitOpError() << "runs " << getMax().getType() << " rounds; wanted an int";
  Block &round = getBody().front();
  if (round.getNumArguments() != 1 || round.getArgument(0).getType() != getInit().getType()) // C2
    return emitOpError() << "has a body that is not given one value of type " << getInit().getType();
  if (!isa_and_nonnull<YieldOp>(round.empty() ? nullptr : &round.back())) // C2
    return emitOpError() << "has a body that does not end in expr.yield";
  return yieldsOf(*this, getOtherwise(), getResult().getType()); // C3
}

LogicalResult ParseOp::verify() {
  if (!isKind(getResult().getType(), Kind::parsed)) // C1
    return emitOpError() << "gives " << getResult().getType() << "; wanted !expr.parsed";
  if (!isKind(getValue().getType(), getOfJson() ? Kind::json : Kind::string)) // C2
    return emitOpError() << "reads " << getValue().getType() << "; wanted " << (getOfJson() ? "json" : "a string");
  return success();
}

LogicalResult FailOp::verify() {
  for (uint8_t kind = 0; kind < base::failKindCount; ++kind)
    if (getKind() == base::name(static_cast<base::FailKind>(kind)))
      return success();
  return emitOpError() << "fails with '" << getKind() << "', which is no kind of failure"; // C1
}

} // namespace weft::expr
