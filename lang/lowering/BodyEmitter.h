//===- BodyEmitter.h - Expressions and statements as ops ------------------===//
//
// One emitter per function, workflow, agent or test. It works in two ways: inside
// a pure function everything is `expr`; in a workflow, what holds a call or a
// form that waits becomes `flow`, and what does not stays `expr`.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/lowering/ModuleEmitter.h"

#include <functional>

namespace weft::lowering {

/// Name in runtime/value/Builtins.def of an operator on two values that is neither lazy nor of tensors.
llvm::StringRef operatorName(syntax::BinaryOp op);

class BodyEmitter {
public:
  /// `owner` is the symbol whose body this is; `pure`: no step may stand here.
  BodyEmitter(ModuleEmitter &parent, std::string owner, bool pure, Substitution substitution = {})
      : module(parent), builder(parent.module.getContext()), owner(std::move(owner)), pure(pure),
        substitution(std::move(substitution)) {}

  void enter(mlir::Block *block) { builder.setInsertionPointToEnd(block); }
  void bind(const sema::Symbol *symbol, mlir::Value value) { values[symbol] = value; }
  /// Fails with `schema` where the `where` of a parameter does not hold; those above are bound already.
  void checkParameter(const sema::Parameter &parameter);
  /// What the program has just put together of these fields, checked if one of them has a `where`.
  mlir::Value checked(source::Span span, llvm::ArrayRef<sema::Field> fields, mlir::Value made);

  /// The value after its conversion, of type `wanted` if that is given.
  mlir::Value emit(const syntax::Expr *expr, mlir::Type wanted = {});
  /// Ends the body: in a function with expr.yield, else with flow.yield.
  void yield(source::Span span, mlir::Value value);

  mlir::Type typeOf(sema::Type type) { return module.type(type, substitution); }
  mlir::Value constant(source::Span span, mlir::Attribute value, mlir::Type type);
  mlir::Value text(source::Span span, llvm::StringRef text);
  /// What a string with these pieces says.
  mlir::Value string(source::Span span, llvm::ArrayRef<syntax::StringPiece> written);
  mlir::Value integer(source::Span span, std::int64_t value);
  mlir::Value none(source::Span span, mlir::Type type = {});
  /// The value under another type of the same form.
  mlir::Value as(source::Span span, mlir::Value value, mlir::Type wanted);
  mlir::Value builtin(source::Span span, llvm::StringRef name, mlir::ValueRange arguments, mlir::Type result);
  /// A failure, and a value of `type` that never arrives.
  mlir::Value fail(source::Span span, llvm::StringRef kind, mlir::Value why, mlir::Type type);
  mlir::IntegerAttr stepId(const std::string &what) { return module.stepId(owner, binding, what); }
  /// A switch in `expr` over a bool or an int, one maker per region.
  using Maker = std::function<mlir::Value()>;
  mlir::Value choose(source::Span span, mlir::Value selector, mlir::Type result, llvm::ArrayRef<Maker> makers);

  // ---- Workflows.cpp
  mlir::Value askPerson(source::Span span, mlir::SymbolRefAttr member, mlir::Value prompt, mlir::Type result);
  mlir::Value askRemote(source::Span span, mlir::SymbolRefAttr member, mlir::ValueRange arguments, sema::Effect effect,
                        mlir::Type result);
  /// `whom`: a model, or an agent that has one.
  mlir::Value askForType(source::Span span, const sema::Symbol *whom, mlir::Value system, mlir::Value prompt,
                         mlir::Type result);

  // ---- Mocks.cpp
  /// The function that answers in place of a mock's target.
  void mockFunction(const std::string &name, const sema::MockInfo &mock, llvm::ArrayRef<mlir::Type> parameters,
                    mlir::Type result, bool isModel);

  ModuleEmitter &module;
  mlir::OpBuilder builder;
  bool inTest = false; ///< An assert then says where it stands, and what it found.

private:
  // ---- Expressions.cpp, Lambdas.cpp, Values.cpp, Statements.cpp, Asserts.cpp
  mlir::Value emitBare(const syntax::Expr *expr, mlir::Type wanted);
  mlir::Value convert(const syntax::Expr *expr, mlir::Value value);
  mlir::Value numberToTensor(const syntax::Expr *expr, mlir::Value value);
  /// A number, bool or rng that a run computes, as a tensor of rank 0.
  mlir::Value computedTensor(source::Span span, mlir::Value number, mlir::RankedTensorType type);
  mlir::Value name(const syntax::Expr *expr);
  mlir::Value string(const syntax::StringExpr *expr);
  mlir::Value record(const syntax::RecordExpr *expr, mlir::Type type);
  mlir::Value map(const syntax::MapExpr *expr);
  mlir::Value list(const syntax::Expr *expr, llvm::ArrayRef<syntax::Expr *> elements);
  mlir::Value index(const syntax::IndexExpr *expr);
  mlir::Value unary(const syntax::UnaryExpr *expr);
  mlir::Value binary(const syntax::BinaryExpr *expr);
  mlir::Value lambda(const syntax::LambdaExpr *expr);
  mlir::Value functionValue(const syntax::Expr *expr);
  mlir::Value block(const syntax::BlockExpr *expr, mlir::Type wanted);
  void statement(const syntax::Stmt *stmt);
  void assertThat(const syntax::AssertExpr *expr);
  mlir::Value whyInTest(const syntax::AssertExpr *expr, const std::string &condition,
                        const syntax::BinaryExpr *comparison, mlir::Value left, mlir::Value right);

  // ---- Calls.cpp
  mlir::Value call(const syntax::Expr *expr, const sema::CallInfo &info, llvm::ArrayRef<mlir::Value> given = {});
  llvm::SmallVector<mlir::Value> arguments(const sema::CallInfo &info, llvm::ArrayRef<mlir::Type> types);
  mlir::Value callFunction(source::Span span, const sema::Symbol *fn, llvm::ArrayRef<mlir::Type> typeArguments,
                           llvm::SmallVector<mlir::Value> operands);
  mlir::Value core(source::Span span, sema::BuiltinId id, sema::Type given, llvm::SmallVector<mlir::Value> values);
  mlir::Value invoke(source::Span span, const std::string &callee, const sema::Callable &callable,
                     mlir::ValueRange values, mlir::Type result);
  mlir::Value askModel(source::Span span, const sema::Symbol *whom, mlir::Value system, mlir::Value prompt,
                       mlir::Value schema);
  mlir::Value asType(const syntax::AsExpr *expr);
  mlir::Value parsed(source::Span span, mlir::Value text, mlir::Type type, bool ofJson, bool dropsUnknown);
  mlir::Value with(const syntax::WithExpr *expr, mlir::Type wanted);

  // ---- Gangs.cpp
  mlir::Value gang(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value training(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value runGang(const syntax::Expr *expr, mlir::func::FuncOp function, mlir::TypeRange results,
                      mlir::ValueRange operands, sema::Type given, sema::Effect effect);
  mlir::Value keyOf(const syntax::Expr *expr);
  /// `weights` and `save`: calls of a binding that no program declares.
  mlir::Value weightFile(const syntax::Expr *expr, const sema::CallInfo &info);
  void addTensors(source::Span span, mlir::Value value, sema::Type type, mlir::func::FuncOp function,
                  llvm::SmallVectorImpl<mlir::Value> &operands);
  mlir::Value joined(source::Span span, sema::Type type, mlir::ValueRange tensors, std::size_t &next);

  // ---- TestCalls.cpp
  mlir::Value testCall(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value askCounted(source::Span span, const sema::CallInfo &info);
  mlir::Value askEmitted(source::Span span, const sema::CallInfo &info);
  mlir::Value askFailure(source::Span span, const sema::CallInfo &info);

  // ---- Mocks.cpp
  class MockAnswers;
  /// Why a `failing` fails.
  mlir::Value mockReason(source::Span span, const sema::CallInfo &failing);
  mlir::Value mockFails(source::Span span, const sema::CallInfo &failing, mlir::Type result);

  // ---- AgentValues.cpp
  mlir::Value callValue(source::Span span, const syntax::Expr *callee, llvm::ArrayRef<mlir::Value> operands,
                        mlir::Type result);
  mlir::Value callNamed(source::Span span, const sema::Symbol *callee, llvm::ArrayRef<mlir::Value> given);

  // ---- Forms.cpp
  bool isPlain(const syntax::Expr *expr);
  /// Builds a form with regions: each maker fills one, whose arguments it is given.
  using RegionMaker = std::function<mlir::Value(mlir::ValueRange arguments)>;
  void fill(mlir::Region &region, mlir::TypeRange arguments, source::Span span, mlir::Type wanted,
            const RegionMaker &make);
  mlir::Value ifElse(const syntax::IfExpr *expr, mlir::Type wanted);
  mlir::Value match(const syntax::MatchExpr *expr, mlir::Type wanted);
  mlir::Value branch(const syntax::Expr *expr, mlir::Value selector, mlir::Type wanted, llvm::ArrayRef<Maker> makers);
  mlir::Value forEach(const syntax::ForExpr *expr);
  /// Whether it is a `reduce` whose function calls.
  bool isFold(const syntax::Expr *expr);
  mlir::Value fold(const syntax::Expr *expr, const sema::CallInfo &info);
  mlir::Value race(const syntax::RaceExpr *expr, mlir::Type wanted);
  mlir::Value vote(const syntax::VoteExpr *expr);
  mlir::Value tryCatch(const syntax::TryExpr *expr, mlir::Type wanted);

  // ---- Loops.cpp
  mlir::Value loop(const syntax::LoopExpr *expr, mlir::Type wanted);
  mlir::Value boundOf(source::Span span, mlir::Value max);
  mlir::Value ranOut(source::Span span, mlir::Value max, mlir::Type wanted);
  mlir::Value endRound(const syntax::Expr *expr, const syntax::Expr *value, bool breaks);

  // ---- Patterns.cpp
  /// Whether the value fits, as a bool; null if it always does.
  mlir::Value test(const syntax::Pattern *pattern, mlir::Value value);
  void bindPattern(const syntax::Pattern *pattern, mlir::Value value);
  /// Which arm fits first, as an int.
  mlir::Value selectArm(const syntax::Expr *expr, llvm::ArrayRef<syntax::Arm *> arms, mlir::Value subject,
                        std::size_t from = 0);
  mlir::Value selectFailure(llvm::ArrayRef<syntax::Arm *> arms, mlir::Value error, std::size_t from = 0);
  /// The parts of a value that the inner patterns look at.
  llvm::SmallVector<std::pair<const syntax::Pattern *, mlir::Value>> parts(const syntax::Pattern *pattern,
                                                                           mlir::Value value);

  std::string owner;
  std::string binding; ///< Names of the lets around, joined by dots: part of the ids of steps.
  bool pure;
  Substitution substitution;
  std::map<const sema::Symbol *, mlir::Value> values;
  flow::StepType round;            ///< Of the loop whose body's value is being made; null elsewhere.
  mlir::DictionaryAttr nextPolicy; ///< Of the call that is emitted next.
};

} // namespace weft::lowering
