//===- DistOps.cpp - Syntax of dist's ops ---------------------------------===//

#include "dialects/dist/Dist.h"

#include "mlir/IR/OpImplementation.h"

using namespace mlir;

#define GET_OP_CLASSES
#include "dialects/dist/DistOps.cpp.inc"

namespace weft::dist {

/// `on @mesh (%part = %x : whole as local, ...) -> (types) { ... }`
ParseResult SpmdOp::parse(OpAsmParser &parser, OperationState &result) {
  FlatSymbolRefAttr mesh;
  SmallVector<OpAsmParser::Argument> parts;
  SmallVector<OpAsmParser::UnresolvedOperand> inputs;
  SmallVector<Type> inputTypes, resultTypes;
  auto parsePart = [&]() -> ParseResult {
    return failure(parser.parseArgument(parts.emplace_back()) || parser.parseEqual() ||
                   parser.parseOperand(inputs.emplace_back()) || parser.parseColon() ||
                   parser.parseType(inputTypes.emplace_back()) || parser.parseKeyword("as") ||
                   parser.parseType(parts.back().type));
  };
  auto parseResult = [&]() -> ParseResult { return parser.parseType(resultTypes.emplace_back()); };
  SMLoc place = parser.getCurrentLocation();
  if (parser.parseKeyword("on") || parser.parseAttribute(mesh, "mesh", result.attributes) ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parsePart) || parser.parseArrow() ||
      parser.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseResult) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes) || parser.parseRegion(*result.addRegion(), parts) ||
      parser.resolveOperands(inputs, inputTypes, place, result.operands))
    return failure();
  result.addTypes(resultTypes);
  return success();
}

void SpmdOp::print(OpAsmPrinter &printer) {
  printer << " on " << getMeshAttr() << " (";
  llvm::interleaveComma(llvm::zip(getBody().getArguments(), getInputs()), printer, [&](auto pair) {
    auto [part, input] = pair;
    printer << part << " = " << input << " : " << input.getType() << " as " << part.getType();
  });
  printer << ") -> (";
  llvm::interleaveComma(getResultTypes(), printer);
  printer << ") ";
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(), {"mesh"});
  printer.printRegion(getBody(), /*printEntryBlockArgs=*/false);
}

} // namespace weft::dist
