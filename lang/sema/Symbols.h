//===- Symbols.h - What names stand for -----------------------------------===//
//
// One symbol per place that binds a name, owned by the `CheckedProgram`. Symbols
// of things that can be called carry a `Callable`; the rest of what sema knows
// of a declaration stands in the struct of its kind, reached from the symbol.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Effects.h"
#include "lang/sema/Policies.h"
#include "lang/sema/Types.h"
#include "lang/syntax/Ast.h"

namespace weft::sema {

enum class SymbolKind : std::uint8_t {
  type,      ///< Record, sum, alias: `type`.
  dim,       ///< `dim D = 784`, or a name of size in a signature: `dim`.
  model,     ///< `model`, and `callable` (prompt: string) -> string.
  tool,      ///< `tool`.
  member,    ///< Of a tool: `member`, `callable`.
  agent,     ///< `agent`, `callable`.
  fn,        ///< `fn`, `callable`.
  workflow,  ///< `workflow`, `callable`.
  core,      ///< A core function: `builtin` names its family; chosen per call.
  mesh,      ///< `mesh`.
  cluster,   ///< `cluster`.
  train,     ///< `train`, and `callable` () -> the parameters.
  refused,   ///< A declaration that this build does not carry; it was reported.
  parameter, ///< Of a fn, workflow, agent or tool member; `type`.
  local,     ///< let, for, loop, match, catch, lambda parameter; `type`.
  field,     ///< Of a record, seen by its `where`s; `type`.
  it,        ///< The value in the `where` of an alias; `type`.
  module,    ///< `std` in `std.vote.majority`.
};

struct ModelInfo;
struct ToolInfo;
struct MemberInfo;
struct AgentInfo;
struct FnInfo;
struct WorkflowInfo;
struct MeshInfo;
struct ClusterInfo;
struct TrainInfo;
struct Callable;

struct Symbol {
  SymbolKind kind = SymbolKind::local;
  std::string name;
  source::Span span;        ///< Of the name where it is bound.
  std::uint32_t module = 0; ///< Index in CheckedProgram::modules.
  const syntax::Node *node =
      nullptr;         ///< What binds it: a Decl, Param, Member, NamePattern, LambdaParam, Field; null for core.
  Type type = nullptr; ///< Of values; of types the type itself.
  Callable *callable = nullptr;
  ModelInfo *model = nullptr;
  ToolInfo *tool = nullptr;
  MemberInfo *member = nullptr;
  AgentInfo *agent = nullptr;
  FnInfo *fn = nullptr;
  WorkflowInfo *workflow = nullptr;
  MeshInfo *mesh = nullptr;
  ClusterInfo *cluster = nullptr;
  TrainInfo *train = nullptr;
  DimSymbol *dim = nullptr;
  std::optional<Constant> constant; ///< Of a local whose value is known.
  bool used = false;
};

struct Parameter {
  std::string name;
  Type type = nullptr;
  const syntax::Expr *defaultValue = nullptr; ///< May be null; pure, sees no parameter.
  const syntax::Expr *check = nullptr;        ///< `where`; sees this parameter and those before it, by `Symbol`.
  std::string checkText;
  std::string doc;
  Marks marks;
  Symbol *symbol = nullptr; ///< Null for core functions and models.
  source::Span span;
};

/// A tool that a call reaches, directly or through agents and workflows.
struct Resource {
  const Symbol *tool = nullptr;
  Effect effect = Effect::read;
};

/// What can be called by its name.
struct Callable {
  const Symbol *symbol = nullptr;
  std::vector<Parameter> parameters;
  Type result = nullptr;
  Marks resultMarks;
  std::vector<Type> typeParameters;       ///< Of a generic fn.
  std::vector<DimSymbol *> dimParameters; ///< Names of sizes that belong to the signature.
  Effect effect = Effect::pure;           ///< What one call does.
  std::vector<Resource> resources;        ///< By tool, each once.
  bool paid = false;                      ///< Some model it reaches has a price.
  bool associative = false;               ///< `reduce` may group its calls as a tree.
};

/// `model m = extractive`. Providers: extractive, openai, anthropic, compiled.
struct ModelInfo {
  const Symbol *symbol = nullptr;
  std::string provider;
  std::vector<Setting> settings;                               ///< As written, `price` and `limit` excluded.
  std::optional<std::int64_t> priceInputNano, priceOutputNano; ///< Nano-dollars per million tokens.
  std::string listed;                                          ///< Whose list the price is from; empty: written down.
  std::optional<double> temperature;                           ///< extractive counts as 0.
  std::optional<std::int64_t> concurrency, ratePerMin, contextTokens, batch;
  /// compiled: a tensor function of weights and `i32[B, S]`, which gives `f32[B, S, 256]`; null of others. Its open
  /// sizes are `sizes`, for one text of `contextTokens` bytes.
  const Symbol *forward = nullptr;
  std::vector<std::pair<const DimSymbol *, std::int64_t>> sizes;
};

/// `tool t = files { … }`. Providers: files, exec, http, mcp.
struct ToolInfo {
  const Symbol *symbol = nullptr;
  std::string provider;
  std::vector<Setting> settings;
  std::vector<Symbol *> members; ///< Declared ones, or those that `files` has.
  std::optional<std::int64_t> concurrency, ratePerMin;
};

struct MemberInfo {
  const Symbol *tool = nullptr;
  const syntax::Member *decl = nullptr;  ///< Null for members of `files`.
  const syntax::Expr *request = nullptr; ///< exec: a list of strings; http: a string. Sees the parameters.
  const syntax::Expr *undo = nullptr;    ///< A call; sees the parameters and `undoResult`.
  Symbol *undoResult = nullptr;          ///< What the write gave, under the name `result`; null: it gives nothing.
};

struct AgentInfo {
  const syntax::AgentDecl *decl = nullptr;
  bool human = false;            ///< A person answers.
  bool remote = false;           ///< `= a2a`: somebody else's agent; neither model nor prompt. Else `model` is set.
  std::vector<Setting> settings; ///< Of a remote one.
  const Symbol *model = nullptr;
  std::vector<const Symbol *> tools;    ///< Members that it may call.
  const syntax::Expr *system = nullptr; ///< May be null; sees the parameters.
  const syntax::Expr *prompt = nullptr; ///< Null without a signature: the parameter `prompt` is the prompt.
  Budget budget;
  std::optional<Effect> promised;
};

struct FnInfo {
  const syntax::FnDecl *decl = nullptr;
  bool tensor = false;          ///< A tensor stands in its signature: it runs on a mesh.
  const Symbol *mesh = nullptr; ///< Of a tensor function that is marked; else null.
};

struct WorkflowInfo {
  const syntax::WorkflowDecl *decl = nullptr;
  Budget budget;
  std::optional<std::int64_t> depth;
  std::optional<Effect> promised;
  Type emits = nullptr;   ///< Null: emits nothing.
  bool recursive = false; ///< Part of a cycle of calls.
};

struct MeshInfo {
  const Symbol *cluster = nullptr;
  std::vector<std::string> axes; ///< First axis slowest.
  std::vector<std::int64_t> sizes;
};

/// `data: text("data/*.txt", context: 128, batch: 32)`: what one batch of bytes is.
struct TextSource {
  std::string files; ///< A pattern of names, seen from where the run is started.
  std::int64_t context = 0, batch = 0, seed = 0;
  double heldOut = 0; ///< The part of the text that no step sees.
};

/// `train lm on grid { … }`. What was not said has its value here.
struct TrainInfo {
  const syntax::TrainDecl *decl = nullptr;
  const Symbol *mesh = nullptr;
  const syntax::Expr *params = nullptr; ///< What the parameters begin as; computed by the workflow that calls it.
  Type paramsType = nullptr;
  TextSource data;
  const syntax::LambdaExpr *loss = nullptr;   ///< Of the parameters and a batch.
  Type batch = nullptr;                       ///< `{ x: i32[…, …], y: i32[…, …] }`, of one micro-batch.
  const Symbol *optimizer = nullptr;          ///< A tensor function: parameter, gradient, states, `step`, settings.
  std::size_t states = 0;                     ///< How many states of the type of the parameters it keeps.
  std::vector<const syntax::Expr *> settings; ///< By its parameters; null for those that training hands in. A lambda
                                              ///< is a function of the step.
  std::int64_t steps = 0, micro = 1;
  std::optional<double> clip;       ///< The most that the norm of the whole gradient may be.
  std::int64_t every = 0, keep = 3; ///< Of checkpoints; every 0 steps: none.
  std::string to;                   ///< Folder of the checkpoints; empty: that of the run.
};

/// One device kind of one node kind; sizes in bytes, counts multiplied out.
struct DeviceInfo {
  std::string node, kind; ///< "east", "cpu".
  std::int64_t count = 1; ///< On all nodes of this kind together.
  std::optional<std::int64_t> memoryBytes;
};

struct ClusterInfo {
  bool local = false; ///< `cluster here = local`: this machine, any number of slots.
  std::vector<DeviceInfo> devices;
  std::int64_t deviceCount() const;
};

} // namespace weft::sema
