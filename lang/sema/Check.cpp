//===- Check.cpp - A program, checked -------------------------------------===//
//
// The order of the phases. Declarations of all modules stand before any body is
// looked at, so declarations may stand in any order; what needs the whole program
// comes last and only if names and types were sound, since it would repeat them.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Check.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Checker.h"

namespace weft::sema {

std::unique_ptr<CheckedProgram> check(source::Sources &sources, source::FileId root,
                                      diagnostics::DiagnosticEngine &engine, const Loader &loader,
                                      const Options &options) {
  auto program = std::make_unique<CheckedProgram>();
  Checker(*program, sources, engine, loader, options).run(root);
  return program;
}

Checker::Checker(CheckedProgram &program, source::Sources &sources, diagnostics::DiagnosticEngine &engine,
                 const Loader &loader, const Options &options)
    : program(program), sources(sources), engine(engine), loader(loader), options(options), builtins(program.types),
      inference(program.types) {}

void Checker::run(source::FileId root) {
  loadFile(sources.file(root), "");
  // A module comes after those that it uses; the root is the last.
  for (std::uint32_t module : finished) {
    body = Body{};
    body.module = module;
    body.scope = &moduleScopes[module];
    collect(module);
    bindImports(module);
    resolveTypes(module);
    resolveSignatures(module);
  }
  for (std::uint32_t module : finished)
    checkWheres(module);
  for (std::uint32_t module : finished)
    checkBodies(module);
  values = findAgentValues(program);
  checkAssociative();
  checkEffects();
  checkBounds();
  checkBudgets();
}

} // namespace weft::sema
