//===- TestDriver.cpp - What answers the calls of a test ------------------===//

#include "runtime/cli/testing/TestDriver.h"

#include "runtime/agent/providers/Providers.h"
#include "runtime/base/Limits.h"
#include "runtime/plan/MockAnswer.h"
#include "runtime/plan/Tools.h"
#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

namespace weft::cli {
namespace {

/// Of an argument in a message; the rest is cut.
constexpr std::size_t maxShownBytes = 80;

std::string shortened(std::string text) {
  return text.size() <= maxShownBytes ? text : std::string(value::cutTo(text, maxShownBytes)) + "…";
}

/// Of a slow mock: a century, as of every timer of a test.
constexpr std::int64_t longestDelayNs = std::int64_t{100} * 365 * 24 * 3600 * 1'000'000'000;

/// Nano-dollars for `tokens` at a price per million of them.
std::int64_t priced(std::int64_t tokens, std::int64_t nanoPerMtok) {
  if (nanoPerMtok <= 0)
    return 0;
  return static_cast<std::int64_t>(
      std::min<__int128>((static_cast<__int128>(tokens) * nanoPerMtok + 999'999) / 1'000'000, INT64_MAX / 4));
}

} // namespace

Asked::Attempt &Asked::note(const plan::Plan &plan, std::uint32_t member, const std::string &step,
                            std::uint32_t attempt, const std::vector<value::Value> &args) {
  auto [place, fresh] = attempts.try_emplace({step, attempt}, Attempt());
  if (fresh) {
    const plan::Binding &binding = plan.bindings[plan.members[member].binding];
    bool isModel = binding.kind == plan::fb::BindingKind::model;
    // A model is one thing, whoever asks it, and the program speaks of the prompt alone.
    std::vector<value::Value> &all = sent[isModel ? std::string(binding.name) : memberName(plan, member)];
    place->second.turn = all.size();
    all.push_back(isModel            ? args.at(1)
                  : args.size() == 1 ? args[0]
                  : args.empty()     ? value::Value()
                                     : value::Value::list(args));
  }
  return place->second;
}

const RecordedCall *Replayed::find(const std::string &step, std::uint32_t attempt, const std::string &call,
                                   const std::string &arguments) {
  for (const Recording &recording : recordings)
    if (recording.find(call, arguments, 0)) {
      auto [place, fresh] = known.try_emplace({step, attempt}, 0);
      if (fresh)
        place->second = times[{call, arguments}]++;
      return recording.find(call, arguments, place->second);
    }
  return nullptr;
}

TestDriver::TestDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, const plan::Entry &test,
                       std::string folder, CallLog &log, Replayed &replayed, Asked &asked)
    : doors(doors), plan(std::move(plan)), test(test), folder(std::move(folder)), log(log), replayed(replayed),
      asked(asked), evaluator(this->plan->program()) {}

TestDriver::~TestDriver() { *alive = false; }

void TestDriver::start(agent::CallRequest request, Done done) {
  if (plan->bindings[plan->members[request.member].binding].provider == plan::asksProvider)
    return answer(counted(request), std::move(done));
  std::string step = request.path.hex();
  Asked::Attempt &attempt = asked.note(*plan, request.member, step, request.attempt, request.args);
  log.calls.push_back({step, request.member, request.attempt, request.args});
  if (const plan::Mock *mock = mockOf(request.member))
    return mocked(*mock, request, attempt, std::move(done));
  if (replay(request, done))
    return;
  std::string why;
  agent::Driver *driver = real(request.member, why);
  if (!driver)
    return answer(unanswered(request, why), std::move(done));
  agent::CallId id = request.id;
  underWay[id] = driver;
  driver->start(std::move(request), [this, id, done = std::move(done)](agent::CallOutcome outcome) {
    underWay.erase(id);
    done(std::move(outcome));
  });
}

void TestDriver::cancel(agent::CallId id) {
  if (auto found = underWay.find(id); found != underWay.end())
    found->second->cancel(id);
}

const plan::Mock *TestDriver::mockOf(std::uint32_t member) const {
  for (const plan::Mock &mock : test.mocks)
    if (mock.member == member || (mock.binding != plan::noIndex && mock.binding == plan->members[member].binding))
      return &mock;
  return nullptr;
}

agent::CallOutcome TestDriver::counted(const agent::CallRequest &request) {
  // "calls docs.read", "arguments docs.read"
  std::string_view question = plan->members[request.member].name, name = question.substr(question.find(' ') + 1);
  const std::vector<value::Value> &sent = asked.sent[std::string(name)];
  agent::CallOutcome outcome;
  outcome.id = request.id;
  outcome.value = question.starts_with("calls ") ? value::Value::integer(static_cast<std::int64_t>(sent.size()))
                                                 : value::Value::list(sent);
  return outcome;
}

void TestDriver::mocked(const plan::Mock &mock, const agent::CallRequest &request, Asked::Attempt &attempt, Done done) {
  plan::MockAnswer said =
      plan::answerOf(*plan, mock, request.args, static_cast<std::int64_t>(attempt.turn), evaluator, base::defaultFuel);
  const plan::Binding &binding = plan->bindings[plan->members[request.member].binding];
  agent::CallOutcome outcome;
  outcome.id = request.id;
  outcome.failure = std::move(said.failure);
  outcome.tokensIn = said.tokensIn;
  outcome.tokensOut = said.tokensOut;
  outcome.costNano = priced(said.tokensIn, binding.priceInputNano) + priced(said.tokensOut, binding.priceOutputNano);
  if (said.value)
    outcome.value = *std::move(said.value);
  said.delayNs = std::min(said.delayNs, longestDelayNs);
  if (said.delayNs <= 0)
    return answer(std::move(outcome), std::move(done));
  // Who answers does not begin again because the one who asked has died. An answer that comes too late, though, is too
  // late as well when it is asked for again.
  std::int64_t nowNs = doors.clock.now().sinceOriginNs;
  bool isLate =
      request.deadlineMs > 0 && (nowNs + said.delayNs) / 1'000'000 >= static_cast<std::int64_t>(request.deadlineMs);
  if (attempt.answeredNs == 0 && !isLate)
    attempt.answeredNs = nowNs + said.delayNs;
  std::int64_t waitNs = attempt.answeredNs == 0 ? said.delayNs : std::max<std::int64_t>(0, attempt.answeredNs - nowNs);
  doors.clock.after(io::Duration(waitNs), [alive = alive, outcome = std::move(outcome), done = std::move(done)] {
    if (*alive)
      done(outcome);
  });
}

/// After as long as the call took when it was recorded.
bool TestDriver::replay(const agent::CallRequest &request, const Done &done) {
  if (replayed.recordings.empty())
    return false;
  auto arguments = recordedArguments(*plan, request.member, request.args);
  if (!arguments)
    return false;
  const RecordedCall *call =
      replayed.find(request.path.hex(), request.attempt, memberName(*plan, request.member), *arguments);
  if (!call)
    return false;
  agent::CallOutcome outcome;
  outcome.id = request.id;
  outcome.failure = call->failure;
  outcome.tokensIn = call->tokensIn;
  outcome.tokensOut = call->tokensOut;
  outcome.costNano = call->costNano;
  if (!call->gives.empty()) {
    auto value = recordedValue(*plan, *call, request.resultType);
    if (value)
      outcome.value = *std::move(value);
    else
      outcome = unanswered(request, "its recorded answer does not fit: " + value.error().message);
  }
  doors.clock.after(std::chrono::milliseconds(call->milliseconds), [alive = alive, outcome = std::move(outcome), done] {
    if (*alive)
      done(outcome);
  });
  return true;
}

agent::CallOutcome TestDriver::unanswered(const agent::CallRequest &request, const std::string &why) {
  std::string arguments;
  const plan::Member &member = plan->members[request.member];
  for (std::size_t i = 0; i < request.args.size(); ++i) {
    auto json = value::toJson(request.args[i], member.params[i].type, plan->types);
    arguments += (i > 0 ? ", " : "") + (json ? shortened(*json) : "…");
  }
  std::string name = agent::shownName(*plan, request.member);
  std::string text = name + "(" + arguments + ") was called, and " + why + "; answer it with `mock " + name + " => …`";
  if (log.unanswered.empty())
    log.unanswered = text;
  agent::CallOutcome outcome;
  outcome.id = request.id;
  outcome.failure = {base::FailKind::failed, std::move(text)};
  return outcome;
}

void TestDriver::answer(agent::CallOutcome outcome, Done done) {
  doors.executor.post([alive = alive, outcome = std::move(outcome), done = std::move(done)] {
    if (*alive)
      done(outcome);
  });
}

agent::Driver *TestDriver::real(std::uint32_t member, std::string &why) {
  std::uint32_t index = plan->members[member].binding;
  const plan::Binding &binding = plan->bindings[index];
  bool files = binding.kind == plan::fb::BindingKind::files;
  bool extractive = binding.kind == plan::fb::BindingKind::model && binding.provider == "extractive";
  if ((!files && !extractive) || !plan::toolsOf(*plan, member).empty()) {
    why = replayed.recordings.empty() ? "nothing answers it in this test"
                                      : "neither a mock nor a recording answers it in this test";
    return nullptr;
  }
  auto found = drivers.find(index);
  if (found == drivers.end()) {
    agent::ProviderContext context{doors, plan, folder, [this](std::string_view name) -> std::optional<std::string> {
                                     return doors.process.environment(std::string(name));
                                   }};
    auto made = agent::makeDriver(context, index);
    if (!made) {
      why = made.error().message;
      return nullptr;
    }
    found = drivers.emplace(index, *std::move(made)).first;
  }
  return found->second.get();
}

} // namespace weft::cli
