//===- TokenKinds.h - Families of tokens ----------------------------------===//
//
// Questions about a token's type that several stages ask. Internal to
// lang/syntax; this header brings the generated lexer with it.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/grammar/WeftLexer.h"

#include <cstddef>

namespace weft::syntax {

using Kind = grammar::WeftLexer;

/// The value that the generated lexer gives the end of the file, in 16 bits.
inline constexpr std::uint16_t endOfFile = 0xFFFF;

// The order of the rules in WeftLexer.g4 makes these families ranges.
inline bool isReserved(std::size_t type) { return type >= Kind::LET && type <= Kind::NONE; }
/// A word that may be a name: soft words and small names.
inline bool isName(std::size_t type) { return type >= Kind::USE && type <= Kind::LOWER; }
inline bool isWord(std::size_t type) { return type >= Kind::LET && type <= Kind::UPPER; }

inline bool isOpening(std::size_t type) {
  return type == Kind::LBRACE || type == Kind::LPAREN || type == Kind::LBRACKET || type == Kind::HOLE;
}
inline bool isClosing(std::size_t type) {
  return type == Kind::RBRACE || type == Kind::RPAREN || type == Kind::RBRACKET;
}
inline bool isQuote(std::size_t type) { return type == Kind::QUOTE || type == Kind::BLOCK_QUOTE; }

/// Operators that need a value on both sides, and `not`, which needs one behind.
/// `>` is missing: it also ends types.
inline bool isInfix(std::size_t type) {
  switch (type) {
  case Kind::ORELSE:
  case Kind::EQUAL:
  case Kind::NOTEQUAL:
  case Kind::LESSEQUAL:
  case Kind::GREATEREQUAL:
  case Kind::LESS:
  case Kind::PLUS:
  case Kind::MINUS:
  case Kind::STAR:
  case Kind::SLASH:
  case Kind::PERCENT:
  case Kind::AT:
  case Kind::AND:
  case Kind::OR:
  case Kind::NOT:
    return true;
  default:
    return false;
  }
}

/// A word that begins a declaration.
inline bool beginsDeclaration(std::size_t type) {
  switch (type) {
  case Kind::USE:
  case Kind::TYPE:
  case Kind::DIM:
  case Kind::MODEL:
  case Kind::TOOL:
  case Kind::AGENT:
  case Kind::STORE:
  case Kind::LABEL:
  case Kind::FN:
  case Kind::WORKFLOW:
  case Kind::TEST:
  case Kind::MESH:
  case Kind::CLUSTER:
  case Kind::TRAIN:
  case Kind::DEPLOY:
    return true;
  default:
    return false;
  }
}

} // namespace weft::syntax
