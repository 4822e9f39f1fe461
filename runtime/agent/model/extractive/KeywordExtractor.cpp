//===- KeywordExtractor.cpp - The words and phrases that name a subject ---===//

#include "runtime/agent/model/extractive/KeywordExtractor.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Lines.h"
#include "runtime/agent/model/extractive/SentenceRanker.h"
#include "runtime/agent/model/extractive/Stopwords.h"
#include "runtime/agent/model/extractive/Words.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

namespace weft::extractive {
namespace {

constexpr std::size_t phraseWords = 5;
constexpr std::size_t window = 3; ///< Words this near draw an edge.

/// One run of words that a phrase may be cut from.
struct Run {
  std::vector<std::string> stems;
  std::vector<std::string> surface;
  double weight = 1; ///< More in headings.
};

struct Phrase {
  std::vector<std::string> stems;
  std::map<std::string, int> forms;
  double weight = 0;
  std::size_t count = 0;
  bool told = false; ///< Mostly used inside a longer phrase.
};

/// Verbs, adverbs and words of measure: they join phrases and name nothing alone.
bool namesNothing(const std::string &word) {
  static constexpr std::string_view words[] = {
      "provide",       "provided",  "provides",   "include",  "includes", "included",   "following",  "different",
      "called",        "set",       "based",      "number",   "example",  "note",       "section",    "sections",
      "available",     "possible",  "specific",   "result",   "results",  "default",    "case",       "cases",
      "means",         "without",   "work",       "works",    "general",  "contains",   "contain",    "containing",
      "either",        "within",    "applicable", "subject",  "form",     "part",       "parts",      "required",
      "require",       "requires",  "described",  "allow",    "allows",   "current",    "given",      "found",
      "run",           "running",   "runs",       "create",   "created",  "additional", "particular", "large",
      "small",         "long",      "short",      "older",    "newer",    "true",       "false",      "read",
      "write",         "written",   "see",        "add",      "added",    "change",     "changed",    "changes",
      "making",        "accompany", "permitted",  "third",    "second",   "least",      "complete",   "explicitly",
      "automatically", "instead",   "way",        "time",     "times",    "kind",       "name",       "names",
      "things",        "people",    "line",       "lines",    "common",   "support",    "supported",  "supports",
      "similar",       "multiple",  "single",     "simple",   "good",     "bad",        "normal",     "usual",
      "best",          "better",    "try",        "fix",      "fixed",    "previous",   "next",       "therefore",
      "cause",         "causes",    "purpose",    "purposes", "right",    "left",       "please",     "end",
      "start",         "started",   "first",      "year",     "years",    "day",        "days",       "shall",
      "agree",         "agreed",    "meaning",    "term",     "year",     "subsequent", "whichever",  "respect",
      "effect",        "event"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool usable(const Word &word, const std::string &low) {
  if (isStopword(low) || low.size() < 3 || word.text.size() > 40)
    return false;
  return std::any_of(low.begin(), low.end(), [](char c) { return c < 0 || (c >= 'a' && c <= 'z'); });
}

void addRuns(std::string_view text, double weight, std::vector<Run> &runs) {
  Run run{{}, {}, weight};
  auto end = [&] {
    if (!run.stems.empty())
      runs.push_back(std::move(run));
    run = Run{{}, {}, weight};
  };
  bool shouted = isShouted(text);
  for (const Word &word : wordsOf(text)) {
    std::string low = lowered(word.text);
    if (!word.joined)
      end();
    if (!usable(word, low)) {
      end();
      continue;
    }
    run.stems.push_back(stem(low));
    run.surface.push_back(shouted ? low : std::string(word.text));
  }
  end();
}

std::unordered_map<std::string, double> wordRanks(const std::vector<Run> &runs) {
  std::unordered_map<std::string, std::uint32_t> numbers;
  std::vector<std::string> names;
  std::vector<double> occurrences;
  std::map<std::pair<std::uint32_t, std::uint32_t>, double> near;
  std::vector<std::uint32_t> line;
  for (const Run &run : runs) {
    line.clear();
    for (const std::string &name : run.stems) {
      auto [entry, fresh] = numbers.try_emplace(name, static_cast<std::uint32_t>(names.size()));
      if (fresh)
        names.push_back(name), occurrences.push_back(0);
      occurrences[entry->second] += run.weight;
      for (std::size_t back = 1; back <= std::min(window, line.size()); ++back)
        if (std::uint32_t other = line[line.size() - back]; other != entry->second) {
          near[{entry->second, other}] += run.weight;
          near[{other, entry->second}] += run.weight;
        }
      line.push_back(entry->second);
    }
  }
  std::vector<Edge> edges;
  for (auto [pair, weight] : near)
    edges.push_back({pair.first, pair.second, weight});
  std::vector<double> walk = randomWalk(names.size(), edges);
  std::unordered_map<std::string, double> ranks;
  for (std::size_t i = 0; i < names.size(); ++i)
    ranks[names[i]] = walk[i] * static_cast<double>(names.size()) * std::log2(1.0 + occurrences[i]);
  return ranks;
}

/// The most frequent way of writing; of equals the one with fewer capitals.
std::string commonForm(const std::map<std::string, int> &forms) {
  std::string best;
  int most = 0;
  for (const auto &[form, count] : forms)
    if (count >= most)
      best = form, most = count;
  return best;
}

/// "Covered" is told by "Covered Software" when it seldom stands elsewhere.
void markTold(std::map<std::string, Phrase> &phrases) {
  for (const auto &[key, longer] : phrases) {
    std::size_t size = longer.stems.size();
    if (size < 2 || longer.count < 2)
      continue;
    for (std::size_t start = 0; start < size; ++start)
      for (std::size_t part = 1; start + part <= size; ++part) {
        if (part == size)
          continue;
        std::string inner;
        for (std::size_t i = start; i < start + part; ++i)
          inner += longer.stems[i] + ' ';
        if (auto found = phrases.find(inner); found != phrases.end()) {
          double share = static_cast<double>(longer.count) / static_cast<double>(found->second.count);
          found->second.told |= share >= (part == 1 ? 0.45 : 0.7);
        }
      }
  }
}

bool contains(const std::vector<std::string> &longer, const std::vector<std::string> &part) {
  return std::search(longer.begin(), longer.end(), part.begin(), part.end()) != longer.end();
}

} // namespace

std::vector<Keyword> keywordsOf(const Document &document, std::size_t count) {
  std::vector<Run> runs;
  addRuns(document.title, 3, runs);
  for (const Section &section : document.sections)
    if (section.sentenceCount > 0)
      addRuns(section.heading, 2, runs);
  for (const Sentence &sentence : document.sentences)
    addRuns(sentence.text, 1, runs);
  auto ranks = wordRanks(runs);

  std::map<std::string, Phrase> phrases;
  for (const Run &run : runs)
    for (std::size_t start = 0; start < run.stems.size(); ++start)
      for (std::size_t size = 1; size <= std::min(phraseWords, run.stems.size() - start); ++size) {
        std::string firstWord = lowered(run.surface[start]), lastWord = lowered(run.surface[start + size - 1]);
        // "Derivative Works": a capital inside a phrase makes a name of any word.
        bool named = size > 1 && isUpper(decodeAt(run.surface[start + size - 1], 0).value);
        if (namesNothing(firstWord) || (namesNothing(lastWord) && !named) || lastWord.ends_with("ly"))
          continue;
        std::string key, form;
        for (std::size_t i = start; i < start + size; ++i) {
          key += run.stems[i] + ' ';
          form += (form.empty() ? "" : " ") + run.surface[i];
        }
        Phrase &phrase = phrases[key];
        if (phrase.stems.empty())
          phrase.stems.assign(run.stems.begin() + static_cast<std::ptrdiff_t>(start),
                              run.stems.begin() + static_cast<std::ptrdiff_t>(start + size));
        ++phrase.forms[form];
        ++phrase.count;
        phrase.weight += run.weight;
      }

  markTold(phrases);
  std::vector<std::pair<double, const Phrase *>> scored;
  for (const auto &[key, phrase] : phrases) {
    if (phrase.told)
      continue;
    // A phrase used once is chance, unless a title says it or there is little text.
    if (phrase.stems.size() > 1 && phrase.weight < 2 && document.sentences.size() > 12)
      continue;
    double sum = 0;
    for (const std::string &word : phrase.stems)
      sum += ranks[word];
    double words = static_cast<double>(phrase.stems.size());
    // A lower-case word alone ("copy", "file") names little; a phrase or a name does.
    bool plain = phrase.stems.size() == 1 && !isUpper(decodeAt(commonForm(phrase.forms), 0).value);
    scored.push_back(
        {sum / words * std::pow(words, 0.8) * std::log2(1.0 + phrase.weight) * (plain ? 0.75 : 1), &phrase});
  }
  std::stable_sort(scored.begin(), scored.end(), [](const auto &a, const auto &b) { return a.first > b.first; });

  std::vector<const Phrase *> kept;
  std::vector<Keyword> keywords;
  for (auto [score, phrase] : scored) {
    if (keywords.size() >= count)
      break;
    bool told = std::any_of(kept.begin(), kept.end(), [&, p = phrase](const Phrase *other) {
      return contains(other->stems, p->stems) || contains(p->stems, other->stems);
    });
    if (told)
      continue;
    kept.push_back(phrase);
    keywords.push_back({commonForm(phrase->forms), score / scored.front().first, phrase->count});
  }
  return keywords;
}

} // namespace weft::extractive
