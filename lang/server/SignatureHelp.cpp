//===- SignatureHelp.cpp - What a call takes ------------------------------===//

#include "lang/server/Features.h"

#include "lang/sema/Walk.h"
#include "lang/server/Probe.h"
#include "lang/server/Show.h"

namespace weft::server {
using namespace syntax;

namespace {

/// The innermost call whose arguments the place is in; null if there is none.
const CallExpr *callAround(const Analysis &probed, std::uint32_t offset) {
  const CallExpr *found = nullptr;
  for (const Decl *decl : probed.rootModule().tree->decls)
    sema::forEachRoot(decl, [&](const Expr *root) {
      sema::forEachExpr(root, [&](const Expr *expr) {
        const auto *call = as<CallExpr>(expr);
        if (call && call->callee->span.end < offset && offset < call->span.end)
          found = call; // Outer ones come first.
      });
    });
  return found;
}

struct Shown {
  std::string label;
  std::vector<std::string> parameters, names;
  std::string doc;
};

/// "len(xs: list<A>) -> int" with its parameters, commas of types aside.
Shown ofSignature(const std::string &signature) {
  Shown shown;
  shown.label = signature;
  std::size_t begin = signature.find('(') + 1;
  int depth = 0;
  for (std::size_t at = begin; begin != 0 && at < signature.size() && depth >= 0; ++at) {
    char c = signature[at];
    bool arrow = c == '>' && signature[at - 1] == '-';
    if ((c == ',' || c == ')') && depth == 0 && at > begin) {
      std::string part = signature.substr(begin, at - begin);
      shown.names.push_back(part.substr(0, part.find(':')));
      shown.parameters.push_back(std::move(part));
      begin = at + 2;
    }
    depth += c == '(' || c == '<' || c == '[';
    depth -= (c == ')' || c == '>' || c == ']') && !arrow;
  }
  return shown;
}

std::vector<Shown> signatures(const Analysis &probed, const CallExpr *call) {
  const sema::CheckedProgram &program = *probed.program;
  const sema::CallInfo *info = program.call(call);
  const sema::ExprInfo &callee = program.of(call->callee);
  const sema::Symbol *symbol = info && info->callee ? info->callee : callee.symbol;
  std::vector<Shown> list;
  if (symbol && symbol->callable) {
    Shown shown;
    shown.label = headline(*symbol);
    shown.doc = docOf(*symbol);
    for (const sema::Parameter &parameter : symbol->callable->parameters) {
      shown.parameters.push_back(text(parameter));
      shown.names.push_back(parameter.name);
    }
    list.push_back(std::move(shown));
    return list;
  }
  const auto *name = as<NameExpr>(call->callee);
  const auto *member = as<MemberExpr>(call->callee);
  for (const std::string &one : signaturesOf(name ? name->name.text : member ? member->member.text : ""))
    list.push_back(ofSignature(one));
  return list;
}

} // namespace

Answer signatureHelp(Workspace &workspace, const std::string &path, std::uint32_t offset) {
  std::optional<std::string> text = workspace.textOf(path);
  if (!text)
    return Refusal{Refusal::invalidParams, "there is no text of " + path};
  Cursor cursor = cursorAt(*text, offset);
  if (cursor.inText || cursor.open.empty())
    return json::value(nullptr);
  std::shared_ptr<const Analysis> probed = probe(workspace, path, *text, cursor, ProbeForm::name);
  if (!probed)
    probed = probe(workspace, path, *text, cursor, ProbeForm::key);
  const CallExpr *call = probed ? callAround(*probed, cursor.wordBegin) : nullptr;
  if (!call)
    return json::value(nullptr);
  std::size_t active = 0;
  std::string named;
  for (const Argument &argument : call->arguments) {
    if (argument.span.end < cursor.wordBegin)
      ++active;
    else if (argument.span.begin <= cursor.wordBegin)
      named = argument.name.text;
  }
  json::array list;
  for (const Shown &shown : signatures(*probed, call)) {
    json::array parameters;
    for (const std::string &one : shown.parameters)
      parameters.push_back(json::object{{"label", one}});
    // `x.f(a)`: x is the first argument, unless x is a tool, a module or a sum.
    std::size_t at = active;
    const auto *member = as<MemberExpr>(call->callee);
    if (member && probed->program->of(member->object).denotes != sema::Denotes::tool)
      ++at;
    for (std::size_t i = 0; i < shown.names.size(); ++i)
      if (shown.names[i] == named)
        at = i;
    json::object one{{"label", shown.label}, {"parameters", parameters}, {"activeParameter", at}};
    if (!shown.doc.empty())
      one["documentation"] = json::object{{"kind", "markdown"}, {"value", shown.doc}};
    list.push_back(std::move(one));
  }
  if (list.empty())
    return json::value(nullptr);
  json::value first = list[0].at("activeParameter");
  return json::object{{"signatures", std::move(list)}, {"activeSignature", 0}, {"activeParameter", std::move(first)}};
}

} // namespace weft::server
