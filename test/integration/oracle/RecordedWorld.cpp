//===- RecordedWorld.cpp - A world that answers from a recording ----------===//

#include "test/integration/oracle/RecordedWorld.h"

#include <algorithm>

namespace weft::oracle {

using reference::Json;
using reference::Place;
using reference::Unsupported;
using reference::Value;

Json RecordedWorld::answer(const Place &place, const std::string &name, const Json &arguments) {
  std::string text = textOf(place.steps), equal = name + reference::text(arguments);
  const Answer *found = nullptr;
  auto look = [&](const Answer &answer) {
    if (!found && answer.name == name && !used.contains(&answer))
      found = &answer;
  };
  if (auto exact = recording.answers.find({text, place.attempt}); exact != recording.answers.end())
    std::ranges::for_each(exact->second, look);
  if (!found)
    if (auto before = made.find(equal); before != made.end())
      found = before->second;
  if (!found)
    if (auto near = recording.loose.find({textOf(place.steps, true), place.attempt}); near != recording.loose.end())
      for (const Answer *answer : near->second)
        look(*answer);
  if (!found)
    found = inFront(place, name);
  if (!found)
    throw Unsupported{
        "the journal has no answer of " + equal + " at " + text + ", attempt " + std::to_string(place.attempt), {}};
  made[equal] = found;
  used.insert(found);
  ++answered;
  if (found->failure)
    throw reference::Failure(*found->failure);
  return *found->value;
}

/// An answer of a call that was made in front of a `for` around its place: without that, and all between, it is the
/// same.
const Answer *RecordedWorld::inFront(const Place &place, const std::string &name) const {
  for (std::size_t first = place.steps.size(); first-- > 0;) {
    if (place.steps[first].kind != reference::Step::Kind::forEach)
      continue;
    for (std::size_t next = first + 1; next < place.steps.size(); ++next) {
      std::vector<reference::Step> steps(place.steps.begin(), place.steps.begin() + static_cast<std::ptrdiff_t>(first));
      steps.insert(steps.end(), place.steps.begin() + static_cast<std::ptrdiff_t>(next), place.steps.end());
      auto near = recording.loose.find({textOf(steps, true), place.attempt});
      if (near == recording.loose.end())
        continue;
      for (const Answer *answer : near->second)
        if (answer->inCell && answer->name == name && !used.contains(answer) &&
            (!answer->inAgent ? !place.agent : place.agent && *place.agent == answer->at))
          return answer;
    }
  }
  return nullptr;
}

std::string RecordedWorld::model(const Place &place, const std::string &name, const std::string &system,
                                 const std::string &prompt) {
  return answer(place, name, Json::list({Json::string(system), Json::string(prompt)})).text;
}

Json RecordedWorld::member(const Place &place, const std::string &name, const Json &arguments) {
  return answer(place, name, arguments);
}

Json RecordedWorld::person(const Place &place, const std::string &agent, const std::string &prompt) {
  return answer(place, agent, Json::list({Json::string(prompt)}));
}

std::optional<std::uint32_t> RecordedWorld::raceWinner(const Place &place, std::uint32_t) {
  auto found = recording.races.find(textOf(place.steps));
  if (found == recording.races.end() || found->second.empty())
    return std::nullopt;
  return found->second.front();
}

bool RecordedWorld::secondCounts(const Place &place) { return recording.seconds.contains(textOf(place.steps)); }

std::vector<std::uint32_t> RecordedWorld::voteKept(const Place &place, std::int64_t keep, std::int64_t) {
  auto found = recording.votes.find(textOf(place.steps));
  if (found == recording.votes.end())
    throw Unsupported{"the journal has no end of the vote at " + textOf(place.steps), {}};
  if (static_cast<std::int64_t>(found->second.size()) != keep)
    throw Unsupported{"the vote kept " + std::to_string(found->second.size()) + " samples, not " + std::to_string(keep),
                      {}};
  return found->second;
}

std::optional<reference::Failure> RecordedWorld::failureThatWon(const Place &place, source::Location at) {
  auto found = recording.tries.find(textOfTry(place.steps, at));
  return found == recording.tries.end() ? std::nullopt : std::optional(found->second);
}

std::string RecordedWorld::environment(const std::string &name) {
  auto found = recording.environment.find(name);
  if (found == recording.environment.end())
    throw reference::Failure{reference::FailKind::failed, "the environment has no " + name, "", false};
  return found->second;
}

Value RecordedWorld::tensor(const Place &, const sema::Symbol *fn, const reference::Values &arguments) {
  usedTensors = true;
  return tensors(fn, arguments);
}

std::string RecordedWorld::now(const Place &) { throw Unsupported{"now()", {}}; }
double RecordedWorld::random(const Place &) { throw Unsupported{"random()", {}}; }
std::string RecordedWorld::uuid(const Place &) { throw Unsupported{"uuid()", {}}; }

} // namespace weft::oracle
