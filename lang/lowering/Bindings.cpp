//===- Bindings.cpp - Models, tools and people as bindings ----------------===//

#include "dialects/flow/Tools.h"
#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

namespace {

constexpr std::int64_t nsPerMs = 1000000;

flow::BindingKind kindOf(const std::string &provider) {
  return llvm::StringSwitch<flow::BindingKind>(provider)
      .Case("files", flow::BindingKind::files)
      .Case("exec", flow::BindingKind::exec)
      .Case("http", flow::BindingKind::http)
      .Case("mcp", flow::BindingKind::mcp)
      .Default(flow::BindingKind::model);
}

} // namespace

Attribute attributeOf(MLIRContext *context, const sema::Constant &constant) {
  Builder builder(context);
  if (auto *list = constant.list()) {
    SmallVector<Attribute> items;
    for (const sema::Constant &item : *list)
      items.push_back(attributeOf(context, item));
    return builder.getArrayAttr(items);
  }
  if (auto *boolean = constant.boolean())
    return builder.getBoolAttr(*boolean);
  if (auto *integer = constant.integer())
    return builder.getI64IntegerAttr(*integer);
  if (auto *text = constant.string())
    return builder.getStringAttr(*text);
  if (auto *quantity = constant.quantity())
    return builder.getI64IntegerAttr(quantity->amount);
  if (auto real = constant.number())
    return builder.getF64FloatAttr(*real);
  return builder.getUnitAttr();
}

void ModuleEmitter::settingsOf(ArrayRef<sema::Setting> settings, SmallVectorImpl<Attribute> &made) {
  MLIRContext *context = module.getContext();
  auto name = [&](const std::string &text) { return text.empty() ? StringAttr() : builder.getStringAttr(text); };
  for (const sema::Setting &setting : settings)
    made.push_back(flow::SettingAttr::get(context, builder.getStringAttr(setting.name),
                                          setting.value ? attributeOf(context, *setting.value) : Attribute(),
                                          name(setting.env), name(setting.secret)));
}

flow::BindingOp ModuleEmitter::binding(const std::string &name, flow::BindingKind kind, const std::string &provider,
                                       ArrayRef<sema::Setting> settings, source::Span span) {
  SmallVector<Attribute> list;
  settingsOf(settings, list);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  OperationState state(at(span), flow::BindingOp::getOperationName());
  state.addAttribute("kind", flow::BindingKindAttr::get(module.getContext(), kind));
  state.addAttribute("sym_name", builder.getStringAttr(name));
  state.addAttribute("provider", builder.getStringAttr(provider));
  if (!list.empty())
    state.addAttribute("settings", builder.getArrayAttr(list));
  state.addRegion()->emplaceBlock();
  return cast<flow::BindingOp>(builder.create(state));
}

SymbolRefAttr ModuleEmitter::model(const sema::Symbol *asked) {
  bool isAgent = asked->kind == sema::SymbolKind::agent;
  const sema::Symbol *symbol = isAgent ? asked->agent->model : asked;
  SymbolRefAttr plain = plainModel(symbol);
  if (!isAgent || asked->agent->tools.empty())
    return plain;
  // With tools the call does what they do, so it is a member of its own.
  std::string member = "ask." + symbolOf(asked);
  auto binding = module.lookupSymbol<flow::BindingOp>(plain.getRootReference());
  auto reference = SymbolRefAttr::get(plain.getRootReference(), FlatSymbolRefAttr::get(module.getContext(), member));
  if (SymbolTable::lookupSymbolIn(binding, member))
    return reference;
  SmallVector<Attribute> tools;
  for (const sema::Symbol *tool : asked->agent->tools)
    tools.push_back(this->member(tool));
  auto without = cast<flow::MemberOp>(SymbolTable::lookupSymbolIn(binding, plain.getLeafReference()));
  OpBuilder inside = OpBuilder::atBlockEnd(&binding.getBody().front());
  auto made = flow::MemberOp::create(
      inside, at(asked->span), builder.getStringAttr(member), without.getParamNamesAttr(), without.getTypeAttr(),
      effect(asked->callable->effect), FlatSymbolRefAttr(), ArrayAttr(), without.getPaidAttr(), without.getChanceAttr(),
      stepId(binding.getSymName().str(), "", "member " + member));
  made->setAttr(flow::toolsName, builder.getArrayAttr(tools));
  return reference;
}

SymbolRefAttr ModuleEmitter::plainModel(const sema::Symbol *symbol) {
  std::string name = symbolOf(symbol);
  auto reference = SymbolRefAttr::get(module.getContext(), name, FlatSymbolRefAttr::get(module.getContext(), "ask"));
  if (!bindings.insert(name).second)
    return reference;
  const sema::ModelInfo &model = *symbol->model;
  std::vector<sema::Setting> settings = model.settings;
  if (model.forward && !decoder(symbol, settings))
    return reference;
  flow::BindingOp op = binding(name, flow::BindingKind::model, model.provider, settings, symbol->span);
  auto number = [&](std::optional<std::int64_t> value) {
    return value ? builder.getI64IntegerAttr(*value) : IntegerAttr();
  };
  op.setConcurrencyAttr(number(model.concurrency));
  op.setBatchAttr(number(model.batch));
  op.setRateAttr(number(model.ratePerMin));
  op.setContextTokensAttr(number(model.contextTokens));
  op.setPriceInputAttr(number(model.priceInputNano));
  op.setPriceOutputAttr(number(model.priceOutputNano));
  if (model.temperature)
    op.setTemperatureAttr(builder.getI64IntegerAttr(static_cast<std::int64_t>(*model.temperature * 1000)));
  Type text = simple(Kind::string);
  auto type = FunctionType::get(module.getContext(), {text, text, text}, text);
  bool paid = model.priceInputNano.value_or(0) > 0 || model.priceOutputNano.value_or(0) > 0;
  // A model that does not say its temperature may answer differently each time; extractive never does.
  bool chance = model.provider != "extractive" && model.temperature.value_or(1) > 0;
  OpBuilder inside = OpBuilder::atBlockEnd(&op.getBody().front());
  flow::MemberOp::create(inside, at(symbol->span), builder.getStringAttr("ask"),
                         builder.getStrArrayAttr({"system", "prompt", "schema"}), TypeAttr::get(type),
                         flow::EffectAttr::get(module.getContext(), flow::Effect::read), FlatSymbolRefAttr(),
                         ArrayAttr(), paid ? builder.getUnitAttr() : UnitAttr(),
                         chance ? builder.getUnitAttr() : UnitAttr(), stepId(name, "", "member ask"));
  return reference;
}

SymbolRefAttr ModuleEmitter::person(const sema::Symbol *agent, Type answer, const std::string &suffix) {
  std::string name = symbolOf(agent) + suffix + ".person";
  auto reference = SymbolRefAttr::get(module.getContext(), name, FlatSymbolRefAttr::get(module.getContext(), "ask"));
  if (!bindings.insert(name).second)
    return reference;
  flow::BindingOp op = binding(name, flow::BindingKind::human, "human", {}, agent->span);
  auto type = FunctionType::get(module.getContext(), {simple(Kind::string)}, answer);
  OpBuilder inside = OpBuilder::atBlockEnd(&op.getBody().front());
  flow::MemberOp::create(inside, at(agent->span), builder.getStringAttr("ask"), builder.getStrArrayAttr({"prompt"}),
                         TypeAttr::get(type), flow::EffectAttr::get(module.getContext(), flow::Effect::read),
                         FlatSymbolRefAttr(), ArrayAttr(), UnitAttr(), UnitAttr(), stepId(name, "", "member ask"));
  return reference;
}

/// Asks the person of an agent whether a budget is raised: why is the agent's argument, and its prompt a template.
SymbolRefAttr ModuleEmitter::personForMore(const sema::Symbol *agent) {
  SymbolRefAttr asked = person(agent, simple(Kind::boolean), "");
  auto binding = module.lookupSymbol<flow::BindingOp>(asked.getRootReference());
  constexpr llvm::StringLiteral member = "more";
  auto reference = SymbolRefAttr::get(asked.getRootReference(), FlatSymbolRefAttr::get(module.getContext(), member));
  if (SymbolTable::lookupSymbolIn(binding, member))
    return reference;
  std::string prompt =
      renderer(symbolOf(agent) + ".more", *agent->callable, agent->agent->prompt, simple(Kind::string));
  auto type = FunctionType::get(module.getContext(), {simple(Kind::string)}, {simple(Kind::boolean)});
  OpBuilder inside = OpBuilder::atBlockEnd(&binding.getBody().front());
  flow::MemberOp::create(inside, at(agent->span), builder.getStringAttr(member), builder.getStrArrayAttr({"why"}),
                         TypeAttr::get(type), effect(sema::Effect::read), FlatSymbolRefAttr(),
                         builder.getArrayAttr(FlatSymbolRefAttr::get(module.getContext(), prompt)), UnitAttr(),
                         UnitAttr(), stepId(binding.getSymName().str(), "", "member more"));
  return reference;
}

/// An agent of somebody else is sent its arguments as they are.
SymbolRefAttr ModuleEmitter::remote(const sema::Symbol *agent, Type answer, const std::string &suffix) {
  std::string name = symbolOf(agent) + suffix + ".remote";
  auto reference = SymbolRefAttr::get(module.getContext(), name, FlatSymbolRefAttr::get(module.getContext(), "ask"));
  if (!bindings.insert(name).second)
    return reference;
  flow::BindingOp op = binding(name, flow::BindingKind::a2a, "a2a", agent->agent->settings, agent->span);
  SmallVector<Attribute> names;
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : agent->callable->parameters) {
    names.push_back(builder.getStringAttr(parameter.name));
    parameters.push_back(type(parameter.type));
  }
  auto signature = FunctionType::get(module.getContext(), parameters, answer);
  OpBuilder inside = OpBuilder::atBlockEnd(&op.getBody().front());
  flow::MemberOp::create(inside, at(agent->span), builder.getStringAttr("ask"), builder.getArrayAttr(names),
                         TypeAttr::get(signature), effect(agent->callable->effect), FlatSymbolRefAttr(), ArrayAttr(),
                         UnitAttr(), builder.getUnitAttr(), stepId(name, "", "member ask"));
  return reference;
}

SymbolRefAttr ModuleEmitter::member(const sema::Symbol *symbol) {
  const sema::Symbol *tool = symbol->member->tool;
  std::string name = symbolOf(tool);
  if (bindings.insert(name).second) {
    flow::BindingOp op =
        binding(name, kindOf(tool->tool->provider), tool->tool->provider, tool->tool->settings, tool->span);
    if (tool->tool->concurrency)
      op.setConcurrencyAttr(builder.getI64IntegerAttr(*tool->tool->concurrency));
    if (tool->tool->ratePerMin)
      op.setRateAttr(builder.getI64IntegerAttr(*tool->tool->ratePerMin));
    for (const sema::Symbol *one : tool->tool->members)
      memberOf(op, one);
  }
  return SymbolRefAttr::get(module.getContext(), name, FlatSymbolRefAttr::get(module.getContext(), symbol->name));
}

void ModuleEmitter::memberOf(flow::BindingOp binding, const sema::Symbol *symbol) {
  const sema::Callable &callable = *symbol->callable;
  MLIRContext *context = module.getContext();
  SmallVector<Attribute> names, templates;
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : callable.parameters) {
    names.push_back(builder.getStringAttr(parameter.name));
    parameters.push_back(type(parameter.type));
  }
  // A command line is a list of texts over the parameters: one function for each word. A request is cut where an
  // argument stands: text as it is written and what is escaped take turns, text first.
  std::string owner = symbolOf(symbol->member->tool) + "." + symbol->name;
  if (const syntax::Expr *request = symbol->member->request) {
    auto nextName = [&] { return owner + ".request." + std::to_string(templates.size()); };
    auto add = [&](const std::string &function) { templates.push_back(FlatSymbolRefAttr::get(context, function)); };
    auto *text = syntax::as<syntax::StringExpr>(request);
    if (text && symbol->member->tool->tool->provider == "http") {
      for (const syntax::StringPiece &one : text->pieces) {
        // Two arguments without a sign between them.
        if (one.hole && templates.size() % 2 == 0)
          add(piece(nextName(), callable, nullptr, request->span));
        add(piece(nextName(), callable, &one, request->span));
      }
    } else {
      auto *words = syntax::as<syntax::ListExpr>(request);
      SmallVector<const syntax::Expr *> whole{request};
      if (words)
        whole.assign(words->elements.begin(), words->elements.end());
      for (const syntax::Expr *word : whole)
        add(renderer(nextName(), callable, word, simple(Kind::string)));
    }
  }
  OpBuilder inside = OpBuilder::atBlockEnd(&binding.getBody().front());
  auto signature = FunctionType::get(context, parameters, type(callable.result));
  flow::MemberOp::create(inside, at(symbol->span), builder.getStringAttr(symbol->name), builder.getArrayAttr(names),
                         TypeAttr::get(signature), effect(callable.effect), undoOf(symbol, owner),
                         templates.empty() ? ArrayAttr() : builder.getArrayAttr(templates), UnitAttr(), UnitAttr(),
                         stepId(owner, "", "member"));
}

DictionaryAttr ModuleEmitter::policy(const sema::Policy &policy) {
  SmallVector<NamedAttribute> entries;
  auto add = [&](llvm::StringRef key, std::int64_t value) {
    entries.emplace_back(builder.getStringAttr(key), builder.getI64IntegerAttr(value));
  };
  // Shorter than a millisecond still waits: 0 says that there is no limit.
  auto ms = [](std::int64_t ns) { return std::max<std::int64_t>(1, ns / nsPerMs); };
  if (policy.retry)
    add("retry", *policy.retry);
  if (policy.retryOn)
    add("retry_on", *policy.retryOn);
  if (policy.backoffNs)
    add("backoff_ms", ms(*policy.backoffNs));
  if (policy.timeoutNs)
    add("timeout_ms", ms(*policy.timeoutNs));
  if (policy.hedgeNs)
    add("hedge_ms", ms(*policy.hedgeNs));
  static constexpr llvm::StringLiteral caches[] = {"", "none", "run", "duration"};
  if (policy.cache != sema::Cache::unset)
    entries.emplace_back(builder.getStringAttr("cache"), builder.getStringAttr(caches[static_cast<int>(policy.cache)]));
  if (policy.cache == sema::Cache::duration)
    add("cache_ms", ms(policy.cacheNs));
  if (!policy.on.empty())
    entries.emplace_back(builder.getStringAttr("on"), builder.getStringAttr(policy.on));
  return builder.getDictionaryAttr(entries);
}

DictionaryAttr ModuleEmitter::budget(const sema::Budget &budget) {
  SmallVector<NamedAttribute> entries;
  auto add = [&](llvm::StringRef key, std::int64_t value) {
    entries.emplace_back(builder.getStringAttr(key), builder.getI64IntegerAttr(value));
  };
  if (budget.costNano)
    add("cost_nano", *budget.costNano);
  if (budget.tokens)
    add("tokens", *budget.tokens);
  if (budget.timeNs)
    add("time_ms", std::max<std::int64_t>(1, *budget.timeNs / nsPerMs));
  if (budget.turns)
    add("turns", *budget.turns);
  if (!entries.empty() && budget.fallback) {
    bool use = budget.onExceed == sema::OnExceed::use;
    entries.emplace_back(builder.getStringAttr("on_exceed"), builder.getStringAttr(use ? "use" : "ask"));
    entries.emplace_back(builder.getStringAttr("fallback"),
                         use ? model(budget.fallback) : personForMore(budget.fallback));
  }
  return entries.empty() ? DictionaryAttr() : builder.getDictionaryAttr(entries);
}

} // namespace weft::lowering
