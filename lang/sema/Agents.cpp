//===- Agents.cpp - Members of tools, and agents --------------------------===//
//
// An agent is a function whose body is a prompt: its parameters are what the
// prompt may name, its result is the schema of the answer.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

void Checker::declareMembers(Symbol *tool, const syntax::ToolDecl *decl) {
  for (const syntax::Member *member : decl->members) {
    Symbol *symbol = make(SymbolKind::member, member->name, member);
    for (const Symbol *other : tool->tool->members)
      if (other->name == symbol->name)
        error(Code::duplicateName, member->name.span, "the member `" + symbol->name + "` stands twice")
            .note(other->span, "the first one");
    program.callables.emplace_back();
    program.members.emplace_back();
    symbol->callable = &program.callables.back();
    symbol->member = &program.members.back();
    symbol->callable->symbol = symbol;
    *symbol->member = {tool, member, member->request, member->undo};
    signatureDims = &dimsOf[symbol->callable];
    signature(*symbol->callable, member->parameters, member->result);
    signatureDims = nullptr;
    symbol->callable->effect = member->effect == syntax::Effect::pure   ? Effect::pure
                               : member->effect == syntax::Effect::read ? Effect::read
                               : member->idempotent && member->undo     ? Effect::writeBoth
                               : member->idempotent                     ? Effect::writeIdempotent
                               : member->undo                           ? Effect::writeUndo
                                                                        : Effect::write;
    if (member->effect == syntax::Effect::pure)
      error(Code::brokenPromise, member->effectSpan, "a tool reaches outside, so its effect is `read` or `write`");
    tool->tool->members.push_back(symbol);
  }
}

void Checker::checkMember(Symbol *symbol) {
  const syntax::Member *decl = symbol->member->decl;
  if (!decl)
    return;
  const std::string &provider = symbol->member->tool->tool->provider;
  withBody(Place::prompt, symbol->module, symbol->callable, [&] {
    inScope([&] {
      for (const Parameter &parameter : symbol->callable->parameters)
        body.scope->bind(parameter.symbol);
      if (decl->request) {
        Type wanted = provider == "exec" ? program.types.list(simple(TypeKind::string)) : simple(TypeKind::string);
        std::size_t before = engine.errorCount();
        if (provider == "exec" || provider == "http")
          check(decl->request, wanted,
                {provider == "exec" ? "a command is a list of words" : "a request is a string", decl->request->span});
        else
          infer(decl->request);
        if (provider == "http" && engine.errorCount() == before)
          checkRequest(decl);
        if (provider == "mcp")
          error(Code::unknownKey, decl->request->span,
                "a member of an `mcp` tool is called by its name: nothing stands behind `=`");
        const auto *words = as<syntax::ListExpr>(decl->request);
        if (provider == "exec" && words && words->elements.empty())
          error(Code::missingKey, decl->request->span, "a command has at least one word, the program");
      } else if (provider == "exec" || provider == "http") {
        error(Code::missingKey, decl->name.span, "`" + symbol->name + "` says nothing to do")
            .hint(provider == "exec" ? "`= [\"git\", \"log\"]`" : "`= \"GET https://…\"`");
      }
    });
  });
  checkUndo(symbol);
  Type result = symbol->callable->result;
  TypeKind kind = base(result)->kind;
  if (provider == "exec" && kind != TypeKind::string && kind != TypeKind::none && kind != TypeKind::error &&
      !isJson(result))
    error(Code::typeMismatch, decl->result->span, "a command gives text: a string, or a type that its JSON is read as");
  if (provider == "http" || provider == "mcp")
    checkSent(*symbol->callable, decl->result ? decl->result->span : decl->name.span);
}

/// What goes over a wire goes as JSON, there and back.
void Checker::checkSent(const Callable &callable, Span result) {
  for (const Parameter &parameter : callable.parameters)
    if (!isJson(parameter.type) || holdsTensor(parameter.type))
      error(Code::noText, parameter.span, "it is sent as JSON, and " + a(parameter.type) + " has none");
  if (!isJson(callable.result) || holdsTensor(callable.result))
    error(Code::noText, result, "the answer is read as JSON, which " + a(callable.result) + " has not");
}

void Checker::checkRemote(Symbol *symbol) {
  const syntax::AgentDecl *decl = symbol->agent->decl;
  AgentInfo &agent = *symbol->agent;
  agent.remote = true;
  checkSent(*symbol->callable, decl->result ? decl->result->span : symbol->span);
  withBody(Place::constant, symbol->module, nullptr, [&] {
    if (decl->clauses.hasBudget)
      agent.budget = readBudget(decl->clauses.budget, decl->clauses.budgetSpan, true);
    static const std::vector<Key> keys = {{"url", Takes::address},      {"key", Takes::key}, {"headers", Takes::texts},
                                          {"timeout", Takes::duration}, {"takes"},           {"gives"}};
    readBody(decl->entries, keys, "a remote agent", agent.settings, [](const syntax::Entry *) { return false; });
    if (!entry(decl->entries, "url"))
      error(Code::missingKey, decl->provider.span, "a remote agent has a `url`").hint("`= a2a { url: \"https://…\" }`");
  });
  program.order.push_back(symbol);
}

void Checker::checkAgent(Symbol *symbol) {
  const syntax::AgentDecl *decl = symbol->agent->decl;
  AgentInfo &agent = *symbol->agent;
  if (decl->clauses.hasEffect)
    agent.promised = decl->clauses.effect == syntax::Effect::pure   ? Effect::pure
                     : decl->clauses.effect == syntax::Effect::read ? Effect::read
                                                                    : Effect::write;
  agent.human = decl->provider.text == "human";
  if (!decl->provider.empty() && !agent.human) {
    if (decl->provider.text == "a2a")
      return checkRemote(symbol);
    for (const syntax::Entry *one : decl->entries)
      note(one->value);
    error(Code::unknownName, decl->provider.span, "an agent is a model with a prompt, `= human` or `= a2a`");
    return;
  }
  for (const Parameter &parameter : symbol->callable->parameters)
    if (!isJson(parameter.type) || holdsTensor(parameter.type))
      error(Code::noText, parameter.span, "a prompt cannot say " + a(parameter.type));
  Type result = symbol->callable->result;
  if (!isJson(result) || holdsTensor(result))
    error(Code::noText, symbol->span, "an answer cannot be " + a(result));
  withBody(Place::prompt, symbol->module, symbol->callable, [&] {
    if (decl->clauses.hasBudget)
      agent.budget = readBudget(decl->clauses.budget, decl->clauses.budgetSpan, true);
    checkKeys(decl->entries,
              agent.human ? std::vector<std::string>{"prompt"}
                          : std::vector<std::string>{"model", "prompt", "system", "tools", "budget"},
              agent.human ? "a person" : "an agent");
    inScope([&] {
      for (const Parameter &parameter : symbol->callable->parameters)
        if (parameter.symbol)
          body.scope->bind(parameter.symbol);
      for (const syntax::Entry *one : decl->entries)
        readAgentEntry(one, agent);
    });
    if (!agent.human && !agent.model && !entry(decl->entries, "model"))
      error(Code::missingKey, symbol->span, "the agent `" + symbol->name + "` has no model").hint("`model: local`");
    if (decl->hasSignature && !agent.prompt && !entry(decl->entries, "prompt"))
      error(Code::missingKey, symbol->span,
            "the agent `" + symbol->name + "` has a signature and no prompt that uses it")
          .hint("`prompt: \"… ${x}\"`");
    if (!decl->hasSignature && agent.prompt)
      error(Code::unknownKey, entry(decl->entries, "prompt")->key.span,
            "an agent without a signature is handed its prompt")
          .hint("`system:` says what always holds");
  });
  program.order.push_back(symbol);
}

void Checker::readAgentEntry(const syntax::Entry *entry, AgentInfo &agent) {
  const std::string &key = entry->key.text;
  if (key == "model" && !agent.human) {
    const auto *name = as<syntax::NameExpr>(entry->value);
    Symbol *symbol = name ? lookUp(name->name.text) : nullptr;
    note(entry->value, symbol);
    if (name && !symbol) {
      unknownName(name->name, "model");
    } else if (!symbol || symbol->kind != SymbolKind::model) {
      error(Code::typeMismatch, entry->value->span, "`model` takes the name of a model");
    } else {
      agent.model = symbol;
    }
  } else if (key == "prompt") {
    check(entry->value, simple(TypeKind::string));
    agent.prompt = entry->value;
  } else if (key == "system" && !agent.human) {
    check(entry->value, simple(TypeKind::string));
    agent.system = entry->value;
  } else if (key == "tools" && !agent.human) {
    readTools(entry, agent);
  } else if (key == "budget" && !agent.human) {
    note(entry->value);
    if (const auto *record = as<syntax::RecordExpr>(entry->value))
      agent.budget = readBudget(record->entries, entry->key.span, true);
    else
      error(Code::typeMismatch, entry->value->span, "a budget is a record").hint("`budget: { time: 30s, tokens: 4k }`");
  } else {
    note(entry->value);
  }
}

void Checker::readTools(const syntax::Entry *entry, AgentInfo &agent) {
  const auto *list = as<syntax::ListExpr>(entry->value);
  note(entry->value);
  if (!list) {
    error(Code::typeMismatch, entry->value->span, "`tools` takes a list of members").hint("`tools: [docs.read]`");
    return;
  }
  auto add = [&](const Symbol *member, Span span) {
    if (std::find(agent.tools.begin(), agent.tools.end(), member) != agent.tools.end())
      error(Code::duplicateKey, span, "`" + member->member->tool->name + "." + member->name + "` stands twice");
    else
      agent.tools.push_back(member);
  };
  for (const syntax::Expr *element : list->elements) {
    note(element);
    const auto *member = as<syntax::MemberExpr>(element);
    if (member) {
      Path path = pathOf(member);
      if (path.symbol && path.symbol->kind == SymbolKind::member) {
        add(path.symbol, element->span);
        continue;
      }
      if (path.found)
        continue;
    } else if (Symbol *tool = staticName(element); tool && tool->kind == SymbolKind::tool) {
      // The whole tool is all its members.
      note(element, tool);
      for (const Symbol *one : tool->tool->members)
        add(one, element->span);
      continue;
    }
    error(Code::typeMismatch, element->span, "`tools` takes members of tools").hint("`docs.read`");
  }
}

} // namespace weft::sema
