//===- Ast.cpp - Spellings of operators -----------------------------------===//
//
// The only code that the tree itself needs.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Ast.h"

namespace weft::syntax {

const char *spelling(BinaryOp op) {
  switch (op) {
  case BinaryOp::matmul:
    return "@";
  case BinaryOp::multiply:
    return "*";
  case BinaryOp::divide:
    return "/";
  case BinaryOp::remainder:
    return "%";
  case BinaryOp::add:
    return "+";
  case BinaryOp::subtract:
    return "-";
  case BinaryOp::orElse:
    return "??";
  case BinaryOp::equal:
    return "==";
  case BinaryOp::notEqual:
    return "!=";
  case BinaryOp::less:
    return "<";
  case BinaryOp::lessEqual:
    return "<=";
  case BinaryOp::greater:
    return ">";
  case BinaryOp::greaterEqual:
    return ">=";
  case BinaryOp::logicalAnd:
    return "and";
  case BinaryOp::logicalOr:
    return "or";
  }
  return "?";
}

const char *spelling(UnaryOp op) { return op == UnaryOp::negate ? "-" : "not"; }

} // namespace weft::syntax
