//===- NnDialect.cpp - Registration of the nn dialect ---------------------===//

#include "dialects/nn/Nn.h"

#include "dialects/nn/NnDialect.cpp.inc"
#include "dialects/nn/NnEnums.cpp.inc"

namespace weft::nn {

void NnDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialects/nn/NnOps.cpp.inc"
      >();
}

/// Folding keeps a value's shape and elements; the op's type may add an encoding.
mlir::Operation *NnDialect::materializeConstant(mlir::OpBuilder &builder, mlir::Attribute value, mlir::Type type,
                                                mlir::Location location) {
  auto elements = mlir::dyn_cast<mlir::ElementsAttr>(value);
  if (!elements || !mlir::isa<mlir::RankedTensorType>(type))
    return nullptr;
  return ConstantOp::create(builder, location, type, elements);
}

} // namespace weft::nn
