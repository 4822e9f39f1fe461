//===- AcceptedTest.cpp - What the checker finds out by itself ------------===//
//
// test/lang/accepted/FOLDER/NAME.weft shows one construct, is accepted without a
// word, and has tests, which test/lang/accepted/*.lit runs. NAME.expected is what
// nobody wrote: what each function, workflow and agent gives, does and costs at
// least, and the types of the names in it.
// WEFT_UPDATE=1 writes it, for reading the difference in version control.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Cost.h"
#include "test/unit/lang/sema/Whole.h"

#include <cstdlib>
#include <filesystem>
#include <regex>

namespace weft::sema {
namespace {

namespace fs = std::filesystem;
const std::string folder = std::string(WEFT_TEST_FOLDER) + "/lang/accepted/";

/// "types/record", of every program of the folder.
std::vector<std::string> names() {
  std::vector<std::string> out;
  for (const auto &entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".weft")
      out.push_back(fs::relative(entry.path(), folder).replace_extension().string());
  std::sort(out.begin(), out.end());
  return out;
}

std::unique_ptr<Checked> checked(const std::string &name) {
  auto made = std::make_unique<Checked>();
  std::string below = folder + name.substr(0, name.find('/') + 1);
  source::FileId root = made->sources.add(name + ".weft", readText(folder + name + ".weft").value_or("")).id();
  made->program = check(made->sources, root, made->engine, [&](const std::string &wanted) {
    bool library = wanted.starts_with("std/");
    return readText(library ? std::string(WEFT_TEST_FOLDER) + "/../stdlib/" + wanted.substr(4) + ".weft"
                            : folder + wanted);
  });
  return made;
}

/// "x: int", each on a line of its own, in the order of the source.
std::string bindings(const Checked &checked, source::Span inside) {
  std::map<std::uint32_t, std::string> found;
  auto add = [&](const Symbol *symbol, Type type) {
    if (symbol && symbol->span.file == inside.file && symbol->span.begin >= inside.begin &&
        symbol->span.end <= inside.end)
      found[symbol->span.begin] = "  " + symbol->name + ": " + text(type ? type : symbol->type) + "\n";
  };
  const CheckedModule &root = *checked->modules[0];
  for (const auto &[id, pattern] : root.patterns)
    if (pattern.match == Match::bind || pattern.match == Match::failure)
      add(pattern.symbol, pattern.type);
  for (const syntax::Decl *decl : root.tree->decls)
    forEachRoot(decl, [&](const syntax::Expr *from) {
      forEachExpr(from, [&](const syntax::Expr *expr) {
        if (const auto *lambda = syntax::as<syntax::LambdaExpr>(expr); lambda && !lambda->isShorthand)
          for (const syntax::LambdaParam *parameter : lambda->parameters)
            add(checked.program->symbol(parameter), nullptr);
      });
    });
  std::string out;
  for (const auto &[place, line] : found)
    out += line;
  return out;
}

std::string inferred(const Checked &checked) {
  std::string out;
  for (const syntax::Decl *decl : checked->modules[0]->tree->decls) {
    const Symbol *symbol = checked.program->symbol(decl);
    bool isTest = decl->kind == syntax::DeclKind::test;
    if (!isTest && (!symbol || !symbol->callable || symbol->kind == SymbolKind::model))
      continue;
    std::string head = isTest ? "test" : symbol->name;
    if (!isTest) {
      const Callable &callable = *symbol->callable;
      head += " -> " + text(callable.result) + ", " + std::string(text(callable.effect));
      LeastCost least = symbol->workflow ? leastCost(*checked.program, *symbol) : LeastCost();
      if (least.calls > 0)
        head += ", " + std::to_string(static_cast<long long>(least.calls)) + " calls or more";
    }
    std::string inside = bindings(checked, decl->span);
    if (!isTest || !inside.empty())
      out += head + "\n" + inside;
  }
  return out;
}

class Accepted : public testing::TestWithParam<std::string> {};

TEST_P(Accepted, IsUnderstood) {
  auto program = checked(GetParam());
  EXPECT_EQ(program->messages(), "");
  expectWhole(*program);
  std::string found = inferred(*program), path = folder + GetParam() + ".expected";
  if (std::getenv("WEFT_UPDATE"))
    std::ofstream(path, std::ios::binary) << found;
  EXPECT_EQ(found, readText(path).value_or("no .expected"));
}

/// A program that is only compiled says little: its tests say what it means. Gangs are run by test/integration.
TEST(Accepted, HasTests) {
  for (const std::string &name : names()) {
    std::string text = readText(folder + name + ".weft").value_or("");
    EXPECT_TRUE(text.find("\ntest \"") != std::string::npos) << name;
    EXPECT_LE(text.find("// "), 3u) << name << " does not say what it shows";
  }
}

INSTANTIATE_TEST_SUITE_P(Sema, Accepted, testing::ValuesIn(names()),
                         [](const auto &info) { return std::regex_replace(info.param, std::regex("[-/]"), "_"); });

} // namespace
} // namespace weft::sema
