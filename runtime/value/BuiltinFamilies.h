//===- BuiltinFamilies.h - The implementations behind Builtins.def --------===//
//
// Each writes `result` and returns true, or says why not through the applier.
// Arguments are as many as the table says, of any tag.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Builtins.h"

namespace weft::value::builtins {

#define BUILTIN(number, name, fewest, most, family, signature)                                                         \
  namespace family {                                                                                                   \
  bool name(Args args, Value &result, Applier &applier);                                                               \
  }
#include "runtime/value/Builtins.def"

/// "len does not take a bool": for arguments that static types exclude.
bool wrongArgument(Applier &applier, Builtin builtin, const Value &argument);

} // namespace weft::value::builtins
