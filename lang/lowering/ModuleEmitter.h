//===- ModuleEmitter.h - What all bodies of a program share ---------------===//
//
// Declarations are emitted when they are first referred to: a generic function
// once per use of other types, an agent once per type that it is asked for.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "dialects/expr/Expr.h"
#include "dialects/flow/Flow.h"
#include "lang/diagnostics/Diagnostic.h"
#include "lang/lowering/TensorInstance.h"
#include "lang/sema/CheckedProgram.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <map>

namespace weft::lowering {

/// What the parameters of a generic function stand for in one instance of it.
using Substitution = std::map<sema::Type, mlir::Type>;

class ModuleEmitter {
public:
  ModuleEmitter(const sema::CheckedProgram &program, const source::Sources &sources,
                diagnostics::DiagnosticEngine &engine, mlir::ModuleOp module);

  /// Everything that can be started from outside, and all that it needs.
  void run();

  // ---- places and names
  mlir::Location at(source::Span span);
  /// `name`, behind its module's name unless that is the root.
  std::string symbolOf(const sema::Symbol *symbol) const;
  /// A step's name for ever: hash of who it is in, what it is bound to, what it does, and how many such were before.
  mlir::IntegerAttr stepId(const std::string &owner, const std::string &binding, const std::string &what);
  /// Reports a construct that cannot be carried; gives nothing, so that the caller can go on and report the next.
  void refuse(diagnostics::Code code, source::Span span, const std::string &what, const std::string &instead = {});

  // ---- types
  mlir::Type type(sema::Type type, const Substitution &substitution = {});
  mlir::Type simple(expr::Kind kind) { return expr::simple(module.getContext(), kind); }

  // ---- declarations; each gives the symbol to refer to
  std::string function(const sema::Symbol *fn, llvm::ArrayRef<mlir::Type> typeArguments);
  /// Agents, workflows and models that stand as values, by module and place: what a call of a value may
  /// reach.
  llvm::ArrayRef<const sema::Symbol *> agentValues() const { return values; }
  /// The place of one among them: what such a value is when it runs.
  std::int64_t numberOf(const sema::Symbol *callable) const;
  /// Whether a value of the one type goes where the other is asked without being changed.
  bool fits(mlir::Type from, mlir::Type to);
  /// Of an agent, or of a model that is asked for a type: the block that asks. `result` is what it answers with.
  std::string agent(const sema::Symbol *agent, sema::Type result, const Substitution &substitution = {});
  std::string workflow(const sema::Symbol *workflow);
  mlir::SymbolRefAttr member(const sema::Symbol *toolMember);
  /// Of a model, or of an agent: its model, with the agent's tools if it has some.
  mlir::SymbolRefAttr model(const sema::Symbol *asked);
  mlir::SymbolRefAttr remote(const sema::Symbol *agent, mlir::Type answer, const std::string &suffix);
  mlir::SymbolRefAttr person(const sema::Symbol *agent, mlir::Type answer, const std::string &suffix);
  /// The member that reads tensors of this type from files, or writes them.
  mlir::SymbolRefAttr weightFile(bool saves, sema::Type tensors, source::Span span);
  /// The tensor function for what its signature leaves open.
  mlir::func::FuncOp tensorFunction(const sema::Symbol *fn, const TensorInstance &given);
  /// What one step of a training does, with what the run hands it told by attributes, and beside it what measures text
  /// that was held out. Null after something was refused.
  mlir::func::FuncOp training(const sema::Symbol *train);
  /// A name that no function has, made of this one.
  std::string freshName(const std::string &wanted);
  void mesh(const sema::Symbol *mesh);
  /// A predicate over values of the given symbols.
  std::string predicate(const std::string &name, llvm::ArrayRef<const sema::Symbol *> sees, const syntax::Expr *check);
  /// A function of a callable's parameters that gives the value of an expression over them, as `result`.
  std::string renderer(const std::string &name, const sema::Callable &callable, const syntax::Expr *value,
                       mlir::Type result);

  /// A question of a test about its calls.
  mlir::SymbolRefAttr question(const std::string &name, mlir::Type result, source::Span span);

  mlir::DictionaryAttr policy(const sema::Policy &policy);
  mlir::DictionaryAttr budget(const sema::Budget &budget);
  flow::EffectAttr effect(sema::Effect effect) {
    // That a write can be taken back too stands with its member.
    if (effect == sema::Effect::writeBoth)
      effect = sema::Effect::writeIdempotent;
    return flow::EffectAttr::get(module.getContext(), static_cast<flow::Effect>(effect));
  }

  const sema::CheckedProgram &program;
  const source::Sources &sources;
  diagnostics::DiagnosticEngine &engine;
  mlir::ModuleOp module;
  mlir::OpBuilder builder; ///< Always at the end of the module.

private:
  void namedType(sema::Type type, const std::string &symbol);
  mlir::ArrayAttr fields(const std::string &owner, llvm::ArrayRef<sema::Field> fields);
  std::string uniqueTypeSymbol(sema::Type type);
  flow::BindingOp binding(const std::string &name, flow::BindingKind kind, const std::string &provider,
                          llvm::ArrayRef<sema::Setting> settings, source::Span span);
  void settingsOf(llvm::ArrayRef<sema::Setting> settings, llvm::SmallVectorImpl<mlir::Attribute> &made);
  mlir::SymbolRefAttr personForMore(const sema::Symbol *agent);
  /// Whether some budget asks this person for more.
  bool isAskedForMore(const sema::Symbol *agent) const;
  /// The function of whole texts that a compiled model's decoders are made of, and settings that name these. False
  /// after something was refused.
  bool decoder(const sema::Symbol *model, std::vector<sema::Setting> &settings);
  mlir::SymbolRefAttr plainModel(const sema::Symbol *model);
  /// A function of a callable's parameters that gives one piece of a string over them; null: no text.
  std::string piece(const std::string &name, const sema::Callable &callable, const syntax::StringPiece *written,
                    source::Span span);
  void memberOf(flow::BindingOp binding, const sema::Symbol *member);
  /// The workflow that takes a write of this member back; null where none is declared.
  mlir::FlatSymbolRefAttr undoOf(const sema::Symbol *member, const std::string &owner);
  /// Without its mocks, which are made when all blocks that they replace are known.
  flow::WorkflowOp test(const sema::TestInfo &test);
  mlir::ArrayAttr mocks(const std::string &owner, const sema::TestInfo &test);
  /// What is called where the program calls something, and what it gives there.
  struct Asked {
    mlir::SymbolRefAttr target;
    mlir::Type result;
  };
  std::vector<Asked> askedOf(const sema::Symbol *target);
  /// The member that is called, or counts, in place of an agent or a workflow. It costs what the agent's model costs.
  mlir::SymbolRefAttr standIn(const std::string &owner, const sema::Symbol *target, mlir::Type result,
                              std::size_t number);
  /// A default is pure and sees no parameter: a constant, or a function without parameters that computes it.
  mlir::Attribute defaultOf(const std::string &owner, const sema::Parameter &parameter, mlir::Type type);
  mlir::Attribute constantOf(const syntax::Expr *value, mlir::Type type);

  std::map<sema::Type, std::string> typeSymbols;
  std::map<std::string, std::string> instances;
  std::map<std::string, std::size_t> layouts; ///< Of records that type parameters stood for, by text.
  llvm::StringSet<> taken, bindings;
  std::map<std::string, unsigned> ordinals;
  std::vector<const sema::Symbol *> values;
};

/// Constants of sema as attributes; null for what is no value (a bandwidth).
mlir::Attribute attributeOf(mlir::MLIRContext *context, const sema::Constant &constant);

} // namespace weft::lowering
