//===- ExprTypes.td - One type class for all values -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_EXPR_TYPES
#define WEFT_DIALECTS_EXPR_TYPES

include "dialects/expr/ExprDialect.td"
include "mlir/IR/AttrTypeBase.td"

def Expr_ValueType : TypeDef<Expr_Dialect, "Value"> {
  let typeName = "expr.value";
  let summary = "A value of a workflow";
  let description = [{
    One class with a kind, because almost every op takes any of them. Written `!expr.int`, `!expr.list<T>`, `!expr.map<T>`,
    `!expr.optional<T>`, `!expr.tuple<A, B>`, `!expr.named<@Note>`, and, the result last, `!expr.fn<A, R>`, `!expr.agent<A, R>`.
  }];
  let parameters = (ins "::weft::expr::Kind":$kind, OptionalParameter<"::mlir::FlatSymbolRefAttr">:$symbol,
                        OptionalArrayRefParameter<"::mlir::Type">:$elements);
  let builders = [TypeBuilder<(ins "::weft::expr::Kind":$kind), [{ return $_get($_ctxt, kind, ::mlir::FlatSymbolRefAttr(), ::llvm::ArrayRef<::mlir::Type>()); }]>];
}

def Expr_AnyTensor : Type<CPred<"::llvm::isa<::mlir::RankedTensorType>($_self)">, "tensor">;
def Expr_Any : AnyTypeOf<[Expr_ValueType, Expr_AnyTensor], "value of a workflow">;

class Expr_OfKind<string kind, string summary>
    : Type<CPred<"::weft::expr::isKind($_self, ::weft::expr::Kind::" # kind # ")">, summary>;
def Expr_String : Expr_OfKind<"string", "string">,
                  BuildableType<"::weft::expr::ValueType::get($_builder.getContext(), ::weft::expr::Kind::string)">;
def Expr_Bool : Expr_OfKind<"boolean", "bool">;
def Expr_Function : Expr_OfKind<"function", "function">;
def Expr_Selector : Type<CPred<"::weft::expr::isKind($_self, ::weft::expr::Kind::boolean) || ::weft::expr::isKind($_self, ::weft::expr::Kind::integer)">, "bool or int">;

#endif
