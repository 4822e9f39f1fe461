//===- FlowDialect.td - Workflows as regions of steps -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_FLOW_DIALECT
#define WEFT_DIALECTS_FLOW_DIALECT

include "mlir/IR/OpBase.td"

def Flow_Dialect : Dialect {
  let name = "flow";
  let cppNamespace = "::weft::flow";
  let summary = "Workflows: calls that reach outside, and the forms around them";
  let description = [{
    A workflow is a symbol with one block of steps. A step starts as soon as its operands are there; what else it waits for
    follows from its effects, which every op states honestly: reads of one binding may overlap, a write waits for everything
    above it in its block, and a later read of the same binding waits for it.

    Regions use values of outside freely, so that upstream's rules for dominance, common subexpressions and dead code apply.
    `weft-flow-outline`, the last pass, turns what they use into explicit `captures` and block arguments; from then on a region
    is a block of the plan file.

    Steps are never speculatable: none may be moved to where it would not have been reached.
  }];
  let useDefaultTypePrinterParser = 1;
  let useDefaultAttributePrinterParser = 1;
}

#endif
