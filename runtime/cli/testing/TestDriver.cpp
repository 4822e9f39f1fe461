//===- TestDriver.cpp - What answers the calls of a test ------------------===//

#include "runtime/cli/testing/TestDriver.h"

#include "runtime/agent/providers/Providers.h"
#include "runtime/base/Limits.h"
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

} // namespace

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
                       std::string folder, CallLog &log, Replayed &replayed)
    : doors(doors), plan(std::move(plan)), test(test), folder(std::move(folder)), log(log), replayed(replayed),
      evaluator(this->plan->program()) {}

TestDriver::~TestDriver() { *alive = false; }

void TestDriver::start(agent::CallRequest request, Done done) {
  log.calls.push_back({request.path.hex(), request.member, request.attempt, request.args});
  if (const plan::Mock *mock = mockOf(request.member))
    return answer(mocked(*mock, request), std::move(done));
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

agent::CallOutcome TestDriver::mocked(const plan::Mock &mock, const agent::CallRequest &request) {
  agent::CallOutcome outcome;
  outcome.id = request.id;
  value::Value result;
  std::uint64_t fuel = base::defaultFuel;
  if (auto failure = evaluator.call(mock.function, request.args, result, fuel))
    outcome.failure = std::move(*failure);
  else
    outcome.value = std::move(result);
  return outcome;
}

/// After as long as the call took when it was recorded.
bool TestDriver::replay(const agent::CallRequest &request, const Done &done) {
  if (replayed.recordings.empty())
    return false;
  auto arguments = recordedArguments(*plan, request.member, request.args);
  if (!arguments)
    return false;
  const RecordedCall *call = replayed.find(request.path.hex(), request.attempt,
                                           memberName(*plan, request.member), *arguments);
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
