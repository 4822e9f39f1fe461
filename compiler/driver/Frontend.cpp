//===- Frontend.cpp - From a file of the language to IR -------------------===//

#include "compiler/driver/Frontend.h"

#include "lang/diagnostics/Render.h"
#include "lang/lowering/Lowering.h"
#include "lang/sema/Check.h"
#include "lang/syntax/AstPrinter.h"
#include "lang/syntax/Parser.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"

namespace weft::driver {
namespace {

/// Where the modules of `std` are: WEFT_STDLIB, or beside the program as it was installed.
std::string libraryFolder() {
  if (auto set = llvm::sys::Process::GetEnv("WEFT_STDLIB"))
    return *set;
  std::string program = llvm::sys::fs::getMainExecutable("weftc", reinterpret_cast<void *>(&libraryFolder));
  llvm::SmallString<256> folder(llvm::sys::path::parent_path(llvm::sys::path::parent_path(program)));
  llvm::sys::path::append(folder, "share", "weft", "std");
  return std::string(folder);
}

std::optional<std::string> load(const std::string &name) {
  std::string path = name;
  if (llvm::StringRef(name).starts_with("std/"))
    path = libraryFolder() + "/" + name.substr(4) + ".weft";
  auto buffer = llvm::MemoryBuffer::getFile(path, true);
  if (!buffer)
    return std::nullopt;
  return (*buffer)->getBuffer().str();
}

} // namespace

Frontend::Frontend(const CommandLine &line, std::string text) : line(line) { sources.add(line.input, std::move(text)); }

std::string Frontend::printTree() {
  syntax::ParseResult parsed = syntax::parse(sources.file(0), engine);
  return syntax::printAst(*parsed.module, sources.file(0));
}

mlir::OwningOpRef<mlir::ModuleOp> Frontend::lower(mlir::MLIRContext &context) {
  sema::Options options;
  options.dims = line.dims;
  auto program = sema::check(sources, 0, engine, load, options);
  if (engine.hasErrors())
    return {};
  return lowering::lower(*program, sources, engine, context);
}

std::string Frontend::messages(bool color) const {
  return line.jsonDiagnostics ? diagnostics::renderJson(engine, sources)
                              : diagnostics::renderText(engine, sources, {color});
}

} // namespace weft::driver
