//===- CheckText.h - A program out of a string, checked -------------------===//
//
// What every test of this folder begins with.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Render.h"
#include "lang/sema/Check.h"

#include <fstream>
#include <sstream>

namespace weft::sema {

/// A checked program with all that it refers to.
struct Checked {
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  std::unique_ptr<CheckedProgram> program;

  std::string messages() { return diagnostics::renderText(engine, sources); }
  const CheckedProgram *operator->() const { return program.get(); }
};

/// Modules that `use` finds, by the name that the loader is asked for.
using Modules = std::map<std::string, std::string>;

inline std::unique_ptr<Checked> checkText(std::string text, std::string name = "test.weft", const Modules &modules = {},
                                          const Options &options = {}) {
  auto made = std::make_unique<Checked>();
  source::FileId root = made->sources.add(std::move(name), std::move(text)).id();
  Loader loader = [&](const std::string &wanted) -> std::optional<std::string> {
    auto found = modules.find(wanted);
    return found == modules.end() ? std::nullopt : std::optional(found->second);
  };
  made->program = check(made->sources, root, made->engine, loader, options);
  return made;
}

inline std::optional<std::string> readText(const std::string &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in)
    return std::nullopt;
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

} // namespace weft::sema
