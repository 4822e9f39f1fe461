//===- CrashRulesTest.cpp - Each rule, broken alone -----------------------===//

#include "runtime/cli/testing/CrashRules.h"

#include "runtime/frame/RecordBody.h"

#include "test/support/PlanBuilder.h"

#include <gmock/gmock.h>

namespace weft::cli {
namespace {

using testing::HasSubstr;

constexpr base::Hash128 readStep{1, 2}, writeStep{3, 4};
constexpr std::uint32_t read = 0, write = 1;

class CrashRulesTest : public testing::Test {
protected:
  CrashRulesTest() {
    auto text = builder.type(test::TypeKind::string);
    auto docs = builder.binding("docs", plan::fb::BindingKind::files);
    builder.member(docs, "read", {text}, text, plan::Effect::read);
    builder.member(docs, "write", {text}, text, plan::Effect::write);
    auto &block = builder.block("main", 1);
    block.result(block.param(0));
    builder.entry("main", block, {text}, text);
    plan = builder.build();
    whole.run.state = end.run.state = frame::EndState::succeeded;
  }

  static journal::Record record(journal::RecordKind kind, base::Hash128 step, std::uint32_t attempt, auto body) {
    journal::Record made;
    made.kind = kind;
    made.key.path = step;
    made.key.attempt = attempt;
    frame::encode(body, made.body);
    return made;
  }

  void outcome(base::Hash128 step, frame::OutcomeBody::Status status, std::uint32_t attempt = 0) {
    frame::OutcomeBody body;
    body.status = status;
    body.value.inlineBytes = {std::byte{1}, std::byte{0}};
    body.failure.why = "no";
    end.recordsAtDeath.push_back(record(journal::RecordKind::outcome, step, attempt, body));
  }

  void intent(base::Hash128 step, std::uint32_t member) {
    frame::IntentBody body;
    body.member = member;
    end.recordsAtDeath.push_back(record(journal::RecordKind::intent, step, 0, body));
  }

  void unknownOutcome() {
    end.run.state = frame::EndState::failed;
    end.run.failure = {base::FailKind::unknownOutcome, "not known"};
  }

  std::string broken() { return brokenCrashRule(*plan, whole, end); }

  test::PlanBuilder builder;
  std::shared_ptr<const plan::Plan> plan;
  TestEnd whole, end;
};

TEST_F(CrashRulesTest, whatWasInFlightMayBeCalledOnceMore) {
  end.before = {{readStep.hex(), read, 0}};
  end.after = {{readStep.hex(), read, 0}};
  EXPECT_EQ(broken(), "");
}

TEST_F(CrashRulesTest, notTwice) {
  end.after = {{readStep.hex(), read, 0}, {readStep.hex(), read, 0}};
  EXPECT_THAT(broken(), HasSubstr("docs.read was in flight once and called more than once"));
}

TEST_F(CrashRulesTest, aJournaledAnswerIsNotAskedForAgain) {
  outcome(readStep, frame::OutcomeBody::Status::ok);
  end.after = {{readStep.hex(), read, 1}};
  EXPECT_THAT(broken(), HasSubstr("docs.read was called again although its answer is in the journal"));
}

TEST_F(CrashRulesTest, aJournaledFailureMayBeFollowedByTheNextAttempt) {
  outcome(readStep, frame::OutcomeBody::Status::failed);
  end.after = {{readStep.hex(), read, 1}};
  EXPECT_EQ(broken(), "");
  end.after = {{readStep.hex(), read, 0}};
  EXPECT_THAT(broken(), HasSubstr("called again"));
}

TEST_F(CrashRulesTest, theEndIsTheSame) {
  end.run.state = frame::EndState::failed;
  end.run.failure = {base::FailKind::failed, "3 is odd"};
  EXPECT_THAT(broken(), HasSubstr("ended with failed \"3 is odd\", undisturbed with success"));
}

TEST_F(CrashRulesTest, anUnknownOutcomeIsRightWhereAPlainWriteWasAnnounced) {
  intent(writeStep, write);
  unknownOutcome();
  EXPECT_EQ(broken(), "");
}

TEST_F(CrashRulesTest, anUnknownOutcomeOfAWriteThatWasAnsweredIsWrong) {
  intent(writeStep, write);
  outcome(writeStep, frame::OutcomeBody::Status::ok);
  unknownOutcome();
  EXPECT_THAT(broken(), HasSubstr("unknown_outcome"));
}

TEST_F(CrashRulesTest, anUnknownOutcomeOfAReadIsWrong) {
  intent(readStep, read);
  unknownOutcome();
  EXPECT_THAT(broken(), HasSubstr("unknown_outcome"));
}

TEST_F(CrashRulesTest, anUnansweredCallBehindTheDeathIsTold) {
  end.unanswered = "docs.read(\"a\") was called";
  EXPECT_EQ(broken(), end.unanswered);
}

} // namespace
} // namespace weft::cli
