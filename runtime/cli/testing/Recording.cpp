//===- Recording.cpp - Calls of a run, kept to be answered again ----------===//

#include "runtime/cli/testing/Recording.h"

#include "runtime/plan/MockAnswer.h"
#include "runtime/value/Json.h"

#include <algorithm>

namespace weft::cli {
namespace {

using base::Code;
using value::TypeId;
using value::TypeKind;

constexpr std::int64_t formatVersion = 1;

/// The file, as a type of the language.
struct Format {
  Format() {
    TypeId text = types.simple(TypeKind::string), number = types.simple(TypeKind::integer),
           any = types.simple(TypeKind::json);
    TypeId fails = types.record("Failure", {{"kind", text}, {"why", text}});
    TypeId call = types.record("Call", {{"call", text},
                                        {"arguments", any},
                                        {"gives", types.optional(any)},
                                        {"fails", types.optional(fails)},
                                        {"tokens_in", types.optional(number)},
                                        {"tokens_out", types.optional(number)},
                                        {"cost_nano", types.optional(number)},
                                        {"milliseconds", types.optional(number)}});
    file = types.record("Recording", {{"weft_recording", number}, {"calls", types.list(call)}});
  }
  value::TypeTable types;
  TypeId file;
};

std::optional<base::FailKind> kindNamed(std::string_view text) {
  for (std::uint8_t kind = 0; kind < base::failKindCount; ++kind)
    if (text == base::name(static_cast<base::FailKind>(kind)))
      return static_cast<base::FailKind>(kind);
  return std::nullopt;
}

/// Of JSON that was written by type: fields in the order of their names, as in what was read.
base::Result<std::string> canonical(std::string_view json) {
  auto value = value::parseJson(json);
  return value ? value::writeJson(*value) : base::Result<std::string>(std::move(value).error());
}

base::Result<RecordedCall> readCall(const value::Value &record, std::size_t number) {
  auto wrong = [&](const std::string &what) {
    return base::error(Code::invalid, "$.calls[" + std::to_string(number) + "]" + what);
  };
  std::span<const value::Value> fields = record.items();
  auto optional = [&](std::size_t at) { return fields[at].is(value::Tag::none) ? 0 : fields[at].asInt(); };
  RecordedCall call;
  call.call = fields[0].asText();
  auto arguments = value::writeJson(fields[1]);
  if (!arguments)
    return wrong(".arguments: " + arguments.error().message);
  call.arguments = *std::move(arguments);
  if (fields[3].is(value::Tag::none)) {
    auto gives = value::writeJson(fields[2]);
    if (!gives)
      return wrong(".gives: " + gives.error().message);
    call.gives = *std::move(gives);
  } else {
    std::span<const value::Value> fails = fields[3].items();
    auto kind = kindNamed(fails[0].asText());
    if (!kind)
      return wrong(".fails.kind: expected a kind of failure, \"tool\" for example, found \"" +
                   std::string(fails[0].asText()) + "\"");
    if (!fields[2].is(value::Tag::none))
      return wrong(": expected `gives` or `fails`, found both");
    call.failure = {*kind, std::string(fails[1].asText())};
  }
  call.tokensIn = optional(4);
  call.tokensOut = optional(5);
  call.costNano = optional(6);
  call.milliseconds = optional(7);
  if (call.tokensIn < 0 || call.tokensOut < 0 || call.costNano < 0 || call.milliseconds < 0)
    return wrong(": expected numbers from 0 on, found one below");
  return call;
}

} // namespace

std::string memberName(const plan::Plan &plan, std::uint32_t index) {
  const plan::Member &member = plan.members[index];
  if (plan.bindings[member.binding].provider == plan::mockProvider)
    return std::string(member.name); // the agent or workflow that is mocked
  std::string binding(plan.bindings[member.binding].name);
  plan::fb::BindingKind kind = plan.bindings[member.binding].kind;
  if (kind == plan::fb::BindingKind::human || kind == plan::fb::BindingKind::a2a)
    return binding.substr(0, binding.rfind('.')); // the agent that asks, or is asked
  return member.name.empty() || member.name == binding ? binding : binding + "." + std::string(member.name);
}

base::Result<Recording> Recording::read(std::string_view text) {
  static const Format format;
  auto file = value::fromJson(text, format.file, format.types);
  if (!file)
    return std::move(file).error();
  if (std::int64_t version = file->items()[0].asInt(); version != formatVersion)
    return base::error(Code::unsupported, "$.weft_recording: found version " + std::to_string(version) +
                                              ", this build reads version " + std::to_string(formatVersion));
  Recording recording;
  for (const value::Value &record : file->items()[1].items()) {
    auto call = readCall(record, recording.calls.size());
    if (!call)
      return std::move(call).error();
    recording.add(*std::move(call));
  }
  return recording;
}

std::string Recording::text() const {
  std::string out = "{\n  \"weft_recording\": " + std::to_string(formatVersion) + ",\n  \"calls\": [";
  for (const RecordedCall &call : calls) {
    out += &call == calls.data() ? "\n    {\"call\":" : ",\n    {\"call\":";
    value::appendJsonString(out, call.call);
    out += ",\"arguments\":" + call.arguments;
    if (!call.gives.empty()) {
      out += ",\"gives\":" + call.gives;
    } else {
      out += std::string(",\"fails\":{\"kind\":\"") + base::name(call.failure.kind) + "\",\"why\":";
      value::appendJsonString(out, call.failure.why);
      out += "}";
    }
    auto number = [&](const char *name, std::int64_t value) {
      if (value != 0)
        out += std::string(",\"") + name + "\":" + std::to_string(value);
    };
    number("tokens_in", call.tokensIn);
    number("tokens_out", call.tokensOut);
    number("cost_nano", call.costNano);
    number("milliseconds", call.milliseconds);
    out += "}";
  }
  return out + (calls.empty() ? "]\n}\n" : "\n  ]\n}\n");
}

void Recording::add(RecordedCall call) {
  byCall[{call.call, call.arguments}].push_back(calls.size());
  calls.push_back(std::move(call));
}

const RecordedCall *Recording::find(const std::string &call, const std::string &arguments, std::size_t time) const {
  auto found = byCall.find({call, arguments});
  if (found == byCall.end())
    return nullptr;
  return &calls[found->second[std::min(time, found->second.size() - 1)]];
}

base::Result<std::string> recordedArguments(const plan::Plan &plan, std::uint32_t member,
                                            std::span<const value::Value> args) {
  const std::vector<value::Field> &params = plan.members[member].params;
  std::string json = "{";
  for (std::size_t at = 0; at < args.size(); ++at) {
    value::appendJsonString(json += at > 0 ? "," : "", params[at].name);
    json += ":";
    if (auto written = value::toJson(args[at], params[at].type, plan.types, json); !written)
      return std::move(written).error();
  }
  return canonical(json + "}");
}

std::string recordedPrompt(std::string_view prompt) {
  std::string json = "{\"prompt\":";
  value::appendJsonString(json, prompt);
  return json + "}";
}

base::Result<value::Value> recordedValue(const plan::Plan &plan, const RecordedCall &call, std::uint32_t type) {
  return value::fromJson(call.gives, type, plan.types);
}

void RecordingDriver::start(agent::CallRequest request, Done done) {
  RecordedCall call;
  call.call = memberName(*plan, request.member);
  auto arguments = recordedArguments(*plan, request.member, request.args);
  if (!arguments) {
    trouble = call.call + " was not recorded: " + arguments.error().message;
    return inner->start(std::move(request), std::move(done));
  }
  call.arguments = *std::move(arguments);
  std::uint32_t type = request.resultType;
  io::Instant begin = clock.now();
  inner->start(std::move(request),
               [this, type, begin, call = std::move(call), done = std::move(done)](agent::CallOutcome outcome) mutable {
                 auto took = std::chrono::nanoseconds(clock.now().sinceOriginNs - begin.sinceOriginNs);
                 call.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
                 call.tokensIn = outcome.tokensIn;
                 call.tokensOut = outcome.tokensOut;
                 call.costNano = outcome.costNano;
                 call.failure = outcome.failure;
                 base::Result<std::string> gives = std::string();
                 if (outcome.value) {
                   gives = value::toJson(*outcome.value, type, plan->types);
                   if (gives)
                     gives = canonical(*gives);
                 }
                 if (!gives)
                   trouble = call.call + " was not recorded: " + gives.error().message;
                 // What was given up did not answer.
                 else if (outcome.value || outcome.failure.kind != base::FailKind::cancelled) {
                   call.gives = *std::move(gives);
                   recording.add(std::move(call));
                 }
                 done(std::move(outcome));
               });
}

void recordAnswer(const plan::Plan &plan, const frame::Question &question, const value::Value &answer,
                  Recording &recording, std::string &trouble) {
  RecordedCall call;
  call.call = memberName(plan, question.member);
  call.arguments = recordedPrompt(question.prompt);
  auto json = value::toJson(answer, question.type, plan.types);
  if (json)
    json = canonical(*json);
  if (!json) {
    trouble = call.call + " was not recorded: " + json.error().message;
    return;
  }
  call.gives = *std::move(json);
  recording.add(std::move(call));
}

} // namespace weft::cli
