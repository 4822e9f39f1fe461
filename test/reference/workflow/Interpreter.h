//===- Interpreter.h - A checked program, walked one step after another ---===//
//
// The oracle of workflows: sequential, recursive over the tree as it was
// written, with sema's tables for what names mean. It shares no evaluator with
// what it judges: nothing of runtime, of the dialects, of the compiler.
//
//   ScriptedWorld world;
//   Outcome end = Interpreter(sources, *checked, world).run("main", inputs);
//
//===----------------------------------------------------------------------===//
#pragma once

#include "test/reference/workflow/World.h"

namespace weft::reference::workflow {

/// How a run ended.
struct Outcome {
  std::optional<Json> result;
  std::optional<Failure> failure;
};

class Interpreter {
public:
  /// All three outlive the interpreter; `program` was checked without an error.
  Interpreter(const source::Sources &sources, const sema::CheckedProgram &program, World &world)
      : sources(sources), program(program), world(world) {}

  /// Runs a workflow of the root module. `inputs` is an object; what is missing takes its default. Throws Unsupported
  /// for what this reference does not carry.
  Outcome run(const std::string &workflow, const Json &inputs);

  /// Runs a test, whose mocks answer. The result is null.
  Outcome runTest(const std::string &title);

private:
  using ScopePtr = std::shared_ptr<Scope>;

  /// Leaves a round of a loop.
  struct RoundEnd {
    bool isBreak;
    Value value;
  };
  /// Pushes a step while it lives.
  struct Inside;

  static ScopePtr inner(const ScopePtr &outer) {
    auto scope = std::make_shared<Scope>();
    scope->outer = outer;
    return scope;
  }

  // Expressions.cpp
  Value eval(const syntax::Expr *expr, const ScopePtr &scope);
  Value bare(const syntax::Expr *expr, const ScopePtr &scope);
  Value converted(const syntax::Expr *expr, Value value, const ScopePtr &scope);
  Value nameValue(const syntax::Expr *expr, const ScopePtr &scope);
  Value string(const syntax::StringExpr *expr, const ScopePtr &scope);
  Value record(const syntax::RecordExpr *expr, const ScopePtr &scope);
  Value binary(const syntax::BinaryExpr *expr, const ScopePtr &scope);
  Value index(const syntax::IndexExpr *expr, const ScopePtr &scope);
  Value block(const syntax::BlockExpr *expr, const ScopePtr &scope);

  // Forms.cpp
  Value form(const syntax::Expr *expr, const ScopePtr &scope);
  Value forEach(const syntax::ForExpr *expr, const ScopePtr &scope);
  Value loop(const syntax::LoopExpr *expr, const ScopePtr &scope);
  Value fold(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope);
  Value race(const syntax::RaceExpr *expr, const ScopePtr &scope);
  Value vote(const syntax::VoteExpr *expr, const ScopePtr &scope);
  Value tryCatch(const syntax::TryExpr *expr, const ScopePtr &scope);
  bool matches(const syntax::Pattern *pattern, const Value &value, const ScopePtr &scope);
  void bind(const syntax::Pattern *pattern, const Value &value, const ScopePtr &scope);

  // Calls.cpp
  Value call(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope, const Value *given = nullptr);
  Value callCore(const sema::CallInfo &info, const Values &arguments, const ScopePtr &scope);
  Value callFn(const sema::Symbol *fn, Values arguments, const std::vector<sema::Type> &types, const ScopePtr &scope);
  Value callNamed(const sema::Symbol *callee, Values arguments, const syntax::Expr *at, sema::Type answer);
  Value callAgent(const sema::Symbol *agent, const ScopePtr &parameters, sema::Type answer);
  Value ask(const sema::Symbol *model, const std::string &system, const std::string &prompt, sema::Type answer,
            const sema::Symbol *agent = nullptr);
  /// Of what a model says.
  Value parsed(const std::string &raw, sema::Type answer);
  void inTime(const sema::Policy &policy, const syntax::Expr *call, std::int64_t tookNs);
  Value callMember(const sema::Symbol *member, const Values &arguments);
  Value apply(const Value &function, Values arguments);
  Value asType(const syntax::AsExpr *expr, const ScopePtr &scope);
  Value with(const syntax::WithExpr *expr, const ScopePtr &scope);
  ScopePtr entered(const sema::Callable &callable, Values arguments);

  // Mocks.cpp
  /// What stands for the symbol in this test; null where nothing does.
  const syntax::Expr *mockOf(const sema::Symbol *symbol) const;
  /// In a test: one attempt more.
  void count(const sema::Symbol *symbol, const Values &arguments);
  Value mocked(const sema::Symbol *symbol, const syntax::Expr *answer, Values arguments);
  Value mockAnswer(const syntax::Expr *answer, std::size_t turn, const Values &arguments);
  void wait(std::int64_t ns, const syntax::Expr *at);
  Value testCall(const syntax::Expr *expr, const sema::CallInfo &info, const ScopePtr &scope);

  // Wheres.cpp
  void checkFields(const std::vector<sema::Field> &fields, const Values &values);
  void checkType(const Value &value, sema::Type alias);
  /// Every `where` of the type, those of fields and elements included.
  void checkAll(const Value &value, sema::Type type);

  source::Location at(const syntax::Node *node) const {
    return sources.file(node->span.file).location(node->span.begin);
  }
  Place here() const { return {steps, attempt}; }
  std::uint32_t activationOf(source::Location at, std::uint32_t mine);

  const source::Sources &sources;
  const sema::CheckedProgram &program;
  World &world;
  std::vector<Step> steps;
  std::uint32_t attempt = 0;
  bool hedged = false; ///< Of the call that comes next.
  unsigned depth = 0;
  std::map<const sema::Symbol *, std::int64_t> activations; ///< Of workflows below each other.
  const sema::TestInfo *test = nullptr;                     ///< What is run; null in runs.
  std::map<const sema::Symbol *, Values> sent;              ///< In a test: what each was sent, attempt by attempt.
  std::vector<Values> kept;                                 ///< What was emitted in each `emitted` around.
  std::int64_t waitedNs = 0;                                ///< What answers of mocks took in all.
};

/// Pushes a step while it lives.
struct Interpreter::Inside {
  Inside(Interpreter &interpreter, Step step) : interpreter(interpreter) { interpreter.steps.push_back(step); }
  ~Inside() { interpreter.steps.pop_back(); }
  Inside(const Inside &) = delete;
  Inside &operator=(const Inside &) = delete;
  Interpreter &interpreter;
};

} // namespace weft::reference::workflow
