//===- Compile.cpp - A program, checked and compiled in this process ------===//

#include "test/integration/generated/Compile.h"

#include "compiler/lowering/FlowToPlan/FlowToPlan.h"
#include "compiler/pipelines/Compiler.h"
#include "compiler/pipelines/FlowPipeline.h"
#include "compiler/plan/PlanWriter.h"
#include "lang/lowering/Lowering.h"
#include "lang/sema/Check.h"
#include "runtime/plan/PlanReader.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"

namespace weft::generated {
namespace {

base::Result<std::shared_ptr<const plan::Plan>> planOf(base::Bytes file) {
  auto read = plan::readPlan(std::move(file));
  if (!read)
    return std::move(read).error().in("the plan does not pass its own check");
  return *std::move(read);
}

base::Result<std::shared_ptr<const plan::Plan>> withoutPasses(mlir::ModuleOp module) {
  mlir::PassManager passes(module.getContext());
  pipelines::buildOutlinePipeline(passes);
  plan::fb::PlanT made;
  if (failed(passes.run(module)) || failed(lowering::flowToPlan(module, {}, made)))
    return base::error(base::Code::invalid, "without passes");
  made.source = std::make_unique<plan::fb::Digest>();
  return planOf(planning::writePlan(made));
}

} // namespace

Checked::Checked(const std::string &text) {
  source::FileId root = sources.add("generated.weft", text).id();
  program = sema::check(sources, root, engine, [](const std::string &) { return std::nullopt; });
}

std::string Checked::errors() const {
  std::string out;
  for (const diagnostics::Diagnostic *one : engine.sorted())
    if (one->severity == diagnostics::Severity::error)
      out += diagnostics::number(one->code) + " in line " +
             std::to_string(sources.file(one->span.file).location(one->span.begin).line) + ": " + one->message + "\n";
  return out;
}

Compiler::Compiler() {
  mlir::DialectRegistry registry;
  pipelines::registerDialects(registry);
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
}

base::Result<Compiler::Plans> Compiler::compile(Checked &checked) {
  std::string said;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    if (diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error)
      said += diagnostic.str() + "\n";
  });
  auto wrong = [&](const std::string &where) {
    return base::error(base::Code::invalid, where + ": " + said + checked.errors());
  };
  auto module = lowering::lower(*checked.program, checked.sources, checked.engine, *context);
  if (!module)
    return wrong("lowering");
  mlir::OwningOpRef<mlir::ModuleOp> copy = module->clone();
  auto plain = withoutPasses(*copy);
  if (!plain)
    return wrong(plain.error().message);
  auto compiled = pipelines::compile(*module, base::Digest(), {});
  if (failed(compiled))
    return wrong("with passes");
  auto optimized = planOf(std::move(compiled->file));
  if (!optimized)
    return wrong(optimized.error().message);
  return Plans{*std::move(plain), *std::move(optimized)};
}

} // namespace weft::generated
