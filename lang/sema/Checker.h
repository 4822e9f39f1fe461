//===- Checker.h - The state that all rules share -------------------------===//
//
// One object checks one program. Its methods are grouped by family of rules, and
// each family is a file. Types flow both ways: `infer` takes what is expected as
// a hint, `check` demands it and notes the conversion at the expression.
//
// A mistake is told once: what cannot be typed gets the type `error`, which fits
// everywhere.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Body.h"
#include "lang/sema/Check.h"
#include "lang/sema/Inference.h"
#include "lang/sema/Scope.h"

#include <set>

namespace weft::sema {

using diagnostics::Code;
using diagnostics::Diagnostic;
using source::Span;

class CallGraph;

class Checker {
public:
  Checker(CheckedProgram &program, source::Sources &sources, diagnostics::DiagnosticEngine &engine,
          const Loader &loader, const Options &options);
  void run(source::FileId root);

private:
  // Modules.cpp: loading, `use`, qualified names.
  std::uint32_t loadFile(const source::SourceFile &file, std::string name);
  std::optional<std::uint32_t> loadModule(const std::string &name, Span use);
  void loadUsed(std::uint32_t module);
  void bindImports(std::uint32_t module);
  Symbol *qualified(const std::vector<syntax::Name> &path, Span span);
  /// Whether the declaration of this name may be one that had an error of form.
  bool mayBeMissing(std::uint32_t module, const std::string &name) const;
  bool isLibrary(std::uint32_t module) const;
  /// Whether the module that is being checked knows a builtin of this name.
  bool isBuiltin(const std::string &name) const;
  /// In a tensor function `exp` is the one of tensors, though a fn on floats has the name in this module.
  bool isOfTensors(const Symbol *symbol, const std::string &name) const;
  /// Whether a declaration of this name has an error of form: it would have hidden a core function.
  bool isLost(std::uint32_t module, const std::string &name) const;
  std::string moduleName(std::uint32_t module, const syntax::UseDecl *use) const;

  // Declarations.cpp: what a module declares, before any body.
  void collect(std::uint32_t module);
  void declare(Symbol *symbol);
  void resolveTypes(std::uint32_t module);
  void resolveSignatures(std::uint32_t module);
  void signature(Callable &callable, const std::vector<syntax::Param *> &parameters, const syntax::TypeExpr *result);
  void resolveDims(const syntax::DimDecl *decl);
  void checkFinite(std::uint32_t module);
  void fillType(Symbol *symbol);
  void addField(std::vector<Field> &fields, const syntax::Name &name, const std::string &doc,
                const syntax::TypeExpr *type, const syntax::Expr *where, const syntax::Node *node, const char *what);
  void promptSignature(Callable &callable);
  void refuse(const syntax::Decl *decl, Code code, const std::string &what, const std::string &help);

  // Wheres.cpp
  void checkWheres(std::uint32_t module);
  void checkWhere(const syntax::Expr *where, const std::vector<Symbol *> &sees);
  void checkParameters(Callable &callable);
  /// A constant as the program says it, with its value where that says more.
  std::string written(const syntax::Expr *expr, const Constant &value) const;
  void checkFieldConstants(const std::vector<Field> &fields, const std::vector<const syntax::Expr *> &values);
  void checkArgumentConstants(const Callable &callable, const std::vector<BoundArgument> &arguments);
  /// Reports if a constant that becomes a `to` breaks a where.
  void checkConstant(const syntax::Expr *expr, Type to);

  // Bodies.cpp: one body after the other.
  void checkBodies(std::uint32_t module);
  void checkFn(Symbol *symbol);
  void checkWorkflow(Symbol *symbol);
  /// The body in a scope with the parameters; with `expected`, converted to it.
  Type bodyBlock(const syntax::BlockExpr *block, Callable &callable, Type expected);
  /// Runs `inside` with a fresh body and settles everything that it touched.
  template <typename Inside> void withBody(Place place, std::uint32_t module, Callable *callable, const Inside &inside);
  void settleBody();
  void reportUnused(const Scope &scope);

  // TypeExprs.cpp
  Type resolveType(const syntax::TypeExpr *type);
  Type resolveNamed(const syntax::NamedType *type);
  Type resolveTensor(const syntax::NamedType *type, ElementType element);
  /// A record by name: stacked, and with the sizes that it leaves open as they are called here.
  Type resolveRecord(const syntax::NamedType *type, Type record);
  /// Sizes and marks in the brackets of a type; nothing if one is no size, which was reported.
  std::optional<std::vector<Dim>> resolveDimensions(const syntax::NamedType *type);
  /// Nothing if it is no size, which was reported.
  std::optional<Dim> resolveSize(const syntax::Dimension *dimension);
  DimSymbol *resolveDimName(const std::string &name, Span span);

  // Expressions.cpp: dispatch and conversion.
  Type infer(const syntax::Expr *expr, Type hint = nullptr);
  Type inferAny(const syntax::Expr *expr, Type hint);
  Type check(const syntax::Expr *expr, Type expected, const Reason &reason = {});
  /// Notes the conversion at `expr`; false if there is none.
  bool convert(const syntax::Expr *expr, Type to);
  bool conversion(Type from, Type to, Conversion &out);
  /// The expression that is a block's value, through blocks.
  const syntax::Expr *valueOf(const syntax::Expr *expr) const;
  /// The rest of `conversion`: what has the same values, with wheres to be checked inside.
  bool entersInside(Type from, Type to, Conversion &out);
  bool isJson(Type type);
  std::optional<Constant> known(const syntax::Expr *expr);
  void mismatch(const syntax::Expr *expr, Type expected, Type found, const Reason &reason = {});
  /// One type for all; null if they disagree. Converts each.
  Type joined(const std::vector<const syntax::Expr *> &branches, Type hint);
  Type inferBranches(const std::vector<const syntax::Expr *> &branches, Type hint, const char *what, bool drop);
  /// `joined`, and if the branches disagree a message.
  Type joinedOrTold(const std::vector<const syntax::Expr *> &branches, Type hint, const char *what);
  Type inferBlock(const syntax::BlockExpr *block, Type hint);
  void checkStatement(const syntax::Stmt *stmt);
  /// For what is not used: branches may disagree.
  void inferDiscarded(const syntax::Expr *expr);

  // Names.cpp
  Symbol *lookUp(const std::string &name);
  Type inferName(const syntax::NameExpr *expr, Type hint);
  Type symbolValue(const syntax::Expr *expr, Symbol *symbol, Type hint);
  Type caseValue(const syntax::Expr *expr, Type sum, int index);
  Type unknownName(const syntax::Name &name, const std::string &what = "", Type hint = nullptr);
  std::optional<std::string> nearestName(const std::string &name) const;
  /// The sum that a hint asks for, through optional and alias; null if it asks for none.
  Type sumOf(Type hint) const;

  // Members.cpp: `x.f`, `t.0`, `xs[i]`
  Type inferMember(const syntax::MemberExpr *expr, Type hint);
  /// What `a.b` names without computing anything: a member of a tool, a case, a part of the library.
  struct Path {
    bool found = false; ///< It is such a path, though perhaps of something unknown (reported).
    Symbol *symbol = nullptr;
    Type sum = nullptr; ///< Of a case.
    int index = -1;
  };
  Path pathOf(const syntax::MemberExpr *expr);
  /// For a tool or module left of a dot, which has no value.
  void note(const syntax::Expr *expr, Symbol *symbol = nullptr);
  void unknownCase(const syntax::Name &name, Type sum);
  Symbol *staticName(const syntax::Expr *expr);
  Type inferTupleIndex(const syntax::TupleIndexExpr *expr);
  Type inferIndex(const syntax::IndexExpr *expr);
  Type unknownField(const syntax::Name &name, Type object, bool called);

  // Calls.cpp
  Type inferCall(const syntax::CallExpr *expr, Type hint);
  Type callSymbol(const syntax::CallExpr *expr, Symbol *symbol, const syntax::Expr *receiver, Type hint);
  Type callValue(const syntax::CallExpr *expr, Type callee, Type hint);
  Type callCase(const syntax::CallExpr *expr, Type sum, int index);
  /// What a fn gives; its body is checked first if the header does not say.
  Type resultOf(Symbol *fn, Span use);
  Type callCopy(const syntax::CallExpr *expr, const syntax::Expr *receiver, Type record);
  /// Whether a call that leaves the program may stand here: in a workflow or test, outside lambdas and mocks.
  bool hasSteps() const;
  bool mayCall(const Symbol *symbol, Span span, const std::string &what);
  struct Slot {
    std::string name;
    Type type = nullptr;
    const syntax::Expr *defaultValue = nullptr;
    Span span;
  };
  /// Which expression goes to which slot; reports what is missing, unknown, too many.
  std::optional<std::vector<BoundArgument>> bindArguments(const syntax::CallExpr *expr, const syntax::Expr *receiver,
                                                          const std::vector<Slot> &slots, const std::string &what,
                                                          Span declared);
  void checkArguments(const std::vector<BoundArgument> &arguments, const std::vector<Slot> &slots);
  void inferArguments(const syntax::CallExpr *expr);
  Type callJudge(const syntax::VoteExpr *vote, Type sample, Type hint);

  // CoreCalls.cpp: overloads and constraints of core functions.
  Type callCore(const syntax::CallExpr *expr, const std::string &name, const syntax::Expr *receiver, Type hint);
  const Builtin *chooseOverload(const std::vector<const Builtin *> &candidates, Type first, std::size_t count);
  Type applyCore(const syntax::CallExpr *expr, const Builtin &builtin, const syntax::Expr *receiver, Type first,
                 bool firstDecides);
  Type coreValue(const syntax::Expr *expr, const std::string &name, Type hint);
  void checkConstraints(const Builtin &builtin, const std::map<Type, Type> &bound, Span span);
  /// What a call of `weights` reads, now that all is known of it.
  void checkWeights(const syntax::Expr *expr, const CallInfo &call);

  // Folds.cpp: `reduce` over calls.
  Symbol *calledByName(const syntax::Expr *function);
  void checkFold(const std::vector<BoundArgument> &arguments, const std::vector<Slot> &slots);
  static std::vector<Type> parameterTypes(const Callable &callable);

  // Literals.cpp: lists, maps, tuples, records, strings, lambdas.
  Type inferList(const syntax::ListExpr *expr, Type hint);
  Type inferMap(const syntax::MapExpr *expr, Type hint);
  Type inferTuple(const syntax::TupleExpr *expr, Type hint);
  Type inferRecord(const syntax::RecordExpr *expr, Type hint);
  Type sizedAsHere(Type record, Type hint, Span span);
  void fillRecord(const syntax::RecordExpr *expr, Type record);
  Type inferString(const syntax::StringExpr *expr);
  void checkHole(const syntax::Expr *hole);
  Type inferLambda(const syntax::LambdaExpr *expr, Type hint);
  Type quantityType(const syntax::QuantityExpr *expr);

  // Operators.cpp
  Type inferUnary(const syntax::UnaryExpr *expr);
  Type inferBinary(const syntax::BinaryExpr *expr, Type hint);
  Type inferArithmetic(const syntax::BinaryExpr *expr, Type hint);
  Type inferComparison(const syntax::BinaryExpr *expr);
  Type inferOrElse(const syntax::BinaryExpr *expr, Type hint);
  /// Outside tensor functions a rank-0 tensor computes as a number of its type.
  Type asNumber(const syntax::Expr *expr, Type type);
  Type wrongOperands(const syntax::BinaryExpr *expr, Type left, Type right);

  // Forms.cpp, Choices.cpp
  Type inferIf(const syntax::IfExpr *expr, Type hint);
  Type inferFor(const syntax::ForExpr *expr, Type hint);
  Type inferLoop(const syntax::LoopExpr *expr, Type hint);
  void onlyWhereCallsAre(const syntax::Expr *expr, const char *what);
  Type inferRace(const syntax::RaceExpr *expr, Type hint);
  Type inferVote(const syntax::VoteExpr *expr, Type hint);
  void catchPattern(const syntax::Pattern *pattern, std::set<std::string> &named, bool &rest);
  Type inferTry(const syntax::TryExpr *expr, Type hint);
  Type inferEnd(const syntax::Expr *expr, const syntax::Expr *value);
  void markEnds(const syntax::Expr *expr, LoopFrame &frame);
  Type inferAs(const syntax::AsExpr *expr);
  void checkBound(const syntax::Expr *expr, std::int64_t least, const char *what);

  // Patterns.cpp, Match.cpp
  Type inferMatch(const syntax::MatchExpr *expr, Type hint);
  void bindPattern(const syntax::Pattern *pattern, Type type);
  void matchRecord(const syntax::RecordPattern *pattern, Type type, PatternInfo &entry);
  void notACase(const syntax::Name &name, Type value, Type type);
  void matchPattern(const syntax::Pattern *pattern, Type type, bool top);
  void matchCase(const syntax::CasePattern *pattern, Type type, PatternInfo &entry);
  Symbol *bindLocal(const syntax::Node *node, const syntax::Name &name, Type type);
  void checkExhaustive(const syntax::MatchExpr *expr, Type type);

  // Policies.cpp
  Type inferWith(const syntax::WithExpr *expr, Type hint);
  Policy readPolicy(const std::vector<syntax::Entry *> &entries);
  std::optional<std::uint16_t> readKinds(const syntax::Expr *expr);
  void readOnExceed(const syntax::Entry *entry, Budget &budget);
  Budget readBudget(const std::vector<syntax::Entry *> &entries, Span span, bool agent);
  std::optional<Constant> constantOf(const syntax::Expr *expr, Type type, const std::string &what);
  std::optional<std::int64_t> amountOf(const syntax::Expr *expr, TypeKind kind, const std::string &what);
  void checkKeys(const std::vector<syntax::Entry *> &entries, const std::vector<std::string> &known, const char *body);
  const syntax::Entry *entry(const std::vector<syntax::Entry *> &entries, std::string_view key) const;

  // Providers.cpp: bodies of models, tools, agents.
  void checkModel(Symbol *symbol);
  void checkTool(Symbol *symbol);
  /// The function that a `compiled` model runs; noted if it is one.
  void checkForward(const syntax::Expr *expr, ModelInfo &model);
  void checkMember(Symbol *symbol);
  void checkUndo(Symbol *symbol);
  void checkAgent(Symbol *symbol);
  void declareMembers(Symbol *tool, const syntax::ToolDecl *decl);
  void readAgentEntry(const syntax::Entry *entry, AgentInfo &agent);
  void readTools(const syntax::Entry *entry, AgentInfo &agent);
  // Settings.cpp
  /// Whether it is `env("NAME")` or `secret("NAME")`, which is noted, or reported where it cannot stand.
  bool readOutside(const syntax::Expr *value, Takes takes, const std::string &name, Setting &setting);
  Setting readSetting(const std::string &name, const syntax::Expr *value, Takes takes);
  void readSettings(const syntax::Entry *entry, Takes takes, std::vector<Setting> &settings);
  /// All entries; `special` says whether it has read one itself.
  void readBody(const std::vector<syntax::Entry *> &entries, const std::vector<Key> &keys, const char *what,
                std::vector<Setting> &settings, const std::function<bool(const syntax::Entry *)> &special);
  static const std::vector<Key> *toolKeys(const std::string &provider);
  void checkReach(const syntax::ToolDecl *decl);
  void checkRequest(const syntax::Member *member);
  void checkRemote(Symbol *symbol);
  void checkSent(const Callable &callable, Span result);
  void takeListPrice(ModelInfo &model, const std::string &name);
  void readLimits(const syntax::Entry *entry, std::optional<std::int64_t> &concurrency,
                  std::optional<std::int64_t> &rate, ModelInfo *model);
  void readPrice(const syntax::Entry *entry, ModelInfo &model);
  void filesMembers(Symbol *tool, bool write);

  // Tests.cpp
  void checkTest(std::uint32_t module, const syntax::TestDecl *decl);
  Type callTest(const syntax::CallExpr *expr, const std::string &name);
  Type askEnd(const syntax::CallExpr *expr, bool emitted);
  Type askCounted(const syntax::CallExpr *expr, const std::string &name, bool arguments);

  // Mocks.cpp: the forms give false when their arguments are not theirs, after saying so.
  void checkMock(const syntax::MockStmt *stmt, TestInfo &test);
  void checkMockValue(const syntax::Expr *value, const Callable &target);
  void checkMockForm(const syntax::CallExpr *call, BuiltinId form, const Callable &target);
  bool checkFailing(const syntax::CallExpr *call, CallInfo &entry);
  bool checkInTurn(const syntax::CallExpr *call, const Callable &target, CallInfo &entry);
  bool checkCosting(const syntax::CallExpr *call, const Callable &target, CallInfo &entry);

  // Meshes.cpp: clusters, meshes, marks.
  void checkCluster(Symbol *symbol);
  void readNode(const syntax::ClusterItem *node, ClusterInfo &cluster);
  void readFigures(const std::vector<syntax::ClusterItem *> &items,
                   const std::vector<std::pair<std::string, std::optional<syntax::Quantity>>> &known, const char *what,
                   std::optional<std::int64_t> *memory);
  void checkMesh(Symbol *symbol);
  void checkMarks(const syntax::NamedType *type, Marks &marks);
  void checkTensorFn(Symbol *symbol);
  void checkMemory(Symbol *symbol);

  /// The arguments of a call, sorted: positional ones, receiver first, and named ones.
  struct TensorArguments {
    std::vector<const syntax::Expr *> positional;
    std::map<std::string, const syntax::Expr *> named;
  };

  // Train.cpp, Optimizers.cpp
  void checkTrain(Symbol *symbol);
  Type callTrain(const syntax::CallExpr *expr, Symbol *symbol);
  void readTraining(const syntax::Entry *entry, TrainInfo &train);
  void readText(const syntax::Expr *expr, TextSource &data);
  void readCheckpoint(const syntax::Expr *expr, TrainInfo &train);
  void checkLoss(const syntax::Expr *expr, TrainInfo &train);
  void checkOptimizer(const syntax::Expr *expr, TrainInfo &train);
  void checkSchedule(const syntax::Expr *expr, Type wanted);
  /// At least 1; reported if not.
  std::int64_t countOf(const syntax::Expr *expr, const std::string &what, std::int64_t fallback);

  // TensorGenerics.cpp: what a signature leaves open, and functions that are handed on.
  struct TensorBinding {
    std::map<const DimSymbol *, Dim> sizes;
    std::map<const DimSymbol *, const syntax::Expr *> origin; ///< The argument that said it; null if none is at hand.
    std::map<Type, Type> types;
  };
  /// Binds what of `wanted` is open in this signature and said by `found`.
  void bindOpen(Type wanted, Type found, const Callable &callable, const syntax::Expr *from, TensorBinding &bound);
  Type bound(Type type, const TensorBinding &binding);
  /// Every open size and type is said; `outside`: by numbers. Reports if not.
  bool noteBinding(Span span, const Symbol *symbol, const TensorBinding &binding, bool outside, CallInfo &call);
  Type boundAsOpen(Type type, const Callable &callable);
  /// What the function that is handed on — a tensor function by name, or a lambda — gives for values of these types.
  Type applied(const syntax::Expr *function, const std::vector<Type> &given, Type hint, const std::string &what);
  Type appliedLambda(const syntax::LambdaExpr *lambda, const std::vector<Type> &given, Type hint,
                     const std::string &what);
  /// Whether a number of a tensor function is known when the plan is made; reported if not.
  bool isStatic(const syntax::Expr *expr, const std::string &what);
  /// Its value, if it is known already; nothing too where the signature's numbers or sizes decide it.
  std::optional<std::int64_t> staticAmount(const syntax::Expr *expr, const std::string &what);

  // TensorRecords.cpp
  Type eachResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call);
  Type foldResult(const syntax::CallExpr *expr, TensorArguments &given);
  Type inferTensorIndex(const syntax::IndexExpr *expr, Type object);
  Type callGradient(const syntax::CallExpr *expr, const syntax::CallExpr *gradient, BuiltinId which);
  bool hasGradient(Type type, Span span);

  // TensorChoices.cpp
  Type argmaxResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given, CallInfo &call);
  Type splitResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call);
  Type gatherResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call);
  Type oneHotResult(const syntax::CallExpr *expr, TensorArguments &given, Type hint);
  Type ropeResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call);

  // TensorExprs.cpp, TensorCalls.cpp
  Type inferTensorBinary(const syntax::BinaryExpr *expr, Type left, Type right);
  void shapeMismatch(const syntax::Expr *expr, Type expected, Type found, const Reason &reason);
  /// Notes the shape of what stands there, and where that comes from: the declaration or `let` on another line.
  Diagnostic &showShape(Diagnostic &report, const syntax::Expr *expr, Type type);
  Type inferMatmul(const syntax::BinaryExpr *expr, Type left, Type right);
  std::optional<std::vector<Dim>> broadcast(const std::vector<Dim> &a, const std::vector<Dim> &b, std::string &why);
  bool allowedInTensorFn(const syntax::Expr *expr);
  Type callTensorFn(const syntax::CallExpr *expr, Symbol *symbol, const syntax::Expr *receiver, Type hint);
  void checkFinished(const syntax::CallExpr *expr, const Symbol *symbol, bool outside);
  Type callTensorCore(const syntax::CallExpr *expr, const Builtin &builtin, const syntax::Expr *receiver, Type hint);
  Type tensorResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given, CallInfo &call,
                    Type hint);
  Type wrongTensorCall(const syntax::CallExpr *expr, const std::string &signature);
  /// Notes arguments that are not looked at because another one was wrong.
  Type wrongTensorTail(const std::vector<const syntax::Expr *> &arguments, std::size_t from);
  Type reduceCall(CallInfo &call, Type operand, std::size_t from, bool keeps);
  std::optional<std::size_t> dimensionOf(const syntax::Expr *expr, Type tensor, const syntax::Expr *operand);
  bool isDimName(const syntax::Expr *expr, const syntax::Expr *operand);
  Type tensorOperand(const syntax::Expr *expr);
  std::optional<Dim> sizeOf(const syntax::Expr *expr);

  // TensorShapes.cpp
  /// Of `select`: two numbers take the element type that is asked for, else f32.
  Type chosenPair(const syntax::CallExpr *expr, const syntax::Expr *left, const syntax::Expr *right, Type hint);
  Type elementwisePair(const syntax::CallExpr *expr, const syntax::Expr *left, const syntax::Expr *right);
  Type transposeResult(const syntax::CallExpr *expr, const std::vector<const syntax::Expr *> &args);
  Type reshapeResult(const syntax::CallExpr *expr, const std::vector<const syntax::Expr *> &args);
  Type cutResult(const syntax::CallExpr *expr, const Builtin &builtin, const std::vector<const syntax::Expr *> &args,
                 CallInfo &call);
  Type concatResult(const syntax::CallExpr *expr, TensorArguments &given, CallInfo &call);
  Type attentionResult(const syntax::CallExpr *expr, TensorArguments &given);
  Type filledResult(const syntax::CallExpr *expr, const Builtin &builtin, TensorArguments &given, Type hint);

  // EffectRules.cpp, Bounds.cpp, Budgets.cpp: what needs the whole program.
  void warnOfIdleRetry(const syntax::WithExpr *with, const Symbol &member);
  void checkAssociative();
  void checkEffects();
  void checkBounds();
  void checkBudgets();
  /// Puts callees before their callers where there is no cycle.
  void orderCallees(const CallGraph &graph);
  const syntax::Expr *writingCall(const syntax::Expr *expr, const CallGraph &graph) const;
  void explainWrite(Diagnostic &report, const syntax::Expr *call, const CallGraph &graph) const;
  void checkSpeculation(const syntax::Expr *expr, const CallGraph &graph);
  /// A write that is repeated by hand in `catch`.
  void checkRepeated(const syntax::TryExpr *attempt, const CallGraph &graph);
  /// Members that write and are not idempotent, among these and what they may reach through workflows and agents.
  std::vector<const Symbol *> unsafeWriters(std::vector<const Symbol *> open, const CallGraph &graph) const;
  void checkPolicy(const syntax::WithExpr *with, const CallGraph &graph);
  std::string calleeText(const syntax::Expr *call) const;
  void checkPromise(const Symbol *symbol, const CallGraph &graph);
  void checkContext(const Symbol *symbol);
  std::string priceText(const syntax::Expr *call) const;
  void checkPrices(const Symbol *symbol, const Budget &budget, const CallGraph &graph);
  static bool isPriced(const Symbol *model);
  void checkInner(const Symbol *symbol, const Budget &budget, const CallGraph &graph);
  /// What a call of `symbol` may come to, itself included, each once.
  void forEachReached(const Symbol *symbol, const CallGraph &graph,
                      const std::function<void(const Symbol *)> &look) const;

  // Shared small things.
  Diagnostic &error(Code code, Span span, std::string message) { return engine.error(code, span, std::move(message)); }
  Type fail() const { return program.types.simple(TypeKind::error); }
  Type simple(TypeKind kind) const { return program.types.simple(kind); }
  CheckedModule &module() { return *program.modules[body.module]; }
  ExprInfo &info(const syntax::Expr *expr) { return module().exprs[expr->id]; }
  Type resolved(Type type) const { return inference.resolve(type); }
  /// Resolved, and through aliases.
  Type seen(Type type) const;
  std::string show(Type type) { return text(inference.settle(type)); }
  /// "an int", "a Note".
  std::string a(Type type) {
    std::string name = show(type);
    return (std::string_view("aeiou").find(name[0]) == std::string_view::npos ? "a " : "an ") + name;
  }
  /// The declaration of this name in the module being checked, what `as` renamed resolved; null if none.
  Symbol *inModule(const std::string &name);
  Symbol *original(Symbol *symbol) const;
  Symbol *make(SymbolKind kind, const syntax::Name &name, const syntax::Node *node);
  /// A scope for the time of `inside`; what it bound and nobody used is reported after it.
  template <typename Inside> auto inScope(const Inside &inside, std::vector<const Symbol *> *captures = nullptr);

  CheckedProgram &program;
  source::Sources &sources;
  diagnostics::DiagnosticEngine &engine;
  const Loader &loader;
  const Options &options;
  Builtins builtins;
  Inference inference;
  Body body;
  std::deque<Scope> moduleScopes;              ///< By module.
  std::map<std::string, std::uint32_t> loaded; ///< Module name to index.
  std::vector<std::string> loading;            ///< Names, outermost first.
  std::vector<std::uint32_t> finished;         ///< Modules, each after those that it uses.
  std::set<std::uint32_t> broken;              ///< Modules with an error of form: names may be missing.
  std::map<const syntax::UseDecl *, std::uint32_t> usedModules;
  std::set<std::string, std::less<>> unknownImports; ///< Names whose import failed: no second complaint.
  std::map<const Symbol *, Symbol *> aliasOf;        ///< Of a name made by `use … as`, what it stands for.
  std::set<const Symbol *> checkedBodies, openBodies;
  std::map<const Symbol *, TypeInfo *> namedTypes;
  std::set<const Symbol *> filledTypes;
  std::set<const Symbol *> checkedTrains;
  std::set<const Symbol *> fillingTypes; ///< Records whose fields are being resolved.
  std::set<const Symbol *> refusedTools; ///< Whose provider is not carried.
  std::set<const Symbol *> values;       ///< Agents, workflows, models that are handed on as values.
  std::map<std::string, DimSymbol *> *signatureDims = nullptr; ///< Names of sizes of the signature or record being
                                                               ///< resolved.
  std::map<const Callable *, std::map<std::string, DimSymbol *>> dimsOf;
  std::map<std::string, Type> typeParameters; ///< Of the generic fn being checked.
  unsigned depth = 0;                         ///< Of nested `infer`.
  bool discard = false;                       ///< Set just before `infer`: nobody looks at the value.
  bool dropped = false; ///< The same, of the expression that is being dispatched; read before anything else.
};

template <typename Inside>
void Checker::withBody(Place place, std::uint32_t module, Callable *callable, const Inside &inside) {
  Body saved = std::move(body);
  body = Body{};
  body.place = place;
  body.module = module;
  body.callable = callable;
  body.scope = &moduleScopes[module];
  inside();
  settleBody();
  body = std::move(saved);
}

template <typename Inside> auto Checker::inScope(const Inside &inside, std::vector<const Symbol *> *captures) {
  Scope scope(body.scope, captures);
  Scope *outer = body.scope;
  body.scope = &scope;
  struct Leave {
    Checker &checker;
    Scope &scope;
    Scope *outer;
    ~Leave() {
      checker.reportUnused(scope);
      checker.body.scope = outer;
    }
  } leave{*this, scope, outer};
  return inside();
}

} // namespace weft::sema
