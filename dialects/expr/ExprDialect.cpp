//===- ExprDialect.cpp - Registration and the syntax of types -------------===//

#include "dialects/expr/Expr.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;

#include "dialects/expr/ExprDialect.cpp.inc"
#include "dialects/expr/ExprEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/expr/ExprAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/expr/ExprTypes.cpp.inc"

namespace weft::expr {
namespace {

constexpr Kind lastKind = Kind::parsed;

std::optional<Kind> kindOf(StringRef text) {
  for (unsigned i = 0; i <= static_cast<unsigned>(lastKind); ++i)
    if (spelling(static_cast<Kind>(i)) == text)
      return static_cast<Kind>(i);
  return std::nullopt;
}

/// How many elements stand in the angle brackets; nothing for "one or more".
std::optional<unsigned> elementCount(Kind kind) {
  if (kind < Kind::list)
    return 0;
  if (kind == Kind::tuple || kind == Kind::function || kind == Kind::agent)
    return std::nullopt;
  return 1;
}

} // namespace

StringRef spelling(Kind kind) {
  static constexpr StringLiteral names[] = {"none",     "bool",  "int",   "float", "string", "bytes", "json",
                                            "duration", "size",  "money", "file",  "rng",    "list",  "map",
                                            "optional", "tuple", "named", "fn",    "agent",  "parsed"};
  return names[static_cast<unsigned>(kind)];
}

ValueType simple(MLIRContext *context, Kind kind) { return ValueType::get(context, kind); }

ValueType of(Kind kind, Type element) {
  return ValueType::get(element.getContext(), kind, FlatSymbolRefAttr(), element);
}

ValueType named(MLIRContext *context, StringRef symbol) {
  return ValueType::get(context, Kind::named, FlatSymbolRefAttr::get(context, symbol), ArrayRef<Type>());
}

void ExprDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/expr/ExprTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/expr/ExprAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/expr/ExprOps.cpp.inc"
      >();
}

Operation *ExprDialect::materializeConstant(OpBuilder &builder, Attribute value, Type type, Location place) {
  if (!isa<ValueType, RankedTensorType>(type))
    return nullptr;
  return ConstantOp::create(builder, place, type, value);
}

Type ExprDialect::parseType(DialectAsmParser &parser) const {
  StringRef word;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseKeyword(&word))
    return {};
  std::optional<Kind> kind = kindOf(word);
  if (!kind) {
    parser.emitError(place) << "unknown type '" << word << "' of expr";
    return {};
  }
  MLIRContext *context = parser.getContext();
  if (*kind < Kind::list)
    return simple(context, *kind);
  FlatSymbolRefAttr symbol;
  SmallVector<Type> elements;
  if (parser.parseLess())
    return {};
  if (*kind == Kind::named ? ParseResult(parser.parseAttribute(symbol))
                           : parser.parseCommaSeparatedList([&] { return parser.parseType(elements.emplace_back()); }))
    return {};
  if (parser.parseGreater())
    return {};
  std::optional<unsigned> wanted = elementCount(*kind);
  if (*kind != Kind::named && wanted && elements.size() != *wanted) {
    parser.emitError(place) << "'" << word << "' takes " << *wanted << " type, found " << elements.size();
    return {};
  }
  return ValueType::get(context, *kind, symbol, elements);
}

void ExprDialect::printType(Type type, DialectAsmPrinter &printer) const {
  auto value = cast<ValueType>(type);
  printer << spelling(value.getKind());
  if (value.getKind() < Kind::list)
    return;
  printer << '<';
  if (value.getKind() == Kind::named)
    printer << value.getSymbol();
  else
    llvm::interleaveComma(value.getElements(), printer);
  printer << '>';
}

} // namespace weft::expr
