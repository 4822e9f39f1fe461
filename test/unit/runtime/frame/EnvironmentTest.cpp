//===- EnvironmentTest.cpp - What a run reads of the environment ----------===//

#include "test/unit/runtime/frame/LoopNode.h"

namespace weft::test {
namespace {

using Names = std::vector<std::string>;

TEST(Environment, names_are_constants_of_env_nodes_only) {
  Tools plan;
  auto &main = plan.block("main", 0);
  main.constant(plan.lit("PATH"));
  main.result(main.system(3, {main.constant(plan.lit("HOME"))}));
  plan.entry("main", main, {}, plan.text);
  EXPECT_EQ(frame::environmentNames(*plan.build()), Names{"HOME"});
}

/// files { root: env("DOCS"), key: secret("KEY") }
struct Settings : Tools {
  Settings() {
    auto root = std::make_unique<fb::SettingT>(), key = std::make_unique<fb::SettingT>();
    root->name = "root";
    root->value = -1;
    root->env = "DOCS";
    key->name = "key";
    key->value = -1;
    key->secret = "KEY";
    draft.bindings[tool]->settings.push_back(std::move(root));
    draft.bindings[tool]->settings.push_back(std::move(key));
    auto &main = block("main", 1);
    main.result(main.call(read, {main.param(0)}));
    entry("main", main, {integer}, integer);
  }
};

TEST(Environment, names_are_those_of_settings_too_and_never_secrets) {
  EXPECT_EQ(frame::environmentNames(*Settings().build()), Names{"DOCS"});
}

TEST(Environment, is_found_again_in_the_run) {
  simulation::Simulation simulation{1};
  Node node(simulation.doors(simulation.addHost("a")));
  journal::RunId run = node.loop->newRunId();
  node.loop->start(run, Settings().build(), 0, {Value::integer(1)}, 1, {{"DOCS", "/here"}});
  simulation.run();
  std::vector<journal::Record> records;
  node.journal->read(run, 0, [&](auto read) { records = *std::move(read); });
  simulation.run();
  auto recorded = frame::recordedEnvironment(records);
  ASSERT_TRUE(recorded);
  ASSERT_EQ(recorded->size(), 1u);
  EXPECT_EQ(recorded->front(), (std::pair<std::string, std::string>("DOCS", "/here")));

  EXPECT_EQ(frame::recordedEnvironment({}).error().code, base::Code::corrupt);
  EXPECT_EQ(frame::recordedEnvironment(std::span(records).subspan(1)).error().code, base::Code::corrupt);
  records.front().body.resize(3);
  EXPECT_FALSE(frame::recordedEnvironment(records));
}

} // namespace
} // namespace weft::test
