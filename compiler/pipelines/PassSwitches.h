//===- PassSwitches.h - Which passes over workflows run -------------------===//
//
// Every pass of the flow phase but the Verify passes may be left out: what it
// does is never needed for a program to compile, or to mean what it means. Whoever
// looks for the pass that did something switches it off.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

#include <set>
#include <string>

namespace weft::pipelines {

class PassSwitches {
public:
  /// Takes what stands behind `--passes=`: names, separated by commas, from the left. `all` (what holds without any)
  /// and `none` switch every pass, `-NAME` one off, `NAME` one on; `weft-` may stand before a name. What is wrong, or
  /// empty.
  std::string parse(llvm::StringRef text);

  bool runs(llvm::StringRef name) const { return !off.contains(name.str()); }
  /// That there is no such pass, and which there are; empty for one that there is, with or without `weft-`.
  static std::string unknown(llvm::StringRef name);
  /// In the order in which they run first.
  static llvm::ArrayRef<llvm::StringLiteral> names();

private:
  std::set<std::string> off;
};

} // namespace weft::pipelines
