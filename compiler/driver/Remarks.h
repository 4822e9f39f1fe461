//===- Remarks.h - What passes say of what they did -----------------------===//
#pragma once

#include "llvm/ADT/StringRef.h"

#include <memory>
#include <string>

namespace mlir {
class MLIRContext;
}

namespace weft::driver {

/// Keeps what passes say of what they did, and of what they did not do and why.
class Remarks {
public:
  /// From now on, of what passes say in `context`. `pass`: of this one alone; empty: of all.
  Remarks(mlir::MLIRContext &context, llvm::StringRef pass);
  ~Remarks();

  /// A line for each, by place: `review.weft:12:9: hoist-reads: done: …`, or `not done: …`. What a pass says of several
  /// copies of one step is said once.
  std::string text() const;

private:
  struct Lines;
  std::shared_ptr<Lines> lines; ///< The context keeps the other end.
};

} // namespace weft::driver
