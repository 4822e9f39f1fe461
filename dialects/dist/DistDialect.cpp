//===- DistDialect.cpp - Registration, the sharding attribute -------------===//

#include "dialects/dist/Dist.h"

#include "mlir/IR/DialectImplementation.h"
#include "mlir/Transforms/InliningUtils.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/dist/DistDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/dist/DistAttrs.cpp.inc"

using namespace mlir;

namespace weft::dist {
namespace {

/// A tensor function is inlined into the one that calls it, marks included.
struct Inliner : mlir::DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(mlir::Operation *, mlir::Region *, bool, mlir::IRMapping &) const override { return true; }
};

} // namespace

void DistDialect::initialize() {
  addInterfaces<Inliner>();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/dist/DistAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/dist/DistOps.cpp.inc"
      >();
}

Attribute ShardingAttr::parse(AsmParser &parser, Type) {
  FlatSymbolRefAttr mesh;
  ArrayAttr dims, partialAxes = parser.getBuilder().getArrayAttr({});
  auto partialKind = ReduceKind::sum;
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseLess() || parser.parseAttribute(mesh) || parser.parseComma() || parser.parseAttribute(dims))
    return {};
  if (succeeded(parser.parseOptionalComma())) {
    StringRef kind;
    if (parser.parseKeyword("partial") || parser.parseEqual() || parser.parseKeyword(&kind) ||
        parser.parseAttribute(partialAxes))
      return {};
    auto symbol = symbolizeReduceKind(kind);
    if (!symbol) {
      parser.emitError(place) << "partial results are combined by '" << kind << "'; wanted sum, min or max";
      return {};
    }
    partialKind = *symbol;
    if (partialAxes.empty()) { // C3
      parser.emitError(place) << "partial names no axes; wanted at least one, or no partial";
      return {};
    }
  }
  if (parser.parseGreater())
    return {};
  return getChecked([&] { return parser.emitError(place); }, parser.getContext(), mesh, dims, partialKind, partialAxes);
}

void ShardingAttr::print(AsmPrinter &printer) const {
  printer << '<' << getMesh() << ", " << getDims();
  if (isPartial())
    printer << ", partial = " << stringifyReduceKind(getPartialKind()) << ' ' << getPartialAxes();
  printer << '>';
}

LogicalResult ShardingAttr::verify(function_ref<InFlightDiagnostic()> emitError, FlatSymbolRefAttr, ArrayAttr dims,
                                   ReduceKind, ArrayAttr partialAxes) {
  llvm::StringSet<> seen;
  auto check = [&](Attribute axes) -> LogicalResult {
    auto list = dyn_cast<ArrayAttr>(axes);
    if (!list)
      return emitError() << "has " << axes << " for a dimension; wanted a list of axes";
    for (Attribute axis : list) {
      auto name = dyn_cast<StringAttr>(axis);
      if (!name)
        return emitError() << "has " << axis << " for an axis; wanted a name in quotes";
      if (!seen.insert(name.getValue()).second) // C1
        return emitError() << "names axis '" << name.getValue() << "' twice; an axis splits one dimension";
    }
    return success();
  };
  for (Attribute axes : dims)
    if (failed(check(axes)))
      return failure();
  return check(partialAxes);
}

LogicalResult ShardingAttr::verifyEncoding(ArrayRef<int64_t> shape, Type,
                                           function_ref<InFlightDiagnostic()> emitError) const {
  if (getDims().size() == shape.size()) // C2
    return success();
  return emitError() << "sharding has " << getDims().size() << " dimensions, the tensor " << shape.size()
                     << "; wanted as many";
}

SmallVector<StringRef> ShardingAttr::getAxesOf(unsigned dim) const {
  return llvm::to_vector(cast<ArrayAttr>(getDims()[dim]).getAsValueRange<StringAttr>());
}

SmallVector<StringRef> ShardingAttr::getPartial() const {
  return llvm::to_vector(getPartialAxes().getAsValueRange<StringAttr>());
}

ShardingAttr::DimAxes ShardingAttr::getDimAxes() const {
  DimAxes dims;
  for (unsigned dim = 0; dim < getDims().size(); ++dim)
    dims.emplace_back(getAxesOf(dim));
  return dims;
}

ShardingAttr ShardingAttr::get(FlatSymbolRefAttr mesh, const DimAxes &dims, ReduceKind partialKind,
                               ArrayRef<StringRef> partialAxes) {
  Builder builder(mesh.getContext());
  SmallVector<Attribute> lists;
  for (const auto &axes : dims)
    lists.push_back(builder.getStrArrayAttr(axes));
  // One spelling for what is not partial, so that equal shardings are one attribute.
  auto kind = partialAxes.empty() ? ReduceKind::sum : partialKind;
  return get(mesh.getContext(), mesh, builder.getArrayAttr(lists), kind, builder.getStrArrayAttr(partialAxes));
}

ShardingAttr ShardingAttr::withoutPartial() const { return get(getMesh(), getDimAxes()); }

ShardingAttr ShardingAttr::getReplicated(FlatSymbolRefAttr mesh, unsigned rank) { return get(mesh, DimAxes(rank)); }

SpmdOp programOf(Region &body) {
  return body.empty() || body.front().empty() ? SpmdOp() : dyn_cast<SpmdOp>(body.front().front());
}

ShardingAttr shardingOf(Type type) {
  auto tensor = dyn_cast<RankedTensorType>(type);
  return tensor ? dyn_cast_if_present<ShardingAttr>(tensor.getEncoding()) : ShardingAttr();
}

RankedTensorType withSharding(RankedTensorType type, ShardingAttr sharding) {
  return RankedTensorType::get(type.getShape(), type.getElementType(), sharding);
}

RankedTensorType localType(RankedTensorType type, MeshInterface mesh, unsigned *dim) {
  SmallVector<int64_t> shape(type.getShape());
  if (ShardingAttr sharding = shardingOf(type))
    for (unsigned i = 0; i < shape.size(); ++i) {
      int64_t slots = axesSize(mesh, sharding.getAxesOf(i));
      if (slots == 0 || shape[i] % slots != 0) {
        if (dim)
          *dim = i;
        return {};
      }
      shape[i] /= slots;
    }
  return RankedTensorType::get(shape, type.getElementType());
}

int64_t indexInGroup(MeshInterface mesh, ArrayRef<StringRef> axes, int64_t slot) {
  llvm::SmallDenseMap<StringRef, int64_t> place;
  auto names = mesh.getAxisNames();
  for (size_t i = names.size(); i-- > 0; slot /= mesh.getAxisSizes()[i])
    place[names[i]] = slot % mesh.getAxisSizes()[i];
  int64_t index = 0;
  for (StringRef axis : axes)
    index = index * axisSize(mesh, axis) + place.lookup(axis);
  return index;
}

SmallVector<int64_t> shardOffsets(RankedTensorType type, MeshInterface mesh, int64_t slot) {
  SmallVector<int64_t> offsets(type.getRank(), 0);
  ShardingAttr sharding = shardingOf(type);
  RankedTensorType local = localType(type, mesh);
  if (!sharding || !local)
    return offsets;
  for (unsigned dim = 0; dim < offsets.size(); ++dim)
    offsets[dim] = indexInGroup(mesh, sharding.getAxesOf(dim), slot) * local.getDimSize(dim);
  return offsets;
}

} // namespace weft::dist
