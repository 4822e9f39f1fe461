//===- ValueCases.h - A function for each op and form ---------------------===//
#pragma once

#include <string>
#include <vector>

namespace weft::test {

struct ValueCase {
  std::string name, function;
  bool isPositive = false; ///< Arguments of floats are to be at least 0.25.
};

/// Every op of nn, every kind of those that have kinds, and sizes at which kernels take other ways: below, at and above
/// a register's lanes, a tile and a block.
std::vector<ValueCase> elementCases();
std::vector<ValueCase> productCases();
std::vector<ValueCase> rowCases();
std::vector<ValueCase> moveCases();
std::vector<ValueCase> otherCases();

} // namespace weft::test
