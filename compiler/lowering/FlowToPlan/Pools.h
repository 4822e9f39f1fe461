//===- Pools.h - Types, constants, spans and functions by index -----------===//
//
// Everything in a plan refers by index. A pool gives equal things equal indices,
// in the order in which they are first asked for.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/expr/Expr.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/value/Value.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"

#include <map>

namespace weft::lowering {

namespace fb = plan::fb;

/// From this word on it is something of this place in the source.
struct WordPlace {
  std::uint32_t word;
  mlir::Location place;
};

class Pools {
public:
  Pools(mlir::ModuleOp module, fb::PlanT &plan);

  /// Index of a type; named ones are looked up in the module.
  std::uint32_t type(mlir::Type type);
  /// Index of a constant.
  std::uint32_t constant(mlir::Attribute value, mlir::Type type);
  std::uint32_t constant(const value::Value &value, mlir::Type type);
  std::uint32_t integer(std::int64_t value);
  /// Index of the constant that holds the JSON Schema of a type; an empty text for types that have none.
  std::uint32_t schema(mlir::Type type);
  /// Index of the place in the source; unknown places are index 0.
  std::uint32_t span(mlir::Location place);
  /// Index of an `expr.function`, by name. Functions come first, in the order of the module.
  std::uint32_t function(llvm::StringRef name) const { return functions.lookup(name); }
  /// Takes a function that has no name of its own; gives its index.
  std::uint32_t addFunction(std::unique_ptr<fb::FunctionT> function);
  /// Puts words at the end of the plan's words; `places` by word from the first of these on, rising.
  fb::Range addWords(llvm::ArrayRef<std::uint32_t> words, llvm::ArrayRef<WordPlace> places);
  /// Names a feature that a build must know to run the plan.
  void needs(llvm::StringRef feature);

  fb::PlanT &plan;

private:
  std::uint32_t addType(mlir::Type type);
  void fillValueType(expr::ValueType type, std::uint32_t index);
  void fillNamed(expr::TypeOp op, std::uint32_t index);
  std::vector<std::unique_ptr<fb::FieldT>> fieldsOf(mlir::ArrayAttr fields);
  std::unique_ptr<fb::FieldT> field(std::string name, mlir::Type type);
  std::uint32_t file(llvm::StringRef name);

  mlir::ModuleOp module;
  mlir::SymbolTable symbols;
  llvm::DenseMap<mlir::Type, std::uint32_t> types;
  std::map<std::pair<std::uint32_t, std::vector<std::uint8_t>>, std::uint32_t> constants;
  std::map<std::tuple<std::uint32_t, unsigned, unsigned>, std::uint32_t> spans;
  llvm::StringMap<std::uint32_t> functions;
};

} // namespace weft::lowering
