//===- Parsed.h - A text and what the parser made of it -------------------===//
//
// Shared by the tests of lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Render.h"
#include "lang/syntax/AstPrinter.h"
#include "lang/syntax/Parser.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace weft::syntax {

struct Parsed {
  explicit Parsed(std::string text, const std::string &name = "a.weft", ParseMemory *memory = nullptr)
      : file(sources.add(name, std::move(text))), result(parse(file, engine, memory)) {}

  std::string messages() const { return diagnostics::renderText(engine, sources); }
  std::string tree() const { return printAst(*result.module, file); }
  /// Codes in the order of the text: "W0101 W0104".
  std::string codes() const {
    std::string text;
    for (const auto *each : engine.sorted())
      text += (text.empty() ? "" : " ") + diagnostics::number(each->code);
    return text;
  }
  const std::vector<Decl *> &decls() const { return result.module->decls; }
  template <typename T> const T *decl(std::size_t index = 0) const {
    return index < decls().size() ? as<T>(const_cast<const Decl *>(decls()[index])) : nullptr;
  }

  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  const source::SourceFile &file;
  ParseResult result;
};

/// The expression `text`, parsed as the body of a function.
struct ParsedExpr : Parsed {
  explicit ParsedExpr(const std::string &text) : Parsed("fn f() {\n" + text + "\n}") {}

  /// The value of the function, null if there were errors.
  const Expr *expr() const {
    auto *fn = decl<FnDecl>();
    auto *last = fn ? as<ExprStmt>(const_cast<const Stmt *>(fn->body->statements.back())) : nullptr;
    return last ? last->expr : nullptr;
  }
  template <typename T> const T *as_() const { return as<T>(expr()); }
  /// The printed tree of the block, without what stands around it.
  std::string body() const {
    std::string text = tree();
    std::istringstream lines(text);
    std::string line, result;
    while (std::getline(lines, line))
      if (line.starts_with("    "))
        result += line.substr(4) + "\n";
    return result;
  }
};

inline std::string readFile(const std::filesystem::path &path) {
  std::ifstream stream(path, std::ios::binary);
  std::stringstream text;
  text << stream.rdbuf();
  return text.str();
}

inline std::filesystem::path testFolder() { return WEFT_TEST_FOLDER; }

/// All `.weft` files below a folder of test/, sorted.
inline std::vector<std::filesystem::path> programsBelow(const std::string &folder) {
  std::vector<std::filesystem::path> found;
  for (const auto &entry : std::filesystem::recursive_directory_iterator(testFolder() / folder))
    if (entry.path().extension() == ".weft")
      found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

} // namespace weft::syntax
