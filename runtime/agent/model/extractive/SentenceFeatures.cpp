//===- SentenceFeatures.cpp - What a sentence promises by place and wording ===//
//
// The weights here are judgement, tried on licences, manuals, READMEs and
// protocol texts; SentenceRankerTest keeps the cases that decided them.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Lines.h"
#include "runtime/agent/model/extractive/SentenceRanker.h"
#include "runtime/agent/model/extractive/TermVectors.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>

namespace weft::extractive {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

template <typename List> bool hasAny(std::string_view text, const List &parts) {
  return std::any_of(std::begin(parts), std::end(parts), [&](std::string_view part) { return has(text, part); });
}

template <typename List> bool startsWithAny(std::string_view text, const List &parts) {
  return std::any_of(std::begin(parts), std::end(parts), [&](std::string_view part) { return text.starts_with(part); });
}

/// Openings that point at a sentence the reader does not see.
constexpr std::string_view pointsBack[] = {"this ",        "these ",         "those ",         "that ",
                                           "it ",          "its ",           "they ",          "such ",
                                           "he ",          "she ",           "however",        "therefore",
                                           "thus",         "hence",          "but ",           "and ",
                                           "or ",          "also",           "in addition",    "furthermore",
                                           "moreover",     "for example",    "for instance",   "as a result",
                                           "in this case", "in that case",   "then ",          "otherwise",
                                           "so ",          "similarly",      "likewise",       "instead",
                                           "nevertheless", "finally",        "again",          "in particular",
                                           "consequently", "accordingly",    "here ",          "there ",
                                           "below",        "above",          "the following",  "the latter",
                                           "the former",   "in other words", "by contrast",    "on the other hand",
                                           "yet ",         "nor ",           "both ",          "another ",
                                           "e.g.",         "i.e.",           "note that",      "if so",
                                           "them ",        "their ",         "see ",           "to prevent this",
                                           "to do so",     "to do this",     "because of this"};

/// "This document describes …" points at nothing outside itself.
constexpr std::string_view pointsAtItself[] = {
    "this document", "this license", "this licence",  "this memo",      "this specification", "this manual",
    "this section",  "this package", "this library",  "this program",   "this software",      "this file",
    "this guide",    "this readme",  "this project",  "this directory", "this page",          "this chapter",
    "this version",  "this release", "this protocol", "this tool",      "this module",        "this agreement",
    "this standard", "this text",    "this policy",   "this contract",  "this paper",         "this report"};

constexpr std::string_view announces[] = {"this document describes",
                                          "this document defines",
                                          "this document specifies",
                                          "this memo describes",
                                          "is designed to",
                                          "is intended to",
                                          "the purpose of",
                                          "the goal of",
                                          "the aim of",
                                          "allows you to",
                                          "lets you",
                                          "in summary",
                                          "in short",
                                          "provides a",
                                          "is a tool",
                                          "is a library",
                                          "is a program",
                                          "is a free",
                                          "this manual",
                                          "the intent of",
                                          "is used to",
                                          "is responsible for",
                                          "is the ",
                                          "must not",
                                          "means that",
                                          "the main",
                                          "in general",
                                          "is a protocol",
                                          "consists of",
                                          "is based on"};

/// Notices that every text of their kind carries.
constexpr std::string_view notices[] = {"all rights reserved",
                                        "copyright (c)",
                                        "copyright ©",
                                        "verbatim copies of this license document",
                                        "permission is granted to copy",
                                        "distribution of this memo",
                                        "should have received a copy",
                                        "you may obtain a copy of",
                                        "table of contents",
                                        "last modified",
                                        "last updated",
                                        "mailing list",
                                        "bug report",
                                        "report bugs",
                                        "pull request",
                                        "signature of",
                                        "postal address",
                                        "e-mail:",
                                        "email:",
                                        "phone:",
                                        "click here",
                                        "see the file",
                                        "write to the free software",
                                        "free software foundation, inc., ",
                                        "key words \"must\"",
                                        "rfc 2119",
                                        "rfc2119",
                                        "one line to give",
                                        "internet-drafts are",
                                        "for more information",
                                        "for more details",
                                        "for details",
                                        "is free software; you can redistribute",
                                        "is free software: you can redistribute",
                                        "is distributed in the hope that",
                                        "invoke ",
                                        "happy hacking",
                                        "thanks to",
                                        "thank you",
                                        "the following conditions are met",
                                        "must display the following",
                                        "hope this helps",
                                        "feel free to",
                                        "precise terms and conditions",
                                        "extra text behind"};

constexpr std::string_view defines[] = {" means ",   " shall mean ", " refers to ", " is whoever ",
                                        " include ", " includes ",   " is you"};

/// What a text asks, permits or forbids is what its reader must know.
constexpr std::string_view binds[] = {" must ",      " may not ",     " shall not ", " grants ", " required to ",
                                      " prohibit",   " irrevocabl",   " terminat",   " liable ", " warranty ",
                                      " permitted ", " recommended ", " should not "};

double lengthValue(std::size_t words) {
  if (words < 4)
    return 0.05;
  if (words < 8)
    return 0.35 + 0.12 * static_cast<double>(words - 4);
  if (words <= 34)
    return 1.0;
  return std::max(0.35, 1.0 - 0.016 * static_cast<double>(words - 34));
}

} // namespace

double standsAlone(const Sentence &sentence) {
  std::string_view text = sentence.text;
  std::string low = lowered(text);
  std::vector<Word> words = wordsOf(text);
  double value = lengthValue(words.size());
  char32_t first = text.empty() ? 0 : decodeAt(text, 0).value;
  if (isLetter(first) && !isUpper(first) && lower(first) != upper(first))
    value *= sentence.item ? 0.7 : sentence.inBlock == 0 ? 0.85 : 0.45; // a program's name, or half a sentence
  if (!sentence.complete)
    value *= text.ends_with(':') ? 0.3 : sentence.item ? 0.7 : 0.5;
  if (startsWithAny(low, pointsBack) && !startsWithAny(low, pointsAtItself))
    value *= sentence.inBlock == 0 && !low.starts_with("it ") ? 0.6 : 0.45;
  if (hasAny(low, notices))
    value *= 0.2;
  if (hasAny(low, announces))
    value *= 1.12;
  if (has(low, "http://") || has(low, "https://") || has(low, "www.") || has(text, "@"))
    value *= 0.5;
  if (text.ends_with('?') || text.starts_with("A. ") || text.starts_with("Q. "))
    value *= 0.4;
  if (has(low, "see section") || has(low, "section ") || has(low, "[rfc") || has(low, "appendix "))
    value *= 0.8;
  if (has(low, "(see ") || has(low, "figure ") || has(low, "table "))
    value *= 0.85;
  if (isShouted(text))
    value *= 0.5;
  if (first == '(' || first == '[')
    value *= 0.35;
  // A definition helps those who read on, not those who read this sentence alone.
  if ((first == '"' || first == U'\u201C' || low.starts_with("for purposes of") ||
       low.starts_with("for the purposes of")) &&
      hasAny(low, defines))
    value *= 0.45;
  if (hasAny(low, binds))
    value *= 1.1;
  std::size_t numbers = 0, firstPerson = 0;
  for (const Word &word : words) {
    numbers += isDigit(decodeAt(word.text, 0).value);
    firstPerson += word.text == "I" || word.text == "I'm" || word.text == "I've" || lowered(word.text) == "my";
  }
  if (!words.empty() && static_cast<double>(numbers) > 0.25 * static_cast<double>(words.size()))
    value *= 0.5;
  if (firstPerson > 0)
    value *= 0.6;
  value *= 0.3 + 0.7 * std::min(1.0, 1.15 * proseShare(text));
  return std::clamp(value, 0.0, 1.0);
}

bool definesSubject(std::string_view text, std::string_view subject) {
  static constexpr std::string_view phrases[] = {" is a ",       " is an ",     " is the ",      " describes ",
                                                 " defines ",    " specifies ", " provides ",    " covers ",
                                                 " applies to ", " explains ",  " intended to ", " consists of ",
                                                 " documents ",  " includes ",  " contains ",    " allows "};
  std::string start = lowered(firstCodePoints(text, 100));
  std::size_t verb = std::string::npos;
  for (std::string_view phrase : phrases)
    verb = std::min(verb, start.find(phrase));
  if (verb == std::string::npos)
    return false;
  // The subject stands before its verb; "… if there is a …" is no definition.
  return startsWithAny(start, pointsAtItself) || coverage(subject, std::string_view(start).substr(0, verb)) > 0;
}

bool tellsWhatItIs(const Document &document, std::size_t index, std::string_view subject) {
  constexpr std::size_t nearTop = 10;
  if (index >= nearTop || standsAlone(document.sentences[index]) < 0.55)
    return false;
  std::string_view text = document.sentences[index].text;
  return definesSubject(text, subject) || (index == 0 && definesSubject(text, text));
}

double placeValue(const Document &document, std::size_t index) {
  static constexpr std::string_view introduces[] = {
      "introduction", "overview",       "abstract",   "purpose",  "summary",    "description", "preamble",
      "scope",        "about",          "conclusion", "goals",    "motivation", "what is",     "intent",
      "principles",   "recommendation", "grant of",   "in short", "rationale",  "permissions"};
  static constexpr std::string_view closes[] = {"reference",
                                                "acknowledg",
                                                "author",
                                                "copyright notice",
                                                "full copyright",
                                                "contents",
                                                "changelog",
                                                "change log",
                                                "contact",
                                                "credits",
                                                "how to apply",
                                                "appendix",
                                                "addendum",
                                                "exhibit",
                                                "see also",
                                                "bugs",
                                                "iana",
                                                "index",
                                                "history",
                                                "thanks",
                                                "status of this memo",
                                                "end of terms",
                                                "download",
                                                "mailing",
                                                "translation",
                                                "intellectual property",
                                                "license",
                                                "licence",
                                                "reporting",
                                                "build status",
                                                "installation",
                                                "install",
                                                "example",
                                                "definition",
                                                "miscellan",
                                                "building"};
  const Sentence &sentence = document.sentences[index];
  const Section &section = document.sections[sentence.section];
  std::string heading = lowered(section.heading);
  double through = static_cast<double>(index) / static_cast<double>(document.sentences.size());
  double value = 0.25 + 0.3 * (1 - through);
  if (sentence.inBlock == 0)
    value += 0.12;
  bool opensSection = index == 0 || document.sentences[index - 1].section != sentence.section;
  if (opensSection)
    value += 0.15;
  if (index < 4)
    value += 0.2;
  if (hasAny(heading, introduces))
    value += 0.2;
  // A text about licences has "license" in its headings everywhere.
  if (hasAny(heading, closes) && !hasAny(heading, introduces) && !hasAny(lowered(document.title), closes))
    value *= 0.45;
  return std::clamp(value, 0.0, 1.0);
}

} // namespace weft::extractive
