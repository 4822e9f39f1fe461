//===- CheckedProgram.h - What sema found out, for those who come after ----===//
//
// The tree is left as it was written; this stands beside it. With no error
// reported, every expression of a carried declaration has an entry, every call
// its callee and arguments, every conversion its place, so nobody downstream
// infers anything again.
//
//   auto checked = sema::check(sources, root, engine, loader);
//   const ExprInfo &info = checked->of(expr);
//   if (const CallInfo *call = checked->call(expr)) …
//
// Lookups take the node and find its module by `span.file`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"
#include "lang/sema/Builtins.h"
#include "lang/sema/Symbols.h"

#include <memory>
#include <unordered_map>

namespace weft::sema {

/// What a value goes through where it stands, after it was computed; in this
/// order. `T` to `T?` needs nothing: a `T?` is none or the `T` itself. Wheres of
/// fields and parameters are no conversions: they are checked where a record, a
/// case or a copy is made and where a call enters, by `Field::check` and
/// `Parameter::check`.
struct Conversion {
  bool tensorToNumber = false; ///< A rank-0 tensor becomes a bool, an int or a float.
  bool intToFloat = false;
  bool intToRng = false;
  bool numberToTensor = false; ///< An int or float becomes a rank-0 tensor of the type of `to`.
  bool toJson = false;         ///< Any value becomes json.
  Type check = nullptr;        ///< An alias, or a list, map, tuple or optional with one inside: the `where`s of
                               ///< this type may not hold: check, fail with `schema`.
  Type to = nullptr;           ///< The type afterwards; null if nothing is converted.

  bool any() const { return intToFloat || intToRng || numberToTensor || tensorToNumber || toJson || check; }
};

/// What a name or `x.f` denotes.
enum class Denotes : std::uint8_t {
  value,    ///< Anything computed: literals, operators, calls, forms.
  local,    ///< `symbol`: a parameter, local, field or `it`.
  caseOf,   ///< A case without fields as a value, or the callee that makes one: type (or result type) and `index`.
  callable, ///< `symbol`: fn, workflow, agent, model, tool member or core function; a value of function or agent
            ///< type if it is not the callee of a call. Of a core function as a value, `builtin` is the one meant.
  field,    ///< `object.member`: field `index` of a record.
  dim,      ///< `symbol`: a size, as an int.
  tool,     ///< `symbol`: a tool, model or module; only left of a dot or in `tools:`.
};

/// A form or block whose value nobody uses has type `none`, whatever its branches
/// give; a type `never` says that no value arrives.
struct ExprInfo {
  Type type = nullptr;          ///< Before `conversion`.
  Effect effect = Effect::pure; ///< Of evaluating it, all below included.
  Denotes denotes = Denotes::value;
  const Symbol *symbol = nullptr;
  std::int32_t index = -1;
  BuiltinId builtin{};
  Conversion conversion;

  /// After the conversion.
  Type finalType() const { return conversion.to ? conversion.to : type; }
};

enum class CalleeKind : std::uint8_t {
  fn,       ///< A pure function of values.
  tensorFn, ///< A tensor function: a gang when called from a workflow, inlined from another tensor function.
  workflow,
  agent,
  model,
  member,
  core,       ///< `builtin`, pure, on values.
  tensorCore, ///< `builtin`, inside a tensor function. Of `grad` and `value_and_grad` the call is the outer one,
              ///< `grad(f)(x)`, with the arguments of f.
  system,     ///< `builtin`: now, random, uuid, env, weights, save.
  closure,    ///< The callee expression is a value of function type.
  agentValue, ///< The callee expression is a value of agent type.
  caseOf,     ///< Makes case `index` of the sum that is the call's type; `some(x)` is not one.
  train,      ///< `callee` is a `train`: runs it and gives its parameters.
  copy,       ///< `n.copy(title: "x")`: receiver first, then the fields given; `fields` has their indices.
  mock, ///< `in_turn`, `failing`, `slow`, `costing` in a mock; `calls`, `arguments`, `emitted`, `fails` in a test:
        ///< `builtin`.
};

struct BoundArgument {
  /// What is evaluated. Of a default it lies in the callee's module and sees no locals. For `x.f(a)` the first is x.
  const syntax::Expr *value = nullptr;
  bool isDefault = false;
  /// A dimension given by name to a tensor core function (`sum(x, D)`): its place in the first argument's shape.
  std::int32_t dimension = -1;
};

struct CallInfo {
  CalleeKind kind = CalleeKind::core;
  const Symbol *callee = nullptr;       ///< fn, tensorFn, workflow, agent, model, member, train; of a derivative the
                                        ///< tensor function, null where it is of a lambda.
  BuiltinId builtin{};                  ///< core, tensorCore, system, mock.
  std::int32_t index = -1;              ///< caseOf: the case.
  bool receiver = false;                ///< Written `x.f(a)`: arguments[0] is x. With closure and agentValue never set:
                                        ///< there `x.f` is a field and is itself the callee expression.
  std::vector<BoundArgument> arguments; ///< In the order of the parameters, none missing (optional ones of core
                                        ///< functions excepted: value null).
  std::vector<std::int32_t> fields;     ///< copy
  Type result = nullptr;                ///< Instantiated; equals the expression's type.
  std::vector<Type> typeArguments;      ///< Of a generic fn or core function, in order.
  std::vector<std::pair<const DimSymbol *, Dim>> dimArguments; ///< tensorFn: what the callee's sizes are here.
  const DimSymbol *shape = nullptr; ///< `each`: stands in its lambda for the shape of the tensor it is at.
};

/// How `call as T` makes a T.
enum class AsKind : std::uint8_t {
  answer, ///< A model or an agent without signature: T's schema is sent, a wrong answer is repaired twice.
  json,   ///< The call gives json: converted to T or failure `schema`.
  text,   ///< The call gives a string: parsed as JSON to T or failure `schema`.
  given,  ///< The call gives what it is asked for: `weights`.
};

enum class Match : std::uint8_t {
  any,     ///< `_`
  bind,    ///< A new name: `symbol`.
  literal, ///< LiteralPattern, `none` excepted.
  caseOf,  ///< Case `index` of the sum; arguments match its fields in order (none given: any).
  none,    ///< The absent value.
  some,    ///< The present value; one argument.
  tuple,
  record,      ///< RecordPattern: fields[i] of the record is bound by its i-th name.
  failureKind, ///< In `catch`: the failure's kind is `index`.
  failure,     ///< In `catch`: binds the whole error: `symbol`.
};

struct PatternInfo {
  Match match = Match::any;
  Type type = nullptr; ///< Of what is matched.
  const Symbol *symbol = nullptr;
  std::int32_t index = -1;
  std::vector<std::int32_t> fields;
};

/// One module, in order of loading; the root is the first.
struct CheckedModule {
  std::string name; ///< As `use` names it: "std.topology", "./helpers"; "" for the root.
  const syntax::Module *tree = nullptr;
  std::vector<ExprInfo> exprs;                              ///< By NodeId.
  std::unordered_map<syntax::NodeId, CallInfo> calls;       ///< CallExpr, and VoteExpr with a judge; the name of a
                                                            ///< tensor function that `reduce` over a stack calls.
  std::unordered_map<syntax::NodeId, PatternInfo> patterns; ///< Pattern
  std::unordered_map<syntax::NodeId, Type> types;           ///< TypeExpr
  std::unordered_map<syntax::NodeId, Marks> marks;          ///< NamedType with marks.
  std::unordered_map<syntax::NodeId, Policy> policies;      ///< WithExpr
  std::unordered_map<syntax::NodeId, AsKind> answers;       ///< AsExpr
  std::unordered_map<syntax::NodeId, std::vector<const Symbol *>>
      captures;                                                    ///< LambdaExpr: locals of outside, by first use.
  std::unordered_map<syntax::NodeId, std::vector<Type>> instances; ///< Names of generic fns as values: their types.
  std::unordered_map<syntax::NodeId, Symbol *> symbols;            ///< Nodes that bind.
  std::vector<const Symbol *> declared;                            ///< Of this module, in order; refused ones excluded.
};

/// `mock x => value` in a test.
struct MockInfo {
  const Symbol *target = nullptr;      ///< Model, agent, tool member or workflow.
  const syntax::Expr *value = nullptr; ///< A lambda of the target's arguments, a mock call, or a plain value.
  const syntax::MockStmt *stmt = nullptr;
};

struct TestInfo {
  const syntax::TestDecl *decl = nullptr;
  std::uint32_t module = 0;
  std::vector<MockInfo> mocks;         ///< In order; one of each target.
  std::vector<const Symbol *> counted; ///< Agents and workflows that `calls` and `arguments` ask about, each once.
  std::vector<std::string> recordings; ///< `replay "file"`, in order.
  bool crashEverywhere = false;
};

class CheckedProgram {
public:
  std::vector<std::unique_ptr<CheckedModule>> modules;
  TypeTable types;
  std::vector<TestInfo> tests; ///< Of the root module.
  /// Fns, workflows and agents of all modules, callees before callers where there is no cycle.
  std::vector<const Symbol *> order;

  const CheckedModule &moduleOf(const syntax::Node *node) const;
  const ExprInfo &of(const syntax::Expr *expr) const { return moduleOf(expr).exprs[expr->id]; }
  /// Null if the expression is no call.
  const CallInfo *call(const syntax::Expr *expr) const;
  const PatternInfo &pattern(const syntax::Pattern *pattern) const;
  Type typeOf(const syntax::TypeExpr *type) const;
  const Policy &policy(const syntax::WithExpr *with) const;
  AsKind answer(const syntax::AsExpr *as) const;
  const std::vector<const Symbol *> &captures(const syntax::LambdaExpr *lambda) const;
  /// What the type parameters of a fn that stands as a value are there; empty if it has none.
  std::vector<Type> instance(const syntax::Expr *name) const;
  /// Whether `reduce` by this function groups its calls: it is declared `associative`, or is a lambda that only calls
  /// one that is, `|a, b| f(a, b)`. What makes no step is folded in turn.
  bool foldsAsTree(const syntax::Expr *function) const;
  /// What the node binds: of a NamePattern, Param, LambdaParam, Decl, Member; null if nothing.
  const Symbol *symbol(const syntax::Node *node) const;
  /// A workflow, fn, agent, … of the root module by name; null if there is none.
  const Symbol *find(std::string_view name) const;

  // Owned; addresses are stable.
  std::vector<std::unique_ptr<syntax::Module>> trees;
  std::deque<Symbol> symbols;
  std::deque<Callable> callables;
  std::deque<ModelInfo> models;
  std::deque<ToolInfo> tools;
  std::deque<MemberInfo> members;
  std::deque<AgentInfo> agents;
  std::deque<FnInfo> fns;
  std::deque<WorkflowInfo> workflows;
  std::deque<MeshInfo> meshes;
  std::deque<ClusterInfo> clusters;
  std::deque<TrainInfo> trains;
  std::deque<DimSymbol> dims;
  std::unordered_map<source::FileId, std::uint32_t> moduleOfFile;
};

} // namespace weft::sema
