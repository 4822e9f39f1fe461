//===- Recording.cpp - Records found again in the source ------------------===//

#include "test/integration/oracle/Recording.h"

#include "runtime/value/Json.h"
#include "test/integration/oracle/Ways.h"

#include <algorithm>
#include <set>

namespace weft::oracle {

using journal::RecordKind;
using reference::Json;
using reference::Step;

std::string textOf(const std::vector<Step> &steps, bool loose) {
  constexpr const char *names[] = {"call", "for", "loop", "race", "vote", "repair"};
  std::string out;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const Step &step = steps[i];
    if (loose && step.kind == Step::Kind::call && i + 1 < steps.size())
      continue;
    out += out.empty() ? "" : "/";
    out += std::string(names[static_cast<std::size_t>(step.kind)]);
    if (step.kind != Step::Kind::repair)
      out += " " + std::to_string(step.at.line) + ":" + std::to_string(step.at.column);
    if (step.iteration)
      out += " " + std::to_string(step.iteration);
  }
  return out;
}

std::string textOfTry(const std::vector<Step> &steps, source::Location at) {
  return textOf(steps) + "/try " + std::to_string(at.line) + ":" + std::to_string(at.column);
}

/// Walks the ways of the plan and looks each up among the records.
class Recording::Reader {
public:
  /// `most`: how often anything may have been done.
  Reader(Recording &out, const plan::Plan &plan, const LoadBlob &blob, std::set<std::string> agents, std::size_t most)
      : out(out), plan(plan), blob(blob), agents(std::move(agents)), ways(plan, most) {}

  base::Result<> run(const std::vector<journal::Record> &records) {
    for (const journal::Record &record : records) {
      auto body = frame::decodeBody(record.kind, record.body);
      if (!body) {
        if (record.kind == RecordKind::gangEpoch || record.kind == RecordKind::checkpoint)
          continue;
        return std::move(body).error();
      }
      if (auto *started = std::get_if<frame::RunStartedBody>(&*body)) {
        if (auto begun = start(*started); !begun)
          return begun;
      } else if (auto *ended = std::get_if<frame::RunEndedBody>(&*body)) {
        if (auto done = end(*ended); !done)
          return done;
      } else if (record.kind != RecordKind::intent) {
        steps[record.key.path].push_back({record.kind, record.key.attempt, record.lsn, *std::move(body)});
      }
    }
    const plan::Entry *entry = plan.entry(out.entry);
    if (!entry)
      return base::error(base::Code::invalid, "the plan has no entry " + out.entry);
    base::Hash128 root = base::hashOf(base::bytesOf(std::string_view(entry->name)));
    std::set<base::Hash128> recorded;
    for (const auto &[path, facts] : steps)
      recorded.insert(path);
    if (auto found = ways.find(entry->block, root, std::move(recorded)); !found)
      return found;
    if (auto walked = walk(entry->block, root, {}); !walked)
      return walked;
    for (auto &[key, answers] : out.answers)
      for (const Answer &answer : answers)
        out.loose[{loosened[key.first], key.second}].push_back(&answer);
    for (auto &[key, answers] : out.loose)
      std::sort(answers.begin(), answers.end(),
                [](const Answer *left, const Answer *right) { return left->number < right->number; });
    out.unplaced = steps.size();
    return {};
  }

private:
  struct Fact {
    RecordKind kind;
    std::uint32_t attempt;
    std::uint64_t lsn;
    frame::Body body;
  };

  base::Result<Json> json(const frame::StoredValue &stored, std::uint32_t type) {
    base::Bytes bytes;
    if (stored.isBlob()) {
      auto read = blob(stored.digest);
      if (!read)
        return std::move(read).error();
      bytes = *std::move(read);
    }
    auto value = frame::load(stored, bytes);
    if (!value)
      return std::move(value).error();
    return json(*value, type);
  }
  base::Result<Json> json(const value::Value &value, std::uint32_t type) {
    auto text = value::toJson(value, type, plan.types);
    if (!text)
      return std::move(text).error();
    return *reference::parseJson(*text);
  }
  static reference::Failure failureOf(const base::Failure &failure, const std::string &step) {
    return {static_cast<reference::FailKind>(failure.kind), failure.why, step, true};
  }

  base::Result<> start(const frame::RunStartedBody &body) {
    out.entry = body.entry;
    out.environment = {body.environment.begin(), body.environment.end()};
    out.inputs = Json::object();
    const plan::Entry *entry = plan.entry(body.entry);
    base::Bytes bytes;
    if (body.args.isBlob()) {
      auto read = blob(body.args.digest);
      if (!read)
        return std::move(read).error();
      bytes = *std::move(read);
    }
    auto args = frame::load(body.args, bytes);
    if (!args)
      return std::move(args).error();
    ways.addKeys(*args);
    for (std::size_t i = 0; entry && i < entry->params.size(); ++i) {
      auto one = json(args->items()[i], entry->params[i].type);
      if (!one)
        return std::move(one).error();
      out.inputs.fields.emplace_back(std::string(entry->params[i].name), *std::move(one));
    }
    return {};
  }

  base::Result<> end(const frame::RunEndedBody &body) {
    if (body.state == frame::RunEndedBody::State::succeeded) {
      auto value = json(body.value, plan.entry(out.entry)->result);
      if (!value)
        return std::move(value).error();
      out.result = *std::move(value);
      out.failure.reset();
    } else {
      out.failure = failureOf(body.failure, body.step);
    }
    return {};
  }

  base::Result<> walk(std::uint32_t block, base::Hash128 path, std::vector<Step> way) {
    if (!ways.lead(path))
      return {};
    for (const plan::Node &node : plan.nodesOf(plan.blocks[block]))
      if (auto seen = visit(node, path, way); !seen)
        return seen;
    return {};
  }

  source::Location whereIs(const plan::Node &node) const {
    plan::SourceSpan place = plan.at(node.span());
    return {place.line, place.column};
  }
  bool isAgents(const plan::Node &node) const {
    source::Location at = whereIs(node);
    return agents.contains(std::to_string(at.line) + ":" + std::to_string(at.column));
  }

  base::Result<> visit(const plan::Node &node, base::Hash128 path, const std::vector<Step> &way) {
    source::Location at = whereIs(node);
    auto deeper = [&](std::optional<Step::Kind> kind, std::uint32_t iteration) {
      std::vector<Step> inside = way;
      if (kind)
        inside.push_back({*kind, at, iteration});
      return inside;
    };
    base::Hash128 own = Ways::pathOf(path, node, 0);
    std::optional<Step::Kind> kind;
    bool repairs = isAgents(node);
    switch (node.op()) {
    case plan::Op::call:
      return take(node, own, repairs ? way : deeper(Step::Kind::call, 0));
    case plan::Op::race:
    case plan::Op::vote:
      kind = node.op() == plan::Op::race ? Step::Kind::race : Step::Kind::vote;
      if (auto found = steps.find(own); found != steps.end()) {
        for (const Fact &fact : found->second)
          if (auto *decision = std::get_if<frame::DecisionBody>(&fact.body)) {
            auto &chosen = node.op() == plan::Op::race ? out.races : out.votes;
            chosen[textOf(deeper(kind, 0))] = decision->chosen;
          }
        steps.erase(found);
      }
      break;
    case plan::Op::try_:
      if (auto found = steps.find(own); found != steps.end())
        for (const Fact &fact : found->second)
          if (auto *decision = std::get_if<frame::DecisionBody>(&fact.body);
              decision && decision->what == frame::DecisionBody::What::scopeFailed)
            out.tries.emplace(textOfTry(way, at), failureOf(decision->failure, decision->step));
      break;
    case plan::Op::map:
    case plan::Op::fold:
      kind = Step::Kind::forEach;
      break;
    case plan::Op::loop:
      kind = repairs ? Step::Kind::repair : Step::Kind::loop;
      break;
    case plan::Op::invoke:
      kind = Step::Kind::call;
      break;
    default:
      break;
    }
    if (node.policy() >= 0 && plan.policies[static_cast<std::size_t>(node.policy())].hedgeMs > 0)
      for (const Ways::Inner &inner : ways.below(node))
        if (inner.iteration % 2 == 0 && secondCounts(node, path, inner.iteration))
          out.seconds.insert(textOf(deeper(kind, inner.iteration)));
    steps.erase(own); // Of systems, gangs and the like: nothing that is asked.
    inCell += node.op() == plan::Op::once;
    for (const Ways::Inner &inner : ways.below(node)) {
      base::Hash128 below = Ways::pathOf(path, node, inner);
      if (auto walked = walk(inner.body, below, deeper(kind, inner.iteration)); !walked)
        return walked;
      // A scope's failure stands under its own path.
      steps.erase(below);
    }
    inCell -= node.op() == plan::Op::once;
    return {};
  }

  /// It has won, or was the last of the two to fail.
  bool secondCounts(const plan::Node &node, base::Hash128 path, std::uint32_t first) {
    auto decided = [&](std::uint32_t iteration, frame::DecisionBody::What what) -> const Fact * {
      auto found = steps.find(Ways::pathOf(path, node, iteration));
      if (found != steps.end())
        for (const Fact &fact : found->second)
          if (auto *decision = std::get_if<frame::DecisionBody>(&fact.body); decision && decision->what == what)
            return &fact;
      return nullptr;
    };
    using What = frame::DecisionBody::What;
    if (const Fact *won = decided(first, What::raceWon))
      return std::get<frame::DecisionBody>(won->body).chosen.at(0) == 1;
    const Fact *one = decided(first, What::scopeFailed), *other = decided(first + 1, What::scopeFailed);
    return other && one && other->lsn > one->lsn;
  }

  base::Result<> take(const plan::Node &node, base::Hash128 path, std::vector<Step> way) {
    auto found = steps.find(path);
    if (found == steps.end())
      return {};
    const plan::Member &member = plan.members[static_cast<std::size_t>(node.target())];
    const plan::Binding &binding = plan.bindings[member.binding];
    bool tool = binding.kind != plan::fb::BindingKind::model && binding.kind != plan::fb::BindingKind::human;
    std::string name = std::string(binding.name) + (tool ? "." + std::string(member.name) : "");
    if (binding.kind == plan::fb::BindingKind::human) // "editor.person" is who answers for the agent `editor`.
      name = name.substr(0, name.find('.'));
    std::string text = textOf(way);
    loosened[text] = textOf(way, true);
    for (const Fact &fact : found->second) {
      Answer answer{name, std::nullopt, std::nullopt, taken++, isAgents(node), whereIs(node), inCell > 0};
      if (auto *outcome = std::get_if<frame::OutcomeBody>(&fact.body)) {
        if (outcome->status == frame::OutcomeBody::Status::late)
          continue;
        if (outcome->status == frame::OutcomeBody::Status::failed) {
          answer.failure = failureOf(outcome->failure, name);
        } else {
          auto value = json(outcome->value, member.result);
          if (!value)
            return std::move(value).error();
          answer.value = *std::move(value);
        }
      } else if (auto *signal = std::get_if<frame::SignalBody>(&fact.body)) {
        if (signal->what != frame::SignalBody::What::answer)
          continue;
        auto value = json(signal->value, member.result);
        if (!value)
          return std::move(value).error();
        answer.value = *std::move(value);
      } else if (auto *decision = std::get_if<frame::DecisionBody>(&fact.body);
                 decision && decision->what == frame::DecisionBody::What::timedOut) {
        answer.failure = reference::Failure{reference::FailKind::timeout, "the time is up", name, false};
      } else {
        continue;
      }
      out.answers[{text, fact.attempt}].push_back(std::move(answer));
    }
    steps.erase(found);
    return {};
  }

  Recording &out;
  const plan::Plan &plan;
  const LoadBlob &blob;
  std::set<std::string> agents;
  std::map<base::Hash128, std::vector<Fact>> steps;
  Ways ways;
  std::map<std::string, std::string> loosened;
  std::size_t taken = 0, inCell = 0;
};

base::Result<Recording> Recording::read(std::shared_ptr<const plan::Plan> plan,
                                        const std::vector<journal::Record> &records, const LoadBlob &blob,
                                        std::set<std::string> agents) {
  Recording out;
  if (auto read = Reader(out, *plan, blob, std::move(agents), std::max<std::size_t>(64, records.size())).run(records);
      !read)
    return std::move(read).error();
  return out;
}

} // namespace weft::oracle
