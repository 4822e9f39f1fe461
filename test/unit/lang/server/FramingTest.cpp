//===- FramingTest.cpp - Bytes to messages --------------------------------===//

#include "lang/server/Framing.h"

#include <gtest/gtest.h>

namespace weft::server {
namespace {

TEST(Framing, OneMessageInPieces) {
  MessageReader reader;
  for (char each : std::string("Content-Length: 4\r\n\r\nab")) {
    reader.feed({&each, 1});
    EXPECT_FALSE(reader.next());
  }
  reader.feed("cd");
  EXPECT_EQ(reader.next(), "abcd");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.fault(), "");
}

TEST(Framing, SeveralMessagesInOnePiece) {
  MessageReader reader;
  reader.feed("Content-Length: 1\r\n\r\naContent-Length: 0\r\n\r\nContent-Length: 2\r\n\r\nbc");
  EXPECT_EQ(reader.next(), "a");
  EXPECT_EQ(reader.next(), "");
  EXPECT_EQ(reader.next(), "bc");
  EXPECT_FALSE(reader.next());
}

TEST(Framing, OtherHeadersAndCapitals) {
  MessageReader reader;
  reader.feed("Content-Type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:1\r\n\r\na");
  EXPECT_EQ(reader.next(), "a");
}

TEST(Framing, NoLength) {
  for (const char *header : {"Content-Type: x\r\n\r\n", "Content-Length: -1\r\n\r\n", "Content-Length: 1x\r\n\r\n",
                             "Content-Length:\r\n\r\n", "\r\n\r\n", "{\"id\": 1}\r\n\r\n"}) {
    MessageReader reader;
    reader.feed(header);
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.fault(), "a message has no Content-Length: a number of bytes") << header;
    reader.feed("Content-Length: 1\r\n\r\na");
    EXPECT_FALSE(reader.next());
  }
}

// The empty line that such a client means never comes: it would wait for ever.
TEST(Framing, LinesThatEndWithoutACarriageReturn) {
  for (const char *header : {"Content-Length: 2\n\n{}", "{}\n", "\n", "Content-Type: x\r\nContent-Length: 2\n"}) {
    MessageReader reader;
    reader.feed(header);
    EXPECT_FALSE(reader.next());
    EXPECT_EQ(reader.fault(), "a line of a header ends with \\n, wanted \\r\\n") << header;
  }
  MessageReader inTheBody;
  inTheBody.feed("Content-Length: 3\r\n\r\n{\n}");
  EXPECT_EQ(inTheBody.next(), "{\n}");
}

TEST(Framing, BlanksAroundTheLength) {
  MessageReader reader;
  reader.feed("Content-Length:\t 1 \t\r\n\r\na");
  EXPECT_EQ(reader.next(), "a");
}

TEST(Framing, TheFirstLengthCounts) {
  MessageReader reader;
  reader.feed("Content-Length: 1\r\nContent-Length: 2\r\n\r\na");
  EXPECT_EQ(reader.next(), "a");
}

TEST(Framing, TooLong) {
  MessageReader reader;
  reader.feed("Content-Length: " + std::to_string(maxMessageBytes + 1) + "\r\n\r\n");
  EXPECT_FALSE(reader.next());
  EXPECT_EQ(reader.fault(), "a message has more than 64 MiB");
  MessageReader huge;
  huge.feed("Content-Length: 99999999999999999999999999\r\n\r\n");
  EXPECT_FALSE(huge.next());
  EXPECT_NE(huge.fault(), "");
  MessageReader endless;
  endless.feed(std::string(maxHeaderBytes + 1, 'a'));
  EXPECT_FALSE(endless.next());
  EXPECT_EQ(endless.fault(), "the header of a message has more than 8 KiB");
}

TEST(Framing, WritesWhatItReads) {
  MessageReader reader;
  reader.feed(framed(json::object{{"a", "ü"}}));
  EXPECT_EQ(reader.next(), "{\"a\":\"ü\"}");
}

} // namespace
} // namespace weft::server
