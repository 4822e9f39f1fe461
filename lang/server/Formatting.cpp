//===- Formatting.cpp - A text in its one form ----------------------------===//
//
// Sent as one change from the first line that differs to the last, so that an editor
// keeps its marks before and behind.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Features.h"

#include "lang/format/Formatter.h"

#include <algorithm>

namespace weft::server {
namespace {

/// How many bytes of whole lines two texts have in common at their beginning.
std::size_t commonLines(std::string_view a, std::string_view b) {
  std::size_t most = std::min(a.size(), b.size()), at = 0, lines = 0;
  for (; at < most && a[at] == b[at]; ++at)
    if (a[at] == '\n')
      lines = at + 1;
  return at == a.size() && at == b.size() ? at : lines;
}

std::size_t commonTail(std::string_view a, std::string_view b) {
  std::size_t most = std::min(a.size(), b.size()), at = 0, lines = 0;
  for (; at < most && a[a.size() - 1 - at] == b[b.size() - 1 - at]; ++at)
    if (at > 0 && a[a.size() - 1 - at] == '\n')
      lines = at;
  return lines;
}

} // namespace

Answer formatting(const Workspace &workspace, const std::string &path) {
  std::optional<std::string> before = workspace.textOf(path);
  if (!before)
    return Refusal{Refusal::invalidParams, "there is no text of " + path};
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  const source::SourceFile &file = sources.add(path, *before);
  std::optional<std::string> after = format::format(syntax::parse(file, engine, &workspace.parseMemory()), file);
  if (!after)
    return json::value(nullptr);
  if (*after == *before)
    return json::value(json::array{});
  std::string_view old = file.text(), made = *after;
  std::size_t head = commonLines(old, made);
  std::size_t tail = commonTail(old.substr(head), made.substr(head));
  LineTable lines(old, workspace.documents.encoding);
  json::object change{
      {"range", lines.range(static_cast<std::uint32_t>(head), static_cast<std::uint32_t>(old.size() - tail))},
      {"newText", made.substr(head, made.size() - head - tail)}};
  return json::value(json::array{change});
}

} // namespace weft::server
