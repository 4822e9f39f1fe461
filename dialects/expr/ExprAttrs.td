//===- ExprAttrs.td - Constants that builtin attributes cannot say -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_EXPR_ATTRS
#define WEFT_DIALECTS_EXPR_ATTRS

include "dialects/expr/ExprDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/EnumAttr.td"

class Expr_Attr<string name, string attrMnemonic> : AttrDef<Expr_Dialect, name> { let mnemonic = attrMnemonic; }

def Expr_TypeForm : I32EnumAttr<"TypeForm", "what a named type is", [
  I32EnumAttrCase<"record", 0>, I32EnumAttrCase<"sum", 1>, I32EnumAttrCase<"alias", 2>]> {
  let cppNamespace = "::weft::expr";
}

def Expr_Measure : I32EnumAttr<"Measure", "what a quantity counts", [
  I32EnumAttrCase<"duration", 0>, I32EnumAttrCase<"size", 1>, I32EnumAttrCase<"money", 2>]> {
  let cppNamespace = "::weft::expr";
}

def Expr_FieldAttr : Expr_Attr<"Field", "field"> {
  let summary = "A field of a record, a case or a signature";
  let description = [{
    `check` is a function of the fields up to and with this one that gives a bool; `text` is its `where` as written.
  }];
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::Type":$type,
                        OptionalParameter<"::mlir::FlatSymbolRefAttr">:$check,
                        OptionalParameter<"::mlir::StringAttr">:$text, OptionalParameter<"::mlir::StringAttr">:$doc);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Expr_CaseAttr : Expr_Attr<"Case", "case"> {
  let summary = "A case of a sum";
  let parameters = (ins "::mlir::StringAttr":$name, "::mlir::ArrayAttr":$fields,
                        OptionalParameter<"::mlir::StringAttr">:$doc);
  let assemblyFormat = "`<` struct(params) `>`";
}

def Expr_RecordValueAttr : Expr_Attr<"RecordValue", "record"> {
  let summary = "A record that is known: its fields in order";
  let parameters = (ins "::mlir::ArrayAttr":$fields);
  let assemblyFormat = "`<` $fields `>`";
}

def Expr_CaseValueAttr : Expr_Attr<"CaseValue", "value"> {
  let summary = "A value of a sum that is known: the case's index and its fields";
  let parameters = (ins "uint32_t":$index, "::mlir::ArrayAttr":$fields);
  let assemblyFormat = "`<` $index `,` $fields `>`";
}

def Expr_QuantityAttr : Expr_Attr<"Quantity", "quantity"> {
  let summary = "A duration in nanoseconds, a size in bytes, money in nano-dollars";
  let parameters = (ins EnumParameter<Expr_Measure>:$measure, "int64_t":$amount);
  let assemblyFormat = "`<` $measure $amount `>`";
}

#endif
