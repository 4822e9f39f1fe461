//===- PrintDecl.cpp - Declarations as text -------------------------------===//
//
// A line for the declaration, its parts below.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/TreeWriter.h"

namespace weft::syntax {

void TreeWriter::result(const TypeExpr *type) {
  if (type)
    line("result " + spelling(*type));
}

void TreeWriter::param(const Param &param, const char *what) {
  line(std::string(what) + " " + param.name.text + ": " + spelling(*param.type), param);
  Deeper deeper(*this);
  documentation(param.doc);
  part("where", param.where);
  part("default", param.defaultValue);
}

void TreeWriter::member(const Member &member) {
  line("member " + member.name.text, member);
  Deeper deeper(*this);
  documentation(member.doc);
  for (const Param *each : member.parameters)
    param(*each, "param");
  result(member.result);
  line(std::string("effect ") + spelling(member.effect) + (member.idempotent ? " idempotent" : ""), member.effectSpan);
  part("undo", member.undo);
  part("request", member.request);
}

void TreeWriter::clauses(const Clauses &clauses) {
  if (clauses.hasBudget) {
    line("budget", clauses.budgetSpan);
    Deeper deeper(*this);
    entries(clauses.budget);
  }
  part("depth", clauses.depth);
  if (clauses.hasEffect)
    line(std::string("effect ") + spelling(clauses.effect), clauses.effectSpan);
  if (clauses.emits)
    line("emits " + spelling(*clauses.emits));
  if (clauses.associative)
    line("associative");
}

void TreeWriter::clusterItem(const ClusterItem &item) {
  static constexpr const char *kinds[] = {"node ", "link ", "device ", "entry "};
  std::string text = kinds[static_cast<std::size_t>(item.kind)] + item.name.text;
  if (item.kind == ClusterItemKind::link)
    text += " <-> " + item.peer.text;
  if (item.hasCount)
    text += "[" + std::to_string(item.count) + "]";
  line(text, item);
  Deeper deeper(*this);
  documentation(item.doc);
  for (const ClusterItem *part : item.items)
    clusterItem(*part);
  if (item.value)
    expr(*item.value);
}

void TreeWriter::useDecl(const UseDecl &decl) {
  std::string path = decl.isRelative ? "./" : "";
  for (const Name &part : decl.path)
    path += (&part == &decl.path.front() ? "" : decl.isRelative ? "/" : ".") + part.text;
  line("use " + path, decl);
  Deeper deeper(*this);
  documentation(decl.doc);
  for (const Import *import : decl.imports)
    line("import " + import->name.text + (import->alias.empty() ? "" : " as " + import->alias.text), *import);
}

void TreeWriter::typeDecl(const Decl &decl) {
  if (auto *record = as<RecordDecl>(&decl)) {
    line("record " + decl.name.text, decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    for (const Field *field : record->fields) {
      line("field " + field->name.text + ": " + spelling(*field->type), *field);
      Deeper inField(*this);
      documentation(field->doc);
      part("where", field->where);
    }
  } else if (auto *sum = as<SumDecl>(&decl)) {
    line("sum " + decl.name.text, decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    for (const Case *each : sum->cases) {
      line("case " + each->name.text, *each);
      Deeper inCase(*this);
      documentation(each->doc);
      for (const Param *field : each->fields)
        param(*field, "field");
    }
  } else if (auto *alias = as<AliasDecl>(&decl)) {
    line("alias " + decl.name.text + " = " + spelling(*alias->type), decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    part("where", alias->where);
  } else if (auto *dim = as<DimDecl>(&decl)) {
    line("dim", decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    for (const DimBinding *binding : dim->bindings) {
      line("size " + binding->name.text, *binding);
      Deeper inSize(*this);
      expr(*binding->value);
    }
  }
}

void TreeWriter::callable(const Decl &decl) {
  auto head = [&](const char *kind, const std::vector<Param *> &parameters, const TypeExpr *type) {
    line(std::string(kind) + " " + decl.name.text, decl);
    ++depth;
    documentation(decl.doc);
    if (auto *fn = as<FnDecl>(&decl))
      for (const TypeParam *each : fn->typeParameters)
        line("type parameter " + each->name.text, *each);
    for (const Param *each : parameters)
      param(*each, "param");
    result(type);
    --depth;
  };
  if (auto *fn = as<FnDecl>(&decl)) {
    head("fn", fn->parameters, fn->result);
    Deeper deeper(*this);
    if (fn->associative)
      line("associative");
    expr(*fn->body);
  } else if (auto *workflow = as<WorkflowDecl>(&decl)) {
    head("workflow", workflow->parameters, workflow->result);
    Deeper deeper(*this);
    clauses(workflow->clauses);
    expr(*workflow->body);
  } else if (auto *agent = as<AgentDecl>(&decl)) {
    head(agent->hasSignature ? "agent" : "agent without signature", agent->parameters, agent->result);
    Deeper deeper(*this);
    clauses(agent->clauses);
    if (!agent->provider.empty())
      line("provider " + agent->provider.text);
    entries(agent->entries);
  }
}

void TreeWriter::machine(const Decl &decl) {
  auto body = [&](const std::string &text, const std::vector<Entry *> &parts) {
    line(text, decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    entries(parts);
  };
  const std::string &name = decl.name.text;
  if (auto *mesh = as<MeshDecl>(&decl))
    body("mesh " + name + " on " + mesh->cluster.text, mesh->axes);
  else if (auto *train = as<TrainDecl>(&decl))
    body("train " + name + " on " + train->mesh.text, train->entries);
  else if (auto *deploy = as<DeployDecl>(&decl))
    body("deploy " + name + " on " + deploy->cluster.text, deploy->entries);
  else if (auto *cluster = as<ClusterDecl>(&decl)) {
    line("cluster " + name + (cluster->provider.empty() ? "" : " = " + cluster->provider.text), decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    for (const ClusterItem *item : cluster->items)
      clusterItem(*item);
  }
}

void TreeWriter::declaration(const Decl &decl) {
  switch (decl.kind) {
  case DeclKind::use:
    useDecl(*as<UseDecl>(&decl));
    break;
  case DeclKind::record:
  case DeclKind::sum:
  case DeclKind::alias:
  case DeclKind::dim:
    typeDecl(decl);
    break;
  case DeclKind::model:
  case DeclKind::tool: {
    auto *tool = as<ToolDecl>(&decl);
    auto *model = as<ModelDecl>(&decl);
    line((tool ? "tool " : "model ") + decl.name.text + " = " + (tool ? tool->provider : model->provider).text, decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    entries(tool ? tool->entries : model->entries);
    if (tool)
      for (const Member *each : tool->members)
        member(*each);
    break;
  }
  case DeclKind::store: {
    auto *store = as<StoreDecl>(&decl);
    line("store " + decl.name.text + ": " + spelling(*store->type), decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    entries(store->entries);
    break;
  }
  case DeclKind::label: {
    std::string levels;
    for (const LabelLevel *level : as<LabelDecl>(&decl)->levels)
      levels += (levels.empty() ? "" : " < ") + level->name.text;
    line("label " + levels, decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    break;
  }
  case DeclKind::agent:
  case DeclKind::fn:
  case DeclKind::workflow:
    callable(decl);
    break;
  case DeclKind::test: {
    auto *test = as<TestDecl>(&decl);
    line("test " + quoted(test->title->plainText()), decl);
    Deeper deeper(*this);
    documentation(decl.doc);
    expr(*test->body);
    break;
  }
  case DeclKind::mesh:
  case DeclKind::cluster:
  case DeclKind::train:
  case DeclKind::deploy:
    machine(decl);
    break;
  }
}

} // namespace weft::syntax
