//===- CompileKernels.cpp - From kernels in the IR to shared objects ------===//

#include "compiler/targets/cpu/CompileKernels.h"

#include "compiler/lowering/NnToLinalg/LinalgForms.h"
#include "compiler/targets/cpu/LowerKernel.h"
#include "compiler/targets/cpu/NativeCode.h"
#include "dialects/dist/Dist.h"
#include "dialects/nn/Nn.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "llvm/IR/LLVMContext.h"

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

FailureOr<KernelImage> compileKernel(func::FuncOp kernel, Isa isa) {
  OwningOpRef<ModuleOp> module(ModuleOp::create(kernel.getLoc()));
  auto copy = cast<func::FuncOp>(kernel->clone());
  copy->removeAttr(dist::kernelAttrName);
  // A name of the program may mean something to LLVM, as `llvm.` does; it is given back where the object is made.
  copy.setName("body");
  module->push_back(copy);
  copy.setPublic();

  FailureOr<KernelFrame> frame = lowerKernel(*module, isa);
  if (failed(frame))
    return kernel.emitError() << "could not be lowered for " << name(isa);
  llvm::LLVMContext context;
  std::unique_ptr<llvm::Module> code = translateKernel(*module, context, kernel.getName().str(), *frame);
  if (!code)
    return kernel.emitError() << "could not be translated to LLVM for " << name(isa);
  KernelImage image{kernel.getName().str(), isa, {}};
  image.phases = frame->phases;
  for (std::uint64_t bytes : frame->workspace)
    image.workspaceBytes += bytes;
  for (std::uint64_t bytes : frame->scratch)
    image.threadBytes += bytes;
  std::string message;
  if (!assembleAndLink(*code, isa, image.symbol, image.elf, message))
    return kernel.emitError() << "could not be made native code for " << name(isa) << ": " << message;
  return image;
}

} // namespace

FailureOr<std::vector<KernelImage>> compileKernels(ModuleOp module, ArrayRef<Isa> isas) {
  std::vector<KernelImage> images;
  for (auto kernel : module.getOps<func::FuncOp>()) {
    if (!kernel->hasAttr(dist::kernelAttrName))
      continue;
    size_t first = images.size();
    std::uint64_t workspaceBytes = 0, threadBytes = 0;
    for (Isa isa : isas) {
      FailureOr<KernelImage> image = compileKernel(kernel, isa);
      if (failed(image))
        return failure();
      workspaceBytes = std::max(workspaceBytes, image->workspaceBytes);
      threadBytes = std::max(threadBytes, image->threadBytes);
      images.push_back(std::move(*image));
    }
    // One number for the plan, which is written before anybody knows the machine.
    for (size_t i = first; i < images.size(); ++i) {
      images[i].workspaceBytes = workspaceBytes;
      images[i].threadBytes = threadBytes;
    }
  }
  return images;
}

void registerCpuTarget(DialectRegistry &registry) {
  registry.insert<dist::DistDialect, nn::NnDialect, func::FuncDialect>();
  lowering::registerLinalgForms(registry);
  registerKernelLowering(registry);
}

} // namespace weft::cpu
