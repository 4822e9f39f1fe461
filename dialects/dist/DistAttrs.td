//===- DistAttrs.td - The sharding of a tensor -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_DIST_ATTRS
#define WEFT_DIALECTS_DIST_ATTRS

include "dialects/dist/DistDialect.td"
include "mlir/IR/AttrTypeBase.td"
include "mlir/IR/TensorEncoding.td"

def Dist_ShardingAttr : AttrDef<Dist_Dialect, "Sharding", [DeclareAttrInterfaceMethods<VerifiableTensorEncoding>]> {
  let mnemonic = "sharding";
  let summary = "Says which slots hold which part of a tensor";
  let description = [{
    For each dimension the axes that split it, the outermost first; a dimension without axes is whole. Slots that differ only
    along axes that are not named hold copies. `partial` names axes along which the slots hold addends (or candidates of
    `min`, `max`) that are still to be combined.

    - C1: an axis is named at most once.
    - C2: as many dimensions as the tensor has.
    - C3: partial axes are named together with the way they are combined.

    `tensor<8x4xf32, #dist.sharding<@grid, [["data"], []], partial = sum ["model"]>>`
  }];
  let parameters = (ins "::mlir::FlatSymbolRefAttr":$mesh, "::mlir::ArrayAttr":$dims, "::weft::ReduceKind":$partialKind,
                        "::mlir::ArrayAttr":$partialAxes);
  let hasCustomAssemblyFormat = 1;
  let genVerifyDecl = 1;
  let genMnemonicAlias = 1;
  let extraClassDeclaration = [{
    /// The axes of one dimension, the outermost first.
    ::llvm::SmallVector<::llvm::StringRef> getAxesOf(unsigned dim) const;
    ::llvm::SmallVector<::llvm::StringRef> getPartial() const;
    bool isPartial() const { return !getPartialAxes().empty(); }
    /// The same sharding with nothing left to combine.
    ShardingAttr withoutPartial() const;
    /// Whole on every slot.
    static ShardingAttr getReplicated(::mlir::FlatSymbolRefAttr mesh, unsigned rank);
    using DimAxes = ::llvm::SmallVector<::llvm::SmallVector<::llvm::StringRef, 2>, 4>;
    static ShardingAttr get(::mlir::FlatSymbolRefAttr mesh, const DimAxes &dims, ::weft::ReduceKind partialKind = ::weft::ReduceKind::sum,
                            ::llvm::ArrayRef<::llvm::StringRef> partialAxes = {});
    DimAxes getDimAxes() const;
  }];
}

#endif
