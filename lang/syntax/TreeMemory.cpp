//===- TreeMemory.cpp - Parse trees of earlier texts ----------------------===//

#include "lang/syntax/TreeMemory.h"

namespace weft::syntax {

KeptTree *TreeMemory::find(const std::u16string &types) {
  auto found = trees.find(types);
  if (found == trees.end())
    return nullptr;
  found->second.usedAt = file;
  return &found->second;
}

KeptTree &TreeMemory::add(const std::u16string &types) {
  KeptTree &made = trees[types];
  made.usedAt = file;
  tokens += types.size();
  return made;
}

void TreeMemory::endFile() {
  // Its own trees last: in any other order a file that is too long would find none of them the next time.
  for (bool own : {false, true})
    for (auto at = trees.begin(); at != trees.end() && tokens > maxTokens;) {
      if (!own && at->second.usedAt == file) {
        ++at;
        continue;
      }
      tokens -= at->first.size();
      at = trees.erase(at);
    }
  ++file;
}

} // namespace weft::syntax
