//===- Diagnostics.cpp - weftc's messages, in an editor -------------------===//
//
// The words are those of weftc; notes are related places, help follows the
// message, and the code leads to its page.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

namespace weft::server {
namespace {

constexpr int unnecessary = 1; ///< A tag: shown faded.

json::value toJson(const Analysis &analysis, const diagnostics::Diagnostic &one, const std::string &pages) {
  std::string number = diagnostics::number(one.code);
  std::string message = one.message;
  if (!one.label.empty())
    message += "\n" + one.label;
  for (const std::string &help : one.help)
    message += "\nhelp: " + help;
  json::object made{{"range", analysis.range(one.span)},
                    {"severity", one.severity == diagnostics::Severity::error ? 1 : 2},
                    {"code", number},
                    {"source", "weft"},
                    {"message", message}};
  if (!pages.empty())
    made["codeDescription"] = json::object{{"href", uriOf(pages + "/" + number + ".md")}};
  if (one.code == diagnostics::Code::unusedBinding)
    made["tags"] = json::array{unnecessary};
  json::array related;
  for (const diagnostics::Note &note : one.notes)
    related.push_back(json::object{{"location", analysis.location(note.span)}, {"message", note.message}});
  if (!related.empty())
    made["relatedInformation"] = std::move(related);
  return made;
}

} // namespace

json::array diagnosticsOf(const Analysis &analysis, const std::string &pages) {
  json::array list;
  for (const diagnostics::Diagnostic *each : analysis.engine.sorted())
    if (each->span.file == 0)
      list.push_back(toJson(analysis, *each, pages));
  return list;
}

Answer codeActions(const Analysis &analysis, std::uint32_t begin, std::uint32_t end, const std::string &pages) {
  json::array list;
  for (const diagnostics::Diagnostic *each : analysis.engine.sorted()) {
    if (each->span.file != 0 || each->meant.empty() || each->span.end < begin || each->span.begin > end)
      continue;
    json::object edit{{"range", analysis.range(each->span)}, {"newText", each->meant}};
    json::object changes{{analysis.uri(0), json::array{edit}}};
    list.push_back(json::object{{"title", "write `" + each->meant + "`"},
                                {"kind", "quickfix"},
                                {"isPreferred", true},
                                {"diagnostics", json::array{toJson(analysis, *each, pages)}},
                                {"edit", json::object{{"changes", changes}}}});
  }
  return list;
}

} // namespace weft::server
