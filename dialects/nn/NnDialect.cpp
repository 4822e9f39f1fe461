//===- NnDialect.cpp - Registration of the nn dialect ---------------------===//

#include "dialects/nn/Nn.h"

#include "mlir/Transforms/InliningUtils.h"

#include "dialects/nn/NnDialect.cpp.inc"
#include "dialects/nn/NnEnums.cpp.inc"

namespace weft::nn {
namespace {

/// A tensor function is inlined into the one that calls it, marks included.
struct Inliner : mlir::DialectInlinerInterface {
  using DialectInlinerInterface::DialectInlinerInterface;
  bool isLegalToInline(mlir::Operation *, mlir::Region *, bool, mlir::IRMapping &) const override { return true; }
  /// Into the body of a scan too.
  bool isLegalToInline(mlir::Region *, mlir::Region *, bool, mlir::IRMapping &) const override { return true; }
};

} // namespace

void NnDialect::initialize() {
  addInterfaces<Inliner>();
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
