//===- Builtins.h - The functions that are always there -------------------===//
//
// Signatures stand in Builtins.def as text and are read once. A name may have
// several; which one a call means is decided by its first argument.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Types.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::sema {

enum class BuiltinId : std::uint16_t {
#define WEFT_CORE(id, signature) id,
#define WEFT_LIBRARY(id, signature) id,
#define WEFT_SYSTEM(id, signature) id,
#define WEFT_TENSOR(id, name) id,
#define WEFT_MOCK(id, signature) id,
#include "lang/sema/Builtins.def"
};

enum class BuiltinFamily : std::uint8_t { core, library, system, tensor, mock };

/// What a type parameter of a signature must be.
enum class Constraint : std::uint8_t { nothing, ordered, comparable, number, additive, tensors };

struct BuiltinParameter {
  std::string name;
  Type type = nullptr; ///< Type parameters are TypeKind::parameter.
};

struct Builtin {
  BuiltinId id{};
  BuiltinFamily family = BuiltinFamily::core;
  std::string name;      ///< As programs write it, "sort_by".
  std::string signature; ///< As in Builtins.def; only the name for tensor and mock.
  std::vector<Type> typeParameters;
  std::vector<Constraint> constraints; ///< One per type parameter.
  std::vector<BuiltinParameter> parameters;
  Type result = nullptr; ///< Null for tensor and mock.
};

/// All builtins, over the types of one table.
class Builtins {
public:
  explicit Builtins(TypeTable &types);

  /// Of the given families; empty if the name is none.
  std::vector<const Builtin *> find(std::string_view name, BuiltinFamily family) const;
  /// Of any family but those of the library.
  bool isName(std::string_view name) const {
    return byName.contains(name) && find(name, BuiltinFamily::library).empty();
  }
  const Builtin &get(BuiltinId id) const { return all[static_cast<std::size_t>(id)]; }
  /// For "did you mean"; without those of the library.
  std::vector<std::string> names() const;

private:
  std::vector<Builtin> all;
  std::multimap<std::string, std::size_t, std::less<>> byName;
};

/// "sort_by", of any table.
std::string_view nameOf(BuiltinId id);

} // namespace weft::sema
