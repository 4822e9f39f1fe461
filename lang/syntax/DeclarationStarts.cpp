//===- DeclarationStarts.cpp - Where a declaration begins -----------------===//

#include "lang/syntax/DeclarationStarts.h"

#include "lang/syntax/TokenKinds.h"

namespace weft::syntax {

bool beginsAnew(std::size_t type) {
  switch (type) {
  case Kind::BUDGET:
  case Kind::DEPTH:
  case Kind::EFFECT:
  case Kind::EMITS:
  case Kind::ON:
  case Kind::BY:
  case Kind::PER:
  case Kind::READ:
  case Kind::WRITE:
  case Kind::PURE:
  case Kind::IDEMPOTENT:
  case Kind::UNDO:
  case Kind::ASSOCIATIVE:
  case Kind::WHERE:
  case Kind::AND:
  case Kind::OR:
  case Kind::NOT:
  case Kind::AS:
  case Kind::WITH:
  case Kind::ELSE:
  case Kind::CATCH:
  case Kind::IN:
    return false;
  default:
    return isWord(type) || type == Kind::NUMBER || type == Kind::MONEY;
  }
}

bool wantsMore(std::size_t type) {
  switch (type) {
  case Kind::COMMA:
  case Kind::ASSIGN:
  case Kind::ARROW:
  case Kind::COLON:
  case Kind::DOT:
  case Kind::BAR:
  case Kind::WHERE:
  case Kind::ON:
  case Kind::DEPTH:
  case Kind::EFFECT:
  case Kind::EMITS:
  case Kind::UNDO:
    return true;
  default:
    return isInfix(type);
  }
}

bool declares(std::size_t first, std::size_t second, std::size_t third) {
  bool named = isName(second);
  bool begins = false;
  switch (first) {
  case Kind::FN:
    begins = named && (third == Kind::LPAREN || third == Kind::LESS);
    break;
  case Kind::TYPE:
    begins = second == Kind::UPPER && (third == Kind::LBRACE || third == Kind::ASSIGN);
    break;
  case Kind::WORKFLOW:
    begins = named && third == Kind::LPAREN;
    break;
  case Kind::USE:
    begins = (named && third == Kind::DOT) || (second == Kind::DOT && third == Kind::SLASH);
    break;
  case Kind::DIM:
    begins = second == Kind::UPPER && third == Kind::ASSIGN;
    break;
  case Kind::MODEL:
  case Kind::TOOL:
    begins = named && third == Kind::ASSIGN;
    break;
  case Kind::AGENT:
    begins = named && (third == Kind::LPAREN || third == Kind::LBRACE || third == Kind::ARROW ||
                       third == Kind::ASSIGN || third == Kind::BUDGET || third == Kind::EFFECT);
    break;
  case Kind::STORE:
    begins = named && third == Kind::COLON;
    break;
  case Kind::LABEL:
    begins = named && third == Kind::LESS;
    break;
  case Kind::TEST:
    begins = isQuote(second);
    break;
  case Kind::MESH:
  case Kind::TRAIN:
  case Kind::DEPLOY:
    begins = named && third == Kind::ON;
    break;
  case Kind::CLUSTER:
    begins = named && (third == Kind::LBRACE || third == Kind::ASSIGN);
    break;
  default:
    break;
  }
  return begins;
}

} // namespace weft::syntax
