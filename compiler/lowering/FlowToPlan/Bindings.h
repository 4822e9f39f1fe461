//===- Bindings.h - What leaves the plan: bindings, members, policies -----===//
#pragma once

#include "compiler/lowering/FlowToPlan/Pools.h"
#include "dialects/flow/Flow.h"

namespace weft::lowering {

class Bindings {
public:
  Bindings(Pools &pools, mlir::ModuleOp module);

  /// Index of a member, by its symbol path `@binding::@member`.
  std::uint32_t member(mlir::SymbolRefAttr path) const;
  /// Index of a policy, or -1 where there is nothing to say. `budget` is the callee's own and holds unless the policy
  /// has one.
  std::int32_t policy(mlir::DictionaryAttr policy, mlir::DictionaryAttr budget = {});
  /// 1 + the index of the group of calls that begin with the text of this digest and length.
  std::uint32_t group(std::uint64_t digest, std::uint64_t prefixBytes);
  /// Index of a budget, or -1.
  std::int32_t budget(mlir::DictionaryAttr budget);

private:
  void add(flow::BindingOp binding);
  void add(flow::MemberOp member, std::uint32_t binding);
  void addTools(flow::MemberOp member);

  Pools &pools;
  llvm::DenseMap<mlir::Attribute, std::uint32_t> members;
  llvm::DenseMap<std::pair<mlir::Attribute, mlir::Attribute>, std::int32_t> policies;
  llvm::DenseMap<mlir::Attribute, std::int32_t> budgets;
  llvm::DenseMap<std::uint64_t, std::uint32_t> groups;
};

} // namespace weft::lowering
