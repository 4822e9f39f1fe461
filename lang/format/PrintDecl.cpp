//===- PrintDecl.cpp - Declarations ---------------------------------------===//
//
// Signatures, bodies of entries, and the program as a whole.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Printer.h"

#include "lang/syntax/AstPrinter.h"

#include <algorithm>

namespace weft::format {

using namespace syntax;

Doc Printer::program() {
  std::vector<Item> items;
  for (const Decl *decl : module.decls)
    items.push_back({decl->span, decl->doc, [this, decl] { return declaration(*decl); }, false});
  std::vector<Piece> parts = pieces(std::move(items), static_cast<std::uint32_t>(file.text().size()) + 1);
  std::vector<Doc> lines;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    const Piece &piece = parts[at];
    bool behind = piece.isComment && piece.firstLine == 0;
    if (at > 0 && behind) {
      lines.push_back(text(" "));
    } else if (at > 0) {
      if (piece.firstLine > parts[at - 1].lastLine + 1 || piece.wouldTake(parts[at - 1]))
        lines.push_back(emptyLine());
      lines.push_back(hardLine());
    }
    lines.push_back(piece.doc);
  }
  if (!lines.empty())
    lines.push_back(hardLine());
  return concat(std::move(lines));
}

std::vector<Printer::Item> Printer::entryItems(const std::vector<Entry *> &entries) {
  std::vector<Item> items;
  for (const Entry *entry : entries)
    items.push_back({entry->span, entry->doc,
                     [this, entry] {
                       return concat({text(entry->key.text + ": "), expr(*entry->value)});
                     },
                     false});
  return items;
}

Doc Printer::where(const Expr *guard) { return guard ? concat({text(" where "), expr(*guard)}) : text(""); }

Doc Printer::param(const Param &node) {
  std::vector<Doc> parts{text(node.name.text + ": " + spelling(*node.type)), where(node.where)};
  if (node.defaultValue) {
    parts.push_back(text(" = "));
    parts.push_back(expr(*node.defaultValue));
  }
  return concat(std::move(parts));
}

Doc Printer::parameters(const std::vector<Param *> &params) {
  std::vector<Item> items;
  for (const Param *each : params)
    items.push_back({each->span, each->doc, [this, each] { return param(*each); }, false});
  return bracketed(roundBrackets, std::move(items), params.empty() ? 0 : params.back()->span.end);
}

Doc Printer::signature(const std::string &head, const std::vector<Param *> *params, const TypeExpr *result) {
  std::vector<Doc> parts{text(head)};
  if (params)
    parts.push_back(parameters(*params));
  if (result)
    parts.push_back(text(" -> " + spelling(*result)));
  return concat(std::move(parts));
}

std::vector<Doc> Printer::clauses(const Clauses &node) {
  std::vector<std::pair<std::uint32_t, Doc>> found;
  if (node.hasBudget)
    found.push_back({node.budgetSpan.begin,
                     concat({text("budget "), bracketed(entryBraces, entryItems(node.budget), node.budgetSpan.end)})});
  if (node.depth)
    found.push_back({node.depth->span.begin, concat({text("depth "), expr(*node.depth)})});
  if (node.hasEffect)
    found.push_back({node.effectSpan.begin, text(std::string("effect ") + spelling(node.effect))});
  if (node.emits)
    found.push_back({node.emits->span.begin, text("emits " + spelling(*node.emits))});
  if (node.associative)
    found.push_back({node.associativeSpan.begin, text("associative")});
  std::stable_sort(found.begin(), found.end(),
                   [](const auto &left, const auto &right) { return left.first < right.first; });
  std::vector<Doc> parts;
  for (auto &[place, doc] : found)
    parts.push_back(doc);
  return parts;
}

Doc Printer::use(const UseDecl &decl) {
  std::string path = decl.isRelative ? "./" : "";
  for (const Name &part : decl.path)
    path += (&part == &decl.path.front() ? "" : decl.isRelative ? "/" : ".") + part.text;
  std::vector<Doc> names;
  for (const Import *import : decl.imports)
    names.push_back(text(import->name.text + (import->alias.empty() ? "" : " as " + import->alias.text)));
  return group(concat({text("use " + path + ".{"),
                       indent(concat({softLine(), join(names, concat({text(","), line()}))})), softLine(), text("}")}));
}

Doc Printer::sum(const SumDecl &decl) {
  std::vector<Item> items;
  for (const Case *each : decl.cases)
    items.push_back({each->span, each->doc,
                     [this, each, isFirst = items.empty()] {
                       Doc bar = isFirst ? ifBroken(text("| "), text("")) : text("| ");
                       Doc name = text(each->name.text);
                       return concat({bar, name, each->fields.empty() ? text("") : parameters(each->fields)});
                     },
                     false});
  std::vector<Piece> parts = pieces(std::move(items), decl.span.end);
  bool hasComments = std::any_of(parts.begin(), parts.end(), [](const Piece &piece) { return piece.isComment; });
  std::vector<Doc> cases;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    if (at > 0 && parts[at].wouldTake(parts[at - 1]))
      cases.push_back(emptyLine());
    bool behind = parts[at].isComment && parts[at].firstLine == 0;
    cases.push_back(behind ? text(" ") : hasComments ? hardLine() : line());
    cases.push_back(parts[at].doc);
  }
  return group(concat({text("type " + decl.name.text + " ="), indent(concat(std::move(cases)))}));
}

Doc Printer::typeDecl(const Decl &decl) {
  if (auto *record = as<RecordDecl>(&decl)) {
    std::vector<Item> items;
    for (const Field *field : record->fields)
      items.push_back({field->span, field->doc,
                       [this, field] {
                         return concat({text(field->name.text + ": " + spelling(*field->type)), where(field->where)});
                       },
                       false});
    return concat({text("type " + decl.name.text + " "), bracketed(entryBraces, std::move(items), decl.span.end)});
  }
  if (auto *alias = as<AliasDecl>(&decl))
    return concat({text("type " + decl.name.text + " = " + spelling(*alias->type)), where(alias->where)});
  if (auto *sumDecl = as<SumDecl>(&decl))
    return sum(*sumDecl);
  std::vector<Doc> sizes;
  for (const DimBinding *binding : as<DimDecl>(&decl)->bindings)
    sizes.push_back(concat({text(binding->name.text + " = "), expr(*binding->value)}));
  return group(concat({text("dim "), indent(join(sizes, concat({text(","), line()})))}));
}

Doc Printer::callable(const Decl &decl) {
  if (auto *fn = as<FnDecl>(&decl)) {
    std::string head = "fn " + decl.name.text;
    for (const TypeParam *param : fn->typeParameters)
      head += (param == fn->typeParameters.front() ? "<" : ", ") + param->name.text;
    Doc front = signature(head + (fn->typeParameters.empty() ? "" : ">"), &fn->parameters, fn->result);
    return concat({front, text(fn->associative ? " associative " : " "), block(*fn->body)});
  }
  auto *workflow = as<WorkflowDecl>(&decl);
  auto *agent = as<AgentDecl>(&decl);
  Doc front = workflow ? signature("workflow " + decl.name.text, &workflow->parameters, workflow->result)
                       : signature("agent " + decl.name.text, agent->hasSignature ? &agent->parameters : nullptr,
                                   agent->result);
  std::vector<Doc> said = clauses(workflow ? workflow->clauses : agent->clauses);
  std::string provider = agent && !agent->provider.empty() ? " = " + agent->provider.text : "";
  Doc body = workflow          ? block(*workflow->body)
             : !agent->hasBody ? text("")
                               : bracketed(entryBraces, entryItems(agent->entries), decl.span.end);
  bool hasBody = workflow || agent->hasBody;
  if (said.empty())
    return concat({front, text(provider + (hasBody ? " " : "")), body});
  // Clauses that do not fit stand on lines of their own, and so does the brace.
  Doc edge = hasBody ? line() : text("");
  return concat({group(concat({front, indent(concat({line(), join(said, line())})), text(provider), edge})), body});
}

Doc Printer::member(const Member &node) {
  std::vector<Doc> parts{
      signature(node.name.text, &node.parameters, node.result),
      text(std::string(" effect ") + spelling(node.effect) + (node.idempotent ? " idempotent" : ""))};
  if (node.undo)
    parts.insert(parts.end(), {text(" undo "), expr(*node.undo)});
  if (node.request)
    parts.insert(parts.end(), {text(" = "), expr(*node.request)});
  return concat(std::move(parts));
}

Doc Printer::tool(const ToolDecl &decl) {
  std::vector<Item> items = entryItems(decl.entries);
  for (const Member *each : decl.members)
    items.push_back({each->span, each->doc, [this, each] { return member(*each); }, each->name.text == "by"});
  // Entries and members stand in the order in which they were written.
  std::stable_sort(items.begin(), items.end(),
                   [](const Item &left, const Item &right) { return left.span.begin < right.span.begin; });
  Doc head = text("tool " + decl.name.text + " = " + decl.provider.text);
  return items.empty() ? head : concat({head, text(" "), bracketed(entryBraces, std::move(items), decl.span.end)});
}

std::vector<Printer::Item> Printer::clusterItems(const std::vector<ClusterItem *> &nodes) {
  std::vector<Item> items;
  for (const ClusterItem *each : nodes)
    items.push_back({each->span, each->doc, [this, each] { return cluster(*each); },
                     each->kind == ClusterItemKind::device && each->name.text == "by"});
  return items;
}

Doc Printer::cluster(const ClusterItem &item) {
  std::string head = item.kind == ClusterItemKind::node ? "node " : item.kind == ClusterItemKind::link ? "link " : "";
  head += item.name.text + (item.kind == ClusterItemKind::link ? " <-> " + item.peer.text : "");
  if (item.kind == ClusterItemKind::entry)
    return concat({text(head + ": "), expr(*item.value)});
  head += item.hasCount ? "[" + std::to_string(item.count) + "] " : " ";
  return concat({text(head), bracketed(entryBraces, clusterItems(item.items), item.span.end)});
}

Doc Printer::declaration(const Decl &decl) {
  auto body = [&](const std::string &head, const std::vector<Entry *> &entries, bool always) {
    if (entries.empty() && !always)
      return text(head);
    return concat({text(head + " "), bracketed(entryBraces, entryItems(entries), decl.span.end)});
  };
  const std::string &name = decl.name.text;
  switch (decl.kind) {
  case DeclKind::use:
    return use(*as<UseDecl>(&decl));
  case DeclKind::record:
  case DeclKind::sum:
  case DeclKind::alias:
  case DeclKind::dim:
    return typeDecl(decl);
  case DeclKind::model:
    return body("model " + name + " = " + as<ModelDecl>(&decl)->provider.text, as<ModelDecl>(&decl)->entries, false);
  case DeclKind::tool:
    return tool(*as<ToolDecl>(&decl));
  case DeclKind::agent:
  case DeclKind::fn:
  case DeclKind::workflow:
    return callable(decl);
  case DeclKind::store:
    return body("store " + name + ": " + spelling(*as<StoreDecl>(&decl)->type), as<StoreDecl>(&decl)->entries, false);
  case DeclKind::label: {
    std::string levels;
    for (const LabelLevel *level : as<LabelDecl>(&decl)->levels)
      levels += (levels.empty() ? "" : " < ") + level->name.text;
    return text("label " + levels);
  }
  case DeclKind::test: {
    auto *test = as<TestDecl>(&decl);
    Doc title = expr(*test->title);
    return concat({text("test "), title, text(" "), block(*test->body)});
  }
  case DeclKind::mesh:
    return body("mesh " + name + " on " + as<MeshDecl>(&decl)->cluster.text, as<MeshDecl>(&decl)->axes, true);
  case DeclKind::train:
    return body("train " + name + " on " + as<TrainDecl>(&decl)->mesh.text, as<TrainDecl>(&decl)->entries, true);
  case DeclKind::deploy:
    return body("deploy " + name + " on " + as<DeployDecl>(&decl)->cluster.text, as<DeployDecl>(&decl)->entries, true);
  case DeclKind::cluster: {
    auto *found = as<ClusterDecl>(&decl);
    if (!found->provider.empty())
      return text("cluster " + name + " = " + found->provider.text);
    return concat({text("cluster " + name + " "), bracketed(entryBraces, clusterItems(found->items), decl.span.end)});
  }
  }
  return text("");
}

} // namespace weft::format
