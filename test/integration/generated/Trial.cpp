//===- Trial.cpp - One program, run every way that there is ---------------===//

#include "test/integration/generated/Trial.h"

#include "runtime/cli/testing/CrashRules.h"
#include "runtime/value/Json.h"
#include "test/integration/generated/Coverage.h"
#include "test/integration/generated/Told.h"

#include <algorithm>

namespace weft::generated {
namespace {

constexpr const char *testName = "generated", *probeName = "probe.done";
/// A context keeps every attribute that it has seen: it is made anew now and then.
constexpr unsigned programsPerContext = 200;

/// t1.w(["a",3]), as the reference writes it.
std::string shown(const plan::Plan &plan, const cli::CallMade &call) {
  const plan::Member &member = plan.members[call.member];
  std::string out = cli::memberName(plan, call.member) + "([";
  for (std::size_t i = 0; i < call.args.size(); ++i) {
    auto json = value::toJson(call.args[i], member.params[i].type, plan.types);
    out += (i > 0 ? "," : "") + (json ? *json : "?");
  }
  return out + "])";
}

struct Seen {
  std::string result;
  std::vector<std::string> writes;
  std::map<std::string, std::uint64_t> calls;
};

Seen seen(const plan::Plan &plan, const std::vector<cli::CallMade> &calls) {
  Seen out;
  for (const cli::CallMade &call : calls) {
    std::string name = cli::memberName(plan, call.member);
    if (name == probeName) {
      out.result = std::string(call.args[0].asText());
    } else {
      if (plan.members[call.member].effect >= plan::Effect::write_idempotent)
        out.writes.push_back(shown(plan, call));
      ++out.calls[name];
    }
  }
  return out;
}

std::string shown(const cli::TestEnd &end) {
  if (!end.unanswered.empty() || !end.stuck.empty())
    return end.unanswered + end.stuck;
  return end.run.state == frame::EndState::succeeded
             ? "success"
             : std::string(base::name(end.run.failure.kind)) + ": " + end.run.failure.why + " (" + end.run.step + ")";
}

/// The result, or the failure.
Finding compareEnds(const Told &told, const cli::TestEnd &end, const Seen &seen, const std::string &way) {
  auto differs = [&](const std::string &what) {
    std::string wanted = told.failure ? std::string(sema::failureKinds[static_cast<std::size_t>(told.failure->kind)]) +
                                            ": " + told.failure->why
                                      : told.result;
    return Finding{what + " " + way, "the reference: " + wanted + "\nthe run:       " + shown(end) + " " + seen.result};
  };
  if (!end.unanswered.empty() || !end.stuck.empty())
    return differs("no end");
  bool failed = end.run.state != frame::EndState::succeeded;
  if (failed != told.failure.has_value())
    return differs(failed ? "fails alone" : "succeeds alone");
  if (!failed)
    return seen.result == told.result ? Finding() : differs("the result differs");
  if (static_cast<int>(end.run.failure.kind) != static_cast<int>(told.failure->kind))
    return differs("another kind of failure");
  if (told.failure->said && end.run.failure.why != told.failure->why)
    return differs("another failure");
  return {};
}

std::string lines(const std::vector<std::string> &all) {
  std::string out;
  for (const std::string &one : all)
    out += "  " + one + "\n";
  return out;
}

/// Finds for each write of a run one of the reference's, so that none stands before one that comes first. Equal writes
/// are not told apart by what they say, so a wrong choice is taken back.
class Pairing {
public:
  Pairing(const std::vector<Write> &told, const std::vector<std::string> &made)
      : told(told), made(made), taken(told.size()) {}

  bool found() { return pair(0); }

private:
  /// Beyond it a run is believed: nobody has seen so many equal writes in so many orders.
  static constexpr unsigned maxChoices = 100'000;

  bool isFree(std::size_t at) const {
    for (std::size_t before = 0; before < at; ++before)
      if (!taken[before] && !told[before].maybe && isBefore(told[before], told[at]))
        return false;
    return true;
  }

  bool pair(std::size_t next) {
    if (next == made.size() || ++choices > maxChoices)
      return true;
    for (std::size_t at = 0; at < told.size(); ++at) {
      if (taken[at] || told[at].call != made[next] || !isFree(at))
        continue;
      taken[at] = true;
      if (pair(next + 1))
        return true;
      taken[at] = false;
    }
    return false;
  }

  const std::vector<Write> &told;
  const std::vector<std::string> &made;
  std::vector<bool> taken;
  unsigned choices = 0;
};

/// Each write that must be made is made, none that the reference does not make, and all in an order that it allows.
Finding compareWrites(const Told &told, const Seen &seen, const std::string &way) {
  std::vector<std::string> wanted;
  for (const Write &write : told.writes)
    wanted.push_back((write.maybe ? "(maybe) " : "") + write.call);
  auto differs = [&](const std::string &what) {
    return Finding{what + " " + way, "the reference:\n" + lines(wanted) + "the run:\n" + lines(seen.writes)};
  };
  std::map<std::string, std::pair<int, int>> most; // How often each must be made, and how often it may be.
  for (const Write &write : told.writes)
    ++(write.maybe ? most[write.call].second : most[write.call].first);
  std::map<std::string, int> made;
  for (const std::string &call : seen.writes)
    ++made[call];
  for (auto &[call, count] : made)
    if (count > most[call].first + most[call].second)
      return differs("a write too many");
  for (auto &[call, count] : most)
    if (made[call] < count.first)
      return differs("a write is missing");
  return Pairing(told.writes, seen.writes).found() ? Finding() : differs("writes in another order");
}

} // namespace

cli::TestEnd Laboratory::live(const std::shared_ptr<const plan::Plan> &plan, std::optional<cli::Death> death) {
  auto entry = static_cast<std::uint32_t>(plan->entry(testName) - plan->entries.data());
  return cli::TestWorld(runtime, plan, entry, ".").live(death);
}

Finding Laboratory::judge(const std::string &text, const TrialOptions &options, Tally *tally) {
  Checked checked(text);
  if (std::string errors = checked.errors(); !errors.empty())
    return {"the program is refused", errors};
  Told told = tell(checked);
  if (!told.unsupported.empty())
    return {"the reference does not carry it", told.unsupported};
  if (!compiler || ++compiled % programsPerContext == 0)
    compiler = std::make_unique<Compiler>();
  auto plans = compiler->compile(checked);
  if (!plans)
    return {"it does not compile", plans.error().message};

  std::map<std::string, std::uint64_t> plainCalls;
  for (bool passes : {false, true}) {
    auto plan = passes ? plans->optimized : plans->plain;
    std::string way = passes ? "with passes" : "without passes";
    cli::TestEnd whole = live(plan, {});
    Seen did = seen(*plan, whole.before);
    if (Finding found = compareEnds(told, whole, did, way); !found.what.empty())
      return found;
    if (Finding found = compareWrites(told, did, way); !found.what.empty())
      return found;
    // What a failure cuts short is a matter of time, and passes make some things earlier.
    if (passes && !told.anyFailure)
      for (auto &[name, count] : did.calls)
        if (count > plainCalls[name])
          return {"more calls with passes", name + ": " + std::to_string(plainCalls[name]) + " without, " +
                                                std::to_string(count) + " with passes"};
    (passes ? did.calls : plainCalls) = did.calls;
    std::uint64_t stride = std::max<std::uint64_t>(1, 2 * whole.records / options.deaths);
    for (std::uint64_t moment = 0; passes && moment < 2 * whole.records - 1; moment += stride) {
      cli::Death death{1 + moment / 2, moment % 2 == 1};
      cli::TestEnd end = live(plan, death);
      // A write in flight that is neither idempotent nor undoable: the run may catch `unknown_outcome` and go on.
      bool goesOn = cli::plainWriteCut(*plan, end);
      std::string broken = cli::brokenCrashRule(*plan, goesOn ? end : whole, end);
      if (broken.empty() && end.run.state == frame::EndState::succeeded && !goesOn) {
        std::vector<cli::CallMade> both = end.before;
        both.insert(both.end(), end.after.begin(), end.after.end());
        Seen again = seen(*plan, both);
        if (!again.result.empty() && again.result != did.result)
          broken = "it gave " + again.result + ", undisturbed " + did.result;
      }
      if (!broken.empty())
        return {"killed and resumed, it does something else",
                std::string("killed ") + (death.atNext ? "before record " : "after record ") +
                    std::to_string(death.records + death.atNext) + " of " + std::to_string(whole.records) + ": " +
                    broken};
      if (tally)
        ++tally->kills;
    }
    if (tally)
      for (auto &[name, count] : did.calls)
        (passes ? tally->callsWithPasses : tally->calls) += count;
  }
  if (tally) {
    ++tally->programs;
    tally->writes += told.writes.size();
    tally->failures += told.failure.has_value();
    tally->caught += told.anyFailure && !told.failure;
    count(*checked.program, *plans->plain, *plans->optimized, tally->constructs);
  }
  return {};
}

} // namespace weft::generated
