//===- Doc.cpp - Text that may be broken into lines -----------------------===//
//
// One pass with a stack of what is left to print; a group looks ahead only as
// far as the next possible end of a line.
//
//===----------------------------------------------------------------------===//

#include "lang/format/Doc.h"

#include <algorithm>

namespace weft::format {

enum class DocKind : std::uint8_t {
  text,
  concat,
  line,
  softLine,
  hardLine,
  emptyLine,
  indent,
  group,
  ifBroken,
  flat,
  ifHeadFits,
  ifFitsInside,
};

struct DocNode {
  DocKind kind;
  bool broken = false; ///< Holds a hard line.
  std::string content;
  std::vector<Doc> parts;
};

namespace {

constexpr unsigned indentWidth = 2;

Doc make(DocKind kind, std::string content = {}, std::vector<Doc> parts = {}) {
  auto node = std::make_shared<DocNode>();
  node->kind = kind;
  // Only what is printed when broken can break a group.
  node->broken = kind == DocKind::hardLine || std::any_of(parts.begin(), parts.end(), isBroken);
  node->content = std::move(content);
  node->parts = std::move(parts);
  return node;
}

std::size_t width(std::string_view content) {
  return static_cast<std::size_t>(std::count_if(content.begin(), content.end(),
                                                [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

struct Task {
  unsigned indent;
  bool flat;
  const DocNode *doc;
};

/// Pushes the parts of a node that has no text of its own.
void expand(const Task &task, std::vector<Task> &stack) {
  const DocNode &doc = *task.doc;
  switch (doc.kind) {
  case DocKind::concat:
    for (std::size_t at = doc.parts.size(); at-- > 0;)
      stack.push_back({task.indent, task.flat, doc.parts[at].get()});
    break;
  case DocKind::indent:
    stack.push_back({task.indent + indentWidth, task.flat, doc.parts[0].get()});
    break;
  case DocKind::ifBroken:
    stack.push_back({task.indent, task.flat, doc.parts[task.flat ? 1 : 0].get()});
    break;
  case DocKind::flat:
    stack.push_back({task.indent, true, doc.parts[0].get()});
    break;
  case DocKind::ifHeadFits:
  case DocKind::ifFitsInside: // When looking ahead: the last is what there is most room for.
    stack.push_back({task.indent, task.flat, doc.parts.back().get()});
    break;
  default:
    break;
  }
}

/// Whether what is on the stack fits into `room` up to the next end of a line.
/// `rest` is read, from its top, after `stack` is used up.
bool fits(Task first, const std::vector<Task> &rest, std::size_t room) {
  std::vector<Task> stack{first};
  std::size_t below = rest.size();
  for (;;) {
    if (stack.empty()) {
      if (below == 0)
        return true;
      stack.push_back(rest[--below]);
      continue;
    }
    Task task = stack.back();
    stack.pop_back();
    switch (task.doc->kind) {
    case DocKind::text: {
      std::size_t end = task.doc->content.find('\n');
      std::size_t used = width(std::string_view(task.doc->content).substr(0, end));
      if (used > room)
        return false;
      if (end != std::string::npos)
        return true;
      room -= used;
      break;
    }
    case DocKind::line:
      if (!task.flat)
        return true;
      if (room == 0)
        return false;
      --room;
      break;
    case DocKind::softLine:
      if (!task.flat)
        return true;
      break;
    case DocKind::hardLine:
      return true;
    case DocKind::emptyLine:
      break;
    case DocKind::group:
      stack.push_back({task.indent, task.flat && !task.doc->broken, task.doc->parts[0].get()});
      break;
    default:
      expand(task, stack);
    }
  }
}

} // namespace

Doc text(std::string content) { return make(DocKind::text, std::move(content)); }
Doc concat(std::vector<Doc> parts) { return make(DocKind::concat, {}, std::move(parts)); }
Doc line() { return make(DocKind::line); }
Doc softLine() { return make(DocKind::softLine); }
Doc hardLine() { return make(DocKind::hardLine); }
Doc emptyLine() { return make(DocKind::emptyLine); }
Doc indent(Doc content) { return make(DocKind::indent, {}, {std::move(content)}); }
Doc group(Doc content) { return make(DocKind::group, {}, {std::move(content)}); }
Doc ifBroken(Doc broken, Doc flat) { return make(DocKind::ifBroken, {}, {std::move(broken), std::move(flat)}); }

Doc flat(Doc content) { return make(DocKind::flat, {}, {std::move(content)}); }
Doc ifHeadFits(Doc first, Doc other) { return make(DocKind::ifHeadFits, {}, {std::move(first), std::move(other)}); }
Doc ifFitsInside(Doc probe, Doc first, Doc other) {
  return make(DocKind::ifFitsInside, {}, {std::move(probe), std::move(first), std::move(other)});
}

Doc join(const std::vector<Doc> &parts, const Doc &between) {
  std::vector<Doc> joined;
  for (const Doc &part : parts) {
    if (!joined.empty())
      joined.push_back(between);
    joined.push_back(part);
  }
  return concat(std::move(joined));
}

bool isBroken(const Doc &doc) { return doc->broken; }

std::string layOut(const Doc &doc, unsigned maxWidth) {
  std::string out;
  std::size_t column = 0;
  std::vector<Task> stack{{0, false, doc.get()}};
  auto newLine = [&](unsigned indentation) {
    while (!out.empty() && out.back() == ' ')
      out.pop_back();
    out += '\n';
    out.append(indentation, ' ');
    column = indentation;
  };
  while (!stack.empty()) {
    Task task = stack.back();
    stack.pop_back();
    switch (task.doc->kind) {
    case DocKind::text: {
      out += task.doc->content;
      std::size_t lastLine = task.doc->content.rfind('\n');
      column = lastLine == std::string::npos ? column + width(task.doc->content)
                                             : width(std::string_view(task.doc->content).substr(lastLine + 1));
      break;
    }
    case DocKind::line:
    case DocKind::softLine:
      if (!task.flat) {
        newLine(task.indent);
      } else if (task.doc->kind == DocKind::line) {
        out += ' ';
        ++column;
      }
      break;
    case DocKind::hardLine:
      newLine(task.indent);
      break;
    case DocKind::emptyLine:
      newLine(0);
      break;
    case DocKind::group: {
      Task inner{task.indent, true, task.doc->parts[0].get()};
      std::size_t room = column > maxWidth ? 0 : maxWidth - column;
      inner.flat = !task.doc->broken && (task.flat || fits(inner, stack, room));
      stack.push_back(inner);
      break;
    }
    case DocKind::ifHeadFits: {
      Task first{task.indent, false, task.doc->parts[0].get()};
      std::size_t room = column > maxWidth ? 0 : maxWidth - column;
      stack.push_back(fits(first, {}, room) ? first : Task{task.indent, false, task.doc->parts[1].get()});
      break;
    }
    case DocKind::ifFitsInside: {
      unsigned inside = task.indent + indentWidth;
      bool doesFit = fits({inside, true, task.doc->parts[0].get()}, {}, inside > maxWidth ? 0 : maxWidth - inside);
      stack.push_back({task.indent, false, task.doc->parts[doesFit ? 1 : 2].get()});
      break;
    }
    default:
      expand(task, stack);
    }
  }
  return out;
}

} // namespace weft::format
