//===- FrameTest.cpp - Frames arrive whole or not at all ------------------===//

#include "runtime/transport/Frame.h"
#include "runtime/membership/View.h"
#include "test/support/Seeds.h"

#include <gtest/gtest.h>
#include <random>

namespace weft::transport {
namespace {

base::Bytes streamOf(const std::vector<Frame> &frames) {
  base::Bytes out;
  for (const Frame &frame : frames)
    encode(frame, out);
  return out;
}

std::vector<Frame> someFrames() {
  auto text = base::bytesOf("weft");
  return {{1, 7, 1, {}}, {2, 7, 2, base::Bytes(text.begin(), text.end())}, {3, 8, 3, base::Bytes(5000, std::byte(9))}};
}

TEST(Frame, ArrivesWholeHoweverTheBytesAreCut) {
  auto frames = someFrames();
  base::Bytes stream = streamOf(frames);
  std::mt19937 random(1);
  for (std::uint64_t round = 0; round < test::tries(200, 4000); ++round) {
    FrameDecoder decoder;
    std::vector<Frame> received;
    for (std::size_t at = 0; at < stream.size();) {
      std::size_t count = std::min<std::size_t>(1 + random() % 700, stream.size() - at);
      decoder.add(base::ConstBytes(stream).subspan(at, count));
      at += count;
      for (;;) {
        auto next = decoder.next();
        ASSERT_TRUE(next) << next.error().message;
        if (!*next)
          break;
        received.push_back(**next);
      }
    }
    EXPECT_EQ(received, frames);
  }
}

/// Golden bytes of wire version 1; they stay readable for ever.
TEST(Frame, GoldenBytes) {
  base::Bytes stream = streamOf({{0x0102, 0x0a0b0c0d, 1, {std::byte(0xff)}}});
  std::string hex;
  for (std::byte byte : stream) {
    constexpr char digits[] = "0123456789abcdef";
    hex += digits[static_cast<int>(byte) >> 4];
    hex += digits[static_cast<int>(byte) & 15];
  }
  EXPECT_EQ(hex, "57465446"
                 "0100"
                 "0201"
                 "01000000"
                 "00000000"
                 "0d0c0b0a00000000"
                 "0100000000000000"
                 "cee33901"
                 "000000ff"
                 "ff");
}

TEST(Frame, EveryChangedByteIsSeen) {
  auto frames = someFrames();
  base::Bytes stream = streamOf(frames);
  for (std::size_t at = 0; at < stream.size(); ++at) {
    base::Bytes changed = stream;
    changed[at] ^= std::byte(0x40);
    FrameDecoder decoder;
    decoder.add(changed);
    std::size_t whole = 0;
    bool refused = false;
    for (;;) {
      auto next = decoder.next();
      if (!next) {
        refused = true;
        break;
      }
      if (!*next)
        break;
      EXPECT_EQ(**next, frames[whole++]);
    }
    EXPECT_TRUE(refused) << "byte " << at;
  }
}

TEST(Frame, LostRepeatedAndReorderedFramesAreSeen) {
  auto frames = someFrames();
  for (std::vector<std::size_t> order : {std::vector<std::size_t>{1}, {0, 0}, {0, 2}, {1, 0}}) {
    FrameDecoder decoder;
    for (std::size_t at : order)
      decoder.add(streamOf({frames[at]}));
    base::Result<std::optional<Frame>> next = decoder.next();
    while (next && *next)
      next = decoder.next();
    ASSERT_FALSE(next);
    EXPECT_EQ(next.error().code, base::Code::corrupt);
  }
}

TEST(Frame, LengthIsRefusedBeforeMemoryIsTaken) {
  base::Bytes stream = streamOf({{1, 0, 1, base::Bytes(maxPayloadBytes)}});
  FrameDecoder decoder;
  decoder.add(stream);
  EXPECT_TRUE(*decoder.next());
}

TEST(View, SurvivesEncodingAndRefusesAnythingElse) {
  membership::View view{3, {11, membership::nobody, 13}, 4096};
  base::Bytes bytes = membership::encoded(view);
  EXPECT_EQ(*membership::decodeView(bytes), view);
  EXPECT_FALSE(view.complete());
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_FALSE(membership::decodeView(base::ConstBytes(bytes).first(cut)));
  bytes.push_back(std::byte(0));
  EXPECT_FALSE(membership::decodeView(bytes));
}

TEST(View, ReplacementIsOneEpochLater) {
  membership::View view{3, {11, 12}, 0};
  EXPECT_EQ(view.with(1, 14, 9), (membership::View{4, {11, 14}, 9}));
}

} // namespace
} // namespace weft::transport
