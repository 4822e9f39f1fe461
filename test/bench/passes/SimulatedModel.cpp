//===- SimulatedModel.cpp - A model that answers by the clock -------------===//

#include "test/bench/passes/SimulatedModel.h"

#include "runtime/base/Digest.h"
#include "runtime/base/Random.h"
#include "runtime/value/Schema.h"

#include <algorithm>
#include <cstdio>
#include <regex>
#include <sstream>

namespace weft::bench {
namespace {

using base::Random;
using value::TypeKind;
using value::Value;

constexpr std::int64_t firstTokenMs = 300, tokensPerSecond = 50, bytesPerToken = 4, readMs = 5;

constexpr const char *wordList[] = {"the",   "plan",    "holds",  "because", "river", "number", "of",   "steps",
                                    "falls", "quickly", "where",  "people",  "ask",   "for",    "more", "light",
                                    "and",   "reason",  "behind", "figures", "stays", "open",   "to",   "doubt"};

std::uint64_t tokensOf(std::uint64_t bytes) { return (bytes + bytesPerToken - 1) / bytesPerToken; }

std::string words(Random &random, std::uint64_t count) {
  std::string text;
  for (std::uint64_t i = 0; i < count; ++i)
    text += (i ? " " : "") + std::string(wordList[random.below(std::size(wordList))]);
  return text;
}

/// JSON of the type; "?" for a type that no spec of the suite asks for.
std::string jsonOf(const value::TypeTable &types, value::TypeId id, Random &random) {
  const value::Type &type = types[id];
  auto fields = [&](const std::vector<value::Field> &all) {
    std::string text;
    for (const value::Field &field : all)
      text += (text.empty() ? "" : ", ") + std::string("\"") + field.name + "\": " + jsonOf(types, field.type, random);
    return text;
  };
  switch (type.kind) {
  case TypeKind::boolean:
    return random.below(2) ? "true" : "false";
  case TypeKind::integer:
    return std::to_string(random.below(11));
  case TypeKind::real:
    return "0." + std::to_string(random.below(10));
  case TypeKind::string:
    return "\"" + words(random, 4 + random.below(11)) + "\"";
  case TypeKind::list: {
    std::string text;
    for (std::uint64_t i = 0, count = 2 + random.below(4); i < count; ++i)
      text += (i ? ", " : "") + jsonOf(types, static_cast<value::TypeId>(type.element), random);
    return "[" + text + "]";
  }
  case TypeKind::record:
    return "{" + fields(type.fields) + "}";
  case TypeKind::sum: {
    const value::Case &one = type.cases[random.below(type.cases.size())];
    bool plain =
        std::all_of(type.cases.begin(), type.cases.end(), [](const value::Case &c) { return c.fields.empty(); });
    if (plain)
      return "\"" + one.name + "\"";
    return "{\"kind\": \"" + one.name + "\"" + (one.fields.empty() ? "" : ", " + fields(one.fields)) + "}";
  }
  default:
    return "?";
  }
}

bool matches(const std::string &pattern, const std::string &name) {
  std::size_t star = pattern.find('*');
  if (star == std::string::npos)
    return pattern == name;
  std::string before = pattern.substr(0, star), after = pattern.substr(star + 1);
  return name.size() >= before.size() + after.size() && name.starts_with(before) && name.ends_with(after);
}

std::uint64_t seedOf(const std::string &text) { return base::hashOf(base::bytesOf(text)).low; }

} // namespace

std::vector<Files> filesOf(const std::string &spec) {
  static const std::regex form(R"(// files: (\S+) = (?:(\d+) of )?(\d+) characters)");
  std::vector<Files> files;
  std::istringstream lines(spec);
  for (std::string line; std::getline(lines, line);)
    if (std::smatch found; std::regex_match(line, found, form))
      files.push_back({found[1], found[2].matched ? std::stoull(found[2]) : 1, std::stoull(found[3])});
  return files;
}

SimulatedWorld::SimulatedWorld(io::Clock &clock, std::shared_ptr<const plan::Plan> shared, std::vector<Files> files,
                               Tally &tally)
    : clock(clock), plan(std::move(shared)), files(std::move(files)), tally(tally) {
  for (value::TypeId type = 0; type < plan->types.size(); ++type)
    if (auto schema = value::schemaOf(type, plan->types))
      bySchema.emplace(std::move(*schema), type);
}

void SimulatedWorld::start(agent::CallRequest request, Done done) {
  std::vector<agent::CallRequest> requests;
  requests.push_back(std::move(request));
  startTogether(std::move(requests), std::move(done));
}

void SimulatedWorld::startTogether(std::vector<agent::CallRequest> requests, Done done) {
  auto outcomes = std::make_shared<std::vector<agent::CallOutcome>>();
  std::int64_t takesMs = 0;
  bool model = plan->bindings[plan->members[requests[0].member].binding].kind == plan::fb::BindingKind::model;
  tally.requests += model;
  for (const agent::CallRequest &request : requests) {
    outcomes->push_back(model ? ask(request) : look(request));
    outcomes->back().id = request.id;
    takesMs = std::max(takesMs, model ? firstTokenMs + outcomes->back().tokensOut * 1000 / tokensPerSecond : readMs);
  }
  clock.after(std::chrono::milliseconds(takesMs), [outcomes, done] {
    for (agent::CallOutcome &outcome : *outcomes)
      done(std::move(outcome));
  });
}

agent::CallOutcome SimulatedWorld::ask(const agent::CallRequest &request) {
  std::string system(request.args[0].asText()), prompt(request.args[1].asText()), schema(request.args[2].asText());
  Random random(seedOf(system + '\0' + prompt + '\0' + schema));
  std::string answer;
  if (schema.empty()) {
    static const std::regex wanted(R"(about (\d+) words)");
    std::smatch found;
    std::string asked = system + " " + prompt;
    bool says = std::regex_search(asked, found, wanted);
    answer = words(random, says ? std::stoull(found[1]) : 60 + random.below(61));
  } else {
    answer = jsonOf(plan->types, bySchema.at(schema), random);
  }
  agent::CallOutcome outcome;
  outcome.tokensIn = static_cast<std::int64_t>(tokensOf(system.size() + prompt.size() + schema.size()));
  outcome.tokensOut = static_cast<std::int64_t>(tokensOf(answer.size()));
  outcome.value = Value::text(answer);
  ++tally.calls;
  tally.tokensIn += static_cast<std::uint64_t>(outcome.tokensIn);
  tally.tokensOut += static_cast<std::uint64_t>(outcome.tokensOut);
  std::uint64_t &last = lastPrefix[plan->members[request.member].binding];
  tally.alike += request.prefix != 0 && request.prefix == last;
  last = request.prefix;
  return outcome;
}

const Files *SimulatedWorld::filesFor(const std::string &name) const {
  for (const Files &one : files)
    if (matches(one.pattern, name))
      return &one;
  return nullptr;
}

agent::CallOutcome SimulatedWorld::look(const agent::CallRequest &request) {
  ++tally.reads;
  std::string name(request.args[0].asText());
  agent::CallOutcome outcome;
  if (plan->members[request.member].name == "list") {
    std::vector<Value> names;
    for (const Files &one : files)
      if (one.pattern == name)
        for (std::uint64_t i = 1; i <= one.count; ++i) {
          char number[8];
          std::snprintf(number, sizeof number, "%03u", static_cast<unsigned>(i));
          names.push_back(Value::text(std::string(name).replace(name.find('*'), 1, number)));
        }
    outcome.value = Value::list(names);
    return outcome;
  }
  const Files *found = filesFor(name);
  if (!found) {
    outcome.failure = {base::FailKind::tool, "the head of the spec lists no file '" + name + "'"};
    return outcome;
  }
  Random random(seedOf(name));
  std::string text;
  while (text.size() < found->characters)
    text += words(random, 12) + ".\n";
  text.resize(found->characters);
  outcome.value = Value::text(text);
  return outcome;
}

} // namespace weft::bench
