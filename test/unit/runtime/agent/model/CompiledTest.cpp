//===- CompiledTest.cpp - A model of the plan's own code answers ----------===//

#include "runtime/agent/model/CompiledDriver.h"
#include "runtime/agent/providers/Providers.h"
#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/io/AsioRuntime.h"
#include "test/simulation/gang/DecodePlan.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gmock/gmock.h>

namespace weft::agent {
namespace {

namespace fs = std::filesystem;
using simulation::DecodeShape;
using testing::HasSubstr;
using value::Value;

class CompiledTest : public testing::Test {
protected:
  void SetUp() override {
    char name[] = "/tmp/weft-compiled-XXXXXX";
    folder = ::mkdtemp(name);
    put("own.safetensors", simulation::decodeWeights(table));
  }
  void TearDown() override { fs::remove_all(folder); }

  void put(const std::string &name, base::ConstBytes bytes) {
    std::ofstream(folder / name, std::ios::binary) << base::textOf(bytes);
  }

  base::Result<std::unique_ptr<Driver>> driver(const DecodeShape &shape) {
    ProviderContext context{runtime.doors(), simulation::decodePlan(shape), folder.string(), nullptr};
    return makeDriver(context, 0);
  }

  static CallRequest request(const std::string &prompt, const std::string &step = "a", const std::string &schema = "") {
    CallRequest made;
    made.id = 1;
    made.args = {Value::text(""), Value::text(prompt), Value::text(schema)};
    made.idempotencyKey = step + std::string(32 - step.size(), '0') + "-run";
    return made;
  }

  CallOutcome answer(Driver &driver, CallRequest request) {
    std::optional<CallOutcome> outcome;
    driver.start(std::move(request), [&](CallOutcome ended) { outcome = std::move(ended); });
    runtime.runUntil([&] { return outcome.has_value(); });
    return *std::move(outcome);
  }
  CallOutcome answer(const DecodeShape &shape, CallRequest request) {
    auto made = driver(shape);
    EXPECT_TRUE(made) << made.error().message;
    return made ? answer(**made, std::move(request)) : CallOutcome{};
  }

  /// The likeliest bytes behind the prompt, by the reference.
  std::string likeliest(std::string text, std::size_t count) {
    std::string out;
    for (; count > 0; --count) {
      std::vector<float> logits = simulation::decodeReference(table, text);
      char next = static_cast<char>(std::max_element(logits.begin(), logits.end()) - logits.begin());
      text += next;
      out += next;
    }
    return out;
  }

  io::AsioRuntime runtime;
  fs::path folder;
  std::vector<float> table = simulation::decodeTable(11);
};

TEST_F(CompiledTest, WritesWhatTheReferenceFindsLikeliest) {
  for (bool prefill : {true, false})
    for (const char *prompt : {"a", "four", "seven b", "a longer prompt of thirty-one b"}) {
      DecodeShape shape;
      shape.prefill = prefill;
      CallOutcome outcome = answer(shape, request(prompt));
      ASSERT_TRUE(outcome) << outcome.failure.why;
      EXPECT_EQ(outcome.value->asText(), likeliest(prompt, 20)) << prompt;
      EXPECT_EQ(outcome.tokensIn, static_cast<std::int64_t>(std::string_view(prompt).size()));
      EXPECT_EQ(outcome.tokensOut, 20);
    }
}

TEST_F(CompiledTest, CallsAreApart) {
  auto made = driver({});
  ASSERT_TRUE(made);
  EXPECT_EQ(answer(**made, request("first")).value->asText(), likeliest("first", 20));
  EXPECT_EQ(answer(**made, request("second")).value->asText(), likeliest("second", 20));
  EXPECT_EQ(answer(**made, request("")).value->asText(), likeliest("\n", 20)) << "an empty prompt begins a line";
}

TEST_F(CompiledTest, SeedAndPlaceDecideWhatIsDrawn) {
  DecodeShape shape;
  shape.temperature = 2;
  shape.topK = 20;
  auto text = [&](const std::string &step) {
    return std::string(answer(shape, request("once", step)).value->asText());
  };
  std::string first = text("a");
  EXPECT_EQ(text("a"), first);
  EXPECT_NE(text("b"), first) << "another sample of a vote";
  shape.seed = 2;
  EXPECT_NE(text("a"), first);
}

TEST_F(CompiledTest, StopsWhereItIsTold) {
  std::string whole = likeliest("stop", 20);
  DecodeShape shape;
  shape.stop = {whole.substr(5, 3), "never seen"};
  CallOutcome outcome = answer(shape, request("stop"));
  ASSERT_TRUE(outcome);
  EXPECT_EQ(outcome.value->asText(), whole.substr(0, whole.find(shape.stop[0])));
  CallRequest few = request("stop");
  few.maxTokensOut = 3;
  EXPECT_EQ(answer({}, few).value->asText(), whole.substr(0, 3)) << "a budget's bound";
}

TEST_F(CompiledTest, APromptThatDoesNotFitIsRefused) {
  DecodeShape shape;
  shape.contextBytes = 16;
  EXPECT_TRUE(answer(shape, request("0123456789abcdef")));
  CallOutcome outcome = answer(shape, request("0123456789abcdefg"));
  ASSERT_FALSE(outcome);
  EXPECT_EQ(outcome.failure.kind, base::FailKind::refused);
  EXPECT_EQ(outcome.failure.why, "own: the prompt has 17 bytes, and the model sees 16 at a time; shorten it, or give "
                                 "the model a larger `limit: { context: … }`");
}

/// Where the states are full it goes on with the last half of what it has seen.
TEST_F(CompiledTest, AnswersGrowBeyondTheContext) {
  for (std::uint32_t context : {2u, 3u, 16u}) {
    DecodeShape shape;
    shape.contextBytes = context;
    std::string text = "ab", seen = text;
    for (int at = 0; at < 20; ++at) {
      std::vector<float> logits = simulation::decodeReference(table, seen);
      char next = static_cast<char>(std::max_element(logits.begin(), logits.end()) - logits.begin());
      text += next;
      seen += next;
      if (seen.size() > context)
        seen = text.substr(text.size() - context / 2);
    }
    CallOutcome outcome = answer(shape, request("ab"));
    ASSERT_TRUE(outcome) << outcome.failure.why;
    EXPECT_EQ(outcome.value->asText(), text.substr(2)) << context;
    EXPECT_EQ(outcome.tokensOut, 20);
  }
}

/// What is told while it is written is the answer, in pieces, and nothing that a stop cuts off.
TEST_F(CompiledTest, TellsWhatItWrites) {
  std::string whole = likeliest("stop", 40);
  for (bool stops : {false, true}) {
    DecodeShape shape;
    shape.maxTokens = 40;
    if (stops)
      shape.stop = {whole.substr(25, 4)};
    std::vector<std::string> pieces;
    ProviderContext context{runtime.doors(), simulation::decodePlan(shape), folder.string(), nullptr,
                            [&](std::string_view name, base::Hash128 path, std::string_view text) {
                              EXPECT_EQ(name, "own");
                              EXPECT_EQ(path.high, 7u);
                              pieces.emplace_back(text);
                            }};
    auto made = makeDriver(context, 0);
    ASSERT_TRUE(made);
    CallRequest call = request("stop");
    call.path.high = 7;
    CallOutcome outcome = answer(**made, std::move(call));
    std::string told;
    for (const std::string &piece : pieces)
      told += piece;
    EXPECT_EQ(told, outcome.value->asText());
    EXPECT_GE(pieces.size(), 2u);
  }
}

TEST_F(CompiledTest, AnswersOfATypeAreRefused) {
  CallOutcome outcome = answer({}, request("x", "a", "{}"));
  EXPECT_EQ(outcome.failure.kind, base::FailKind::refused);
  EXPECT_THAT(outcome.failure.why, HasSubstr("own: is a compiled model, which writes text"));
}

TEST_F(CompiledTest, FilesThatDoNotFitAreNamed) {
  auto failure = [&] { return answer({}, request("x")).failure.why; };
  checkpoint::NamedTensor small{"table", base::ElementType::f32, {2}, std::as_bytes(std::span(table)).first(8)};
  base::Bytes file = checkpoint::encodedSafeTensors({&small, 1}, {});
  put("own.safetensors", file);
  EXPECT_THAT(failure(), testing::AllOf(HasSubstr("own: weights '"), HasSubstr("own.safetensors': tensor 'table' is "
                                                                               "f32[2], wanted f32[256, 256]")));
  put("own.safetensors", base::ConstBytes(file).first(file.size() - 3));
  EXPECT_THAT(failure(), HasSubstr("the file was cut off"));
  fs::remove(folder / "own.safetensors");
  EXPECT_THAT(failure(), HasSubstr("No such file"));
}

TEST_F(CompiledTest, WrongSettingsAreRefusedBeforeARun) {
  auto said = [&](DecodeShape shape) { return driver(shape).error().message; };
  DecodeShape shape;
  shape.temperature = -1;
  EXPECT_EQ(said(shape), "binding 'own': setting 'temperature' wants a number that is not negative");
  shape = {};
  shape.maxTokens = 0;
  EXPECT_EQ(said(shape), "binding 'own': setting 'max_tokens' wants a whole number from 1 to 2147483647");
  shape = {};
  shape.topK = -1;
  EXPECT_THAT(said(shape), HasSubstr("'top_k' wants a whole number from 0"));
  shape = {};
  shape.contextBytes = 0;
  EXPECT_THAT(said(shape), HasSubstr("'context' wants the bytes"));
  shape = {};
  shape.stop = {""};
  EXPECT_THAT(said(shape), HasSubstr("'stop' wants a text"));
}

/// It ends at the next byte, long before a million of them.
TEST_F(CompiledTest, CancelledCallsEnd) {
  DecodeShape shape;
  shape.maxTokens = 1'000'000;
  shape.contextBytes = 4'000'000;
  auto made = driver(shape);
  ASSERT_TRUE(made);
  std::optional<CallOutcome> outcome;
  (*made)->start(request("long"), [&](CallOutcome ended) { outcome = std::move(ended); });
  bool waited = false;
  runtime.doors().clock.after(std::chrono::milliseconds(50), [&] {
    waited = true;
    (*made)->cancel(1);
  });
  runtime.runUntil([&] { return outcome.has_value(); });
  EXPECT_TRUE(waited);
  EXPECT_EQ(outcome->failure.kind, base::FailKind::cancelled);
  EXPECT_THAT(outcome->failure.why, HasSubstr("own: was cancelled after"));
}

} // namespace
} // namespace weft::agent
