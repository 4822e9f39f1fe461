//===- NnOp.td - What every op of nn has -*- tablegen -*-===//
#ifndef WEFT_DIALECTS_NN_OP
#define WEFT_DIALECTS_NN_OP

include "dialects/base/BaseEnums.td"
include "dialects/base/BaseInterfaces.td"
include "dialects/nn/NnAttrs.td"
include "dialects/nn/NnDialect.td"
include "dialects/nn/NnTypes.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

class Nn_Op<string mnemonic, list<Trait> traits = [], list<string> ownMethods = []>
    : Op<Nn_Dialect, mnemonic, traits # [Pure, DeclareOpInterfaceMethods<Weft_ShardingRuleInterface, ownMethods>]>;

#endif
