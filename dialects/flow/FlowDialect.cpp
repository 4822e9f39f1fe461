//===- FlowDialect.cpp - Registration of the flow dialect -----------------===//

#include "dialects/flow/Flow.h"

#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

#include "dialects/flow/FlowDialect.cpp.inc"
#include "dialects/flow/FlowEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialects/flow/FlowAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialects/flow/FlowTypes.cpp.inc"

namespace weft::flow {

Effect join(Effect left, Effect right) {
  if (left == right)
    return left;
  if (writes(left) && writes(right))
    return Effect::write;
  return std::max(left, right);
}

void FlowDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialects/flow/FlowTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialects/flow/FlowAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialects/flow/FlowOps.cpp.inc"
      >();
}

} // namespace weft::flow
