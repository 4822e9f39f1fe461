//===- TopoOps.cpp - Syntax and accessors of topo's ops -------------------===//

#include "dialects/topo/Topo.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpImplementation.h"

using namespace mlir;

/// `{data = 2 elastic, model = 4}`, the slowest axis first.
static ParseResult parseMeshAxes(OpAsmParser &parser, ArrayAttr &axes, DenseI64ArrayAttr &sizes,
                                 DenseBoolArrayAttr &elastic) {
  SmallVector<Attribute> names;
  SmallVector<int64_t> counts;
  SmallVector<bool> replicas;
  auto parseAxis = [&]() -> ParseResult {
    std::string name;
    if (parser.parseKeywordOrString(&name) || parser.parseEqual() || parser.parseInteger(counts.emplace_back()))
      return failure();
    names.push_back(parser.getBuilder().getStringAttr(name));
    replicas.push_back(succeeded(parser.parseOptionalKeyword("elastic")));
    return success();
  };
  if (parser.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseAxis, " in the axes of a mesh"))
    return failure();
  axes = parser.getBuilder().getArrayAttr(names);
  sizes = parser.getBuilder().getDenseI64ArrayAttr(counts);
  elastic = parser.getBuilder().getDenseBoolArrayAttr(replicas);
  return success();
}

static void printMeshAxes(OpAsmPrinter &printer, Operation *, ArrayAttr axes, DenseI64ArrayAttr sizes,
                          DenseBoolArrayAttr elastic) {
  printer << '{';
  llvm::interleaveComma(llvm::seq<size_t>(0, axes.size()), printer, [&](size_t i) {
    printer.printKeywordOrString(cast<StringAttr>(axes[i]).getValue());
    printer << " = " << sizes[i] << (elastic[i] ? " elastic" : "");
  });
  printer << '}';
}

#define GET_OP_CLASSES
#include "dialects/topo/TopoOps.cpp.inc"

namespace weft::topo {

SmallVector<StringRef> MeshOp::getAxisNames() { return llvm::to_vector(getAxes().getAsValueRange<StringAttr>()); }
ArrayRef<int64_t> MeshOp::getAxisSizes() { return getSizes(); }
ArrayRef<bool> MeshOp::getElasticAxes() { return getElastic(); }

} // namespace weft::topo
