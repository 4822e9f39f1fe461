//===- DistFunctionAttrs.cpp - What a run does around a tensor function ---===//

#include "dialects/dist/Dist.h"

#include "llvm/ADT/StringExtras.h"

#include <limits>

using namespace mlir;

namespace weft::dist {
namespace {

bool isWhole(Attribute value, std::int64_t least) {
  auto number = dyn_cast_if_present<IntegerAttr>(value);
  return number && number.getType().isSignlessInteger(64) && number.getInt() >= least;
}

bool isSource(Attribute value) {
  auto source = dyn_cast<DictionaryAttr>(value);
  auto kind = source ? source.getAs<StringAttr>("kind") : StringAttr();
  return kind && kind.getValue() == "text" && source.getAs<StringAttr>("files") && isWhole(source.get("context"), 1) &&
         isWhole(source.get("batch"), 1) && isWhole(source.get("seed"), std::numeric_limits<std::int64_t>::min()) &&
         source.getAs<FloatAttr>("held_out");
}

bool isCheckpoint(Attribute value) {
  auto checkpoint = dyn_cast<DictionaryAttr>(value);
  return checkpoint && isWhole(checkpoint.get("every"), 1) && isWhole(checkpoint.get("keep"), 0) &&
         checkpoint.getAs<StringAttr>("to");
}

/// What an attribute of a function must be; null where it is.
const char *wantedOfFunction(StringRef name, Attribute value) {
  if (name == kernelAttrName)
    return nullptr;
  if (name == stepsAttrName)
    return isWhole(value, 1) ? nullptr : "1 or more, as an i64";
  if (name == evaluationAttrName)
    return isa<FlatSymbolRefAttr>(value) ? nullptr : "the name of a function";
  if (name == checkpointAttrName)
    return isCheckpoint(value) ? nullptr : "{every = 1 or more, keep = 0 or more, to = \"folder\"}";
  auto sources = dyn_cast<ArrayAttr>(value);
  return sources && llvm::all_of(sources, isSource)
             ? nullptr
             : "a list of {kind = \"text\", files, context, batch, seed, held_out}";
}

LogicalResult checkFeed(Operation *op, Attribute value) {
  auto feed = dyn_cast<ArrayAttr>(value);
  auto sources = op->getAttrOfType<ArrayAttr>(dataAttrName);
  auto part = feed && feed.size() == 2 ? dyn_cast<StringAttr>(feed[1]) : StringAttr();
  bool fits = part && (part.getValue() == "x" || part.getValue() == "y") && isWhole(feed[0], 0) && sources &&
              cast<IntegerAttr>(feed[0]).getInt() < static_cast<std::int64_t>(sources.size());
  if (fits)
    return success();
  return op->emitError() << feedAttrName << " is " << value
                         << "; wanted the number of one of the function's sources, and x or y";
}

} // namespace

LogicalResult DistDialect::verifyOperationAttribute(Operation *op, NamedAttribute attribute) {
  StringRef name = attribute.getName().getValue();
  if (name == meshAttrName) {
    if (!lookUpMesh(op, dyn_cast<FlatSymbolRefAttr>(attribute.getValue())))
      return op->emitError() << meshAttrName << " is " << attribute.getValue() << "; wanted the name of a mesh";
    return success();
  }
  StringRef known[] = {kernelAttrName, stepsAttrName, dataAttrName, checkpointAttrName, evaluationAttrName};
  if (!llvm::is_contained(known, name))
    return op->emitError() << "has the unknown attribute '" << name << "'; wanted '" << meshAttrName << "' or '"
                           << llvm::join(ArrayRef<StringRef>(known), "' or '") << "'";
  if (const char *wanted = wantedOfFunction(name, attribute.getValue()))
    return op->emitError() << name << " is " << attribute.getValue() << "; wanted " << wanted;
  return success();
}

LogicalResult DistDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned argument,
                                                    NamedAttribute attribute) {
  StringRef name = attribute.getName().getValue();
  if (name == feedAttrName)
    return checkFeed(op, attribute.getValue());
  if (name == inPlaceAttrName && isWhole(attribute.getValue(), 0))
    return success();
  if (name == zerosAttrName || name == stepAttrName || (name == stateAttrName && isa<StringAttr>(attribute.getValue())))
    return success();
  return op->emitError() << "argument " << argument << " has " << attribute.getName() << " = " << attribute.getValue()
                         << "; wanted " << stateAttrName << ", a name, " << zerosAttrName << ", " << feedAttrName
                         << ", " << stepAttrName << " or " << inPlaceAttrName << ", a number";
}

LogicalResult DistDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned result,
                                                       NamedAttribute attribute) {
  StringRef name = attribute.getName().getValue();
  if ((name == stateAttrName || name == reportAttrName) && isa<StringAttr>(attribute.getValue()))
    return success();
  return op->emitError() << "result " << result << " has " << attribute.getName() << " = " << attribute.getValue()
                         << "; wanted " << stateAttrName << " or " << reportAttrName << ", a name";
}

} // namespace weft::dist
