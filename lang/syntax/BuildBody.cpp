//===- BuildBody.cpp - Models, tools, agents, stores, machines ------------===//
//
// Declarations that are a name and a body of `key: value` entries. Only a tool's
// body holds signatures too.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

#include "lang/syntax/Literals.h"

namespace weft::syntax {

using diagnostics::Code;

Decl *AstBuilder::provider(Grammar::ProviderDeclContext *tree) {
  if (tree->MODEL()) {
    auto *decl = make<ModelDecl>(tree);
    decl->name = name(tree->name(0));
    decl->provider = name(tree->name(1));
    decl->entries = entriesOnly(tree->body(), "a model");
    return decl;
  }
  auto *decl = make<ToolDecl>(tree);
  decl->name = name(tree->name(0));
  decl->provider = name(tree->name(1));
  if (tree->body())
    for (auto *item : tree->body()->item()) {
      if (item->entry())
        decl->entries.push_back(entry(item->entry()));
      else
        decl->members.push_back(member(item->member()));
    }
  return decl;
}

Decl *AstBuilder::agent(Grammar::AgentDeclContext *tree) {
  auto *decl = make<AgentDecl>(tree);
  decl->name = name(tree->name(0));
  decl->hasSignature = tree->params() != nullptr;
  if (tree->params())
    decl->parameters = params(tree->params());
  if (tree->type())
    decl->result = type(tree->type());
  decl->clauses = clauses(tree->clause(), false);
  if (tree->name(1))
    decl->provider = name(tree->name(1));
  decl->hasBody = tree->body() != nullptr;
  decl->entries = entriesOnly(tree->body(), "an agent");
  return decl;
}

Decl *AstBuilder::store(Grammar::StoreDeclContext *tree) {
  auto *decl = make<StoreDecl>(tree);
  decl->name = name(tree->name());
  decl->type = type(tree->type());
  decl->entries = entriesOnly(tree->body(), "a store");
  return decl;
}

Decl *AstBuilder::mesh(Grammar::MeshDeclContext *tree) {
  auto *decl = make<MeshDecl>(tree);
  decl->name = name(tree->name(0));
  decl->cluster = name(tree->name(1));
  decl->axes = entriesOnly(tree->body(), "a mesh");
  return decl;
}

Decl *AstBuilder::train(Grammar::TrainDeclContext *tree) {
  auto *decl = make<TrainDecl>(tree);
  decl->name = name(tree->name(0));
  decl->mesh = name(tree->name(1));
  decl->entries = entriesOnly(tree->body(), "a `train`");
  return decl;
}

Decl *AstBuilder::deploy(Grammar::DeployDeclContext *tree) {
  auto *decl = make<DeployDecl>(tree);
  decl->name = name(tree->name(0));
  decl->cluster = name(tree->name(1));
  decl->entries = entriesOnly(tree->body(), "a `deploy`");
  return decl;
}

Decl *AstBuilder::cluster(Grammar::ClusterDeclContext *tree) {
  auto *decl = make<ClusterDecl>(tree);
  decl->name = name(tree->name(0));
  if (tree->clusterBody())
    decl->items = clusterItems(tree->clusterBody());
  else
    decl->provider = name(tree->name(1));
  return decl;
}

std::vector<ClusterItem *> AstBuilder::clusterItems(Grammar::ClusterBodyContext *tree) {
  std::vector<ClusterItem *> items;
  for (auto *part : tree->clusterItem())
    items.push_back(clusterItem(part));
  return items;
}

ClusterItem *AstBuilder::clusterItem(Grammar::ClusterItemContext *tree) {
  auto *item = make<ClusterItem>(tree);
  item->doc = doc(tree->getStart());
  if (auto *node = dynamic_cast<Grammar::NodeItemContext *>(tree)) {
    item->kind = ClusterItemKind::node;
    item->name = name(node->name());
    count(item, node->count());
    item->items = clusterItems(node->clusterBody());
  } else if (auto *link = dynamic_cast<Grammar::LinkItemContext *>(tree)) {
    item->kind = ClusterItemKind::link;
    item->name = name(link->name(0));
    item->peer = name(link->name(1));
    item->items = clusterItems(link->clusterBody());
  } else if (auto *device = dynamic_cast<Grammar::DeviceItemContext *>(tree)) {
    item->kind = ClusterItemKind::device;
    item->name = name(device->name());
    count(item, device->count());
    item->items = clusterItems(device->clusterBody());
  } else {
    auto *entry = dynamic_cast<Grammar::EntryItemContext *>(tree);
    item->name = name(entry->anyName());
    item->value = expr(entry->expr());
  }
  return item;
}

void AstBuilder::count(ClusterItem *item, Grammar::CountContext *tree) {
  if (!tree)
    return;
  antlr4::Token *token = tree->NUMBER()->getSymbol();
  item->hasCount = true;
  item->count = readCount(text(token), span(token), "a count", diagnostics);
}

std::vector<Entry *> AstBuilder::entriesOnly(Grammar::BodyContext *tree, const char *what) {
  std::vector<Entry *> made;
  if (!tree)
    return made;
  for (auto *item : tree->item()) {
    if (item->entry())
      made.push_back(entry(item->entry()));
    else
      error(Code::misplacedClause, span(item), std::string(what) + " has no members, only `key: value`")
          .hint("signatures stand in the body of a `tool`");
  }
  return made;
}

Member *AstBuilder::member(Grammar::MemberContext *tree) {
  auto *made = make<Member>(tree);
  made->doc = doc(tree->getStart());
  made->name = name(tree->name());
  made->parameters = params(tree->params());
  if (tree->type())
    made->result = type(tree->type());
  if (tree->expr())
    made->request = expr(tree->expr());
  auto *said = tree->effect();
  if (!said) {
    Span end = tree->type() ? span(tree->type()) : span(tree->params());
    error(Code::missingEffect, made->name.span, "`" + made->name.text + "` does not say what it does")
        .note({end.file, end.end, end.end}, "its effect stands here")
        .hint("write `effect read` if it only looks, `effect write` if it changes something");
    return made;
  }
  made->effect = effect(said);
  made->effectSpan = span(said);
  made->idempotent = said->IDEMPOTENT() != nullptr;
  if (said->expr())
    made->undo = expr(said->expr());
  if (made->effect != Effect::write && (made->idempotent || made->undo))
    error(Code::misplacedClause, span(said), "only a write is idempotent or is undone")
        .hint("write `effect write …`, or leave the words after the effect out");
  return made;
}

Effect AstBuilder::effect(Grammar::EffectContext *tree) {
  return tree->PURE() ? Effect::pure : tree->READ() ? Effect::read : Effect::write;
}

} // namespace weft::syntax
