//===- Shortening.cpp - Less of a text, and texts that a `where` names ----===//

#include "runtime/agent/model/extractive/Shortening.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Lines.h"
#include "runtime/agent/model/extractive/SentenceSplitter.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cstdlib>

namespace weft::extractive {
namespace {

constexpr std::size_t lengths[] = {600, 400, 300, 240, 200, 160, 140, 120, 100, 90, 80, 70, 60,
                                   50,  40,  30,  25,  20,  15,  12,  10,  8,   6,  5,  3,  1};

/// Some forty words: what fits two lines of a list.
constexpr std::size_t statementCodePoints = 260;

/// A cut this far into what is allowed still leaves most of it.
constexpr double enough = 0.5;

std::string asName(std::string_view text) {
  std::string name, low = lowered(text);
  for (const Word &word : wordsOf(low)) {
    std::string plain;
    for (char c : word.text)
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        plain += c;
    if (!plain.empty())
      name += (name.empty() ? "" : "_") + plain;
  }
  return name;
}

} // namespace

std::string shortened(std::string_view text, std::size_t codePoints) {
  if (length(text) <= codePoints)
    return std::string(text);
  std::string_view whole = firstCodePoints(text, codePoints);
  // Whole sentences first.
  std::size_t end = 0;
  for (std::string_view sentence : sentencesOf(text)) {
    std::size_t last = static_cast<std::size_t>(sentence.data() - text.data()) + sentence.size();
    if (last > whole.size())
      break;
    end = last;
  }
  if (end > 0 && static_cast<double>(end) >= enough * static_cast<double>(whole.size()))
    return std::string(text.substr(0, end));
  std::string_view room = firstCodePoints(text, codePoints > 2 ? codePoints - 1 : codePoints);
  std::size_t word = room.rfind(' ');
  if (word == std::string_view::npos)
    return std::string(whole);
  std::size_t clause = room.find_last_of(",;:");
  std::size_t cut =
      clause != std::string_view::npos && static_cast<double>(clause) >= enough * static_cast<double>(room.size())
          ? clause
          : word;
  std::string_view kept = trimmed(room.substr(0, cut));
  while (!kept.empty() && std::string_view(",;:-(").find(kept.back()) != std::string_view::npos)
    kept = trimmed(kept.substr(0, kept.size() - 1));
  return kept.empty() ? std::string(whole) : std::string(kept) + "…";
}

std::string statementOf(std::string_view sentence) {
  static constexpr std::string_view connectives[] = {
      "However, ",      "Therefore, ",     "Thus, ",         "Hence, ",      "Moreover, ",
      "Furthermore, ",  "In addition, ",   "Also, ",         "Finally, ",    "Accordingly, ",
      "Consequently, ", "Additionally, ",  "Nevertheless, ", "So, ",         "Then, ",
      "Similarly, ",    "In particular, ", "Note that ",     "By contrast, "};
  bool changed = false; // a program's name at the start stays small
  for (std::string_view word : connectives)
    if (sentence.starts_with(word) && sentence.size() > word.size() + 20) {
      sentence.remove_prefix(word.size());
      changed = true;
    }
  std::string out;
  std::size_t nextClose = 0; // looked for once, however many brackets open before it
  for (std::size_t i = 0; i < sentence.size(); ++i) {
    std::size_t close = std::string_view::npos;
    if (sentence[i] == '(' && i > 0)
      close = nextClose = nextClose < i ? sentence.find(')', i) : nextClose;
    // Enumerations "(1)" and plurals "file(s)" stay.
    bool aside = close != std::string_view::npos && sentence[i - 1] == ' ' && close - i > 12 &&
                 sentence.substr(i + 1, close - i - 1).find('(') == std::string_view::npos;
    if (aside) {
      i = close;
      while (!out.empty() && out.back() == ' ' &&
             (i + 1 >= sentence.size() || isSpace(static_cast<unsigned char>(sentence[i + 1])) ||
              std::string_view(".,;:").find(sentence[i + 1]) != std::string_view::npos))
        out.pop_back();
      continue;
    }
    out += sentence[i];
  }
  if (isShouted(out)) {
    out = lowered(out);
    changed = true;
  }
  if (changed && !out.empty() && isLetter(decodeAt(out, 0).value)) {
    CodePoint first = decodeAt(out, 0);
    std::string capital;
    append(capital, upper(first.value));
    out.replace(0, first.sizeBytes, capital);
  }
  return shortened(trimmed(out), statementCodePoints);
}

std::vector<std::string> variantsOf(std::string_view text) {
  std::vector<std::string> out;
  auto add = [&](std::string one) {
    if (!one.empty() && one != text && std::find(out.begin(), out.end(), one) == out.end())
      out.push_back(std::move(one));
  };
  if (text.ends_with('.'))
    add(std::string(text.substr(0, text.size() - 1)));
  else
    add(std::string(text) + ".");
  for (std::size_t size : lengths)
    add(shortened(text, size));
  add(lowered(text));
  auto words = wordsOf(text);
  if (!words.empty()) {
    add(std::string(words[0].text));
    add(lowered(words[0].text));
  }
  std::string name = asName(text);
  add(name);
  for (std::size_t size : {40, 20, 10})
    if (name.size() > size)
      add(name.substr(0, name.rfind('_', size) == std::string::npos ? size : name.rfind('_', size)));
  return out;
}

std::vector<std::string> textsIn(std::string_view where) {
  std::vector<std::string> out;
  for (std::size_t i = where.find('"'); i != std::string_view::npos; i = where.find('"', i)) {
    std::string text;
    for (++i; i < where.size() && where[i] != '"'; ++i) {
      if (where[i] == '\\' && i + 1 < where.size())
        ++i;
      text += where[i];
    }
    if (i >= where.size())
      break;
    ++i;
    out.push_back(std::move(text));
  }
  return out;
}

std::vector<double> numbersIn(std::string_view where) {
  std::vector<double> out;
  for (std::size_t i = 0; i < where.size();) {
    bool digit = isDigit(static_cast<unsigned char>(where[i]));
    bool insideName = i > 0 && (isLetter(static_cast<unsigned char>(where[i - 1])) || where[i - 1] == '_' ||
                                isDigit(static_cast<unsigned char>(where[i - 1])));
    if (!digit || insideName) {
      ++i;
      continue;
    }
    std::string number;
    while (i < where.size() && (isDigit(static_cast<unsigned char>(where[i])) || where[i] == '.' || where[i] == '_')) {
      if (where[i] != '_')
        number += where[i];
      ++i;
    }
    double value = std::strtod(number.c_str(), nullptr);
    if (i < where.size() && (where[i] == 'k' || where[i] == 'M'))
      value *= where[i] == 'k' ? 1e3 : 1e6;
    out.push_back(value);
  }
  return out;
}

} // namespace weft::extractive
