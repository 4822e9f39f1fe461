//===- RenderJson.cpp - Messages for editors ------------------------------===//
//
// Written by hand: the shape is small and fixed, and lang/ uses no JSON library.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"

#include <cstdio>

namespace weft::diagnostics {
namespace {

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (char c : text) {
    switch (c) {
    case '"':
      result += "\\\"";
      break;
    case '\\':
      result += "\\\\";
      break;
    case '\n':
      result += "\\n";
      break;
    case '\t':
      result += "\\t";
      break;
    default:
      if (static_cast<unsigned char>(c) < 0x20) {
        char escape[8];
        std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(c));
        result += escape;
      } else {
        result += c;
      }
    }
  }
  return result + "\"";
}

std::string place(source::Span span, const source::Sources &sources) {
  if (span.file >= sources.size())
    return "\"file\":null";
  const source::SourceFile &file = sources.file(span.file);
  auto point = [&](std::uint32_t offset) {
    source::Location at = file.location(offset);
    return "{\"line\":" + std::to_string(at.line) + ",\"column\":" + std::to_string(at.column) +
           ",\"byte\":" + std::to_string(offset) + "}";
  };
  return "\"file\":" + quoted(file.name()) + ",\"begin\":" + point(span.begin) + ",\"end\":" + point(span.end);
}

} // namespace

std::string renderJson(const DiagnosticEngine &engine, const source::Sources &sources) {
  std::string text = "[";
  const char *separator = "\n";
  for (const Diagnostic *diagnostic : engine.sorted()) {
    text += std::string(separator) +
            "{\"severity\":" + (diagnostic->severity == Severity::error ? "\"error\"" : "\"warning\"") +
            ",\"code\":" + quoted(number(diagnostic->code)) + ",\"message\":" + quoted(diagnostic->message) +
            ",\"label\":" + quoted(diagnostic->label) + "," + place(diagnostic->span, sources) + ",\"notes\":[";
    const char *comma = "";
    for (const Note &note : diagnostic->notes) {
      text += std::string(comma) + "{\"message\":" + quoted(note.message) + "," + place(note.span, sources) + "}";
      comma = ",";
    }
    text += "],\"help\":[";
    comma = "";
    for (const std::string &help : diagnostic->help) {
      text += comma + quoted(help);
      comma = ",";
    }
    text += "]}";
    separator = ",\n";
  }
  return text + "\n]\n";
}

} // namespace weft::diagnostics
