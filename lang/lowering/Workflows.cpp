//===- Workflows.cpp - Workflows, agents and tests as blocks of steps -----===//

#include "lang/lowering/BodyEmitter.h"

#include "lang/sema/Walk.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

namespace {

/// Further turns after a wrong answer; see the language, `call as T`.
constexpr std::int64_t repairs = 2;

struct Header {
  std::string name;
  source::Span span;
  SmallVector<Type> parameters;
  Type result;
  flow::BlockKind kind;
  sema::Effect effect = sema::Effect::pure;
};

flow::WorkflowOp build(ModuleEmitter &module, BodyEmitter &body, const Header &header,
                       llvm::function_ref<Value(Block::BlockArgListType)> fill) {
  MLIRContext *context = module.module.getContext();
  OpBuilder builder = OpBuilder::atBlockEnd(module.module.getBody());
  OperationState state(module.at(header.span), flow::WorkflowOp::getOperationName());
  state.addAttribute("sym_name", builder.getStringAttr(header.name));
  state.addAttribute("function_type", TypeAttr::get(FunctionType::get(context, header.parameters, header.result)));
  state.addAttribute("kind", flow::BlockKindAttr::get(context, header.kind));
  state.addAttribute("effect", module.effect(header.effect));
  state.addRegion();
  auto op = cast<flow::WorkflowOp>(builder.create(state));
  SmallVector<Location> places(header.parameters.size(), module.at(header.span));
  Block *entry = builder.createBlock(&op.getBody(), {}, header.parameters, places);
  body.enter(entry);
  body.yield(header.span, body.as(header.span, fill(entry->getArguments()), header.result));
  return op;
}

void bindParameters(BodyEmitter &body, const sema::Callable &callable, Block::BlockArgListType given) {
  for (auto [parameter, value] : llvm::zip(callable.parameters, given))
    if (parameter.symbol)
      body.bind(parameter.symbol, value);
  for (const sema::Parameter &parameter : callable.parameters)
    body.checkParameter(parameter);
}

} // namespace

std::string ModuleEmitter::workflow(const sema::Symbol *symbol) {
  std::string name = symbolOf(symbol);
  if (!instances.try_emplace("workflow " + name, name).second)
    return name;
  const sema::Callable &callable = *symbol->callable;
  Header header{name, symbol->span, {}, type(callable.result), flow::BlockKind::workflow, callable.effect};
  SmallVector<Attribute> names, docs, defaults;
  for (const sema::Parameter &parameter : callable.parameters) {
    header.parameters.push_back(type(parameter.type));
    names.push_back(builder.getStringAttr(parameter.name));
    docs.push_back(builder.getStringAttr(parameter.doc));
    // Nobody starts those of other modules, and who calls one computes what is left out.
    bool asked = parameter.defaultValue && symbol->module == 0;
    defaults.push_back(asked ? defaultOf(name, parameter, header.parameters.back()) : builder.getUnitAttr());
  }
  BodyEmitter body(*this, name, false);
  flow::WorkflowOp op = build(*this, body, header, [&](Block::BlockArgListType given) {
    bindParameters(body, callable, given);
    return body.emit(symbol->workflow->decl->body, header.result);
  });
  op.setParamNamesAttr(builder.getArrayAttr(names));
  op.setParamDocsAttr(builder.getArrayAttr(docs));
  op.setDefaultsAttr(builder.getArrayAttr(defaults));
  if (DictionaryAttr spent = budget(symbol->workflow->budget))
    op.setBudgetAttr(spent);
  if (symbol->workflow->depth)
    op.setDepthAttr(builder.getI64IntegerAttr(*symbol->workflow->depth));
  if (symbol->workflow->emits)
    op.setEmitsAttr(TypeAttr::get(type(symbol->workflow->emits)));
  if (!symbol->workflow->decl->doc.empty())
    op.setDocAttr(builder.getStringAttr(symbol->workflow->decl->doc));
  op.setEntry(symbol->module == 0);
  return name;
}

FlatSymbolRefAttr ModuleEmitter::undoOf(const sema::Symbol *symbol, const std::string &owner) {
  const sema::MemberInfo &member = *symbol->member;
  if (!member.undo)
    return {};
  const sema::Callable &callable = *symbol->callable;
  // Who does not ask for the result can take back what has not answered.
  bool wantsResult = false;
  sema::forEachExpr(member.undo, [&](const syntax::Expr *one) {
    wantsResult |= member.undoResult && program.of(one).symbol == member.undoResult;
  });
  const syntax::Expr *call = member.undo;
  if (const auto *with = syntax::as<syntax::WithExpr>(call))
    call = with->operand;
  const sema::Callable &undo = *program.call(call)->callee->callable;
  Header header{owner + ".undo", member.undo->span, {}, type(undo.result), flow::BlockKind::workflow, undo.effect};
  for (const sema::Parameter &parameter : callable.parameters)
    header.parameters.push_back(type(parameter.type));
  if (wantsResult)
    header.parameters.push_back(type(callable.result));
  BodyEmitter body(*this, header.name, false);
  flow::WorkflowOp op = build(*this, body, header, [&](Block::BlockArgListType given) {
    for (auto [parameter, value] : llvm::zip(callable.parameters, given))
      if (parameter.symbol)
        body.bind(parameter.symbol, value);
    if (wantsResult)
      body.bind(member.undoResult, given.back());
    return body.emit(member.undo, header.result);
  });
  SmallVector<Attribute> names, nothing(header.parameters.size(), builder.getUnitAttr()), docs;
  for (const sema::Parameter &parameter : callable.parameters)
    names.push_back(builder.getStringAttr(parameter.name));
  if (wantsResult)
    names.push_back(builder.getStringAttr("result"));
  docs.assign(names.size(), builder.getStringAttr(""));
  op.setParamNamesAttr(builder.getArrayAttr(names));
  op.setParamDocsAttr(builder.getArrayAttr(docs));
  op.setDefaultsAttr(builder.getArrayAttr(nothing));
  return FlatSymbolRefAttr::get(module.getContext(), header.name);
}

Attribute ModuleEmitter::defaultOf(const std::string &owner, const sema::Parameter &parameter, Type type) {
  std::size_t errors = engine.errorCount();
  if (Attribute constant = constantOf(parameter.defaultValue, type))
    return constant;
  if (engine.errorCount() != errors)
    return builder.getUnitAttr();
  bool holdsCode = false;
  sema::walk(parameter.type, [&](sema::Type part) { holdsCode |= part->is(sema::TypeKind::function); });
  if (holdsCode) {
    refuse(diagnostics::Code::computedDefaultNotCarried, parameter.defaultValue->span,
           "a function as the default of a workflow's parameter", "call it in the body");
    return builder.getUnitAttr();
  }
  std::string name = owner + ".default." + parameter.name;
  return FlatSymbolRefAttr::get(module.getContext(), renderer(name, {}, parameter.defaultValue, type));
}

/// What the folds of `expr` make of a default; null if that is no constant, or has a `where` to be asked.
Attribute ModuleEmitter::constantOf(const syntax::Expr *value, Type type) {
  OwningOpRef<ModuleOp> scratch = ModuleOp::create(builder.getUnknownLoc());
  BodyEmitter body(*this, "default", true);
  body.enter(scratch->getBody());
  Value made = body.emit(value, type);
  for (Operation &op : llvm::make_early_inc_range(*scratch->getBody())) {
    SmallVector<OpFoldResult> results;
    SmallVector<Attribute> known;
    for (Value operand : op.getOperands()) {
      auto constant = operand.getDefiningOp<expr::ConstantOp>();
      known.push_back(constant ? constant.getValue() : Attribute());
    }
    if (isa<expr::ConstantOp>(op) || failed(op.fold(known, results)) || results.size() != 1 ||
        !isa<Attribute>(results[0]))
      continue;
    OpBuilder at(&op);
    Value folded = expr::ConstantOp::create(at, op.getLoc(), op.getResult(0).getType(), cast<Attribute>(results[0]));
    if (made == op.getResult(0))
      made = folded;
    op.replaceAllUsesWith(ValueRange(folded));
    op.erase();
  }
  auto constant = made.getDefiningOp<expr::ConstantOp>();
  return constant ? constant.getValue() : Attribute();
}

std::string ModuleEmitter::agent(const sema::Symbol *symbol, sema::Type answer, const Substitution &substitution) {
  const sema::Callable &callable = *symbol->callable;
  Type result = type(answer, substitution);
  bool own = symbol->kind == sema::SymbolKind::agent && answer == callable.result;
  std::string name = symbolOf(symbol);
  std::string suffix;
  if (!own) {
    llvm::raw_string_ostream out(suffix);
    out << " as " << sema::text(answer);
  }
  name += suffix;
  if (!instances.try_emplace("agent " + name, name).second)
    return name;
  Header header{name, symbol->span, {}, result, flow::BlockKind::agent, callable.effect};
  for (const sema::Parameter &parameter : callable.parameters)
    header.parameters.push_back(type(parameter.type));
  BodyEmitter body(*this, name, false);
  source::Span span = symbol->span;
  const sema::AgentInfo *info = symbol->agent;
  flow::WorkflowOp op = build(*this, body, header, [&](Block::BlockArgListType given) -> Value {
    bindParameters(body, callable, given);
    if (info && info->remote)
      return body.askRemote(span, remote(symbol, result, suffix), given, callable.effect, result);
    Value prompt = info && info->prompt ? body.emit(info->prompt, simple(Kind::string)) : given[0];
    if (info && info->human)
      return body.askPerson(span, person(symbol, result, suffix), prompt, result);
    Value system = info && info->system ? body.emit(info->system, simple(Kind::string)) : body.text(span, "");
    return body.askForType(span, symbol, system, prompt, result);
  });
  if (info)
    if (DictionaryAttr spent = budget(info->budget))
      op.setBudgetAttr(spent);
  return name;
}

Value BodyEmitter::askPerson(source::Span span, SymbolRefAttr member, Value prompt, Type result) {
  return flow::CallOp::create(builder, module.at(span), result, member, prompt, module.effect(sema::Effect::read),
                              UnitAttr(), DictionaryAttr(), stepId("ask"))
      .getResult();
}

Value BodyEmitter::askRemote(source::Span span, SymbolRefAttr member, ValueRange arguments, sema::Effect effect,
                             Type result) {
  return flow::CallOp::create(builder, module.at(span), result, member, arguments, module.effect(effect),
                              builder.getUnitAttr(), DictionaryAttr(), stepId("ask"))
      .getResult();
}

/// Asks until the answer has the type, each time with what was wrong; a text is taken as it is.
Value BodyEmitter::askForType(source::Span span, const sema::Symbol *whom, Value system, Value prompt, Type result) {
  if (expr::isKind(result, Kind::string))
    return askModel(span, whom, system, prompt, text(span, ""));
  Location at = module.at(span);
  Type string = module.simple(Kind::string), whole = module.simple(Kind::integer),
       boolean = module.simple(Kind::boolean);
  // What is carried: the prompt of this turn, and how many turns there were before.
  auto turn = expr::ValueType::get(builder.getContext(), Kind::tuple, FlatSymbolRefAttr(), {string, whole});
  auto step = flow::StepType::get(builder.getContext(), turn, result);
  Value schema = expr::SchemaOp::create(builder, at, string, TypeAttr::get(result));
  Value first = expr::ListOp::create(builder, at, turn, ValueRange{prompt, integer(span, 0)});
  auto loop =
      flow::LoopOp::create(builder, at, result, first, integer(span, 1 + repairs), ValueRange(), stepId("turns"));
  fill(loop.getBody(), turn, span, step, [&](ValueRange given) {
    Value asked = expr::FieldOp::create(builder, at, string, given[0], 0),
          before = expr::FieldOp::create(builder, at, whole, given[0], 1);
    Value answer = askModel(span, whom, system, asked, schema);
    Value outcome = expr::ParseOp::create(builder, at, expr::of(Kind::parsed, result), answer, UnitAttr(), UnitAttr());
    Value which = expr::CaseIndexOp::create(builder, at, whole, outcome);
    auto right = [&]() -> Value {
      Value value = expr::CaseFieldOp::create(builder, at, result, outcome, 0);
      return flow::MakeStepOp::create(builder, at, step, builder.getUnitAttr(), value);
    };
    auto wrong = [&]() -> Value {
      Value why = expr::CaseFieldOp::create(builder, at, string, outcome, 0);
      Value more = builtin(span, "lt", {before, integer(span, repairs)}, boolean);
      auto again = [&]() -> Value {
        ArrayAttr pieces = builder.getStrArrayAttr(
            {"",
             "\n\nYour last answer was refused: ", "\nAnswer again, with JSON that fits the schema and nothing else."});
        Value next = expr::FormatOp::create(builder, at, string, pieces, ValueRange{prompt, why});
        Value count = builtin(span, "add", {before, integer(span, 1)}, whole);
        Value carried = expr::ListOp::create(builder, at, turn, ValueRange{next, count});
        return flow::MakeStepOp::create(builder, at, step, UnitAttr(), carried);
      };
      return choose(span, more, step, {again, [&] { return fail(span, "schema", why, step); }});
    };
    return choose(span, which, step, {right, wrong});
  });
  return loop.getResult();
}

flow::WorkflowOp ModuleEmitter::test(const sema::TestInfo &test) {
  std::string title = test.decl->title->plainText();
  std::string name = title;
  while (SymbolTable::lookupSymbolIn(module, name) || program.find(name)) // A fn is emitted when it is called.
    name += " (test)";
  Header header{name, test.decl->title->span, {}, simple(Kind::none), flow::BlockKind::test, sema::Effect::pure};
  BodyEmitter body(*this, name, false);
  body.inTest = true;
  flow::WorkflowOp op = build(*this, body, header, [&](Block::BlockArgListType) {
    body.emit(test.decl->body);
    return body.none(test.decl->span);
  });
  op.setDoc(title);
  op.setCrashEverywhere(test.crashEverywhere);
  return op;
}

} // namespace weft::lowering
