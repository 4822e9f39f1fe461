//===- Definition.cpp - Where a name is declared --------------------------===//

#include "lang/server/Features.h"

namespace weft::server {

Answer definition(const Analysis &analysis, std::uint32_t offset) {
  const Occurrence *name = analysis.nameAt(offset);
  if (!name || name->target.end == name->target.begin)
    return json::value(nullptr);
  return analysis.location(name->target);
}

} // namespace weft::server
