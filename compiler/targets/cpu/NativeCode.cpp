//===- NativeCode.cpp - From LLVM IR to a shared object -------------------===//
//
// The optimiser is told that no library function exists: it would turn loops
// into calls of memset and memcpy, and a kernel may call nothing. The linker is
// told to refuse what is undefined, which proves it.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/NativeCode.h"

#include "lld/Common/Driver.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/TargetTransformInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Triple.h"

#include <mutex>

LLD_HAS_DRIVER(elf)

namespace weft::cpu {
namespace {

constexpr const char *tripleName = "x86_64-unknown-linux-gnu";

std::unique_ptr<llvm::TargetMachine> machineFor(Isa isa, std::string &message) {
  static std::once_flag once;
  std::call_once(once, [] {
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
  });
  llvm::Triple triple(tripleName);
  const llvm::Target *target = llvm::TargetRegistry::lookupTarget(triple, message);
  if (!target)
    return nullptr;
  return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
      triple, name(isa), "", {}, llvm::Reloc::PIC_, std::nullopt, llvm::CodeGenOptLevel::Aggressive));
}

void optimise(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::TargetLibraryInfoImpl library(module.getTargetTriple());
  library.disableAllFunctions();
  functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
  llvm::PassBuilder builder(&machine);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

/// Removes the folder of intermediate files, whatever happens.
struct WorkFolder {
  llvm::SmallString<128> path;
  ~WorkFolder() {
    if (!path.empty())
      llvm::sys::fs::remove_directories(path);
  }
  std::string file(llvm::StringRef name) const {
    llvm::SmallString<128> result(path);
    llvm::sys::path::append(result, name);
    return std::string(result);
  }
};

bool link(llvm::StringRef object, const std::string &symbol, std::vector<std::uint8_t> &elf, std::string &message) {
  WorkFolder folder;
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("weft-kernel", folder.path)) {
    message = "no folder for intermediate files: " + error.message();
    return false;
  }
  std::string input = folder.file("kernel.o"), output = folder.file("kernel.so");
  {
    std::error_code error;
    llvm::raw_fd_ostream stream(input, error);
    stream << object;
    stream.close();
    if (error || stream.has_error()) {
      message = "could not write " + input;
      return false;
    }
  }
  std::string entry = "--undefined=" + symbol, text;
  const char *arguments[] = {"ld.lld",        "-shared",          "-z",          "defs",        "--build-id=none", "-s",
                             "--gc-sections", "--hash-style=gnu", entry.c_str(), "--threads=1", input.c_str(),     "-o",
                             output.c_str()};
  llvm::raw_string_ostream errors(text);
  {
    // The linker keeps state in globals.
    static std::mutex mutex;
    std::lock_guard<std::mutex> lock(mutex);
    lld::Result result = lld::lldMain(arguments, llvm::nulls(), errors, {{lld::Gnu, &lld::elf::link}});
    if (result.retCode != 0) {
      message = "the linker refused it: " + errors.str();
      return false;
    }
  }
  auto image = llvm::MemoryBuffer::getFile(output, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!image) {
    message = "could not read " + output;
    return false;
  }
  auto bytes = (*image)->getBuffer();
  elf.assign(bytes.bytes_begin(), bytes.bytes_end());
  return true;
}

} // namespace

std::unique_ptr<llvm::Module> translateKernel(mlir::ModuleOp source, llvm::LLVMContext &context,
                                              const std::string &symbol, const KernelFrame &frame) {
  std::unique_ptr<llvm::Module> module = mlir::translateModuleToLLVMIR(source, context, "kernel");
  if (!module)
    return nullptr;
  llvm::SmallVector<llvm::Function *> phases;
  for (llvm::Function &function : *module)
    if (!function.isDeclaration())
      phases.push_back(&function);

  llvm::Type *pointer = llvm::PointerType::getUnqual(context), *wide = llvm::Type::getInt64Ty(context);
  llvm::Type *parameters[] = {pointer, llvm::Type::getInt32Ty(context), wide, wide, pointer};
  // The sign in front keeps LLVM from reading anything into the name; it is not part of what stands in the object.
  auto *entry = llvm::Function::Create(llvm::FunctionType::get(llvm::Type::getVoidTy(context), parameters, false),
                                       llvm::GlobalValue::ExternalLinkage, "\01" + symbol, *module);
  llvm::IRBuilder<> builder(llvm::BasicBlock::Create(context, "entry", entry));
  auto loadBuffer = [&](std::uint64_t i) -> llvm::Value * {
    return builder.CreateLoad(pointer, builder.CreateConstGEP1_64(pointer, entry->getArg(0), i));
  };
  llvm::SmallVector<llvm::Value *> arguments;
  auto addPieces = [&](llvm::Value *start, const std::vector<std::uint64_t> &pieces) {
    std::uint64_t offset = 0;
    for (std::uint64_t bytes : pieces) {
      arguments.push_back(builder.CreateConstGEP1_64(builder.getInt8Ty(), start, offset));
      offset += bytes;
    }
  };
  std::uint64_t buffers = phases.front()->arg_size() - frame.workspace.size() - frame.scratch.size() - 2;
  for (std::uint64_t i = 0; i < buffers; ++i)
    arguments.push_back(loadBuffer(i));
  addPieces(frame.workspace.empty() ? nullptr : loadBuffer(buffers), frame.workspace);
  arguments.push_back(entry->getArg(2));
  arguments.push_back(entry->getArg(3));
  addPieces(entry->getArg(4), frame.scratch);

  auto *end = llvm::BasicBlock::Create(context, "end", entry);
  auto *choice = builder.CreateSwitch(entry->getArg(1), end, phases.size());
  for (auto [number, phase] : llvm::enumerate(phases)) {
    phase->setLinkage(llvm::GlobalValue::InternalLinkage);
    phase->addFnAttr(llvm::Attribute::AlwaysInline);
    auto *block = llvm::BasicBlock::Create(context, "phase", entry, end);
    choice->addCase(builder.getInt32(number), block);
    builder.SetInsertPoint(block);
    builder.CreateCall(phase, arguments);
    builder.CreateBr(end);
  }
  builder.SetInsertPoint(end);
  builder.CreateRetVoid();
  return module;
}

bool assembleAndLink(llvm::Module &module, Isa isa, const std::string &symbol, std::vector<std::uint8_t> &elf,
                     std::string &message) {
  std::unique_ptr<llvm::TargetMachine> machine = machineFor(isa, message);
  if (!machine)
    return false;
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  for (llvm::Function &function : module) {
    function.addFnAttr("target-cpu", name(isa));
    // The tuning of x86-64-v4 would halve the vectors.
    if (isa == Isa::avx512)
      function.addFnAttr("prefer-vector-width", "512");
    function.addFnAttr(llvm::Attribute::NoUnwind);
  }
  optimise(module, *machine);

  llvm::SmallVector<char, 0> object;
  llvm::raw_svector_ostream stream(object);
  llvm::legacy::PassManager passes;
  llvm::TargetLibraryInfoImpl library(module.getTargetTriple());
  library.disableAllFunctions();
  passes.add(new llvm::TargetLibraryInfoWrapperPass(library));
  if (machine->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile)) {
    message = "LLVM cannot write object files for this target";
    return false;
  }
  passes.run(module);
  return link({object.data(), object.size()}, symbol, elf, message);
}

} // namespace weft::cpu
