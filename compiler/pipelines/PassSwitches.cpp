//===- PassSwitches.cpp - Which passes over workflows run -----------------===//

#include "compiler/pipelines/PassSwitches.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <limits>

namespace weft::pipelines {
namespace {

constexpr llvm::StringLiteral flowPasses[] = {"inline-functions", "fold",        "merge-equal-reads", "drop-unused",
                                              "inline-workflows", "hoist-reads", "batch-calls",       "group-prefixes"};

std::string listed() {
  std::string text;
  for (llvm::StringRef name : flowPasses)
    text += (text.empty() ? "" : ", ") + name.str();
  return text;
}

} // namespace

llvm::ArrayRef<llvm::StringLiteral> PassSwitches::names() { return flowPasses; }

std::string PassSwitches::unknown(llvm::StringRef name) {
  name.consume_front("weft-");
  if (llvm::is_contained(flowPasses, name))
    return {};
  llvm::StringRef meant;
  unsigned least = std::numeric_limits<unsigned>::max();
  for (llvm::StringRef known : flowPasses)
    if (unsigned distance = name.edit_distance(known); distance < least)
      least = distance, meant = known;
  std::string hint = least <= name.size() / 3 ? ", did you mean '" + meant.str() + "'?" : "";
  return "there is no pass '" + name.str() + "'" + hint + "; there are: " + listed();
}

std::string PassSwitches::parse(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> words;
  text.split(words, ',');
  for (llvm::StringRef word : words) {
    llvm::StringRef name = word.trim();
    if (name == "all" || name == "none") {
      off.clear();
      if (name == "none")
        for (llvm::StringRef known : flowPasses)
          off.insert(known.str());
      continue;
    }
    bool isOff = name.consume_front("-");
    if (std::string wrong = unknown(name); !wrong.empty())
      return wrong + "; and all, none";
    name.consume_front("weft-");
    if (isOff)
      off.insert(name.str());
    else
      off.erase(name.str());
  }
  return {};
}

} // namespace weft::pipelines
