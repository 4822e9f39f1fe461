//===- RandomProgram.h - A small program from a seed, as a tree -----------===//
//
// Numbers below a modulus and nothing else, so that every op can take what any
// other gives. Internal to RandomPlan.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "test/simulation/frame/FrameWorld.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace weft::test::program {

constexpr std::int64_t modulus = 1009;
constexpr std::int64_t personsAnswer = 7;

enum class StatementKind {
  constant,
  mix,
  call,
  map,
  fold,
  loop,
  branch,
  race,
  vote,
  attempt,
  invoke,
  person,
  emit,
  share
};

struct Region;

/// One statement: a number from numbers that stand before it (parameters first).
struct Statement {
  StatementKind kind{};
  std::uint64_t stableId = 0;
  std::size_t a = 0, b = 0; ///< Operands: places before this one.
  std::int64_t number = 0;  ///< Constant, list length, bound or retries; share: how many ask the cell.
  std::uint32_t member = 0; ///< 0 read, 1 other, 2 write, 3 put, 4 paid
  std::uint32_t window = 0;
  std::vector<std::unique_ptr<Region>> bodies;
};

/// Of a fold.
inline bool foldsAsTree(const Statement &one) { return one.number % 2 == 1; }

/// Parameters, then statements; the last one is the value.
struct Region {
  std::size_t params = 0;
  std::vector<Statement> statements;
};

/// The program of `seed`, with `params` parameters. `depth` bounds its nesting.
Region randomRegion(std::uint64_t seed, std::size_t params, int depth);

/// What a call of `member` with `x` answers at its attempt: the same for ever.
struct Answered {
  std::optional<std::int64_t> value;
  base::FailKind kind{};
  std::int64_t delayMs = 1;
};
Answered answered(std::uint32_t member, std::int64_t x, std::uint32_t attempt);

/// A value, or the failures that could end it, any of which may come first; with neither it never ended.
struct Meaning {
  std::optional<std::int64_t> value;
  std::set<std::pair<base::FailKind, std::string>> failures;
  bool ok() const { return value.has_value(); }
};

/// What `main` means with these arguments, one thing after another, given what the journal of `world` decided. `wrong`
/// gets a sentence for each decision that could not be.
Meaning walk(const Region &main, const std::vector<std::int64_t> &args, const FrameWorld &world,
             std::vector<std::string> &wrong);

} // namespace weft::test::program
