//===- Prompt.cpp - What a prompt asks, and what about --------------------===//

#include "runtime/agent/model/extractive/Prompt.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Stopwords.h"
#include "runtime/agent/model/extractive/Words.h"
#include "runtime/value/Json.h"

#include <algorithm>

namespace weft::extractive {
namespace {

/// An instruction longer than this is the material itself.
constexpr std::size_t maxInstructionBytes = 4000;
constexpr std::size_t maxLabelBytes = 200;
/// JSON below this share of a prompt is a sample inside a text.
constexpr double leastJsonShare = 0.3;
constexpr std::size_t maxJsonTries = 2000; ///< Brackets looked at; a text full of them is no JSON.

/// The end of the bracketed text at `start`, or 0. White space outside of strings ends the search: what is interpolated
/// has none, what people write has.
std::size_t compactEnd(std::string_view text, std::size_t start) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = start; i < text.size(); ++i) {
    char c = text[i];
    if (quoted) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        quoted = false;
      else if (c == '\n')
        return 0;
      continue;
    }
    if (c == '"')
      quoted = true;
    else if (c == '{' || c == '[')
      ++depth;
    else if ((c == '}' || c == ']') && --depth == 0)
      return i + 1;
    else if (c == ' ' || c == '\n' || c == '\t')
      return 0;
  }
  return 0;
}

bool isMaterial(const value::Value &json) {
  if (json.is(value::Tag::map))
    return !json.entries().empty();
  if (!json.is(value::Tag::list))
    return false;
  for (const value::Value &item : json.items())
    if (!item.is(value::Tag::map) && !item.is(value::Tag::string))
      return false;
  return !json.items().empty();
}

/// Takes the interpolated values out; false, with nothing taken, when they are not what the prompt is about.
bool takeJson(std::string_view prompt, Prompt &out) {
  std::size_t taken = 0, tries = 0;
  std::string rest;
  for (std::size_t i = 0; i < prompt.size();) {
    char c = prompt[i];
    bool starts = (c == '{' && i + 1 < prompt.size() && prompt[i + 1] == '"') ||
                  (c == '[' && i + 1 < prompt.size() && (prompt[i + 1] == '{' || prompt[i + 1] == '"'));
    if (starts && ++tries <= maxJsonTries)
      if (std::size_t end = compactEnd(prompt, i))
        if (auto value = value::parseJson(prompt.substr(i, end - i)); value && isMaterial(*value)) {
          out.json.push_back(std::move(*value));
          taken += end - i;
          i = end;
          continue;
        }
    rest += c;
    ++i;
  }
  if (static_cast<double>(taken) < leastJsonShare * static_cast<double>(prompt.size())) {
    out.json.clear();
    return false;
  }
  out.instruction = std::string(trimmed(rest));
  return true;
}

/// `Document: GPL-3` gives the name; empty for any other line.
std::string labelName(std::string_view line) {
  static constexpr std::string_view known[] = {"document", "source",   "file",    "filename", "name",
                                               "path",     "topic",    "subject", "title",    "audience",
                                               "reader",   "question", "folder"};
  std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos || colon > 24 || line.size() > maxLabelBytes)
    return {};
  std::string name = lowered(trimmed(line.substr(0, colon)));
  return std::find(std::begin(known), std::end(known), name) != std::end(known) ? name : std::string();
}

/// Whether the first words tell somebody to do something.
bool instructs(std::string_view paragraph) {
  std::string_view last = trimmed(paragraph);
  if (last.ends_with(':') || last.ends_with('?'))
    return true;
  std::size_t seen = 0;
  for (const Word &word : wordsOf(paragraph)) {
    if (++seen > 8)
      break;
    std::string low = lowered(word.text);
    if (isTaskWord(low) && low != "document" && low != "file" && low != "title" && low != "notes")
      return true;
  }
  return false;
}

/// The start of the first line from `start` on that holds more than spaces.
std::size_t firstLineAt(std::string_view text, std::size_t start) {
  for (std::size_t i = start; i < text.size(); ++i) {
    if (text[i] == '\n')
      start = i + 1;
    else if (text[i] != ' ')
      return start;
  }
  return text.size();
}

/// Head: paragraphs that instruct, and labels; the rest is the text.
void splitText(std::string_view prompt, Prompt &out) {
  std::size_t start = 0;
  bool instructed = false;
  while (start < prompt.size() && start < maxInstructionBytes) {
    start = firstLineAt(prompt, start);
    std::size_t lineEnd = std::min(prompt.find('\n', start), prompt.size());
    std::string_view line = prompt.substr(start, lineEnd - start);
    if (std::string name = labelName(line); !name.empty()) {
      out.labels.emplace(name, trimmed(line.substr(line.find(": ") + 2)));
      start = lineEnd;
      continue;
    }
    std::size_t end = std::min(prompt.find("\n\n", start), prompt.size());
    std::string_view paragraph = prompt.substr(start, end - start);
    // "Summarise for an engineer:" and the text right behind it; a label ends a paragraph too.
    for (std::size_t at = start; at < end;) {
      std::size_t next = std::min(prompt.find('\n', at), end);
      std::string_view one = trimmed(prompt.substr(at, next - at));
      if (one.ends_with(':') || (at > start && !labelName(one).empty())) {
        end = one.ends_with(':') ? next : at;
        paragraph = prompt.substr(start, end - start);
        break;
      }
      at = next + 1;
    }
    bool lastParagraph = trimmed(prompt.substr(end)).empty();
    if (paragraph.size() > maxInstructionBytes || (instructed && !trimmed(paragraph).ends_with(':')) ||
        (!instructed && !instructs(paragraph)) || lastParagraph)
      break;
    out.instruction += (out.instruction.empty() ? "" : "\n") + std::string(trimmed(paragraph));
    instructed = true;
    start = end;
  }
  // The first line keeps its indentation: a centred title is known by it.
  out.text = std::string(prompt.substr(firstLineAt(prompt, start)));
  out.text.resize(trimmed(out.text).empty() ? 0 : out.text.size());
}

} // namespace

std::string Prompt::focus() const {
  std::string out;
  for (const Word &word : wordsOf(instruction)) {
    std::string low = lowered(word.text);
    if (!isStopword(low) && !isTaskWord(low))
      out += (out.empty() ? "" : " ") + low;
  }
  return out;
}

Prompt readPrompt(std::string_view prompt) {
  Prompt out;
  if (takeJson(prompt, out)) {
    for (std::size_t start = 0; start < out.instruction.size();) {
      std::size_t end = std::min(out.instruction.find('\n', start), out.instruction.size());
      std::string_view line = std::string_view(out.instruction).substr(start, end - start);
      if (std::string name = labelName(line); !name.empty())
        out.labels.emplace(name, trimmed(line.substr(line.find(": ") + 2)));
      start = end + 1;
    }
    return out;
  }
  splitText(prompt, out);
  return out;
}

} // namespace weft::extractive
