//===- Judge.cpp - Whether a draft will do, by what can be measured -------===//

#include "runtime/agent/model/extractive/Judge.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Coverage.h"
#include "runtime/agent/model/extractive/FieldRoles.h"
#include "runtime/agent/model/extractive/TermVectors.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <set>

namespace weft::extractive {
namespace {

using value::Tag;
using value::Value;

std::string startOf(std::string_view text) {
  auto words = wordsOf(text);
  return words.size() <= 8 ? std::string(text)
                           : std::string(text.substr(0, words[7].offsetBytes + words[7].text.size())) + " …";
}

/// The longest text under a summary's name, anywhere near the top of a draft.
std::string_view summaryOf(const Value &draft) {
  std::string_view found;
  if (draft.is(Tag::map))
    for (const value::MapEntry &entry : draft.entries())
      if (entry.value.is(Tag::string) && roleOf(entry.key.asText(), "") == Role::summary &&
          entry.value.asText().size() > found.size())
        found = entry.value.asText();
  return found;
}

class Judgement {
public:
  explicit Judgement(const Material &material) : material(material) {
    if (material.draft) {
      points = &material.draftUnits;
      summary = std::string(summaryOf(*material.draft->record));
      // What is told in sentences counts; a title or a list of keywords that names everything tells nothing.
      text = summary;
      for (const Unit &unit : *points)
        text += "\n" + unit.text + "\n" + unit.quote;
    } else {
      text = material.wholeText();
      summary = text;
    }
  }

  Verdict verdict() {
    if (material.draft)
      judgePoints();
    judgeLength();
    judgeCoverage();
    judgeSources();
    Verdict out;
    out.accepted = faults.empty();
    out.score = measures == 0 ? 1 : 1 - static_cast<double>(faults.size()) / static_cast<double>(measures);
    out.faults = std::move(faults);
    out.praise = std::move(praise);
    return out;
  }

private:
  void measure(bool holds, std::string fault, std::string good) {
    ++measures;
    if (holds)
      praise += (praise.empty() ? "" : "; ") + good;
    else
      faults.push_back(std::move(fault));
  }

  void judgePoints() {
    std::size_t count = points->size();
    bool many = material.units.size() >= fewestPoints;
    if (many)
      measure(count >= fewestPoints,
              "it has " + std::to_string(count) + " points, " + std::to_string(fewestPoints) + " are wanted",
              std::to_string(count) + " points");
    if (count > 1)
      judgeRepetition();
  }

  void judgeRepetition() {
    Likeness likeness;
    for (const Unit &point : *points)
      likeness.add(point.text);
    for (std::size_t i = 0; i < points->size(); ++i)
      for (std::size_t j = 0; j < i; ++j)
        if (likeness.between(i, j) >= sameShare)
          return measure(false,
                         "two points say the same: \"" + startOf((*points)[j].text) + "\" and \"" +
                             startOf((*points)[i].text) + "\"",
                         "");
    measure(true, "", "no point said twice");
  }

  void judgeLength() {
    std::size_t words = wordsOf(summary).size();
    if (words > 0)
      measure(words <= mostSummaryWords,
              "its text has " + std::to_string(words) + " words, at most " + std::to_string(mostSummaryWords) +
                  " are wanted",
              std::to_string(words) + " words");
  }

  void judgeCoverage() {
    bool besides = material.draft && !material.items.empty() && material.items[0].record != material.draft->record;
    if (!besides)
      return;
    std::vector<std::string> phrases = mainPhrases(material);
    std::size_t asked = phrases.size(), found = 0;
    std::string missing;
    for (const std::string &phrase : phrases)
      if (says(text, phrase))
        ++found;
      else
        missing += (missing.empty() ? "" : ", ") + phrase;
    if (asked == 0)
      return;
    measure(static_cast<double>(found) >= leastCoverage * static_cast<double>(asked),
            "it leaves out " + missing + ": " + std::to_string(found) + " of the " + std::to_string(asked) +
                " main phrases of the notes are in it",
            std::to_string(found) + " of the " + std::to_string(asked) + " main phrases of the notes");
  }

  void judgeSources() {
    if (!points || points->empty() || !material.draft)
      return;
    std::set<std::string> cited, known;
    std::size_t without = 0;
    for (const Unit &unit : *points) {
      without += unit.source.empty();
      cited.insert(unit.source);
    }
    cited.erase("");
    for (const Item &item : material.items)
      known.insert(item.source);
    known.erase("");
    if (cited.empty())
      return; // the draft has no field for sources
    measure(without == 0, std::to_string(without) + " points name no source", "every point with its source");
    std::size_t wanted = std::min({fewestSources, known.size(), points->size()});
    measure(cited.size() >= wanted,
            "it cites " + std::to_string(cited.size()) + " of " + std::to_string(known.size()) + " documents, " +
                std::to_string(wanted) + " are wanted",
            std::to_string(cited.size()) + " documents cited");
  }

  const Material &material;
  const std::vector<Unit> *points = nullptr;
  std::string text, summary, praise;
  std::vector<std::string> faults;
  std::size_t measures = 0;
};

} // namespace

std::string Verdict::why() const {
  if (accepted)
    return praise;
  std::string out;
  for (const std::string &fault : faults)
    out += (out.empty() ? "" : "; ") + fault;
  return out;
}

Verdict judge(const Material &material) { return Judgement(material).verdict(); }

int leaning(std::string_view name) {
  static const std::set<std::string_view> yes = {
      "accept", "accepted", "approve", "approved", "ok",    "okay",  "good",    "pass",  "passed", "yes",  "publish",
      "ready",  "done",     "fine",    "keep",     "valid", "sound", "success", "agree", "enough", "ship", "positive"};
  static const std::set<std::string_view> no = {
      "revise", "reject",  "rejected", "improve", "bad",   "fail",    "failed",  "no",      "rework",
      "change", "changes", "redo",     "again",   "retry", "refuse",  "refused", "invalid", "drop",
      "unfit",  "poor",    "needs",    "repair",  "fix",   "decline", "rewrite", "negative"};
  int sum = 0;
  for (const std::string &word : wordsOfName(name)) {
    if (word == "not")
      return -1;
    sum += yes.contains(word) ? 1 : no.contains(word) ? -1 : 0;
  }
  return sum > 0 ? 1 : sum < 0 ? -1 : 0;
}

} // namespace weft::extractive
