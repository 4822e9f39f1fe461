//===- CompileKernels.cpp - From kernels in the IR to shared objects ------===//
//
// Kernels do not know each other, so every core compiles some: each thread has a
// context of its own, into which a kernel comes as text.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/CompileKernels.h"

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/targets/cpu/LowerKernel.h"
#include "compiler/targets/cpu/NativeCode.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Parser/Parser.h"
#include "llvm/IR/LLVMContext.h"

#include <algorithm>
#include <atomic>
#include <thread>

namespace weft::cpu {
using namespace mlir;

const char *name(Isa isa) {
  switch (isa) {
  case Isa::baseline:
    return "x86-64";
  case Isa::avx2:
    return "x86-64-v3";
  case Isa::avx512:
    return "x86-64-v4";
  }
  llvm_unreachable("every ISA is above");
}

namespace {

/// One image to be made: `message` says why it could not.
struct Job {
  func::FuncOp kernel;
  std::string text;
  KernelImage image;
  std::string message;
};

/// What the lowering complains of, for the thread that may speak.
class Listener {
public:
  Listener(MLIRContext &context, std::string &message)
      : handler(&context, [&message](Diagnostic &diagnostic) {
          if (message.empty())
            message = diagnostic.str();
          return success();
        }) {}

private:
  ScopedDiagnosticHandler handler;
};

void compile(MLIRContext &context, Job &job) {
  std::string complaint;
  Listener listener(context, complaint);
  auto fail = [&](const std::string &what) {
    job.message = what + " for " + name(job.image.isa) + (complaint.empty() ? "" : ": " + complaint);
  };
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(job.text, &context);
  if (!module)
    return fail("could not be read again");
  FailureOr<KernelFrame> frame = lowerKernel(*module, job.image.isa);
  if (failed(frame))
    return fail("could not be lowered");
  llvm::LLVMContext native;
  std::unique_ptr<llvm::Module> code = translateKernel(*module, native, job.image.symbol, *frame);
  if (!code)
    return fail("could not be translated to LLVM");
  job.image.phases = frame->phases;
  for (std::uint64_t bytes : frame->workspace)
    job.image.workspaceBytes += bytes;
  for (std::uint64_t bytes : frame->scratch)
    job.image.threadBytes += bytes;
  if (!assembleAndLink(*code, job.image.isa, job.image.symbol, job.image.elf, complaint))
    fail("could not be made native code");
}

/// A module of the kernel alone. A name of the program may mean something to LLVM, as `llvm.` does; it is given back
/// where the object is made.
std::string textOf(func::FuncOp kernel) {
  OwningOpRef<ModuleOp> module(ModuleOp::create(kernel.getLoc()));
  auto copy = cast<func::FuncOp>(kernel->clone());
  copy->removeAttr(dist::kernelAttrName);
  copy.setName("body");
  copy.setPublic();
  module->push_back(copy);
  std::string text;
  llvm::raw_string_ostream stream(text);
  module->print(stream);
  return text;
}

void compileAll(std::vector<Job> &jobs, const DialectRegistry &registry) {
  std::atomic<size_t> next = 0;
  auto work = [&] {
    MLIRContext context(registry, MLIRContext::Threading::DISABLED);
    for (size_t at; (at = next++) < jobs.size();)
      compile(context, jobs[at]);
  };
  std::vector<std::thread> helpers;
  size_t cores = std::max(1U, std::thread::hardware_concurrency());
  for (size_t i = 1; i < std::min(cores, jobs.size()); ++i)
    helpers.emplace_back(work);
  work();
  for (std::thread &helper : helpers)
    helper.join();
}

} // namespace

FailureOr<std::vector<KernelImage>> compileKernels(ModuleOp module, ArrayRef<Isa> isas) {
  std::vector<Job> jobs;
  for (auto kernel : module.getOps<func::FuncOp>())
    if (kernel->hasAttr(dist::kernelAttrName))
      for (Isa isa : isas)
        jobs.push_back({kernel, textOf(kernel), {kernel.getName().str(), isa, {}}, {}});
  DialectRegistry registry;
  module.getContext()->getDialectRegistry().appendTo(registry);
  compileAll(jobs, registry);

  std::vector<KernelImage> images;
  for (Job &job : jobs) {
    if (!job.message.empty())
      return job.kernel.emitError() << job.message;
    images.push_back(std::move(job.image));
  }
  // One number of each kind for the plan, which is written before anybody knows the machine.
  for (size_t first = 0; first < images.size(); first += isas.size()) {
    auto of = llvm::MutableArrayRef(images).slice(first, isas.size());
    auto largest = [&](std::uint64_t KernelImage::*bytes) {
      std::uint64_t most = 0;
      for (const KernelImage &image : of)
        most = std::max(most, image.*bytes);
      for (KernelImage &image : of)
        image.*bytes = most;
    };
    largest(&KernelImage::workspaceBytes);
    largest(&KernelImage::threadBytes);
  }
  return images;
}

void registerCpuTarget(DialectRegistry &registry) {
  registry.insert<dist::DistDialect, nn::NnDialect, func::FuncDialect>();
  lowering::registerLinalgForms(registry);
  registerKernelLowering(registry);
}

} // namespace weft::cpu
