//===- Providers.cpp - Bodies of tools ------------------------------------===//
//
// Each provider knows its keys; its members are those that the body lists, but
// for `files`, which has its own.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
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

const std::vector<Key> *Checker::toolKeys(const std::string &provider) {
  static const std::map<std::string, std::vector<Key>> known = {
      {"files", {{"limit"}, {"root", Takes::text}, {"write", Takes::flag}, {"takes"}, {"gives"}}},
      {"exec", {{"limit"}, {"env", Takes::texts}, {"timeout", Takes::duration}, {"takes"}, {"gives"}}},
      {"http",
       {{"limit"}, {"headers", Takes::texts}, {"key", Takes::key}, {"timeout", Takes::duration}, {"takes"}, {"gives"}}},
      {"mcp",
       {{"limit"},
        {"command", Takes::words},
        {"url", Takes::address},
        {"env", Takes::texts},
        {"headers", Takes::texts},
        {"key", Takes::key},
        {"timeout", Takes::duration},
        {"takes"},
        {"gives"}}},
  };
  auto found = known.find(provider);
  return found == known.end() ? nullptr : &found->second;
}

void Checker::checkTool(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::ToolDecl *>(symbol->node);
  ToolInfo &tool = *symbol->tool;
  tool.provider = decl->provider.text;
  const std::vector<Key> *keys = toolKeys(tool.provider);
  if (!keys) {
    refusedTools.insert(symbol);
    static const std::vector<std::string> providers = {"files", "exec", "http", "mcp"};
    error(Code::unknownName, decl->provider.span, "there is no provider of tools `" + tool.provider + "`")
        .offer(tool.provider, providers);
    declareMembers(symbol, decl);
    return;
  }
  withBody(Place::constant, symbol->module, nullptr, [&] {
    readBody(decl->entries, *keys, ("a tool of " + tool.provider).c_str(), tool.settings,
             [&](const syntax::Entry *one) {
               if (one->key.text == "limit")
                 readLimits(one, tool.concurrency, tool.ratePerMin, nullptr);
               return one->key.text == "limit";
             });
    if (tool.provider == "files" && !entry(decl->entries, "root"))
      error(Code::missingKey, decl->provider.span, "`files` needs a `root`, the folder it shows")
          .hint("`files { root: \"./docs\" }`");
    if (tool.provider == "mcp")
      checkReach(decl);
  });
  if (tool.provider != "files") {
    declareMembers(symbol, decl);
    return;
  }
  for (const syntax::Member *member : decl->members)
    error(Code::unknownKey, member->name.span, "`files` has its own members: list, read, write");
  bool write = false;
  for (const Setting &setting : tool.settings)
    write |= setting.name == "write" && setting.value && setting.value->boolean() && *setting.value->boolean();
  filesMembers(symbol, write);
}

/// A server of tools is a program that is started, or somewhere else.
void Checker::checkReach(const syntax::ToolDecl *decl) {
  const syntax::Entry *command = entry(decl->entries, "command"), *url = entry(decl->entries, "url");
  if (!command && !url)
    error(Code::missingKey, decl->provider.span, "`mcp` needs a `command`, the program that has the tools, or a `url`")
        .hint("`mcp { command: [\"npx\", \"-y\", \"a-server\"] … }`");
  if (command && url)
    error(Code::unknownKey, url->key.span, "`mcp` has a `command` or a `url`, not both")
        .note(command->key.span, "the command");
  for (const char *name : {"headers", "key", "env"}) {
    const syntax::Entry *one = entry(decl->entries, name);
    bool toProgram = one && one->key.text == "env";
    if (one && !(toProgram ? command : url))
      error(Code::unknownKey, one->key.span,
            "`" + one->key.text + "` is handed to " +
                (toProgram ? "a program, and there is no `command`" : "a server at a `url`, and there is none"));
  }
}

/// `GET https://host/…`: method and host are read here, so they stand in the program.
void Checker::checkRequest(const syntax::Member *member) {
  static const std::vector<std::string> methods = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"};
  const auto *string = syntax::as<syntax::StringExpr>(member->request);
  auto wrong = [&](const std::string &why) -> Diagnostic & {
    return error(Code::badRequest, member->request->span, why);
  };
  constexpr const char *example = "`\"GET https://api.example.org/items/${id}\"`";
  if (!string || string->pieces.empty() || string->pieces[0].hole) {
    wrong("a request begins with its method and its host").hint(example);
    return;
  }
  const std::string &text = string->pieces[0].text;
  std::size_t space = text.find(' ');
  std::string method = text.substr(0, space);
  if (method.starts_with("http://") || method.starts_with("https://")) {
    wrong("a request begins with its method").hint(example);
    return;
  }
  if (std::find(methods.begin(), methods.end(), method) == methods.end()) {
    Diagnostic &report = wrong("there is no method `" + method + "`");
    if (!report.offer(method, methods))
      report.hint("GET, HEAD, POST, PUT, PATCH or DELETE, one space, and the address");
    return;
  }
  std::string address = space == std::string::npos ? "" : text.substr(space + 1);
  std::size_t scheme = address.starts_with("https://") ? 8 : address.starts_with("http://") ? 7 : 0;
  std::size_t hostEnd = scheme == 0 ? 0 : address.find_first_of("/?#", scheme);
  bool cut = scheme != 0 && hostEnd == std::string::npos && string->pieces.size() > 1;
  if (scheme == 0 || address.size() == scheme || hostEnd == scheme)
    wrong("behind the method stands an address with its host").hint(example);
  else if (cut)
    wrong("the host of a request stands in the program: an argument must not choose it").hint(example);
  else
    for (const syntax::StringPiece &piece : string->pieces)
      if (const std::string &part = &piece == &string->pieces[0] ? address : piece.text;
          !piece.hole && part.find_first_of(" \t\n") != std::string::npos) {
        wrong("an address has no spaces").hint("`%20`; what an argument brings is escaped");
        return;
      }
}

} // namespace weft::sema
