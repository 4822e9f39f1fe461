//===- Explain.cpp - From a place in the tokens to words ------------------===//
//
// Known slips come first, each a small test on the tokens around the place; what
// is left over is told as "expected …, found …".
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/Explain.h"

#include "lang/diagnostics/Nearest.h"
#include "lang/syntax/ForeignWords.h"
#include "lang/syntax/Literals.h"
#include "lang/syntax/TokenKinds.h"

#include <cctype>

namespace weft::syntax {
namespace {

using diagnostics::Code;

/// "a", "a or b", "a, b or c".
std::string either(const std::vector<std::string> &parts) {
  std::string text;
  for (std::size_t at = 0; at < parts.size(); ++at)
    text += (at == 0 ? "" : at + 1 == parts.size() ? " or " : ", ") + parts[at];
  return text;
}

class Explainer {
public:
  Explainer(const source::SourceFile &file, const TokenList &list, const std::vector<std::uint32_t> &kept,
            const Failure &failure, diagnostics::DiagnosticEngine &diagnostics)
      : file(file), list(list), kept(kept), failure(failure), diagnostics(diagnostics) {}

  void explain() {
    bool told = reserved() || capital() || wordOfOtherLanguage() || statement() || lambda() || brackets() ||
                operators() || lineEnd() || patternOfOtherLanguage() || recordOfOtherLanguage() ||
                shapeOfOtherLanguage();
    if (!told)
      plain();
  }

private:
  const Token &token(std::ptrdiff_t offset) const {
    auto at = static_cast<std::ptrdiff_t>(failure.position) + offset;
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(kept.size()))
      return list.tokens.back();
    return list.tokens[kept[static_cast<std::size_t>(at)]];
  }
  const Token &found() const { return token(0); }
  std::size_t before() const { return token(-1).type; }
  std::size_t after() const { return token(1).type; }
  bool expects(std::size_t type) const { return failure.expected.contains(type); }
  bool expectsValue() const { return expects(Kind::LOWER) && expects(Kind::NUMBER); }
  bool expectsSmallName() const { return expects(Kind::LOWER) && !expects(Kind::NUMBER) && !expects(Kind::UPPER); }

  Span span(const Token &token) const { return {file.id(), token.begin, token.end}; }
  std::string text(const Token &token) const { return std::string(file.text(span(token))); }
  /// The end of a run is shown behind its last token, where something is missing.
  Span place() const {
    if (failure.position < kept.size() && found().type != Kind::NEWLINE)
      return span(found());
    std::uint32_t end = failure.position == 0 ? 0 : token(-1).end;
    return {file.id(), end, end};
  }

  diagnostics::Diagnostic &error(Code code, std::string message) {
    return diagnostics.error(code, place(), std::move(message));
  }

  bool reserved() {
    if (!isReserved(found().type) || !expects(Kind::LOWER))
      return false;
    // Where a value may stand, `let = 3` is a name that was meant, `let x` is not.
    bool afterBinder = before() == Kind::LET || before() == Kind::FOR || before() == Kind::LOOP;
    bool meantAsName = afterBinder || !expects(Kind::NUMBER) || after() == Kind::ASSIGN || after() == Kind::FATARROW;
    if (!meantAsName || before() == Kind::FATARROW)
      return false;
    std::string word = text(found());
    error(Code::reservedWord, quote(word) + " is a reserved word and cannot be a name")
        .hint("take another name, for example " + quote(word + "_") +
              "; reserved words may name fields, keys and members only");
    return true;
  }

  bool capital() {
    // In `let Total = 3` the capital may begin a pattern; only then the `=` is wrong.
    std::size_t binder = token(-2).type;
    bool bound = before() == Kind::UPPER && (found().type == Kind::ASSIGN || found().type == Kind::IN) &&
                 (binder == Kind::LET || binder == Kind::FOR || binder == Kind::LOOP);
    const Token &subject = bound ? token(-1) : found();
    std::string word = text(subject);
    if (bound || (found().type == Kind::UPPER && expectsSmallName())) {
      std::string small;
      for (char letter : word) {
        bool large = std::isupper(static_cast<unsigned char>(letter)) != 0;
        if (large && !small.empty() && small.back() != '_' && !std::isdigit(static_cast<unsigned char>(small.back())))
          small += '_';
        small += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
      }
      diagnostics
          .error(Code::capitalExpected, span(subject),
                 "expected a name that begins with a small letter, found " + quote(word))
          .hint("write " + quote(small) + "; only types and dimensions begin with a capital");
      return true;
    }
    if (isName(found().type) && expects(Kind::UPPER) && !expects(Kind::LOWER)) {
      std::string large;
      bool up = true;
      for (char letter : word) {
        if (letter == '_') {
          up = true;
          continue;
        }
        large += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(letter))) : letter;
        up = false;
      }
      auto &told = error(Code::capitalExpected, "expected a name that begins with a capital, found " + quote(word));
      if (!large.empty() && !std::isdigit(static_cast<unsigned char>(large[0])))
        told.hint("write " + quote(large) + "; types and dimensions begin with a capital");
      return true;
    }
    return false;
  }

  bool wordOfOtherLanguage() {
    for (const Token *candidate : {&found(), &token(-1)}) {
      if (candidate->type != Kind::LOWER)
        continue;
      // A word directly before the place counts only where it begins a statement, or where a value follows it.
      if (candidate != &found() && !beginsStatement(-1) && !isWord(found().type) && !isQuote(found().type))
        continue;
      if (std::string_view advice = adviceOn(text(*candidate)); !advice.empty()) {
        diagnostics
            .error(Code::foreignWord, span(*candidate),
                   quote(text(*candidate)) + " is not a word of the language" +
                       (candidate == &found() ? "" : ", and a name is not followed by " + describe(file, found())))
            .hint(std::string(advice));
        return true;
      }
    }
    return false;
  }

  bool beginsStatement(std::ptrdiff_t offset) const {
    std::size_t type = token(offset - 1).type;
    return type == Kind::LBRACE || type == Kind::NEWLINE || type == Kind::SEMICOLON || type == Kind::RBRACE ||
           type == Kind::FATARROW || static_cast<std::ptrdiff_t>(failure.position) + offset == 0;
  }

  bool statement() {
    std::size_t type = found().type;
    bool binds = type == Kind::LET;
    bool acts = type == Kind::BREAK || type == Kind::CONTINUE || type == Kind::FAIL || type == Kind::ASSERT ||
                type == Kind::EMIT;
    if (!(binds || acts) || !expectsValue())
      return false;
    error(Code::statementAsValue, quote(text(found())) + " is a statement and has no value to give here")
        .hint(binds ? "put it in a block of its own: `{ let x = …; x }`"
                    : "put it in a block: `{ " + text(found()) + " … }`");
    return true;
  }

  bool lambda() {
    if (found().type != Kind::BAR || !expectsValue())
      return false;
    error(Code::lambdaPlace, "a lambda stands only as an argument or as an entry's value")
        .hint("declare a `fn`, or pass the lambda directly to the call that uses it");
    return true;
  }

  bool brackets() {
    if (found().type == Kind::RBRACE && before() == Kind::LBRACE) {
      diagnostics
          .error(Code::emptyBlock, source::join(span(token(-1)), span(found())), "there is nothing in these braces")
          .hint("a block that does nothing has the value `none`: `{ none }`");
      return true;
    }
    if (found().type == Kind::DOT && before() == Kind::RBRACE) {
      error(Code::memberOfForm, "a form ends at its brace and has no members")
          .hint("bind its value with `let` first, or put the whole form in parentheses");
      return true;
    }
    return false;
  }

  bool operators() {
    switch (found().type) {
    case Kind::BAR:
      if (after() != Kind::BAR || !expects(Kind::PLUS))
        return false;
      error(Code::foreignWord, "`||` is not an operator").hint("write `or`");
      return true;
    case Kind::ASSIGN:
      if (!expects(Kind::EQUAL) && !isInfix(before()))
        return false;
      if (isWord(before()) && (token(-2).type == Kind::LPAREN || token(-2).type == Kind::COMMA) &&
          expects(Kind::RPAREN)) {
        error(Code::unexpectedToken, "`=` names no argument").hint("write " + quote(text(token(-1)) + ": …"));
        return true;
      }
      if (isInfix(before()) || beginsStatement(-1)) {
        error(Code::unexpectedToken, "names are bound once and cannot be assigned to")
            .hint("bind a new name: `let x = …`; a value that changes from round to round is carried by `loop`");
      } else {
        error(Code::unexpectedToken, "`=` binds a name and does not compare").hint("to compare, write `==`");
      }
      return true;
    case Kind::QUESTION:
      if (!expects(Kind::PLUS))
        return false;
      error(Code::foreignWord, "`?` makes a type optional and does not choose")
          .hint("write `if c { a } else { b }`, or `x ?? d` for a value that may be absent");
      return true;
    case Kind::ORELSE:
      if (!expects(Kind::QUESTION))
        return false;
      error(Code::doubleOptional, "a type is optional once: `T?`").hint("remove one `?`");
      return true;
    case Kind::AS:
      if (!expects(Kind::PLUS))
        return false;
      error(Code::asPlace, "`as` stands once, directly after a call").hint("bind the call's answer with `let` first");
      return true;
    case Kind::NUMBER:
      if (before() != Kind::DOT || !expects(Kind::LOWER))
        return false;
      diagnostics.error(Code::badNumber, source::join(span(token(-1)), span(found())), "a number begins with a digit")
          .hint("write " + quote("0." + text(found())));
      return true;
    default:
      return false;
    }
  }

  bool lineEnd() {
    if (found().type != Kind::NEWLINE)
      return false;
    if (after() == Kind::LBRACE && expects(Kind::LBRACE)) {
      error(Code::unexpectedToken, "the line ends before the block of this construct")
          .note(span(token(1)), "this brace begins a statement of its own")
          .hint("write `{` at the end of the line above");
      return true;
    }
    return false;
  }

  /// What is written so elsewhere, and means nothing here. Nothing of it is a guess: the place fits one reading.
  bool shapeOfOtherLanguage() {
    std::size_t type = found().type;
    if (type == Kind::QUOTE && before() == Kind::LOWER && token(-1).end == found().begin)
      return tell("a string has no letter before it", "`${x}` puts a value into any string");
    if (before() == Kind::NUMBER && isName(type) && isUnit(text(token(-1)) + text(found())))
      return tell("a unit stands directly behind its number, found " + describe(file, found()) + " apart from it",
                  "write " + quote(text(token(-1)) + text(found())));
    if ((type == Kind::FATARROW || type == Kind::ARROW) && expects(Kind::COMMA) && expects(Kind::RPAREN))
      return tell(describe(file, found()) + " makes no function", "a function without a name is `|x| …`");
    if (type == Kind::ARROW && expects(Kind::FATARROW))
      return tell("expected `=>`, found `->`", "an arm is `pattern => value`");
    if (type == Kind::COLON && expects(Kind::ARROW))
      return tell("expected `->` or `{`, found `:`", "what it gives stands behind an arrow: `-> int`");
    if (type == Kind::COLON && expects(Kind::RBRACKET))
      return tell("expected `]`, found `:`", "a part of a list is `xs.skip(from).take(count)`");
    if (type == Kind::RBRACKET && before() == Kind::LBRACKET && expects(Kind::UPPER))
      return tell("there is no size between these brackets", "a list is written `list<int>`");
    if (type == Kind::DOT && (before() == Kind::DOT || token(-1).end == found().begin) && expectsValue())
      return tell("`..` makes no list", "whole numbers from 0 to 9 are `range(0, 10)`");
    if ((type == Kind::PLUS || type == Kind::MINUS) && before() == type)
      return tell("nothing is counted up or down: names are bound once", "write `x + 1`, and carry it by `loop`");
    if (type == Kind::IN && token(-2).type == Kind::LPAREN && token(-3).type == Kind::FOR)
      return tell("a `for` has no parentheses", "write `for " + text(token(-1)) + " in xs { … }`");
    if (type == Kind::IN && expectsLineEnd())
      return tell("`in` belongs to `for`", "whether a list holds a value is `xs.contains(x)`");
    return false;
  }

  bool patternOfOtherLanguage() {
    if (!expects(Kind::FATARROW))
      return false;
    switch (found().type) {
    case Kind::IF:
    case Kind::WHERE:
      return tell("a pattern has no condition, found " + describe(file, found()) + " behind it",
                  "ask behind the arrow: `… => if c { a } else { b }`");
    case Kind::COMMA:
    case Kind::BAR:
      return tell("an arm has one pattern, found " + describe(file, found()) + " behind it",
                  "write an arm for each case, or `_` for all that are left");
    default:
      return false;
    }
  }

  bool recordOfOtherLanguage() {
    bool isBraced = found().type == Kind::LBRACE && before() == Kind::UPPER && expectsLineEnd();
    if (isBraced && after() == Kind::DOT)
      return tell("`...` puts no record into another", "a record with other fields is a copy: `r.copy(title: \"x\")`");
    if (isBraced && isWord(after()) && (token(2).type == Kind::COMMA || token(2).type == Kind::RBRACE))
      return tell("a field stands with its value",
                  "write " + quote(text(token(-1)) + " { " + text(token(1)) + ": " + text(token(1)) + " … }"));
    if (found().type == Kind::COMMA && isWord(before()) && token(-2).type == Kind::LBRACE && expectsLineEnd())
      return tell("a field stands with its value",
                  "write " + quote("{ " + text(token(-1)) + ": " + text(token(-1)) + " … }"));
    if (found().type == Kind::DOT && before() == Kind::DOT &&
        (token(-2).type == Kind::LBRACKET || token(-2).type == Kind::COMMA))
      return tell("`...` puts no list into another", "lists are joined by `+`: `xs + [1]`");
    return false;
  }

  bool tell(std::string message, std::string advice) {
    error(Code::unexpectedToken, std::move(message)).hint(std::move(advice));
    return true;
  }

  static bool isUnit(const std::string &literal) {
    diagnostics::DiagnosticEngine ignored;
    readNumber(literal, {}, ignored);
    return !ignored.hasErrors();
  }

  /// A value is complete at the place.
  bool expectsAfterValue() const { return expects(Kind::PLUS) && expects(Kind::DOT); }
  static bool beginsValue(std::size_t type) {
    return isWord(type) || isQuote(type) || type == Kind::NUMBER || type == Kind::LPAREN || type == Kind::LBRACKET;
  }

  bool expectsLineEnd() const { return expects(Kind::NEWLINE) || expects(Kind::RBRACE); }

  std::string wanted() const {
    std::vector<std::string> parts;
    bool value = expectsValue();
    bool names = expects(Kind::LOWER);
    if (value)
      parts.push_back("a value");
    else if (names && expects(Kind::UPPER))
      parts.push_back(expects(Kind::FN) ? "a type" : "a name");
    else if (names)
      parts.push_back("a name");
    else if (expects(Kind::UPPER))
      parts.push_back("a name with a capital");
    if (expects(Kind::QUOTE) && !value)
      parts.push_back("a string");
    if (expects(Kind::NUMBER) && !value)
      parts.push_back("a number");
    static constexpr std::pair<std::size_t, const char *> marks[] = {
        {Kind::COMMA, "`,`"},
        {Kind::RPAREN, "`)`"},
        {Kind::RBRACKET, "`]`"},
        {Kind::RBRACE, "`}`"},
        {Kind::ASSIGN, "`=`"},
        {Kind::FATARROW, "`=>`"},
        {Kind::IN, "`in`"},
        {Kind::MAX, "`max`"},
        {Kind::ON, "`on`"},
        {Kind::CATCH, "`catch`"},
        {Kind::BOTHWAYS, "`<->`"},
        {Kind::READ, "`read`"},
        {Kind::WRITE, "`write`"},
        {Kind::PURE, "`pure`"},
        {Kind::EVERYWHERE, "`everywhere`"},
        {Kind::ARROW, "`->`"},
        {Kind::NEWLINE, "the end of the line"},
    };
    for (auto [type, spelled] : marks)
      if (expects(type) && !(names && isName(type)) && !(value && isWord(type)))
        parts.push_back(spelled);
    if (expects(Kind::COLON) && !expects(Kind::COMMA))
      parts.push_back("`:`");
    if (!value && !names && expects(Kind::LBRACE))
      parts.push_back("`{`");
    // What may follow almost everything is said only where nothing else could.
    static constexpr std::pair<std::size_t, const char *> rest[] = {
        {Kind::LPAREN, "`(`"}, {Kind::PLUS, "an operator"}, {Kind::DOT, "`.`"}, {Kind::LESS, "`<`"}};
    for (auto [type, spelled] : rest)
      if (parts.empty() && expects(type))
        parts.push_back(spelled);
    return either(parts);
  }

  void plain() {
    std::string what = failure.position < kept.size() ? describe(file, found()) : "the end of the declaration";
    std::string expected = wanted();
    auto &told = error(Code::unexpectedToken,
                       expected.empty() ? what + " does not belong here" : "expected " + expected + ", found " + what);
    if (isReserved(found().type) && expects(Kind::LOWER))
      told.hint(describe(file, found()) + " is a reserved word");
    if (isName(found().type) && failure.expected.size() < 12)
      suggestWord(told);
    else if (expects(Kind::NEWLINE) && expectsAfterValue() && beginsValue(found().type))
      told.hint("statements stand on lines of their own, or have a `;` between them");
  }

  /// `for x on xs`: the word that was meant, if one of few is near.
  void suggestWord(diagnostics::Diagnostic &told) {
    static constexpr std::pair<std::size_t, const char *> words[] = {
        {Kind::IN, "in"},       {Kind::MAX, "max"},       {Kind::ON, "on"},     {Kind::BY, "by"},
        {Kind::CATCH, "catch"}, {Kind::ELSE, "else"},     {Kind::AS, "as"},     {Kind::WITH, "with"},
        {Kind::WHERE, "where"}, {Kind::EFFECT, "effect"}, {Kind::READ, "read"}, {Kind::EVERYWHERE, "everywhere"},
    };
    std::vector<std::string> candidates;
    for (auto [type, name] : words)
      if (expects(type))
        candidates.push_back(name);
    if (auto near = diagnostics::nearest(text(found()), candidates))
      told.hint("did you mean " + quote(*near) + "?");
  }

  const source::SourceFile &file;
  const TokenList &list;
  const std::vector<std::uint32_t> &kept;
  const Failure &failure;
  diagnostics::DiagnosticEngine &diagnostics;
};

} // namespace

void explain(const source::SourceFile &file, const TokenList &list, const std::vector<std::uint32_t> &kept,
             const Failure &failure, diagnostics::DiagnosticEngine &diagnostics) {
  Explainer(file, list, kept, failure, diagnostics).explain();
}

void explainNoDeclaration(const source::SourceFile &file, const Token &first,
                          diagnostics::DiagnosticEngine &diagnostics) {
  Span span{file.id(), first.begin, first.end};
  std::string word(file.text(span));
  auto &error =
      diagnostics.error(Code::expectedDeclaration, span, "expected a declaration, found " + describe(file, first));
  if (std::string_view advice = adviceOn(word); !advice.empty()) {
    error.hint(std::string(advice));
    return;
  }
  static const std::vector<std::string> words = {"use",   "type",  "dim",     "model", "tool",
                                                 "agent", "store", "label",   "fn",    "workflow",
                                                 "test",  "mesh",  "cluster", "train", "deploy"};
  if (auto near = diagnostics::nearest(word, words))
    error.hint("did you mean " + quote(*near) + "?");
  else if (first.type == Kind::LET)
    error.hint("`let` stands inside a block; sizes are declared with `dim`, types with `type`");
  else
    error.hint("a module holds `use type dim model tool agent store label fn workflow test mesh cluster train deploy`");
}

} // namespace weft::syntax
