//===- Cases.h - The kernels that are measured ----------------------------===//
#pragma once

#include <string>
#include <vector>

namespace weft::bench {

struct Case {
  std::string name; ///< As the peers call it too.
  std::vector<std::string>
      text; ///< A function of nn for each kernel, run in order; its first input is the last one's result.
};

std::vector<Case> cases();

} // namespace weft::bench
