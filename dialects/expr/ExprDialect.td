//===- ExprDialect.td - The pure values of workflows -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_EXPR_DIALECT
#define WEFT_DIALECTS_EXPR_DIALECT

include "mlir/IR/OpBase.td"

def Expr_Dialect : Dialect {
  let name = "expr";
  let cppNamespace = "::weft::expr";
  let summary = "Values of workflows: records, sums, strings, lists, functions";
  let description = [{
    What a workflow computes between its calls. Nothing here reaches outside; the same operands give the same bits on every
    machine. Ops that may fail (an index out of range, a broken `where`) are not speculatable: they may be removed where
    nobody uses them, and never moved to a place where they would not have been reached.

    Types are `!expr.int`, `!expr.list<!expr.string>`, `!expr.named<@Note>` and so on; `expr.type` says what a named one holds.
    Tensors are upstream's `tensor` types.
  }];
  let extraClassDeclaration = [{
    ::mlir::Type parseType(::mlir::DialectAsmParser &parser) const override;
    void printType(::mlir::Type type, ::mlir::DialectAsmPrinter &printer) const override;
  }];
  let useDefaultAttributePrinterParser = 1;
  let hasConstantMaterializer = 1;
}

#endif
