//===- Providers.cpp - Bodies of models and tools -------------------------===//
//
// Each provider knows its keys. Values are constants, or names of the environment
// and of secrets, which are looked up where the request is sent.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

namespace weft::sema {
using syntax::as;

Setting Checker::readSetting(const syntax::Entry *entry) {
  Setting setting;
  setting.name = entry->key.text;
  setting.span = entry->value->span;
  if (const auto *call = as<syntax::CallExpr>(entry->value)) {
    const auto *name = as<syntax::NameExpr>(call->callee);
    const auto *argument = call->arguments.size() == 1 ? as<syntax::StringExpr>(call->arguments[0].value) : nullptr;
    if (name && (name->name.text == "env" || name->name.text == "secret")) {
      note(call);
      note(name);
      if (!argument || !argument->isPlain()) {
        error(Code::notConstant, entry->value->span,
              "`" + name->name.text + "` takes a name, `" + name->name.text + "(\"NAME\")`");
        return setting;
      }
      note(argument);
      (name->name.text == "env" ? setting.env : setting.secret) = argument->plainText();
      return setting;
    }
  }
  Type type = infer(entry->value);
  setting.value = known(entry->value);
  if (!setting.value && !resolved(type)->is(TypeKind::error))
    error(Code::notConstant, entry->value->span, "`" + entry->key.text + "` must be known when the program is compiled")
        .hint("a literal, `env(\"NAME\")` or `secret(\"NAME\")`");
  return setting;
}

void Checker::readPrice(const syntax::Entry *entry, ModelInfo &model) {
  const auto *record = as<syntax::RecordExpr>(entry->value);
  note(entry->value);
  if (!record) {
    error(Code::typeMismatch, entry->value->span, "`price` is a record")
        .hint("`price: { input: $0.15 per Mtok, output: $0.60 per Mtok }`");
    return;
  }
  checkKeys(record->entries, {"input", "output"}, "`price`");
  for (const syntax::Entry *one : record->entries) {
    note(one->value);
    const auto *rate = as<syntax::RateExpr>(one->value);
    const auto *amount = rate ? as<syntax::QuantityExpr>(rate->amount) : nullptr;
    if (!amount || amount->quantity != syntax::Quantity::money || rate->base != syntax::RateBase::tokens) {
      error(Code::unitMismatch, one->value->span, "a price is money per tokens").hint("`$0.15 per Mtok`");
      continue;
    }
    note(amount);
    // Nano-dollars per million tokens; a price too large for that is no price.
    __int128 nano = static_cast<__int128>(amount->amount) * 1'000'000 / rate->perAmount;
    if (nano > INT64_MAX) {
      error(Code::badPolicy, one->value->span, "this price is larger than can be counted");
      continue;
    }
    (one->key.text == "input" ? model.priceInputNano : model.priceOutputNano) = static_cast<std::int64_t>(nano);
  }
  if (record->entries.size() < 2)
    error(Code::missingKey, entry->value->span, "a price has `input` and `output`");
}

void Checker::readLimits(const syntax::Entry *entry, std::optional<std::int64_t> &concurrency,
                         std::optional<std::int64_t> &rate, std::optional<std::int64_t> *context) {
  const auto *record = as<syntax::RecordExpr>(entry->value);
  note(entry->value);
  if (!record) {
    error(Code::typeMismatch, entry->value->span, "`limit` is a record")
        .hint("`limit: { concurrency: 16, rate: 500 per min }`");
    return;
  }
  std::vector<std::string> keys = {"concurrency", "rate"};
  if (context)
    keys.push_back("context");
  checkKeys(record->entries, keys, "`limit`");
  for (const syntax::Entry *one : record->entries) {
    if (one->key.text == "rate") {
      note(one->value);
      const auto *written = as<syntax::RateExpr>(one->value);
      const auto *amount = written ? as<syntax::IntExpr>(written->amount) : nullptr;
      if (!amount || written->base != syntax::RateBase::time) {
        error(Code::unitMismatch, one->value->span, "a rate is a number per time").hint("`500 per min`");
        continue;
      }
      note(amount);
      __int128 perMinute = static_cast<__int128>(amount->value) * 60'000'000'000 / written->perAmount;
      if (perMinute < 1 || perMinute > UINT32_MAX)
        error(Code::badBound, one->value->span, "a rate is at least 1 per min and at most 4e9 per min");
      else
        rate = static_cast<std::int64_t>(perMinute);
      continue;
    }
    std::optional<std::int64_t> value = amountOf(one->value, TypeKind::integer, "`" + one->key.text + "`");
    checkBound(one->value, 1, one->key.text == "context" ? "`context`" : "`concurrency`");
    if (one->key.text == "concurrency")
      concurrency = value;
    else if (context && one->key.text == "context")
      *context = value;
  }
}

void Checker::checkModel(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::ModelDecl *>(symbol->node);
  ModelInfo &model = *symbol->model;
  model.provider = decl->provider.text;
  std::vector<std::string> keys = {"limit", "price"};
  if (model.provider == "extractive") {
    model.temperature = 0.0;
  } else if (model.provider == "openai" || model.provider == "anthropic") {
    for (const char *key : {"name", "endpoint", "key", "temperature", "takes", "gives"})
      keys.push_back(key);
    error(Code::providerNotCarried, decl->provider.span,
          "models of `" + model.provider + "` are not carried by this build")
        .hint("`model " + symbol->name + " = extractive` answers offline");
  } else {
    std::vector<std::string> providers = {"extractive", "openai"};
    Diagnostic &report =
        error(Code::unknownName, decl->provider.span, "there is no provider of models `" + model.provider + "`");
    report.offer(model.provider, providers);
    return;
  }
  withBody(Place::constant, symbol->module, nullptr, [&] {
    checkKeys(decl->entries, keys, ("a model of " + model.provider).c_str());
    for (const syntax::Entry *one : decl->entries) {
      if (one->key.text == "price") {
        readPrice(one, model);
      } else if (one->key.text == "limit") {
        readLimits(one, model.concurrency, model.ratePerMin, &model.contextTokens);
      } else if (one->key.text == "takes" || one->key.text == "gives") {
        note(one->value);
        error(Code::labelNotCarried, one->key.span, "labels are not carried by this build");
      } else {
        model.settings.push_back(readSetting(one));
        if (one->key.text == "temperature" && model.settings.back().value)
          model.temperature = model.settings.back().value->number();
      }
    }
    if (model.provider == "openai" && !entry(decl->entries, "name"))
      error(Code::missingKey, decl->provider.span, "a model of openai has a name").hint("`name: \"gpt-4o-mini\"`");
  });
  symbol->callable->paid = model.priceInputNano.value_or(0) > 0 || model.priceOutputNano.value_or(0) > 0;
}

void Checker::filesMembers(Symbol *tool, bool write) {
  auto add = [&](const char *name, std::vector<std::pair<const char *, TypeKind>> parameters, Type result,
                 Effect effect) {
    Symbol *member = make(SymbolKind::member, {name, tool->span}, nullptr);
    program.callables.emplace_back();
    program.members.emplace_back();
    member->callable = &program.callables.back();
    member->member = &program.members.back();
    member->member->tool = tool;
    member->callable->symbol = member;
    member->callable->result = result;
    member->callable->effect = effect;
    for (auto [parameter, kind] : parameters) {
      Parameter made;
      made.name = parameter;
      made.type = simple(kind);
      member->callable->parameters.push_back(std::move(made));
    }
    tool->tool->members.push_back(member);
  };
  Type string = simple(TypeKind::string);
  add("list", {{"pattern", TypeKind::string}}, program.types.list(string), Effect::read);
  add("read", {{"name", TypeKind::string}}, string, Effect::read);
  if (write)
    add("write", {{"name", TypeKind::string}, {"text", TypeKind::string}}, simple(TypeKind::none),
        Effect::writeIdempotent);
}

void Checker::checkTool(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::ToolDecl *>(symbol->node);
  ToolInfo &tool = *symbol->tool;
  tool.provider = decl->provider.text;
  std::vector<std::string> keys = {"limit"};
  bool members = true;
  auto refused = [&](Code code, const char *what, const char *help) {
    refusedTools.insert(symbol);
    error(code, decl->provider.span, std::string(what) + " tools are not carried by this build").hint(help);
  };
  if (tool.provider == "files") {
    members = false;
    for (const char *key : {"root", "write", "takes", "gives"})
      keys.push_back(key);
  } else if (tool.provider == "exec") {
    for (const char *key : {"env", "timeout", "takes", "gives"})
      keys.push_back(key);
  } else if (tool.provider == "http") {
    for (const char *key : {"headers", "key", "takes", "gives"})
      keys.push_back(key);
    refused(Code::httpNotCarried, "http", "an `exec` tool can run a program that asks");
  } else if (tool.provider == "mcp") {
    for (const char *key : {"command", "url", "env", "takes", "gives"})
      keys.push_back(key);
    refused(Code::mcpNotCarried, "mcp", "for a folder `files { root: … }`, for a program `exec { … }`");
  } else {
    refusedTools.insert(symbol);
    std::vector<std::string> providers = {"files", "exec", "http", "mcp"};
    Diagnostic &report =
        error(Code::unknownName, decl->provider.span, "there is no provider of tools `" + tool.provider + "`");
    report.offer(tool.provider, providers);
    declareMembers(symbol, decl);
    return;
  }
  bool write = false;
  withBody(Place::constant, symbol->module, nullptr, [&] {
    checkKeys(decl->entries, keys, ("a tool of " + tool.provider).c_str());
    for (const syntax::Entry *one : decl->entries) {
      if (one->key.text == "limit") {
        readLimits(one, tool.concurrency, tool.ratePerMin, nullptr);
      } else if (one->key.text == "takes" || one->key.text == "gives") {
        note(one->value);
        error(Code::labelNotCarried, one->key.span, "labels are not carried by this build");
      } else {
        tool.settings.push_back(readSetting(one));
        const std::optional<Constant> &value = tool.settings.back().value;
        if (one->key.text == "write" && value && value->boolean())
          write = *value->boolean();
        bool wrong = (one->key.text == "root" && value && !value->string()) ||
                     (one->key.text == "write" && !(value && value->boolean()));
        if (wrong)
          error(Code::typeMismatch, one->value->span,
                one->key.text == "root" ? "`root` is a string, the path of a folder" : "`write` is true or false");
      }
    }
    if (tool.provider == "files" && !entry(decl->entries, "root"))
      error(Code::missingKey, decl->provider.span, "`files` needs a `root`, the folder it shows")
          .hint("`files { root: \"./docs\" }`");
  });
  if (!members) {
    for (const syntax::Member *member : decl->members)
      error(Code::unknownKey, member->name.span, "`files` has its own members: list, read, write");
    filesMembers(symbol, write);
    return;
  }
  declareMembers(symbol, decl);
}

} // namespace weft::sema
