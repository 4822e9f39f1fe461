//===- ExecDriver.cpp - A program as a tool -------------------------------===//

#include "runtime/agent/exec/ExecDriver.h"

#include "runtime/agent/PoolDriver.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <deque>
#include <map>

namespace weft::agent {
namespace {

using base::FailKind;

std::string shown(const std::vector<std::string> &arguments) {
  std::string out;
  for (const std::string &argument : arguments)
    out += (out.empty() ? "" : " ") + argument;
  return out.size() > 120 ? std::string(value::cutTo(out, 117)) + "..." : out;
}

/// The end of what a program said, as valid text.
std::string lastWords(const base::Bytes &errors) {
  std::string_view text = base::textOf(errors);
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  if (text.size() > shownErrorBytes)
    text.remove_prefix(text.size() - shownErrorBytes);
  std::string out;
  while (!text.empty()) {
    std::size_t valid = value::validUtf8Prefix(text);
    out += text.substr(0, valid);
    text.remove_prefix(std::min(text.size(), valid + 1));
    if (!text.empty())
      out += '?';
  }
  return out;
}

class ExecDriver final : public Driver {
public:
  ExecDriver(io::Doors &doors, ExecSpec spec) : doors(doors), spec(std::move(spec)) {}

  void start(CallRequest request, Done done) override {
    waiting.push_back({std::move(request), std::move(done)});
    startWaiting();
  }

  void cancel(CallId id) override {
    auto queued = std::find_if(waiting.begin(), waiting.end(), [&](const Call &call) { return call.request.id == id; });
    if (queued != waiting.end()) {
      Call call = std::move(*queued);
      waiting.erase(queued);
      return post(std::move(call), failed(FailKind::cancelled, "cancelled before it began"));
    }
    if (auto found = running.find(id); found != running.end()) {
      found->second.cancelled = true;
      found->second.command->kill();
    }
  }

private:
  struct Call {
    CallRequest request;
    Done done;
  };
  struct Running {
    Call call;
    std::string name;
    std::unique_ptr<io::Command> command;
    bool cancelled = false;
  };

  void startWaiting() {
    while (!waiting.empty() && running.size() < maxExecRunning) {
      Call call = std::move(waiting.front());
      waiting.pop_front();
      launch(std::move(call));
    }
  }

  void launch(Call call) {
    auto arguments = spec.render(call.request);
    if (!arguments)
      return post(std::move(call), failed(FailKind::tool, spec.tool + ": " + arguments.error().message));
    if (arguments->empty() || arguments->front().empty())
      return post(std::move(call), failed(FailKind::tool, spec.tool + ": the template gives no program"));
    for (const std::string &argument : *arguments)
      if (argument.find('\0') != std::string::npos)
        return post(std::move(call), failed(FailKind::refused, spec.tool + ": an argument holds a zero byte"));
    std::string name = spec.tool + ": " + shown(*arguments);
    io::CommandSpec command;
    command.program = {
        arguments->front(), {arguments->begin() + 1, arguments->end()}, spec.environment, spec.folder, {}};
    command.program.environment.emplace_back("WEFT_IDEMPOTENCY_KEY", call.request.idempotencyKey);
    command.timeout = spec.timeout;
    command.maxOutputBytes = spec.outputBytes;
    CallId id = call.request.id;
    // The callback of a command that is destroyed with this driver is not called.
    auto started = io::startCommand(doors, std::move(command),
                                    [this, id](io::CommandResult result) { finish(id, std::move(result)); });
    if (!started)
      return post(std::move(call), failed(FailKind::tool, name + ": " + started.error().message));
    running.emplace(id, Running{std::move(call), std::move(name), std::move(*started), false});
  }

  void finish(CallId id, io::CommandResult result) {
    auto found = running.find(id);
    Running run = std::move(found->second);
    running.erase(found);
    CallOutcome outcome = outcomeOf(run, result);
    outcome.id = id;
    startWaiting();
    run.call.done(std::move(outcome));
  }

  CallOutcome outcomeOf(const Running &run, const io::CommandResult &result) {
    if (run.cancelled && (result.exit.signal != 0 || result.exit.code != 0))
      return failed(FailKind::cancelled, run.name + ": killed because the call was cancelled");
    if (result.timedOut)
      return failed(FailKind::timeout,
                    run.name + ": killed after " +
                        std::to_string(std::chrono::duration_cast<std::chrono::seconds>(spec.timeout).count()) + " s");
    if (result.outputTooLong)
      return failed(FailKind::tool,
                    run.name + ": killed because it wrote more than " + std::to_string(spec.outputBytes) + " bytes");
    std::string errors = lastWords(result.errors);
    if (!errors.empty())
      errors = ": " + errors;
    if (result.exit.signal != 0)
      return failed(FailKind::tool, run.name + ": ended by signal " + std::to_string(result.exit.signal) + errors);
    if (result.exit.code != 0)
      return failed(FailKind::tool, run.name + ": exit code " + std::to_string(result.exit.code) + errors);
    if (result.outputLost)
      return failed(FailKind::tool, run.name + ": its output could not be read: " + result.outputLost->message);
    std::string_view output = base::textOf(result.output);
    if (output.ends_with('\n'))
      output.remove_suffix(1);
    if (std::size_t valid = value::validUtf8Prefix(output); valid < output.size())
      return failed(FailKind::tool, run.name + ": byte " + std::to_string(valid) + " of its output is not UTF-8");
    return spec.answer(run.call.request, output);
  }

  void post(Call call, CallOutcome outcome) {
    outcome.id = call.request.id;
    doors.executor.post(
        [done = std::move(call.done), outcome = std::move(outcome), alive = std::weak_ptr(alive)]() mutable {
          if (alive.lock())
            done(std::move(outcome));
        });
  }

  io::Doors &doors;
  ExecSpec spec;
  std::deque<Call> waiting;
  std::map<CallId, Running> running;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

} // namespace

std::unique_ptr<Driver> makeExecDriver(io::Doors &doors, ExecSpec spec) {
  return std::make_unique<ExecDriver>(doors, std::move(spec));
}

std::vector<std::pair<std::string, std::string>> execEnvironment(const io::Process &process) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const char *name :
       {"PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "TZ", "LANG", "LC_ALL", "LC_CTYPE", "TERM"})
    if (auto value = process.environment(name))
      out.emplace_back(name, *value);
  return out;
}

} // namespace weft::agent
