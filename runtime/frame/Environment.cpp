//===- Environment.cpp - Which variables a plan may ask for ---------------===//
//
// What `env` gives is read once, when a run starts, and recorded, for steps and
// for the settings of models and tools alike. Only names that stand in the plan
// are read, so nothing else of the environment can reach a journal; what a
// setting calls `secret` is asked for when it is needed and never recorded.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/RecordBody.h"
#include "runtime/frame/RunLoop.h"

#include "runtime/value/WordsShape.h"

#include <algorithm>

namespace weft::frame {
namespace {

constexpr std::int32_t systemEnv = 3;

/// The text constants that `words` move into `target`.
void constantsInto(const plan::Plan &plan, std::span<const std::uint32_t> words, std::uint32_t target,
                   std::vector<std::string> &names) {
  for (std::size_t at = 0; at < words.size();) {
    const value::WordsShape *shape = value::shapeOf(value::opcodeIn(words[at]));
    WEFT_ASSERT(shape); // PlanCheck has seen these words
    std::size_t operands = at + 1 + shape->immediates;
    if (value::opcodeIn(words[at]) == static_cast<std::uint32_t>(value::Opcode::move) &&
        value::dstIn(words[at]) == target && (words[operands] & value::constantBit)) {
      const value::Value &constant = plan.consts[words[operands] & ~value::constantBit];
      if (constant.is(value::Tag::string))
        names.emplace_back(constant.asText());
    }
    at = operands + value::countIn(words[at]);
  }
}

} // namespace

std::vector<std::string> environmentNames(const plan::Plan &plan) {
  std::vector<std::string> names;
  for (const plan::Block &block : plan.blocks)
    for (const plan::Node &node : plan.nodesOf(block)) {
      if (node.op() != plan::Op::system || node.target() != systemEnv)
        continue;
      std::uint32_t name = plan.operandsOf(node)[0];
      for (const plan::Node &writer : plan.nodesOf(block))
        constantsInto(plan, plan.wordsOf(writer), name, names);
    }
  for (const plan::Binding &binding : plan.bindings)
    for (const plan::Setting &setting : binding.settings)
      if (!setting.env.empty())
        names.emplace_back(setting.env);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

base::Result<std::vector<std::pair<std::string, std::string>>>
recordedEnvironment(std::span<const journal::Record> records) {
  if (records.empty() || records.front().kind != journal::RecordKind::runStarted)
    return base::error(base::Code::corrupt, "the run's first record is no start");
  auto body = decodeBody(records.front().kind, records.front().body);
  if (!body)
    return std::move(body).error().in("the run's start");
  return std::get<RunStartedBody>(*body).environment;
}

} // namespace weft::frame
