//===- Inference.h - Types that are not known yet -------------------------===//
//
// A variable stands for one type; unifying binds it. Bindings are kept beside the
// types, so types stay immutable. `fits` is the part of conversion that costs
// nothing at run time, since both types have the same values.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Types.h"

namespace weft::sema {

class Inference {
public:
  explicit Inference(TypeTable &types) : types(types) {}

  Type fresh();
  /// The binding of a variable, as far as known; other types as they are. Not deep.
  Type resolve(Type type) const;
  /// All variables below replaced; unbound ones stay.
  Type settle(Type type);
  /// Whether a variable is left after `settle`.
  static bool open(Type type);
  /// Unbound variables replaced by `none`.
  Type close(Type type);
  /// Makes the two equal by binding variables; false (with some bound) if they cannot be.
  bool unify(Type left, Type right);
  /// Whether each value of `from` is one of `to` as it stands: equal, `T` for `T?`, an
  /// alias for its base, nothing for anything; through lists, maps, tuples, results.
  bool fits(Type from, Type to);
  /// As `fits`, but a base also goes where an alias of it is asked: the values are
  /// the same, and the alias' `where` remains to be checked.
  bool enters(Type from, Type to);
  /// Parameters replaced by what they stand for; types without them are themselves.
  Type substitute(Type type, const std::map<Type, Type> &replacements);
  /// Names of sizes replaced.
  Type substituteDims(Type type, const std::map<const DimSymbol *, Dim> &replacements);

private:
  bool occurs(Type variable, Type type) const;
  template <typename Leaf> Type rebuild(Type type, const Leaf &leaf);

  TypeTable &types;
  std::map<Type, Type> bindings;
  std::uint32_t next = 0;
};

} // namespace weft::sema
