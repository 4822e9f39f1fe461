//===- ModuleEmitter.cpp - Entries first, the rest as it is needed --------===//

#include "lang/lowering/ModuleEmitter.h"

#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "dialects/topo/Topo.h"
#include "lang/lowering/Lowering.h"
#include "lang/sema/CallGraph.h"
#include "runtime/base/Digest.h"

#include "mlir/IR/Verifier.h"

using namespace mlir;

namespace weft::lowering {

ModuleEmitter::ModuleEmitter(const sema::CheckedProgram &program, const source::Sources &sources,
                             diagnostics::DiagnosticEngine &engine, ModuleOp module)
    : program(program), sources(sources), engine(engine), module(module), builder(module.getContext()) {
  builder.setInsertionPointToEnd(module.getBody());
  std::set<const sema::Symbol *> found = sema::findAgentValues(program);
  values.assign(found.begin(), found.end());
  llvm::sort(values, [](const sema::Symbol *left, const sema::Symbol *right) {
    return std::pair(left->module, left->span.begin) < std::pair(right->module, right->span.begin);
  });
}

void ModuleEmitter::run() {
  const sema::CheckedModule &root = *program.modules.front();
  // Every type of the root has a schema, whether a workflow speaks of it or not.
  for (const sema::Symbol *symbol : root.declared)
    // But for a record that leaves sizes open: it is none until somebody says them.
    if (symbol->kind == sema::SymbolKind::type && symbol->type && sema::base(symbol->type)->open.empty())
      type(symbol->type);
  for (const sema::Symbol *symbol : root.declared)
    if (symbol->kind == sema::SymbolKind::workflow)
      workflow(symbol);
  std::vector<flow::WorkflowOp> tests;
  for (const sema::TestInfo &one : program.tests)
    tests.push_back(test(one));
  for (auto [op, one] : llvm::zip(tests, program.tests))
    op.setMocksAttr(mocks(op.getSymName().str(), one));
}

Location ModuleEmitter::at(source::Span span) {
  if (span.file >= sources.size())
    return builder.getUnknownLoc();
  const source::SourceFile &file = sources.file(span.file);
  source::Location place = file.location(span.begin);
  return FileLineColLoc::get(builder.getStringAttr(file.name()), place.line, place.column);
}

std::string ModuleEmitter::symbolOf(const sema::Symbol *symbol) const {
  const std::string &name = program.modules[symbol->module]->name;
  return name.empty() ? symbol->name : name + "." + symbol->name;
}

IntegerAttr ModuleEmitter::stepId(const std::string &owner, const std::string &binding, const std::string &what) {
  std::string path = owner + "/" + binding + "/" + what;
  unsigned ordinal = ordinals[path]++;
  std::uint64_t id = base::mix(base::hashOf(base::bytesOf(path)), ordinal).low;
  return builder.getI64IntegerAttr(static_cast<std::int64_t>(id));
}

void ModuleEmitter::refuse(diagnostics::Code code, source::Span span, const std::string &what,
                           const std::string &instead) {
  auto &report = engine.error(code, span, what + " is not carried by this build");
  if (!instead.empty())
    report.hint(instead);
}

OwningOpRef<ModuleOp> lower(const sema::CheckedProgram &program, const source::Sources &sources,
                            diagnostics::DiagnosticEngine &engine, MLIRContext &context) {
  context.loadDialect<expr::ExprDialect, flow::FlowDialect, func::FuncDialect, nn::NnDialect, topo::TopoDialect,
                      dist::DistDialect>();
  OwningOpRef<ModuleOp> module = ModuleOp::create(UnknownLoc::get(&context));
  ModuleEmitter(program, sources, engine, *module).run();
  if (engine.hasErrors() || failed(verify(*module)))
    return {};
  return module;
}

} // namespace weft::lowering
