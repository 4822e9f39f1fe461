//===- Frontend.cpp - From a file of the language to IR -------------------===//

#include "compiler/driver/Frontend.h"

#include "lang/diagnostics/Render.h"
#include "lang/lowering/Lowering.h"
#include "lang/sema/Check.h"
#include "lang/syntax/AstPrinter.h"
#include "lang/syntax/Parser.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
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

/// Whether the file is a module of `std`, opened by itself as its tests are.
bool isOfLibrary(const std::string &file) {
  llvm::SmallString<256> folder, library;
  if (llvm::sys::fs::real_path(llvm::sys::path::parent_path(file), folder))
    llvm::sys::fs::current_path(folder);
  return !llvm::sys::fs::real_path(libraryFolder(), library) && folder == library;
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
  options.isLibrary = isOfLibrary(line.input);
  auto program = sema::check(sources, 0, engine, load, options);
  if (engine.hasErrors())
    return {};
  for (auto &[name, size] : line.dims) {
    std::vector<std::string> declared;
    for (const sema::DimSymbol &dim : program->dims)
      if (dim.declared)
        declared.push_back(dim.name);
    if (llvm::is_contained(declared, name))
      continue;
    wrongDim = "--dim " + name + ": " + line.input + " declares no `dim " + name + "`; " +
               (declared.empty() ? "it declares none" : "it declares " + llvm::join(declared, ", "));
    return {};
  }
  return lowering::lower(*program, sources, engine, context);
}

namespace {

/// The word at a place; a point where there is none.
std::optional<source::Span> spanAt(mlir::Location at, const source::Sources &sources) {
  auto place = at->findInstanceOf<mlir::FileLineColLoc>();
  if (!place)
    return std::nullopt;
  for (source::FileId id = 0; id < sources.size(); ++id) {
    const source::SourceFile &file = sources.file(id);
    if (file.name() != place.getFilename().getValue() || place.getLine() == 0 || place.getLine() > file.lineCount())
      continue;
    std::string_view text = file.text();
    std::size_t begin = file.lineStart(place.getLine());
    for (unsigned column = 1; column < place.getColumn() && begin < text.size(); ++column)
      do
        ++begin;
      while (begin < text.size() && (text[begin] & 0xc0) == 0x80);
    std::size_t end = begin;
    while (end < text.size() && (llvm::isAlnum(text[end]) || text[end] == '_' || text[end] == '.'))
      ++end;
    return source::Span{id, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
  }
  return std::nullopt;
}

} // namespace

bool Frontend::report(mlir::Diagnostic &diagnostic) {
  auto span = spanAt(diagnostic.getLocation(), sources);
  if (!span)
    return false;
  bool refuses = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
  // A remark is something that the author should know of: what a pass has left out.
  diagnostics::Diagnostic &made = refuses ? engine.error(diagnostics::Code::laterPhaseRefuses, *span, diagnostic.str())
                                          : engine.warning(diagnostics::Code::removedStep, *span, diagnostic.str());
  for (mlir::Diagnostic &note : diagnostic.getNotes())
    if (auto at = spanAt(note.getLocation(), sources))
      made.note(*at, note.str());
  return true;
}

std::string Frontend::messages(bool color) const {
  return line.jsonDiagnostics ? diagnostics::renderJson(engine, sources)
                              : diagnostics::renderText(engine, sources, {color});
}

} // namespace weft::driver
