//===- BuildDecl.cpp - Modules, types, functions, workflows, tests --------===//
//
// Declarations whose parts the grammar knows one by one.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/AstBuilder.h"

namespace weft::syntax {

using diagnostics::Code;

Decl *AstBuilder::declaration(Grammar::DeclarationContext *tree) {
  Decl *decl = nullptr;
  if (auto *found = tree->useDecl())
    decl = use(found);
  else if (auto *found = tree->recordDecl())
    decl = record(found);
  else if (auto *found = tree->sumDecl())
    decl = sum(found);
  else if (auto *found = tree->aliasDecl())
    decl = alias(found);
  else if (auto *found = tree->dimDecl())
    decl = dim(found);
  else if (auto *found = tree->providerDecl())
    decl = provider(found);
  else if (auto *found = tree->agentDecl())
    decl = agent(found);
  else if (auto *found = tree->storeDecl())
    decl = store(found);
  else if (auto *found = tree->labelDecl())
    decl = label(found);
  else if (auto *found = tree->fnDecl())
    decl = fn(found);
  else if (auto *found = tree->workflowDecl())
    decl = workflow(found);
  else if (auto *found = tree->testDecl())
    decl = test(found);
  else if (auto *found = tree->meshDecl())
    decl = mesh(found);
  else if (auto *found = tree->clusterDecl())
    decl = cluster(found);
  else if (auto *found = tree->trainDecl())
    decl = train(found);
  else
    decl = deploy(tree->deployDecl());
  decl->doc = doc(tree->getStart());
  return decl;
}

Decl *AstBuilder::use(Grammar::UseDeclContext *tree) {
  auto *decl = make<UseDecl>(tree);
  decl->isRelative = tree->relativePath() != nullptr;
  if (decl->isRelative) {
    for (auto *part : tree->relativePath()->name())
      decl->path.push_back(name(part));
  } else {
    decl->path.push_back(name(tree->libraryPath()->name()));
    for (auto *part : tree->libraryPath()->anyName())
      decl->path.push_back(name(part));
  }
  for (auto *item : tree->importItem()) {
    auto *import = make<Import>(item);
    import->name = name(item->importName(0));
    if (item->importName(1))
      import->alias = name(item->importName(1));
    decl->imports.push_back(import);
  }
  return decl;
}

Decl *AstBuilder::record(Grammar::RecordDeclContext *tree) {
  auto *decl = make<RecordDecl>(tree);
  decl->name = name(tree->UPPER());
  for (auto *part : tree->field()) {
    auto *field = make<Field>(part);
    field->doc = doc(part->getStart());
    field->name = name(part->anyName());
    field->type = type(part->type());
    if (part->guard())
      field->where = expr(part->guard()->expr());
    decl->fields.push_back(field);
  }
  return decl;
}

Case *AstBuilder::sumCase(antlr4::ParserRuleContext *tree, Grammar::NameContext *caseName,
                          Grammar::ParamsContext *fields, antlr4::Token *first) {
  auto *made = make<Case>(tree);
  made->doc = doc(first);
  made->name = name(caseName);
  if (fields)
    made->fields = params(fields);
  return made;
}

Decl *AstBuilder::sum(Grammar::SumDeclContext *tree) {
  auto *decl = make<SumDecl>(tree);
  decl->name = name(tree->UPPER());
  // Documentation stands above the bar that begins a line, not behind it.
  antlr4::Token *bar = nullptr;
  for (auto *child : tree->children) {
    if (auto *leaf = dynamic_cast<antlr4::tree::TerminalNode *>(child))
      bar = leaf->getSymbol()->getType() == Grammar::BAR ? leaf->getSymbol() : nullptr;
    else if (auto *part = dynamic_cast<Grammar::SumCaseContext *>(child))
      decl->cases.push_back(sumCase(part, part->name(), part->params(), bar ? bar : part->getStart()));
    else if (auto *part = dynamic_cast<Grammar::FullCaseContext *>(child))
      decl->cases.push_back(sumCase(part, part->name(), part->params(), part->getStart()));
  }
  if (decl->cases.size() < 2)
    error(Code::singleCase, decl->cases[0]->span, "a sum has at least two cases, this one has one")
        .hint("for a single shape write a record: `type " + decl->name.text + " { … }`");
  return decl;
}

Decl *AstBuilder::alias(Grammar::AliasDeclContext *tree) {
  auto *decl = make<AliasDecl>(tree);
  decl->name = name(tree->UPPER());
  decl->type = type(tree->type());
  if (tree->guard())
    decl->where = expr(tree->guard()->expr());
  return decl;
}

Decl *AstBuilder::dim(Grammar::DimDeclContext *tree) {
  auto *decl = make<DimDecl>(tree);
  for (auto *part : tree->dimBinding()) {
    auto *binding = make<DimBinding>(part);
    binding->name = name(part->UPPER());
    binding->value = expr(part->expr());
    decl->bindings.push_back(binding);
  }
  return decl;
}

Decl *AstBuilder::label(Grammar::LabelDeclContext *tree) {
  auto *decl = make<LabelDecl>(tree);
  for (auto *part : tree->name()) {
    auto *level = make<LabelLevel>(part);
    level->name = name(part);
    decl->levels.push_back(level);
  }
  return decl;
}

std::vector<Param *> AstBuilder::params(Grammar::ParamsContext *tree) {
  std::vector<Param *> made;
  for (auto *part : tree->param()) {
    auto *param = make<Param>(part);
    param->doc = doc(part->getStart());
    param->name = name(part->anyName());
    param->type = type(part->type());
    if (part->guard())
      param->where = expr(part->guard()->expr());
    if (part->expr())
      param->defaultValue = expr(part->expr());
    made.push_back(param);
  }
  return made;
}

Decl *AstBuilder::fn(Grammar::FnDeclContext *tree) {
  auto *decl = make<FnDecl>(tree);
  decl->name = name(tree->name());
  if (tree->typeParams())
    for (auto *part : tree->typeParams()->UPPER()) {
      auto *param = module.make<TypeParam>(span(part));
      param->name = name(part);
      decl->typeParameters.push_back(param);
    }
  decl->parameters = params(tree->params());
  if (tree->type())
    decl->result = type(tree->type());
  decl->associative = tree->ASSOCIATIVE() != nullptr;
  decl->body = block(tree->block());
  return decl;
}

Decl *AstBuilder::workflow(Grammar::WorkflowDeclContext *tree) {
  auto *decl = make<WorkflowDecl>(tree);
  decl->name = name(tree->name());
  decl->parameters = params(tree->params());
  if (tree->type())
    decl->result = type(tree->type());
  decl->clauses = clauses(tree->clause(), true);
  decl->body = block(tree->block());
  return decl;
}

Clauses AstBuilder::clauses(const std::vector<Grammar::ClauseContext *> &trees, bool isWorkflow) {
  Clauses made;
  auto once = [&](bool already, Grammar::ClauseContext *tree) {
    std::string word = text(tree->getStart());
    if (already)
      error(Code::duplicateClause, span(tree), "`" + word + "` stands twice in this signature")
          .hint("keep one of them");
    if (!isWorkflow && (tree->DEPTH() || tree->EMITS()))
      error(Code::misplacedClause, span(tree), "an agent takes no `" + word + "`")
          .hint(tree->DEPTH() ? "how many turns it may take is `budget: { turns: 8 }`"
                              : "a workflow that calls it says `emits`, and `emit`s its answer");
  };
  for (auto *tree : trees) {
    if (auto *budget = tree->record()) {
      once(made.hasBudget, tree);
      made.hasBudget = true;
      made.budgetSpan = span(tree);
      made.budget = entries(budget);
    } else if (tree->DEPTH()) {
      once(made.depth != nullptr, tree);
      made.depth = expr(tree->expr());
    } else if (auto *promised = tree->effect()) {
      once(made.hasEffect, tree);
      made.hasEffect = true;
      made.effect = effect(promised);
      made.effectSpan = span(tree);
      if (promised->IDEMPOTENT() || promised->UNDO())
        error(Code::misplacedClause, span(promised), "only a tool's member can be idempotent or be undone")
            .hint("promise `effect read`, `effect write` or `effect pure` here");
    } else if (tree->ASSOCIATIVE()) {
      once(made.associative, tree);
      made.associative = true;
      made.associativeSpan = span(tree);
    } else {
      once(made.emits != nullptr, tree);
      made.emits = type(tree->type());
    }
  }
  return made;
}

Decl *AstBuilder::test(Grammar::TestDeclContext *tree) {
  auto *decl = make<TestDecl>(tree);
  decl->title = plainString(tree->string(), "a test's title");
  decl->body = block(tree->block());
  return decl;
}

} // namespace weft::syntax
