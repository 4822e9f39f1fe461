//===- TestReport.cpp - Verdicts for people, scripts and build servers ----===//

#include "runtime/cli/testing/TestReport.h"

#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

#include <cstdio>

namespace weft::cli {
namespace {

/// Of a line of what failed; values may be documents.
constexpr std::size_t maxLineBytes = 400;

std::string indented(const std::string &text) {
  std::string out;
  for (std::size_t at = 0; at <= text.size();) {
    std::size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = std::string_view(text).substr(at, end - at), shown = value::cutTo(line, maxLineBytes);
    out += "        " + std::string(shown) + (shown.size() < line.size() ? "…" : "") + "\n";
    at = end + 1;
  }
  return out;
}

/// A record of the types of TestResult's fields.
const value::TypeTable &types() {
  static const value::TypeTable table = [] {
    using value::TypeKind;
    value::TypeTable made;
    value::TypeId text = made.simple(TypeKind::string), number = made.simple(TypeKind::integer);
    made.record("TestResult", {{"file", text},
                               {"test", text},
                               {"passed", made.simple(TypeKind::boolean)},
                               {"milliseconds", number},
                               {"kills", number},
                               {"why", text}});
    return made;
  }();
  return table;
}

std::string xmlText(std::string_view text) {
  std::string out;
  for (char c : text)
    switch (c) {
    case '<':
      out += "&lt;";
      break;
    case '>':
      out += "&gt;";
      break;
    case '&':
      out += "&amp;";
      break;
    case '"':
      out += "&quot;";
      break;
    case '\n':
      out += "&#10;";
      break;
    default:
      // XML 1.0, production 2: of what is below a space only tab and line ends.
      if (static_cast<unsigned char>(c) < 0x20 && c != '\t')
        out += "\uFFFD";
      else
        out += c;
    }
  return out;
}

std::string seconds(std::uint64_t milliseconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", static_cast<double>(milliseconds) / 1000);
  return text;
}

std::string casesOf(std::span<const TestResult> suite) {
  std::string text;
  for (const TestResult &result : suite) {
    text += "    <testcase classname=\"" + xmlText(result.file) + "\" name=\"" + xmlText(result.test) + "\" time=\"" +
            seconds(result.milliseconds) + "\"";
    if (result.passed) {
      text += "/>\n";
      continue;
    }
    std::string_view first = std::string_view(result.why).substr(0, result.why.find('\n'));
    text +=
        ">\n      <failure message=\"" + xmlText(first) + "\">" + xmlText(result.why) + "</failure>\n    </testcase>\n";
  }
  return text;
}

} // namespace

std::string textOf(const TestResult &result) {
  std::string kills = result.kills == 0 ? "" : ", killed " + std::to_string(result.kills) + " times";
  return (result.passed ? "ok      " : "FAILED  ") + result.test + " (" + std::to_string(result.milliseconds) + " ms" +
         kills + ")\n" + (result.passed ? "" : indented(result.why));
}

std::string jsonLineOf(const TestResult &result) {
  std::string line = "{\"file\":";
  value::appendJsonString(line, result.file);
  value::appendJsonString(line += ",\"test\":", result.test);
  line += std::string(",\"passed\":") + (result.passed ? "true" : "false") +
          ",\"milliseconds\":" + std::to_string(result.milliseconds) + ",\"kills\":" + std::to_string(result.kills) +
          ",\"why\":";
  value::appendJsonString(line, result.why);
  return line + "}\n";
}

base::Result<TestResult> readJsonLine(std::string_view line) {
  auto read = value::fromJson(line, *types().named("TestResult"), types());
  if (!read)
    return std::move(read).error();
  std::span<const value::Value> fields = read->items();
  auto number = [&](std::size_t at) { return static_cast<std::uint64_t>(fields[at].asInt()); };
  return TestResult{
      std::string(fields[0].asText()), std::string(fields[1].asText()), fields[2].asBool(), number(3), number(4),
      std::string(fields[5].asText())};
}

std::string junitOf(std::span<const TestResult> results) {
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (std::size_t begin = 0, end = 0; begin < results.size(); begin = end) {
    std::uint64_t milliseconds = 0;
    std::size_t failed = 0;
    for (; end < results.size() && results[end].file == results[begin].file; ++end) {
      milliseconds += results[end].milliseconds;
      failed += !results[end].passed;
    }
    text += "  <testsuite name=\"" + xmlText(results[begin].file) + "\" tests=\"" + std::to_string(end - begin) +
            "\" failures=\"" + std::to_string(failed) + "\" errors=\"0\" skipped=\"0\" time=\"" +
            seconds(milliseconds) + "\">\n" + casesOf(results.subspan(begin, end - begin)) + "  </testsuite>\n";
  }
  return text + "</testsuites>\n";
}

} // namespace weft::cli
