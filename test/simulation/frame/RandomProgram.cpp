//===- RandomProgram.cpp - A small program from a seed, as a tree ---------===//

#include "test/simulation/frame/RandomProgram.h"

#include "runtime/base/Digest.h"
#include "runtime/base/Random.h"

namespace weft::test::program {
namespace {

using base::FailKind;

class Generator {
public:
  explicit Generator(std::uint64_t seed) : random(seed) {}

  Region region(std::size_t params, int depth, bool mayWrite) {
    Region made;
    made.params = params;
    std::size_t count = 1 + random.below(depth == 0 ? 2 : 4);
    for (std::size_t i = 0; i < count; ++i)
      made.statements.push_back(statement(params + i, depth, mayWrite));
    // The value depends on everything, so that nothing wrong stays unseen.
    for (std::size_t place = params; place + 1 < params + made.statements.size(); place += 2) {
      Statement sum;
      sum.kind = StatementKind::mix;
      sum.stableId = nextId();
      sum.a = place;
      sum.b = params + made.statements.size() - 1;
      made.statements.push_back(std::move(sum));
    }
    return made;
  }

private:
  Statement statement(std::size_t places, int depth, bool mayWrite) {
    Statement made;
    made.stableId = nextId();
    made.a = places == 0 ? 0 : random.below(places);
    made.b = places == 0 ? 0 : random.below(places);
    made.number = static_cast<std::int64_t>(random.below(5));
    std::uint64_t pick = places == 0 ? 0 : random.below(depth > 0 ? 18 : 6);
    auto body = [&](std::size_t params, bool writes) {
      made.bodies.push_back(std::make_unique<Region>(region(params, depth - 1, writes)));
    };
    switch (pick) {
    case 0:
      made.kind = StatementKind::constant;
      made.number = static_cast<std::int64_t>(random.below(modulus));
      break;
    case 1:
      made.kind = StatementKind::mix;
      break;
    case 2:
    case 3:
    case 4:
    case 5: {
      made.kind = StatementKind::call;
      made.member = static_cast<std::uint32_t>(random.below(5));
      if (made.member == 2 && !mayWrite)
        made.member = 3;
      made.number = static_cast<std::int64_t>(random.below(3)); // retries
      break;
    }
    case 6:
    case 7:
      made.kind = StatementKind::map;
      made.window = static_cast<std::uint32_t>(1 + random.below(3));
      body(2, mayWrite);
      break;
    case 8:
      made.kind = StatementKind::fold;
      body(3, mayWrite);
      break;
    case 9:
      made.kind = StatementKind::loop;
      body(2, mayWrite);
      if (random.below(2))
        body(1, mayWrite);
      break;
    case 10:
      made.kind = StatementKind::branch;
      body(1, mayWrite);
      body(1, mayWrite);
      break;
    case 11:
      made.kind = StatementKind::race;
      body(1, false);
      body(1, false);
      break;
    case 12:
      made.kind = StatementKind::vote;
      made.number = static_cast<std::int64_t>(1 + random.below(3)); // needed, of 3
      body(1, false);
      break;
    case 13:
      made.kind = StatementKind::attempt;
      body(1, mayWrite);
      body(2, mayWrite);
      break;
    case 14:
      made.kind = StatementKind::invoke;
      made.number = static_cast<std::int64_t>(random.below(2)); // retries
      body(1, mayWrite && made.number == 0);                    // what is made again is idempotent
      break;
    case 15:
    case 16:
      made.kind = StatementKind::share;
      made.window = static_cast<std::uint32_t>(1 + random.below(3));
      body(1, false);
      onlyReads(*made.bodies[0]);
      break;
    default:
      made.kind = random.below(2) ? StatementKind::person : StatementKind::emit;
      break;
    }
    return made;
  }
  /// A cell neither writes nor emits.
  static void onlyReads(Region &region) {
    for (Statement &one : region.statements) {
      if (one.kind == StatementKind::call && (one.member == 2 || one.member == 3))
        one.member = 4;
      if (one.kind == StatementKind::emit)
        one.kind = StatementKind::constant;
      for (auto &body : one.bodies)
        onlyReads(*body);
    }
  }
  std::uint64_t nextId() { return base::mix(base::Hash128{1, 2}, ++ids).low; }

  base::Random random;
  std::uint64_t ids = 0;
};

} // namespace

Region randomRegion(std::uint64_t seed, std::size_t params, int depth) {
  return Generator(seed).region(params, depth, true);
}

Answered answered(std::uint32_t member, std::int64_t x, std::uint32_t attempt) {
  std::int64_t delay = 1 + (x * 7 + member * 13) % 23;
  if ((x + member) % 13 == 5)
    return {std::nullopt, FailKind::tool, delay};
  if ((x + member) % 7 == 1 && attempt == 0)
    return {std::nullopt, FailKind::transport, delay};
  return {(x * 17 + static_cast<std::int64_t>(member) * 101 + 5) % modulus, {}, delay};
}

} // namespace weft::test::program
