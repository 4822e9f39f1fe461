//===- ScriptedWorld.cpp - A world out of a table -------------------------===//

#include "test/reference/workflow/World.h"

namespace weft::reference::workflow {

void ScriptedWorld::answer(const std::string &name, const std::string &arguments, Answer answer) {
  answers[{name, arguments}].push_back(std::move(answer));
}

Json ScriptedWorld::answered(const std::string &name, const Json &arguments) {
  log.push_back(name + text(arguments));
  auto found = answers.find({name, text(arguments)});
  if (found == answers.end())
    found = answers.find({name, ""});
  if (found == answers.end())
    throw Unsupported{"nothing answers " + log.back(), {}};
  Answer answer = found->second.front();
  if (found->second.size() > 1)
    found->second.pop_front();
  if (answer.failure)
    throw Failure{answer.failure->kind, answer.failure->why, name, true};
  return answer.value;
}

std::string ScriptedWorld::model(const Place &, const std::string &name, const std::string &,
                                 const std::string &prompt) {
  Json answer = answered(name, Json::list({Json::string(prompt)}));
  return answer.is(Json::Kind::text) ? answer.text : text(answer);
}

Json ScriptedWorld::member(const Place &, const std::string &name, const Json &arguments) {
  return answered(name, arguments);
}

Json ScriptedWorld::person(const Place &, const std::string &agent, const std::string &prompt) {
  return answered(agent, Json::list({Json::string(prompt)}));
}

std::optional<std::uint32_t> ScriptedWorld::raceWinner(const Place &, std::uint32_t) {
  if (races >= winners.size())
    return std::nullopt;
  return winners[races++];
}

std::vector<std::uint32_t> ScriptedWorld::voteKept(const Place &, std::int64_t, std::int64_t) {
  if (votes >= kept.size())
    throw Unsupported{"no vote is recorded", {}};
  return kept[votes++];
}

std::string ScriptedWorld::environment(const std::string &name) {
  auto found = variables.find(name);
  if (found == variables.end())
    throw Failure{FailKind::failed, "the environment has no " + name, "", false};
  return found->second;
}

Value ScriptedWorld::tensor(const Place &, const sema::Symbol *fn, const Values &) {
  throw Unsupported{"nothing computes the tensor function " + fn->name, fn->span};
}

} // namespace weft::reference::workflow
