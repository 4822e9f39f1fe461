//===- ConstructsTest.cpp - Nothing of the language is without a golden ---===//
//
// What there is, is asked of the sources: core functions of Builtins.def, keys of
// what the checker itself offers, kinds of failure and of types of Types.h. What is
// used, of the programs that are accepted. A new construct without a program that
// shows it is red here, with its name. The grammar is test/unit/lang/syntax's.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Walk.h"
#include "test/unit/lang/sema/CheckText.h"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::sema {
namespace {

namespace fs = std::filesystem;
using syntax::as;
const std::string tests = std::string(WEFT_TEST_FOLDER) + "/";

/// The texts of accepted programs: those of test/lang/accepted, and those beside which an empty .expected stands.
const std::vector<std::unique_ptr<Checked>> &accepted() {
  static const auto *all = [] {
    auto *out = new std::vector<std::unique_ptr<Checked>>();
    auto add = [&](const fs::path &file) {
      auto made = std::make_unique<Checked>();
      source::FileId root = made->sources.add(file.string(), readText(file).value_or("")).id();
      made->program = check(made->sources, root, made->engine, [&](const std::string &wanted) {
        return readText(wanted.starts_with("std/") ? tests + "../stdlib/" + wanted.substr(4) + ".weft" : wanted);
      });
      if (!made->engine.hasErrors())
        out->push_back(std::move(made));
    };
    for (const auto &entry : fs::recursive_directory_iterator(tests + "lang/accepted"))
      if (entry.path().extension() == ".weft")
        add(entry.path());
    for (const auto &entry : fs::directory_iterator(tests + "lang/sema"))
      if (entry.path().extension() == ".weft" && entry.path().stem().string().starts_with("accepted_"))
        add(entry.path());
    return out;
  }();
  return *all;
}

/// Every expression of the programs themselves, not of what they use.
void forEachAccepted(const std::function<void(const CheckedProgram &, const syntax::Expr *)> &visit) {
  for (const auto &checked : accepted())
    for (const syntax::Decl *decl : checked->program->modules[0]->tree->decls)
      forEachRoot(decl, [&](const syntax::Expr *root) {
        forEachExpr(root, [&](const syntax::Expr *expr) { visit(*checked->program, expr); });
      });
}

std::set<std::string> missing(const std::set<std::string> &there, const std::set<std::string> &used) {
  std::set<std::string> out;
  for (const std::string &one : there)
    if (!used.contains(one))
      out.insert(one);
  return out;
}

TEST(Constructs, EveryCoreFunctionIsCalled) {
  std::set<std::string> there, used;
  std::map<BuiltinId, std::string> names;
  auto add = [&](BuiltinId id, const char *name) {
    there.insert(name);
    names[id] = name;
  };
#define WEFT_CORE(id, signature) add(BuiltinId::id, #id);
#define WEFT_LIBRARY(id, signature)
#define WEFT_SYSTEM(id, signature) add(BuiltinId::id, #id);
#define WEFT_TENSOR(id, name) add(BuiltinId::id, #id);
#define WEFT_MOCK(id, signature) add(BuiltinId::id, #id);
#include "lang/sema/Builtins.def"
  forEachAccepted([&](const CheckedProgram &program, const syntax::Expr *expr) {
    if (const CallInfo *call = as<syntax::CallExpr>(expr) ? program.call(expr) : nullptr; call && !call->callee)
      used.insert(names[call->builtin]);
    if (program.of(expr).denotes == Denotes::callable && program.of(expr).symbol == nullptr)
      used.insert(names[program.of(expr).builtin]);
  });
  EXPECT_THAT(missing(there, used), testing::IsEmpty());
}

/// What the checker offers where `$$` stands.
std::set<std::string> offered(std::string text) {
  text.replace(text.find("$$"), 2, diagnostics::placeholder);
  auto checked = checkText("model local = extractive\n" + text);
  for (const diagnostics::Diagnostic *each : checked->engine.sorted())
    if (!each->candidates.empty())
      return {each->candidates.begin(), each->candidates.end()};
  ADD_FAILURE() << text << "\n" << checked->messages();
  return {};
}

void addKeys(std::set<std::string> &keys, const std::vector<syntax::Entry *> &entries) {
  for (const syntax::Entry *entry : entries)
    keys.insert(entry->key.text);
}

/// The entries of `key: { … }`, or none.
const std::vector<syntax::Entry *> &below(const std::vector<syntax::Entry *> &entries, std::string_view key) {
  static const std::vector<syntax::Entry *> nothing;
  for (const syntax::Entry *entry : entries)
    if (const auto *record = as<syntax::RecordExpr>(entry->value); record && entry->key.text == key)
      return record->entries;
  return nothing;
}

/// Keys that this build refuses by name.
const std::set<std::string> refusedKeys = {"on", "tools"};

TEST(Constructs, EveryKeyOfAPolicyIsUsed) {
  std::set<std::string> used = refusedKeys;
  forEachAccepted([&](const CheckedProgram &, const syntax::Expr *expr) {
    if (const auto *with = as<syntax::WithExpr>(expr))
      addKeys(used, with->policy);
  });
  EXPECT_THAT(missing(offered("workflow w() { local(\"x\") with { $$: 1 } }"), used), testing::IsEmpty());
}

TEST(Constructs, EveryKeyOfABudgetAndABodyIsUsed) {
  std::set<std::string> agents = refusedKeys, budgets, agentBudgets, models, tools;
  for (const auto &checked : accepted())
    for (const syntax::Decl *decl : checked->program->modules[0]->tree->decls) {
      if (const auto *workflow = as<syntax::WorkflowDecl>(decl))
        addKeys(budgets, workflow->clauses.budget);
      if (const auto *agent = as<syntax::AgentDecl>(decl)) {
        addKeys(agents, agent->entries);
        addKeys(agentBudgets, agent->clauses.budget);
        addKeys(agentBudgets, below(agent->entries, "budget"));
      }
      if (const auto *model = as<syntax::ModelDecl>(decl)) {
        addKeys(models, model->entries);
        addKeys(models, below(model->entries, "limit"));
        addKeys(models, below(model->entries, "price"));
      }
      if (const auto *tool = as<syntax::ToolDecl>(decl)) {
        addKeys(tools, tool->entries);
        addKeys(tools, below(tool->entries, "limit"));
      }
    }
  EXPECT_THAT(missing(offered("workflow w() budget { $$: 1 } { none }"), budgets), testing::IsEmpty());
  agentBudgets.insert("on_exceed"); // Of agents only in this build's refusals; workflows show it.
  EXPECT_THAT(
      missing(offered("agent a(x: string) -> string budget { $$: 1 } { model: local, prompt: x }"), agentBudgets),
      testing::IsEmpty());
  EXPECT_THAT(missing(offered("agent a(x: string) -> string { model: local, prompt: x, $$: 1 }"), agents),
              testing::IsEmpty());
  EXPECT_THAT(missing(offered("model m = extractive { limit: { $$: 1 } }"), models), testing::IsEmpty());
  EXPECT_THAT(missing(offered("model m = extractive { price: { $$: $1 per tok } }"), models), testing::IsEmpty());
  EXPECT_THAT(missing(offered("tool t = files { root: \".\", $$: 1 }"), tools),
              testing::IsSubsetOf({"gives", "takes"}));
  EXPECT_THAT(missing(offered("tool t = exec { limit: { $$: 1 } }"), tools), testing::IsEmpty());
}

TEST(Constructs, EveryKindOfFailureIsCaughtAndFailed) {
  std::set<std::string> there(std::begin(failureKinds), std::end(failureKinds)), caught, failing;
  forEachAccepted([&](const CheckedProgram &program, const syntax::Expr *expr) {
    if (const auto *attempt = as<syntax::TryExpr>(expr))
      for (const syntax::Arm *arm : attempt->arms)
        if (const auto *name = as<syntax::NamePattern>(arm->pattern))
          caught.insert(name->name.text);
    const auto *call = as<syntax::CallExpr>(expr);
    const CallInfo *info = call ? program.call(expr) : nullptr;
    if (info && info->kind == CalleeKind::mock && info->builtin == BuiltinId::mockFailing && info->index >= 0)
      failing.insert(std::string(failureKinds[info->index]));
  });
  EXPECT_THAT(missing(there, caught), testing::IsEmpty());
  EXPECT_THAT(missing(there, failing), testing::IsEmpty());
}

TEST(Constructs, EveryConversionAndMeaningOccurs) {
  std::set<int> denoted, callees, matched;
  std::set<std::string> converted;
  for (const auto &checked : accepted())
    for (const auto &[id, pattern] : checked->program->modules[0]->patterns)
      matched.insert(static_cast<int>(pattern.match));
  forEachAccepted([&](const CheckedProgram &program, const syntax::Expr *expr) {
    const ExprInfo &info = program.of(expr);
    denoted.insert(static_cast<int>(info.denotes));
    if (const CallInfo *call = as<syntax::CallExpr>(expr) ? program.call(expr) : nullptr)
      callees.insert(static_cast<int>(call->kind));
    const Conversion &one = info.conversion;
    for (auto [there, name] : {std::pair{one.tensorToNumber, "tensorToNumber"},
                               {one.intToFloat, "intToFloat"},
                               {one.intToRng, "intToRng"},
                               {one.numberToTensor, "numberToTensor"},
                               {one.toJson, "toJson"},
                               {one.check != nullptr, "check"}})
      if (there)
        converted.insert(name);
  });
  EXPECT_EQ(converted.size(), 6u) << testing::PrintToString(converted);
  for (int last = static_cast<int>(Denotes::tool), at = 0; at <= last; ++at)
    EXPECT_TRUE(denoted.contains(at)) << "Denotes " << at;
  for (int last = static_cast<int>(CalleeKind::mock), at = 0; at <= last; ++at)
    EXPECT_TRUE(callees.contains(at)) << "CalleeKind " << at;
  for (int last = static_cast<int>(Match::failure), at = 0; at <= last; ++at)
    EXPECT_TRUE(matched.contains(at)) << "Match " << at;
}

TEST(Constructs, ARaceHasAtMost3000Alternatives) {
  auto raced = [](int count) {
    std::string text = "model local = extractive\nworkflow w() -> string { race { local(\"x\")";
    for (int i = 1; i < count; ++i)
      text += ", local(\"x\")";
    return checkText(text + " } }\n")->messages();
  };
  EXPECT_EQ(raced(3000), "");
  EXPECT_THAT(raced(3001), testing::HasSubstr("a race of 3001 alternatives; at most 3000 run against each other"));
}

} // namespace
} // namespace weft::sema
