//===- ProvidersTest.cpp - Bindings of a plan become drivers --------------===//

#include "runtime/agent/providers/Providers.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"
#include "runtime/value/Schema.h"
#include "runtime/value/WordsBuilder.h"

#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::agent {
namespace {

using base::FailKind;
using plan::fb::BindingKind;
using testing::AllOf;
using testing::HasSubstr;
using value::TypeId;
using value::TypeKind;
using value::Value;
using value::WordsBuilder;

class ProvidersTest : public testing::Test {
protected:
  ProvidersTest() { made->limits = {}; }

  std::uint32_t constant(Value value) {
    made->consts.push_back(std::move(value));
    return static_cast<std::uint32_t>(made->consts.size() - 1);
  }
  std::uint32_t function(std::uint32_t params, std::uint32_t registers, WordsBuilder words) {
    code.push_back(std::make_unique<std::vector<std::uint32_t>>(words.finish()));
    made->functions.push_back({"f", params, 0, registers, *code.back()});
    return static_cast<std::uint32_t>(made->functions.size() - 1);
  }
  std::uint32_t binding(std::string_view name, BindingKind kind, std::string_view provider = "") {
    made->bindings.push_back({name, provider, kind, {}, 0, 0, 0, -1, -1, -1});
    return static_cast<std::uint32_t>(made->bindings.size() - 1);
  }
  std::uint32_t member(std::uint32_t binding, std::string_view name, TypeId result,
                       std::vector<std::uint32_t> templates = {}) {
    made->members.push_back(
        {binding, name, {}, result, plan::Effect::read, plan::noIndex, std::move(templates), false, 1, 0});
    return static_cast<std::uint32_t>(made->members.size() - 1);
  }

  base::Result<std::unique_ptr<Driver>> make(std::uint32_t index) {
    return makeDriver({runtime.doors(), made, "/tmp",
                       [](std::string_view name) -> std::optional<std::string> {
                         return name == "FOLDER" ? std::optional<std::string>("/tmp") : std::nullopt;
                       }},
                      index);
  }
  CallOutcome call(Driver &driver, std::uint32_t member, std::vector<Value> args, std::int64_t maxTokens = 0) {
    CallRequest request;
    request.id = 9;
    request.member = member;
    request.args = std::move(args);
    request.resultType = made->members[member].result;
    request.maxTokensOut = maxTokens;
    std::optional<CallOutcome> outcome;
    driver.start(std::move(request), [&](CallOutcome result) { outcome = std::move(result); });
    EXPECT_TRUE(runtime.runUntil([&] { return outcome.has_value(); }));
    return std::move(*outcome);
  }

  io::AsioRuntime runtime;
  std::shared_ptr<plan::Plan> made = std::make_shared<plan::Plan>();
  std::vector<std::unique_ptr<std::vector<std::uint32_t>>> code;
  TypeId text = made->types.simple(TypeKind::string);
};

const char *lake =
    "Summarise:\nThe lake is a deep lake in the hills. Boats must carry a lamp at night. Fish live in the lake all "
    "year. The lake master counts the boats each spring.";

TEST_F(ProvidersTest, ExtractiveAnswersBySchemaAndWhere) {
  TypeId texts = made->types.list(text);
  // fn(points) -> len(points) == 2, the `where` of the field
  std::uint32_t two = constant(Value::integer(2));
  WordsBuilder words;
  words.builtin(value::Builtin::len, 1, {value::reg(0)});
  words.builtin(value::Builtin::eq, 2, {value::reg(1), value::constant(two)});
  words.return_(value::reg(2));
  std::int32_t check = static_cast<std::int32_t>(function(1, 3, std::move(words)));
  TypeId note =
      made->types.record("Note", {{"points", texts, check, "len(points) == 2", ""}, {"title", text, -1, "", ""}});
  ASSERT_TRUE(made->types.seal(made->functions.size()));
  std::uint32_t model = binding("local", BindingKind::model, "extractive");
  made->bindings[model].priceInputNano = 150'000'000; // $0.15 per Mtok
  std::uint32_t ask = member(model, "ask", text);
  auto driver = make(model);
  ASSERT_TRUE(driver);
  auto schema = value::schemaOf(note, made->types);
  ASSERT_TRUE(schema);

  CallOutcome outcome = call(**driver, ask, {Value::text(""), Value::text(lake), Value::text(*schema)});
  ASSERT_TRUE(outcome) << outcome.failure.why;
  value::Evaluator evaluator(made->program());
  Value parsed;
  std::uint64_t fuel = 1'000'000;
  EXPECT_FALSE(evaluator.parse(note, outcome.value->asText(), false, parsed, fuel));
  EXPECT_EQ(parsed.items()[0].items().size(), 2u);
  EXPECT_GT(outcome.tokensIn, 20);
  EXPECT_GT(outcome.tokensOut, 10);
  EXPECT_EQ(outcome.costNano, outcome.tokensIn * 150);

  CallOutcome again = call(**driver, ask, {Value::text(""), Value::text(lake), Value::text(*schema)});
  EXPECT_EQ(again.value->asText(), outcome.value->asText());
  EXPECT_THAT(std::string(call(**driver, ask, {Value::text(""), Value::text(lake), Value::text("")}).value->asText()),
              HasSubstr("lake"));
  EXPECT_EQ(call(**driver, ask, {Value::text(""), Value::text("x"), Value::text(*schema)}).failure.kind,
            FailKind::schema);
  EXPECT_EQ(call(**driver, ask, {Value::text(""), Value::text(lake), Value::text("{\"type\":\"x\"}")}).failure.kind,
            FailKind::refused);
  EXPECT_EQ(call(**driver, ask, {Value::text(""), Value::text(lake), Value::text(*schema)}, 2).failure.kind,
            FailKind::budget);
}

TEST_F(ProvidersTest, FilesOfWeightsHaveADriverAndTheNameOfTheFunction) {
  std::uint32_t weights = binding("std.safetensors", BindingKind::files, "safetensors");
  std::uint32_t reads = member(weights, "weights f32[2]", made->types.tensor(base::ElementType::f32, {2}));
  made->members[reads].params = {{"file", text}};
  EXPECT_EQ(shownName(*made, reads), "weights");
  auto driver = make(weights);
  ASSERT_TRUE(driver) << driver.error().message;
  CallOutcome outcome = call(**driver, reads, {Value::text("no-such-file.safetensors")});
  EXPECT_EQ(outcome.failure.kind, FailKind::tool);
  EXPECT_THAT(outcome.failure.why, HasSubstr("/tmp/no-such-file.safetensors"));
}

TEST_F(ProvidersTest, ExecRendersItsTemplateAndReadsItsOutput) {
  std::uint32_t echo = constant(Value::text("echo")), n = constant(Value::text("-n"));
  auto piece = [&](value::Operand operand) {
    WordsBuilder words;
    words.return_(operand);
    return function(1, 1, std::move(words));
  };
  std::vector<std::uint32_t> templates = {piece(value::constant(echo)), piece(value::constant(n)),
                                          piece(value::reg(0))};
  TypeId number = made->types.simple(TypeKind::integer);
  std::uint32_t tool = binding("shell", BindingKind::exec);
  std::uint32_t say = member(tool, "say", text, templates), count = member(tool, "count", number, templates);
  auto driver = make(tool);
  ASSERT_TRUE(driver);
  EXPECT_EQ(call(**driver, say, {Value::text("a b; c")}).value->asText(), "a b; c");
  EXPECT_EQ(call(**driver, count, {Value::text("42")}).value->asInt(), 42);
  EXPECT_EQ(call(**driver, count, {Value::text("many")}).failure.kind, FailKind::schema);
}

TEST_F(ProvidersTest, FilesTakeTheirRootFromConstantsAndTheEnvironment) {
  std::filesystem::create_directories("/tmp/weft-providers/in");
  std::ofstream("/tmp/weft-providers/in/a.txt") << "hello";
  std::uint32_t root = constant(Value::text("weft-providers/in")), yes = constant(Value::boolean(true));
  std::uint32_t fixed = binding("docs", BindingKind::files), open = binding("all", BindingKind::files),
                unset = binding("other", BindingKind::files), none = binding("none", BindingKind::files);
  made->bindings[fixed].settings = {{"root", root, "", ""}, {"write", yes, "", ""}};
  made->bindings[open].settings = {{"root", plan::noIndex, "FOLDER", ""}};
  made->bindings[unset].settings = {{"root", plan::noIndex, "NOWHERE", ""}};
  std::uint32_t read = member(fixed, "read", text), write = member(fixed, "write", made->types.simple(TypeKind::none)),
                readAll = member(open, "read", text);
  auto docs = make(fixed), all = make(open);
  ASSERT_TRUE(docs && all);
  EXPECT_EQ(call(**docs, read, {Value::text("a.txt")}).value->asText(), "hello");
  EXPECT_TRUE(call(**docs, write, {Value::text("b.txt"), Value::text("new")}));
  EXPECT_EQ(call(**all, readAll, {Value::text("weft-providers/in/b.txt")}).value->asText(), "new");
  EXPECT_THAT(make(unset).error().message, AllOf(HasSubstr("other"), HasSubstr("NOWHERE"), HasSubstr("not set")));
  EXPECT_THAT(make(none).error().message, HasSubstr("'root' is missing"));
  std::filesystem::remove_all("/tmp/weft-providers");
}

TEST_F(ProvidersTest, WhatIsNotCarriedIsNamed) {
  std::uint32_t cloud = binding("cloud", BindingKind::model, "openai"), person = binding("boss", BindingKind::human);
  auto refused = make(cloud);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, base::Code::unsupported);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("cloud"), HasSubstr("openai")));
  auto none = make(person);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->get(), nullptr);
}

TEST_F(ProvidersTest, ExecIsHandedItsOwnVariables) {
  setenv("WEFT_PROVIDERS_KEY", "hidden", 1);
  std::uint32_t shell = binding("shell", BindingKind::exec), lost = binding("lost", BindingKind::exec);
  std::uint32_t quiet = constant(Value::text("quiet")), ms = constant(Value::integer(50'000'000));
  made->bindings[shell].settings = {{"env.MODE", quiet, "", ""},
                                    {"env.WHERE", plan::noIndex, "FOLDER", ""},
                                    {"env.KEY", plan::noIndex, "", "WEFT_PROVIDERS_KEY"},
                                    {"timeout", ms, "", ""}};
  made->bindings[lost].settings = {{"env.KEY", plan::noIndex, "", "WEFT_PROVIDERS_NO_KEY"}};
  auto words = [&](std::initializer_list<const char *> all) {
    std::vector<std::uint32_t> templates;
    for (const char *one : all) {
      WordsBuilder words;
      words.return_(value::constant(constant(Value::text(one))));
      templates.push_back(function(0, 1, std::move(words)));
    }
    return templates;
  };
  std::uint32_t say = member(shell, "say", text, words({"sh", "-c", "echo $MODE $WHERE $KEY"}));
  std::uint32_t late = member(shell, "late", text, words({"sleep", "5"}));
  auto driver = make(shell);
  ASSERT_TRUE(driver) << driver.error().message;
  EXPECT_EQ(call(**driver, say, {}).value->asText(), "quiet /tmp hidden");
  EXPECT_EQ(call(**driver, late, {}).failure.kind, FailKind::timeout);
  EXPECT_THAT(make(lost).error().message, AllOf(HasSubstr("env.KEY"), HasSubstr("secret(\"WEFT_PROVIDERS_NO_KEY\")")));
}

} // namespace
} // namespace weft::agent
