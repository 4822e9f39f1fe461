//===- Literals.h - Numbers, units and strings ----------------------------===//
//
// From the text of a literal to its value. Quantities are exact: decimal digits
// times the unit, in integers. Internal to lang/syntax.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/diagnostics/Diagnostic.h"
#include "lang/syntax/Ast.h"

#include <optional>
#include <string>
#include <string_view>

namespace weft::syntax {

/// As messages show what stands in the program: "`foo`".
inline std::string quote(std::string_view text) { return "`" + std::string(text) + "`"; }

/// What a number token says.
struct NumberValue {
  enum class Form : std::uint8_t { integer, floating, quantity } form = Form::integer;
  std::int64_t integer = 0; ///< Or the amount of a quantity.
  double floating = 0;
  Quantity quantity = Quantity::duration;
};

/// `text` is a NUMBER or MONEY token. Reports an unknown unit, a number that is
/// too large, a quantity that is not whole; then the value is 0.
NumberValue readNumber(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics);

/// Whether a minus before this NUMBER token makes it the least int, 2^63 below zero, whose digits alone no int holds.
bool isLeastMagnitude(std::string_view text);

struct RateUnit {
  RateBase base = RateBase::time;
  std::int64_t amount = 1;
};

/// The word after `per`. Reports an unknown one.
RateUnit readRateUnit(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics);

/// A positive whole number, for counts and dimension sizes. Reports anything else.
std::int64_t readCount(std::string_view text, Span span, std::string_view what,
                       diagnostics::DiagnosticEngine &diagnostics);

/// The text that an escape such as `\n` or `\u{1F600}` stands for. Reports one that does not exist.
std::string readEscape(std::string_view text, Span span, diagnostics::DiagnosticEngine &diagnostics);

/// A token between quotes, or a hole.
struct StringPart {
  Span span;
  std::string text; ///< With an escape resolved.
  Expr *hole = nullptr;
  bool escaped = false; ///< It was an escape: no indentation, no line break.
};

/// Joins neighbouring text. Of a block, takes away the first and last newline
/// and the common indentation; lines without text do not count for it, a hole is
/// text.
std::vector<StringPiece> assemble(std::vector<StringPart> parts, bool isBlock);

} // namespace weft::syntax
