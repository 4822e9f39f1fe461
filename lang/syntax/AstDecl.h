//===- AstDecl.h - Declarations -------------------------------------------===//
//
// What stands at the top of a module. Bodies such as a model's `{ name: … }` are
// lists of entries: which keys there are is known to sema.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/syntax/AstForm.h"

namespace weft::syntax {

enum class DeclKind : std::uint8_t {
  use,
  record,
  sum,
  alias,
  dim,
  model,
  tool,
  agent,
  store,
  label,
  fn,
  workflow,
  test,
  mesh,
  cluster,
  train,
  deploy,
};

struct Decl : Node {
  const DeclKind kind;
  std::string doc; ///< Lines of the `///` comments above, without slashes and one leading space, joined by newlines.
  Name name;       ///< Empty for use, dim, label and test.

protected:
  explicit Decl(DeclKind kind) : kind(kind) {}
};

#define WEFT_DECL(Class, value)                                                                                        \
  static constexpr DeclKind nodeKind = DeclKind::value;                                                                \
  Class() : Decl(nodeKind) {}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// `name: T where g = default` of a signature or of a case.
struct Param : Node {
  std::string doc;
  Name name;
  TypeExpr *type = nullptr;
  Expr *where = nullptr;        ///< May be null.
  Expr *defaultValue = nullptr; ///< May be null.
};

/// `name: T where g` of a record.
struct Field : Node {
  std::string doc;
  Name name;
  TypeExpr *type = nullptr;
  Expr *where = nullptr; ///< May be null.
};

/// `revise(why: string)` of a sum.
struct Case : Node {
  std::string doc;
  Name name;
  std::vector<Param *> fields;
};

enum class Effect : std::uint8_t { pure, read, write };

/// A member of a tool: `log(count: int) -> string effect read = [ … ]`.
struct Member : Node {
  std::string doc;
  Name name;
  std::vector<Param *> parameters;
  TypeExpr *result = nullptr; ///< Null: gives nothing.
  Effect effect = Effect::read;
  Span effectSpan;         ///< From `effect` to the last word of the effect.
  bool idempotent = false; ///< Only on a write (checked).
  Expr *undo = nullptr;    ///< The call after `undo`; only on a write (checked); may be null.
  Expr *request = nullptr; ///< What stands after `=`; may be null.
};

/// What may stand between a signature and its body, each at most once (checked).
struct Clauses {
  bool hasBudget = false;
  Span budgetSpan;
  std::vector<Entry *> budget;
  Expr *depth = nullptr; ///< May be null; workflows only (checked).
  bool hasEffect = false;
  Effect effect = Effect::pure;
  Span effectSpan;
  TypeExpr *emits = nullptr; ///< May be null; workflows only (checked).
  bool associative = false;  ///< `reduce` may group its calls as a tree.
  Span associativeSpan;
};

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

/// A name taken from another module; binds `alias`, or `name` without one.
struct Import : Node {
  Name name;
  Name alias; ///< Empty without `as`.

  const Name &bound() const { return alias.empty() ? name : alias; }
};

/// `use std.topology.{debate}`, `use ./helpers.{clean as tidy}`
struct UseDecl : Decl {
  WEFT_DECL(UseDecl, use)
  bool isRelative = false; ///< It began with `./`.
  std::vector<Name> path;  ///< `std`, `topology`; `helpers`.
  std::vector<Import *> imports;
};

//===----------------------------------------------------------------------===//
// Types
//===----------------------------------------------------------------------===//

struct RecordDecl : Decl {
  WEFT_DECL(RecordDecl, record)
  std::vector<Field *> fields;
};

/// At least two cases (checked).
struct SumDecl : Decl {
  WEFT_DECL(SumDecl, sum)
  std::vector<Case *> cases;
};

/// `type Score = float where 0.0 <= it`
struct AliasDecl : Decl {
  WEFT_DECL(AliasDecl, alias)
  TypeExpr *type = nullptr;
  Expr *where = nullptr; ///< May be null; the value is `it`.
};

/// `D = 784`
struct DimBinding : Node {
  Name name;
  Expr *value = nullptr;
};

/// `dim D = 784, H = 512`
struct DimDecl : Decl {
  WEFT_DECL(DimDecl, dim)
  std::vector<DimBinding *> bindings;
};

//===----------------------------------------------------------------------===//
// What is called
//===----------------------------------------------------------------------===//

/// `model fast = openai { … }`
struct ModelDecl : Decl {
  WEFT_DECL(ModelDecl, model)
  Name provider;
  std::vector<Entry *> entries;
};

/// `tool fs = mcp { command: [ … ], read(path: string) -> string effect read }`
struct ToolDecl : Decl {
  WEFT_DECL(ToolDecl, tool)
  Name provider;
  std::vector<Entry *> entries;
  std::vector<Member *> members;
};

/// `agent reader(text: string) -> Note { … }`, `agent editor(d: Brief) -> Verdict = human { … }`
struct AgentDecl : Decl {
  WEFT_DECL(AgentDecl, agent)
  bool hasSignature = false; ///< Without one it is (prompt: string) -> string.
  std::vector<Param *> parameters;
  TypeExpr *result = nullptr; ///< May be null.
  Clauses clauses;
  Name provider; ///< `human`, `a2a`; empty without `=`.
  bool hasBody = false;
  std::vector<Entry *> entries;
};

/// A type parameter of a generic fn; binds a type.
struct TypeParam : Node {
  Name name;
};

/// `fn twice<T>(x: T) -> list<T> { [x, x] }`
struct FnDecl : Decl {
  WEFT_DECL(FnDecl, fn)
  std::vector<TypeParam *> typeParameters;
  std::vector<Param *> parameters;
  TypeExpr *result = nullptr; ///< May be null: inferred from the body.
  bool associative = false;   ///< `reduce` may group its calls as a tree.
  BlockExpr *body = nullptr;
};

struct WorkflowDecl : Decl {
  WEFT_DECL(WorkflowDecl, workflow)
  std::vector<Param *> parameters;
  TypeExpr *result = nullptr; ///< Null: gives `none`.
  Clauses clauses;
  BlockExpr *body = nullptr;
};

struct TestDecl : Decl {
  WEFT_DECL(TestDecl, test)
  StringExpr *title = nullptr; ///< Plain (checked).
  BlockExpr *body = nullptr;
};

//===----------------------------------------------------------------------===//
// State, trust, machines
//===----------------------------------------------------------------------===//

/// `store notes: map<Note>`
struct StoreDecl : Decl {
  WEFT_DECL(StoreDecl, store)
  TypeExpr *type = nullptr;
  std::vector<Entry *> entries;
};

/// A level of a label order; binds.
struct LabelLevel : Node {
  Name name;
};

/// `label public < internal < secret`; lowest first, at least two.
struct LabelDecl : Decl {
  WEFT_DECL(LabelDecl, label)
  std::vector<LabelLevel *> levels;
};

/// `mesh grid on lab { data: 2, model: 2 }`
struct MeshDecl : Decl {
  WEFT_DECL(MeshDecl, mesh)
  Name cluster;
  std::vector<Entry *> axes; ///< First axis slowest.
};

enum class ClusterItemKind : std::uint8_t {
  node,   ///< `node east[4] { … }`
  link,   ///< `link east <-> west { … }`
  device, ///< `cuda[8] { … }`, inside a node
  entry,  ///< `memory: 64GiB`
};

/// One item of a cluster's body or of a body inside it.
struct ClusterItem : Node {
  ClusterItemKind kind = ClusterItemKind::entry;
  std::string doc;
  Name name;                        ///< Node, one end of a link, device kind, or key.
  Name peer;                        ///< Other end of a link.
  bool hasCount = false;            ///< `[4]` was written.
  std::int64_t count = 1;           ///< Of nodes or devices, at least 1.
  std::vector<ClusterItem *> items; ///< Body of a node, link or device.
  Expr *value = nullptr;            ///< Of an entry; null otherwise.
};

/// `cluster two { … }` or `cluster here = local`
struct ClusterDecl : Decl {
  WEFT_DECL(ClusterDecl, cluster)
  Name provider; ///< `local`; empty with a body.
  std::vector<ClusterItem *> items;
};

/// `train lm on grid { … }`
struct TrainDecl : Decl {
  WEFT_DECL(TrainDecl, train)
  Name mesh;
  std::vector<Entry *> entries;
};

/// `deploy publish on two { … }`
struct DeployDecl : Decl {
  WEFT_DECL(DeployDecl, deploy)
  Name cluster;
  std::vector<Entry *> entries;
};

#undef WEFT_DECL

} // namespace weft::syntax
