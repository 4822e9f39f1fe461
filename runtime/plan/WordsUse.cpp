//===- WordsUse.cpp - Which registers a node's words read and write -------===//

#include "runtime/plan/WordsUse.h"

#include "runtime/base/Assert.h"
#include "runtime/value/WordsShape.h"

#include <set>

namespace weft::plan {

WordsUse usesOf(std::span<const std::uint32_t> words) {
  std::set<std::uint32_t> read, written;
  for (std::size_t at = 0; at < words.size();) {
    std::uint32_t count = value::countIn(words[at]), dst = value::dstIn(words[at]);
    const value::WordsShape *shape = value::shapeOf(value::opcodeIn(words[at]));
    WEFT_ASSERT(shape);
    at += 1 + shape->immediates;
    for (std::uint32_t operand = 0; operand < count; ++operand, ++at)
      if (!(words[at] & value::constantBit) && !written.count(words[at]))
        read.insert(words[at]);
    if (shape->writes)
      written.insert(dst);
  }
  return {{read.begin(), read.end()}, {written.begin(), written.end()}};
}

} // namespace weft::plan
