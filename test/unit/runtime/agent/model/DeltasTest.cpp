//===- DeltasTest.cpp - Pieces of a growing text --------------------------===//

#include "runtime/agent/model/Deltas.h"

#include <gtest/gtest.h>

namespace weft::agent {
namespace {

/// The pieces of a text that grows byte by byte, and the rest.
std::string joined(const std::string &text, std::size_t heldBack, std::size_t &pieces) {
  Deltas deltas(heldBack);
  std::string told;
  for (std::size_t at = 1; at <= text.size(); ++at) {
    std::string piece = deltas.next(std::string_view(text).substr(0, at));
    pieces += !piece.empty();
    told += piece;
    EXPECT_LE(told.size(), at - std::min(at, heldBack)) << "what may be taken back is not told";
  }
  return told + deltas.last(text);
}

TEST(Deltas, PiecesMakeTheText) {
  std::size_t pieces = 0;
  std::string text = "ordinary text of fifty bytes, as it would be read.";
  EXPECT_EQ(joined(text, 0, pieces), text);
  EXPECT_GE(pieces, 5u);
  EXPECT_EQ(joined(text, 5, pieces), text);
  EXPECT_EQ(joined("", 0, pieces), "");
  EXPECT_EQ(joined("short", 0, pieces), "short") << "told at the end";
}

TEST(Deltas, CodePointsStayWhole) {
  for (const char *sign : {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x99\x82"})
    for (std::size_t before = 0; before < 9; ++before) {
      std::string text = std::string(before, 'x');
      for (int at = 0; at < 12; ++at)
        text += sign;
      Deltas deltas(0);
      std::string told;
      for (std::size_t at = 1; at <= text.size(); ++at)
        told += deltas.next(std::string_view(text).substr(0, at));
      EXPECT_EQ(told + deltas.last(text), text);
    }
}

TEST(Deltas, BytesThatAreNoTextAreReplaced) {
  Deltas deltas(0);
  std::string text(20, '\x80'), told = deltas.next(text);
  told += deltas.last(text);
  std::string wanted;
  for (int at = 0; at < 20; ++at)
    wanted += "\xef\xbf\xbd";
  EXPECT_EQ(told, wanted);
}

TEST(Deltas, WhatAStopCutsOffIsNotMissed) {
  Deltas deltas(4);
  std::string told = deltas.next("0123456789abSTOP");
  EXPECT_EQ(told, "0123456789ab");
  EXPECT_EQ(deltas.last("0123456789ab"), "");
}

} // namespace
} // namespace weft::agent
