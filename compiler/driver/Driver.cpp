//===- Driver.cpp - What weftc does ---------------------------------------===//

#include "compiler/driver/Driver.h"

#include "compiler/driver/CommandLine.h"
#include "compiler/driver/Frontend.h"
#include "compiler/driver/Remarks.h"
#include "compiler/driver/Schemas.h"
#include "compiler/driver/Streams.h"
#include "compiler/pipelines/Compiler.h"
#include "compiler/report/Report.h"
#include "lang/diagnostics/Render.h"
#include "runtime/plan/PlanPrinter.h"
#include "runtime/plan/PlanReader.h"

#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/ToolOutputFile.h"
#include "llvm/Support/raw_ostream.h"

namespace weft::driver {
namespace {
using namespace mlir;
using namespace pipelines;

constexpr int done = 0, refused = 2;

int refuse(const llvm::Twine &what) {
  llvm::errs() << "weftc: " << what << "\n";
  return refused;
}

class Driver {
public:
  explicit Driver(CommandLine line) : line(std::move(line)) {
    registerDialects(registry);
    context = std::make_unique<MLIRContext>(registry, MLIRContext::Threading::DISABLED);
    options.dumpFolder = this->line.dumpFolder;
    options.passes = this->line.passes;
    options.slotBytes = this->line.slotBytes;
    context->printOpOnDiagnostic(false);
    if (this->line.remarks)
      remarks.emplace(*context, *this->line.remarks);
  }

  int run() {
    auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(line.input, true);
    if (!buffer)
      return refuse("cannot read '" + line.input + "': " + buffer.getError().message());
    text = (*buffer)->getBuffer().str();
    int code = line.fromMlir ? fromMlir(std::move(*buffer)) : fromProgram();
    if (remarks)
      llvm::errs() << remarks->text();
    return code;
  }

private:
  int fromProgram() {
    Frontend frontend(line, text);
    if (line.emit == Emit::ast) {
      llvm::outs() << frontend.printTree();
      llvm::errs() << frontend.messages(llvm::errs().has_colors());
      return frontend.refused() ? refused : done;
    }
    // What a later phase says stands among the messages of the front end, as far as it knows a place.
    ScopedDiagnosticHandler handler(context.get(), [&](Diagnostic &diagnostic) {
      if (!frontend.report(diagnostic))
        print(diagnostic);
    });
    OwningOpRef<ModuleOp> module = frontend.lower(*context);
    if (!frontend.complaint().empty())
      return refuse(frontend.complaint());
    int code = module ? compileModule(*module) : refused;
    llvm::errs() << frontend.messages(llvm::errs().has_colors());
    return code;
  }

  static void print(Diagnostic &diagnostic) {
    static constexpr llvm::StringLiteral words[] = {"note", "warning", "error", "warning"};
    llvm::errs() << words[static_cast<int>(diagnostic.getSeverity())] << ": " << diagnostic.str() << "\n";
    for (Diagnostic &note : diagnostic.getNotes())
      print(note);
  }

  int fromMlir(std::unique_ptr<llvm::MemoryBuffer> buffer) {
    llvm::SourceMgr sources;
    sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
    SourceMgrDiagnosticHandler handler(sources, context.get(), llvm::errs());
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(sources, ParserConfig(context.get()));
    return module ? compileModule(*module) : refused;
  }

  int compileModule(ModuleOp module) {
    switch (line.emit) {
    case Emit::flow:
      if (failed(runFlowPhase(module, options)))
        return refused;
      module.print(llvm::outs());
      return done;
    case Emit::dist: {
      OwningOpRef<ModuleOp> half = runTensorPhases(module, options);
      if (!half)
        return refused;
      half->print(llvm::outs());
      return done;
    }
    default:
      break;
    }
    FailureOr<Compiled> compiled = compile(module, base::digestOf(base::bytesOf(text)), options);
    if (failed(compiled))
      return refused;
    // What the runtime would refuse is refused here, where it can be mended.
    auto plan = plan::readPlan(compiled->file);
    if (!plan)
      return refuse("the plan does not pass its own check, which is a fault of the compiler: " + plan.error().message);
    if (line.emit == Emit::plan || line.emit == Emit::schema) {
      llvm::outs() << (line.emit == Emit::plan ? plan::printPlan(**plan) : printSchemas(**plan));
      return done;
    }
    if (line.report != ReportForm::none) {
      llvm::outs() << (line.report == ReportForm::json ? report::printReportJson(**plan) : report::printReport(**plan));
      return line.output.empty() ? done : write(compiled->file);
    }
    return write(compiled->file);
  }

  int write(const base::Bytes &file) {
    std::string path = line.output;
    if (path.empty())
      path = (llvm::StringRef(line.input).substr(0, line.input.find_last_of('.')) + ".plan").str();
    std::string shown = path == "-" ? "standard output" : "'" + path + "'";
    std::error_code error;
    llvm::ToolOutputFile out(path, error, llvm::sys::fs::OF_None);
    if (error)
      return refuse("cannot write " + shown + ": " + error.message());
    out.os().write(reinterpret_cast<const char *>(file.data()), file.size());
    out.os().flush();
    if (out.os().has_error())
      return refuse("cannot write " + shown + ": " + out.os().error().message());
    out.keep();
    return done;
  }

  CommandLine line;
  CompileOptions options;
  DialectRegistry registry;
  std::unique_ptr<MLIRContext> context;
  std::optional<Remarks> remarks;
  std::string text;
};

} // namespace

static int carryOut(int argc, char **argv) {
  auto parsed = parseCommandLine(argc, argv);
  if (auto *wrong = std::get_if<std::string>(&parsed))
    return refuse(*wrong);
  auto &line = std::get<CommandLine>(parsed);
  if (line.help || line.version) {
    llvm::outs() << (line.help ? helpText : "weftc 0.1.0, plan format 1.0\n");
    return done;
  }
  if (!line.explain.empty()) {
    auto code = diagnostics::findCode(line.explain);
    if (!code)
      return refuse("there is no message '" + line.explain + "'; codes look like W0203");
    llvm::outs() << diagnostics::explain(*code);
    return done;
  }
  return Driver(std::move(line)).run();
}

int runDriver(int argc, char **argv) {
  holdStandardStreams();
  return endStandardStreams(carryOut(argc, argv), refused);
}

} // namespace weft::driver
