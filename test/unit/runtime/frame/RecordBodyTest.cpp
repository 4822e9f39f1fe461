//===- RecordBodyTest.cpp - What a run's records say ----------------------===//

#include "runtime/frame/RecordBody.h"

#include "runtime/base/Random.h"
#include "runtime/value/Encoding.h"
#include "test/support/Seeds.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::frame {
namespace {

using journal::RecordKind;

StoredValue stored(const value::Value &value) { return {value::encoded(value), {}, 0}; }

/// One of each kind and form.
std::vector<std::pair<RecordKind, base::Bytes>> samples() {
  std::vector<std::pair<RecordKind, base::Bytes>> all;
  auto add = [&](RecordKind kind, const auto &body) {
    base::Bytes bytes;
    encode(body, bytes);
    all.emplace_back(kind, std::move(bytes));
  };
  base::Digest digest = base::digestOf(base::bytesOf("plan"));
  add(RecordKind::runStarted,
      RunStartedBody{
          digest, "main", 7, -3, {{"HOME", "/root"}}, stored(value::Value::list({value::Value::integer(1)}))});
  add(RecordKind::intent, IntentBody{3, {1, 2}, 1'700'000'000'000'000'000, "Publish?"});
  OutcomeBody outcome;
  outcome.value = stored(value::Value::text("a note that is longer than twelve bytes"));
  outcome.tokensIn = 900, outcome.tokensOut = 40, outcome.costNano = 12345, outcome.turns = 1;
  outcome.accounts = {{{5, 6}, 1000}, {{7, 8}, 0}};
  add(RecordKind::outcome, outcome);
  outcome.status = OutcomeBody::Status::failed;
  outcome.failure = {base::FailKind::rateLimit, "later"};
  add(RecordKind::outcome, outcome);
  outcome.status = OutcomeBody::Status::late;
  add(RecordKind::outcome, outcome);
  OutcomeBody blob;
  blob.value = {{}, digest, 1 << 20};
  add(RecordKind::outcome, blob);
  DecisionBody decision;
  decision.failure = {base::FailKind::tool, "broken"};
  decision.step = "docs.read";
  decision.chain = {{1, 2}, {3, 4}};
  add(RecordKind::decision, decision);
  decision.what = DecisionBody::What::raceWon;
  decision.chosen = {2};
  add(RecordKind::decision, decision);
  decision.writes = stored(value::Value::list({value::Value::integer(1)}));
  add(RecordKind::decision, decision);
  decision.writes.reset();
  decision.what = DecisionBody::What::timedOut;
  add(RecordKind::decision, decision);
  add(RecordKind::snapshot, SnapshotBody{digest, stored(value::Value::list({value::Value::text("main")}))});
  add(RecordKind::signal, SignalBody{SignalBody::What::answer, stored(value::Value::boolean(true)), {}});
  add(RecordKind::signal, SignalBody{SignalBody::What::retry, {}, {}});
  add(RecordKind::signal, SignalBody{SignalBody::What::upgrade, {}, base::digestOf(base::bytesOf("a plan"))});
  add(RecordKind::runEnded, RunEndedBody{RunEndedBody::State::succeeded, stored(value::Value::none()), {}, "", {}});
  add(RecordKind::runEnded,
      RunEndedBody{RunEndedBody::State::failed, {}, {base::FailKind::failed, "why"}, "main", {{1, 2}}});
  return all;
}

void encodeAgain(const Body &body, base::Bytes &out) {
  std::visit([&](const auto &one) { encode(one, out); }, body);
}

TEST(RecordBody, what_is_written_is_read) {
  for (const auto &[kind, bytes] : samples()) {
    auto body = decodeBody(kind, bytes);
    ASSERT_TRUE(body) << body.error().message;
    base::Bytes again;
    encodeAgain(*body, again);
    EXPECT_EQ(again, bytes);
  }
}

TEST(RecordBody, every_cut_is_refused) {
  for (const auto &[kind, bytes] : samples())
    for (std::size_t size = 0; size < bytes.size(); ++size)
      EXPECT_FALSE(decodeBody(kind, base::ConstBytes(bytes).first(size))) << size;
}

TEST(RecordBody, what_goes_on_after_its_end_is_refused) {
  for (auto [kind, bytes] : samples()) {
    bytes.push_back(std::byte{0});
    auto body = decodeBody(kind, bytes);
    ASSERT_FALSE(body);
    EXPECT_THAT(body.error().message, testing::HasSubstr("goes on after its end"));
  }
}

TEST(RecordBody, another_version_is_unsupported) {
  for (auto [kind, bytes] : samples()) {
    bytes[0] = std::byte{3};
    auto body = decodeBody(kind, bytes);
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().code, base::Code::unsupported);
    EXPECT_THAT(body.error().message, testing::HasSubstr("has version 3, this build knows 1"));
  }
}

TEST(RecordBody, changed_bytes_are_read_or_refused_and_never_more) {
  base::Random random(1);
  for (const auto &[kind, bytes] : samples())
    for (std::uint64_t round = 0; round < test::tries(2000, 60'000); ++round) {
      base::Bytes changed = bytes;
      for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes)
        changed[1 + random.below(changed.size() - 1)] = static_cast<std::byte>(random.below(256));
      auto body = decodeBody(kind, changed);
      if (!body) {
        EXPECT_THAT(body.error().message, testing::HasSubstr("record body of"));
      }
    }
}

TEST(RecordBody, a_blob_is_named_and_checked) {
  base::Bytes encoding = value::encoded(value::Value::text("hello, this is a blob"));
  OutcomeBody outcome;
  outcome.value = {{}, base::digestOf(encoding), encoding.size()};
  journal::Record record;
  record.kind = RecordKind::outcome;
  encode(outcome, record.body);
  ASSERT_TRUE(blobOf(record));
  EXPECT_EQ(*blobOf(record), outcome.value.digest);
  EXPECT_TRUE(load(outcome.value, encoding));
  encoding.back() ^= std::byte{1};
  auto broken = load(outcome.value, encoding);
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, base::Code::corrupt);
}

/// The bytes of version 1, for ever.
TEST(RecordBody, golden_bytes) {
  auto hex = [](const base::Bytes &bytes) {
    std::string text;
    for (std::byte b : bytes) {
      char two[3];
      std::snprintf(two, sizeof two, "%02x", std::to_integer<unsigned>(b));
      text += two;
    }
    return text;
  };
  base::Bytes intent, decision, ended;
  encode(IntentBody{300, {1, 2}, -1, "Go?"}, intent);
  EXPECT_EQ(hex(intent), "01ac0201000000000000000200000000000000"
                         "0103476f3f");
  DecisionBody won;
  won.what = DecisionBody::What::raceWon;
  won.chosen = {1};
  encode(won, decision);
  EXPECT_EQ(hex(decision), "01020101");
  encode(RunEndedBody{RunEndedBody::State::failed, {}, {base::FailKind::tool, "x"}, "m", {}}, ended);
  EXPECT_EQ(hex(ended), "0101060178016d00");
}

} // namespace
} // namespace weft::frame
