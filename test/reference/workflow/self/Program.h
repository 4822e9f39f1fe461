//===- Program.h - A program out of a string, checked and run -------------===//
#pragma once

#include "lang/diagnostics/Render.h"
#include "lang/sema/Check.h"
#include "test/reference/workflow/Interpreter.h"

#include <gtest/gtest.h>

namespace weft::reference::workflow {

/// Checks `text` (a test fails where it has an error) and runs its workflow `main`.
struct Program {
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  std::unique_ptr<sema::CheckedProgram> checked;
  ScriptedWorld world;

  explicit Program(const std::string &text) {
    source::FileId root = sources.add("test.weft", text).id();
    checked = sema::check(sources, root, engine, [](const std::string &) { return std::nullopt; });
    if (engine.hasErrors())
      ADD_FAILURE() << diagnostics::renderText(engine, sources) << "\n" << text;
  }

  Outcome run(const std::string &inputs = "{}") {
    return Interpreter(sources, *checked, world).run("main", *parseJson(inputs));
  }
  /// The result as JSON, or "kind: why" of the failure.
  std::string shown(const std::string &inputs = "{}") {
    if (engine.hasErrors())
      return "refused";
    Outcome end = run(inputs);
    if (end.result)
      return text(*end.result);
    return std::string(sema::failureKinds[static_cast<std::size_t>(end.failure->kind)]) + ": " + end.failure->why;
  }
};

} // namespace weft::reference::workflow
