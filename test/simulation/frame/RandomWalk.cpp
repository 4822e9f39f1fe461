//===- RandomWalk.cpp - What a random program means -----------------------===//
//
// The tree is walked without plan, frames, words or evaluator. Where timing may
// decide, the journal says what was decided, and that is held against what was
// possible.
//
//===----------------------------------------------------------------------===//

#include "test/simulation/frame/RandomProgram.h"

#include <algorithm>
#include <map>

namespace weft::test::program {
namespace {

using base::FailKind;
using base::Hash128;
using frame::DecisionBody;
using frame::OutcomeBody;

std::int64_t mixed(std::int64_t a, std::int64_t b) { return (a * 31 + b) % modulus; }

class Walker {
public:
  explicit Walker(const FrameWorld &world) {
    for (const journal::Record &record : world.journal) {
      auto body = frame::decodeBody(record.kind, record.body);
      if (auto *decision = std::get_if<DecisionBody>(&*body); decision && record.kind == journal::RecordKind::decision)
        decisions[{record.key.path, decision->what}] = *decision;
      if (auto *outcome = std::get_if<OutcomeBody>(&*body); outcome && record.kind == journal::RecordKind::outcome &&
                                                            outcome->status == OutcomeBody::Status::failed &&
                                                            outcome->failure.kind == FailKind::unknownOutcome)
        unknown[record.key.path] = outcome->failure.why;
    }
  }

  Meaning region(const Region &region, Hash128 path, std::vector<std::int64_t> params) {
    std::vector<std::optional<std::int64_t>> places(params.begin(), params.end());
    Meaning all;
    for (const Statement &one : region.statements) {
      // What waits for something that failed never starts.
      bool ready = needs(one, places);
      Meaning meaning = ready ? statement(one, path, places) : Meaning{};
      all.failures.insert(meaning.failures.begin(), meaning.failures.end());
      places.push_back(meaning.value);
    }
    bool ended = std::all_of(places.begin(), places.end(), [](const auto &place) { return place.has_value(); });
    if (all.failures.empty() && ended)
      all.value = places.back();
    return all;
  }

  /// A region that is a scope of its own: the journal says which failure ended it.
  Meaning scope(const Region &region, Hash128 path, std::vector<std::int64_t> params) {
    Meaning meaning = this->region(region, path, std::move(params));
    auto decided = decisions.find({path, DecisionBody::What::scopeFailed});
    if (decided == decisions.end())
      return meaning;
    std::pair<FailKind, std::string> failure{decided->second.failure.kind, decided->second.failure.why};
    if (!meaning.failures.contains(failure))
      wrong.push_back("a scope is recorded as failed with " + std::string(base::name(failure.first)) + " '" +
                      failure.second + "', which nothing in it could give");
    return {std::nullopt, {failure}};
  }

  std::vector<std::string> wrong;

private:
  static bool needs(const Statement &one, const std::vector<std::optional<std::int64_t>> &places) {
    auto there = [&](std::size_t place) { return place < places.size() && places[place].has_value(); };
    switch (one.kind) {
    case StatementKind::constant:
    case StatementKind::person:
      return true;
    case StatementKind::mix:
    case StatementKind::fold:
    case StatementKind::loop:
    case StatementKind::branch:
      return there(one.a) && there(one.b);
    default:
      return there(one.a);
    }
  }

  static Hash128 below(Hash128 path, std::uint64_t stableId, std::uint64_t iteration) {
    return base::mix(base::mix(path, stableId), iteration);
  }

  /// Pairs, then pairs of those; any pair that can be made is, whatever has failed elsewhere.
  Meaning tree(const Statement &one, Hash128 path, std::int64_t first, std::int64_t more) {
    std::vector<Meaning> level{{first, {}}};
    for (std::int64_t i = 0; i < one.number; ++i)
      level.push_back({i, {}});
    std::size_t number = 0;
    std::set<std::pair<FailKind, std::string>> failures;
    while (level.size() > 1) {
      number += level.size();
      std::vector<Meaning> next;
      for (std::size_t i = 0; i < level.size(); i += 2) {
        Meaning pair = level[i];
        if (i + 1 < level.size())
          pair = level[i].ok() && level[i + 1].ok() ? region(*one.bodies[0], below(path, one.stableId, number + i / 2),
                                                             {*level[i].value, *level[i + 1].value, more})
                                                    : Meaning{};
        failures.insert(pair.failures.begin(), pair.failures.end());
        next.push_back(pair);
      }
      level = std::move(next);
    }
    level[0].failures = failures;
    return level[0];
  }

  Meaning statement(const Statement &one, Hash128 path, const std::vector<std::optional<std::int64_t>> &places) {
    std::int64_t a = one.kind == StatementKind::constant || one.kind == StatementKind::person ? 0 : *places[one.a];
    auto b = [&] { return *places[one.b]; };
    Hash128 here = below(path, one.stableId, 0);
    switch (one.kind) {
    case StatementKind::constant:
      return {one.number, {}};
    case StatementKind::mix:
      return {mixed(a, b()), {}};
    case StatementKind::person:
      return {personsAnswer, {}};
    case StatementKind::emit:
      return {a, {}};
    case StatementKind::call:
      return call(one, here, a);
    case StatementKind::map: {
      Meaning sum{0, {}};
      for (std::int64_t i = 0; i < one.number; ++i) {
        Meaning item = region(*one.bodies[0], below(path, one.stableId, i), {i, a});
        sum.failures.insert(item.failures.begin(), item.failures.end());
        if (item.ok() && sum.ok())
          sum.value = *sum.value + *item.value;
        else
          sum.value.reset();
      }
      if (sum.ok())
        sum.value = *sum.value % modulus;
      return sum;
    }
    case StatementKind::share: {
      if (one.number == 0)
        return {0, {}}; // nobody asks
      Meaning cell = scope(*one.bodies[0], below(path, one.stableId + 2, 0), {a});
      if (!cell.ok())
        return cell;
      std::int64_t sum = 0;
      for (std::int64_t i = 0; i < one.number; ++i)
        sum += mixed(i, *cell.value);
      return {sum % modulus, {}};
    }
    case StatementKind::fold: {
      if (foldsAsTree(one))
        return tree(one, path, a, b());
      Meaning acc{a, {}};
      for (std::int64_t i = 0; i < one.number && acc.ok(); ++i)
        acc = region(*one.bodies[0], below(path, one.stableId, i), {*acc.value, i, b()});
      return acc;
    }
    case StatementKind::loop: {
      Meaning carried{a, {}};
      for (std::int64_t i = 0; i < one.number && carried.ok(); ++i) {
        carried = region(*one.bodies[0], below(path, one.stableId, i), {*carried.value, b()});
        if (carried.ok() && *carried.value % 3 == 0)
          return carried;
      }
      if (!carried.ok())
        return carried;
      if (one.bodies.size() > 1)
        return region(*one.bodies[1], here, {b()});
      std::string rounds = std::to_string(one.number) + (one.number == 1 ? " round" : " rounds");
      return {std::nullopt, {{FailKind::failed, "the loop ran out after " + rounds}}};
    }
    case StatementKind::branch:
      return region(*one.bodies[a % 2], here, {b()});
    case StatementKind::race:
      return race(one, path, here, a);
    case StatementKind::vote:
      return vote(one, path, here, a);
    case StatementKind::attempt: {
      Meaning tried = scope(*one.bodies[0], here, {a});
      if (tried.ok())
        return tried;
      if (!decisions.contains({here, DecisionBody::What::scopeFailed}))
        return {}; // something around it failed before this could: it never ended
      auto kind = static_cast<std::int64_t>(tried.failures.begin()->first);
      return region(*one.bodies[1], below(here, one.stableId + 1, 0), {kind, a});
    }
    case StatementKind::invoke: {
      if (one.number == 0)
        return region(*one.bodies[0], here, {a});
      Meaning last;
      for (std::int64_t attempt = 0; attempt <= one.number; ++attempt) {
        last = scope(*one.bodies[0], below(path, one.stableId, attempt), {a});
        bool again = !last.failures.empty() && last.failures.begin()->first == FailKind::transport;
        if (!again)
          return last;
      }
      return last;
    }
    }
    WEFT_UNREACHABLE();
  }

  Meaning call(const Statement &one, Hash128 here, std::int64_t x) {
    if (auto found = unknown.find(here); found != unknown.end())
      return {std::nullopt, {{FailKind::unknownOutcome, found->second}}};
    for (std::uint32_t attempt = 0;; ++attempt) {
      Answered given = answered(one.member, x, attempt);
      if (given.value)
        return {given.value, {}};
      bool retried =
          given.kind == FailKind::transport && one.member != 2 && attempt < static_cast<std::uint32_t>(one.number);
      if (!retried)
        return {std::nullopt, {{given.kind, "scripted"}}};
    }
  }

  Meaning race(const Statement &one, Hash128 path, Hash128 here, std::int64_t a) {
    auto decided = decisions.find({here, DecisionBody::What::raceWon});
    if (decided != decisions.end()) {
      std::uint32_t arm = decided->second.chosen[0];
      Meaning won = scope(*one.bodies[arm], below(path, one.stableId, arm), {a});
      if (!won.ok())
        wrong.push_back("the arm that is recorded as winner fails");
      return won;
    }
    Meaning lost;
    for (std::uint32_t arm = 0; arm < one.bodies.size(); ++arm) {
      Meaning one_ = scope(*one.bodies[arm], below(path, one.stableId, arm), {a});
      if (one_.ok()) // decided elsewhere: what stands around it failed first
        return one_;
      lost.failures.insert(one_.failures.begin(), one_.failures.end());
    }
    return lost;
  }

  Meaning vote(const Statement &one, Hash128 path, Hash128 here, std::int64_t a) {
    auto decided = decisions.find({here, DecisionBody::What::voteClosed});
    std::vector<std::uint32_t> samples{0, 1, 2};
    if (decided != decisions.end())
      samples = decided->second.chosen;
    std::int64_t sum = 0, good = 0;
    Meaning lost;
    for (std::uint32_t sample : samples) {
      Meaning one_ = scope(*one.bodies[0], below(path, one.stableId, sample), {a});
      if (one_.ok() && good < one.number) {
        sum += *one_.value;
        ++good;
      }
      for (const auto &[kind, why] : one_.failures)
        for (int left = 0; left < one.number; ++left)
          lost.failures.insert({FailKind::failed, "only " + std::to_string(left) + " of 3 samples can succeed, " +
                                                      std::to_string(one.number) +
                                                      " are wanted; the last to fail: " + why});
    }
    if (good >= one.number)
      return {sum % modulus, {}};
    if (decided != decisions.end())
      wrong.push_back("a sample that is recorded as success fails");
    return lost;
  }

  std::map<std::pair<Hash128, DecisionBody::What>, DecisionBody> decisions;
  std::map<Hash128, std::string> unknown;
};

} // namespace

Meaning walk(const Region &main, const std::vector<std::int64_t> &args, const FrameWorld &world,
             std::vector<std::string> &wrong) {
  Walker walker(world);
  Meaning meaning = walker.scope(main, base::hashOf(base::bytesOf("main")), args);
  wrong = std::move(walker.wrong);
  return meaning;
}

} // namespace weft::test::program
