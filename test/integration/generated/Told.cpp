//===- Told.cpp - What a program does, by the reference -------------------===//

#include "test/integration/generated/Told.h"

namespace weft::generated {
namespace {

/// Everything is answered by mocks; of races the first arm that can win wins.
class MockedWorld final : public reference::World {
public:
  explicit MockedWorld(Told &told) : told(told) {}

  std::string model(const reference::Place &, const std::string &name, const std::string &,
                    const std::string &) override {
    throw reference::Unsupported{"nothing answers the model " + name, {}};
  }
  reference::Json member(const reference::Place &, const std::string &name, const reference::Json &) override {
    throw reference::Unsupported{"nothing answers " + name, {}};
  }
  reference::Json person(const reference::Place &, const std::string &agent, const std::string &) override {
    throw reference::Unsupported{"nothing answers " + agent, {}};
  }
  bool firstArmWins() override { return true; }
  std::optional<std::uint32_t> raceWinner(const reference::Place &, std::uint32_t) override { return std::nullopt; }
  std::vector<std::uint32_t> voteKept(const reference::Place &, std::int64_t keep, std::int64_t) override {
    std::vector<std::uint32_t> kept;
    for (std::int64_t sample = 0; sample < keep; ++sample)
      kept.push_back(static_cast<std::uint32_t>(sample));
    return kept;
  }
  std::string environment(const std::string &) override { throw reference::Unsupported{"env", {}}; }
  reference::Value tensor(const reference::Place &, const sema::Symbol *, const reference::Values &) override {
    throw reference::Unsupported{"a tensor function", {}};
  }
  std::string now(const reference::Place &) override { throw reference::Unsupported{"now", {}}; }
  double random(const reference::Place &) override { throw reference::Unsupported{"random", {}}; }
  std::string uuid(const reference::Place &) override { throw reference::Unsupported{"uuid", {}}; }

  void mocked(const reference::Place &place, const sema::Symbol *symbol, const reference::Json &arguments) override {
    if (!symbol->member)
      return;
    std::string name = symbol->member->tool->name + "." + symbol->name;
    if (name == "probe.done")
      told.result = arguments.items.at(0).text;
    else if (symbol->callable->effect >= sema::Effect::writeIdempotent)
      told.writes.push_back({name + "(" + text(arguments) + ")", place.steps, false});
  }
  std::size_t mark() override { return told.writes.size(); }
  void cutShort(std::size_t mark) override {
    told.anyFailure = true;
    for (std::size_t at = mark; at < told.writes.size(); ++at)
      told.writes[at].maybe = true;
  }
  bool looksAside() override { return true; }

private:
  Told &told;
};

} // namespace

bool isBefore(const Write &first, const Write &second) {
  std::size_t common = std::min(first.steps.size(), second.steps.size());
  for (std::size_t at = 0; at < common; ++at) {
    const reference::Step &one = first.steps[at], &other = second.steps[at];
    if (one == other)
      continue;
    return one.kind != reference::Step::Kind::forEach || !(one.at == other.at) || one.inOrder;
  }
  return true;
}

Told tell(const Checked &checked) {
  Told told;
  MockedWorld world(told);
  try {
    told.failure = reference::Interpreter(checked.sources, *checked.program, world).runTest("generated").failure;
  } catch (const reference::Unsupported &what) {
    source::Location at = checked.sources.file(what.span.file).location(what.span.begin);
    told.unsupported = std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what.what;
  }
  return told;
}

} // namespace weft::generated
