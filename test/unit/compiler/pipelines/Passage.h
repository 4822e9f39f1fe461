//===- Passage.h - A program through all passes to native code ------------===//
#pragma once

#include "compiler/targets/cpu/CompileKernels.h"
#include "test/unit/compiler/pipelines/PassWatch.h"

namespace weft::test {

/// What a result may be off, in terms: after a pass, and as native code.
struct Tolerances {
  double ofPasses, ofCode;
};

/// In f64 nothing but a wrong pass moves a result so far. In f32 a pass that folds rounds a constant; code has what
/// every op has.
inline constexpr Tolerances ofDoubles = {1e-12, 1e-11}, ofSingles = {1e-6, 1e-5};

struct Passage {
  std::string fault;              ///< Empty: none.
  std::set<std::string> changing; ///< The passes that changed the program.
};

/// Takes `module` through all phases of tensor functions, computing `function` after each pass (PassWatch), then makes
/// its plan, checks that as a reader does, and runs its native code on `isa` beside the oracle. `keptBytes` is what
/// derivatives may keep (buildTensorPipeline).
Passage passThrough(mlir::ModuleOp module, const std::string &function, const std::vector<reference::Tensor> &inputs,
                    const Tolerances &tolerances, cpu::Isa isa, GradientCheck gradient = {},
                    std::uint64_t keptBytes = 0);

} // namespace weft::test
