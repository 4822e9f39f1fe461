//===- Seeds.h - How much a test tries ------------------------------------===//
//
// `test/run` tries enough to notice a mistake soon, `test/run --long`
// (WEFT_LONG=1) as much as an hour allows. Every count of seeds, mutants or
// rounds that a test goes through comes from here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <cstdlib>

namespace weft::test {

/// `usual`, and `inTheLongRun` under `test/run --long`.
inline std::uint64_t tries(std::uint64_t usual, std::uint64_t inTheLongRun) {
  return std::getenv("WEFT_LONG") ? inTheLongRun : usual;
}

} // namespace weft::test
