//===- Diagnostic.cpp - What is wrong, where, and what to do --------------===//
//
// Reports arrive in the order of the checks and are shown in the order of the
// text.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Diagnostic.h"

#include "lang/diagnostics/Nearest.h"

#include <algorithm>

namespace weft::diagnostics {

bool Diagnostic::offer(std::string_view written, std::span<const std::string> names) {
  if (written == placeholder)
    candidates.assign(names.begin(), names.end());
  std::optional<std::string> near = nearest(written, names);
  if (!near)
    return false;
  hint("did you mean `" + *near + "`?");
  meant = std::move(*near);
  return true;
}

Diagnostic &DiagnosticEngine::report(Severity severity, Code code, source::Span span, std::string message) {
  bool isNew = seen.emplace(code, span.file, span.begin, span.end).second;
  std::size_t &count = severity == Severity::error ? errors : warnings;
  Diagnostic &slot = isNew && count < maxKept ? kept.emplace_back() : swallowed;
  if (isNew)
    ++count;
  slot = Diagnostic();
  slot.severity = severity;
  slot.code = code;
  slot.span = span;
  slot.message = std::move(message);
  return slot;
}

Diagnostic &DiagnosticEngine::error(Code code, source::Span span, std::string message) {
  return report(Severity::error, code, span, std::move(message));
}

Diagnostic &DiagnosticEngine::warning(Code code, source::Span span, std::string message) {
  return report(Severity::warning, code, span, std::move(message));
}

std::vector<const Diagnostic *> DiagnosticEngine::sorted() const {
  std::vector<const Diagnostic *> order;
  for (const Diagnostic &diagnostic : kept)
    order.push_back(&diagnostic);
  std::stable_sort(order.begin(), order.end(), [](const Diagnostic *left, const Diagnostic *right) {
    return std::tie(left->span.file, left->span.begin) < std::tie(right->span.file, right->span.begin);
  });
  return order;
}

} // namespace weft::diagnostics
