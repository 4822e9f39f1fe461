//===- RecordingTest.cpp - Calls that are kept to be answered again -------===//

#include "runtime/cli/testing/Recording.h"

#include "runtime/cli/testing/TestDriver.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::cli {
namespace {

using testing::HasSubstr;

RecordedCall call(std::string name, std::string arguments, std::string gives) {
  RecordedCall made;
  made.call = std::move(name);
  made.arguments = std::move(arguments);
  made.gives = std::move(gives);
  return made;
}

TEST(Recording, isWrittenALineForEachCallAndReadBack) {
  Recording recording;
  recording.add(call("docs.read", R"({"path":"a.txt"})", R"("a \"text\"")"));
  RecordedCall failed = call("local", R"({"prompt":"p"})", "");
  failed.failure = {base::FailKind::rateLimit, "later"};
  failed.tokensIn = 12, failed.costNano = 7, failed.milliseconds = 30;
  recording.add(failed);
  std::string text = recording.text();
  EXPECT_EQ(text, R"({
  "weft_recording": 1,
  "calls": [
    {"call":"docs.read","arguments":{"path":"a.txt"},"gives":"a \"text\""},
    {"call":"local","arguments":{"prompt":"p"},"fails":{"kind":"rate_limit","why":"later"},"tokens_in":12,"cost_nano":7,"milliseconds":30}
  ]
}
)");
  auto again = Recording::read(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->text(), text);
  EXPECT_EQ(Recording().text(), Recording::read(Recording().text())->text());
}

TEST(Recording, answersEqualCallsInTheirOrderAndThenAsTheLast) {
  Recording recording;
  recording.add(call("t.read", "{}", "1"));
  recording.add(call("t.other", "{}", "9"));
  recording.add(call("t.read", "{}", "2"));
  EXPECT_EQ(recording.find("t.read", "{}", 0)->gives, "1");
  EXPECT_EQ(recording.find("t.read", "{}", 1)->gives, "2");
  EXPECT_EQ(recording.find("t.read", "{}", 7)->gives, "2");
  EXPECT_EQ(recording.find("t.read", R"({"x":1})", 0), nullptr);
}

/// An attempt that is made again after a crash is answered as before; others come next.
TEST(Replayed, aStepIsAnsweredTheSameInEachLife) {
  Replayed replayed;
  Recording recording;
  recording.add(call("t.read", "{}", "1"));
  recording.add(call("t.read", "{}", "2"));
  replayed.recordings.push_back(recording);
  EXPECT_EQ(replayed.find("one", 0, "t.read", "{}")->gives, "1");
  EXPECT_EQ(replayed.find("one", 0, "t.read", "{}")->gives, "1");
  EXPECT_EQ(replayed.find("one", 1, "t.read", "{}")->gives, "2");
  EXPECT_EQ(replayed.find("two", 0, "t.read", "{}")->gives, "2");
  EXPECT_EQ(replayed.find("two", 0, "t.write", "{}"), nullptr);
}

TEST(Recording, whatIsWrongIsNamedWithItsPlace) {
  auto why = [](std::string_view text) {
    auto read = Recording::read(text);
    EXPECT_FALSE(read);
    return read ? std::string() : read.error().message;
  };
  EXPECT_THAT(why("nothing"), HasSubstr("line 1, column 1"));
  EXPECT_THAT(why("{}"), HasSubstr("weft_recording"));
  EXPECT_THAT(why(R"({"weft_recording":2,"calls":[]})"), HasSubstr("found version 2, this build reads version 1"));
  EXPECT_THAT(why(R"({"weft_recording":1,"calls":[{"call":7,"arguments":{}}]})"), HasSubstr("$.calls[0].call"));
  EXPECT_THAT(why(R"({"weft_recording":1,"calls":[{"call":"a","arguments":{},"fails":{"kind":"odd","why":"w"}}]})"),
              HasSubstr("$.calls[0].fails.kind: expected a kind of failure, \"tool\" for example, found \"odd\""));
  EXPECT_THAT(
      why(R"({"weft_recording":1,"calls":[{"call":"a","arguments":{},"gives":1,"fails":{"kind":"tool","why":"w"}}]})"),
      HasSubstr("expected `gives` or `fails`, found both"));
  EXPECT_THAT(why(R"({"weft_recording":1,"calls":[{"call":"a","arguments":{},"milliseconds":-1}]})"),
              HasSubstr("expected numbers from 0 on"));
}

} // namespace
} // namespace weft::cli
