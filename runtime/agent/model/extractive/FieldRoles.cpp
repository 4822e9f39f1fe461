//===- FieldRoles.cpp - What a field wants, by its name and words ---------===//

#include "runtime/agent/model/extractive/FieldRoles.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Words.h"

#include <unordered_map>

namespace weft::extractive {
namespace {

const std::unordered_map<std::string_view, Role> &names() {
  static const std::unordered_map<std::string_view, Role> table = {{"title", Role::title},
                                                                   {"name", Role::title},
                                                                   {"headline", Role::title},
                                                                   {"topic", Role::title},
                                                                   {"subject", Role::title},
                                                                   {"theme", Role::title},
                                                                   {"label", Role::title},
                                                                   {"summary", Role::summary},
                                                                   {"body", Role::summary},
                                                                   {"abstract", Role::summary},
                                                                   {"overview", Role::summary},
                                                                   {"description", Role::summary},
                                                                   {"text", Role::summary},
                                                                   {"content", Role::summary},
                                                                   {"brief", Role::summary},
                                                                   {"introduction", Role::summary},
                                                                   {"conclusion", Role::summary},
                                                                   {"answer", Role::summary},
                                                                   {"gist", Role::summary},
                                                                   {"synopsis", Role::summary},
                                                                   {"paragraph", Role::summary},
                                                                   {"message", Role::summary},
                                                                   {"claim", Role::claim},
                                                                   {"point", Role::claim},
                                                                   {"finding", Role::claim},
                                                                   {"statement", Role::claim},
                                                                   {"fact", Role::claim},
                                                                   {"takeaway", Role::claim},
                                                                   {"highlight", Role::claim},
                                                                   {"insight", Role::claim},
                                                                   {"lesson", Role::claim},
                                                                   {"argument", Role::claim},
                                                                   {"observation", Role::claim},
                                                                   {"recommendation", Role::claim},
                                                                   {"rule", Role::claim},
                                                                   {"requirement", Role::claim},
                                                                   {"obligation", Role::claim},
                                                                   {"risk", Role::claim},
                                                                   {"note", Role::claim},
                                                                   {"item", Role::claim},
                                                                   {"quote", Role::quote},
                                                                   {"sentence", Role::quote},
                                                                   {"citation", Role::quote},
                                                                   {"evidence", Role::quote},
                                                                   {"excerpt", Role::quote},
                                                                   {"passage", Role::quote},
                                                                   {"quotation", Role::quote},
                                                                   {"source", Role::source},
                                                                   {"document", Role::source},
                                                                   {"file", Role::source},
                                                                   {"origin", Role::source},
                                                                   {"path", Role::source},
                                                                   {"filename", Role::source},
                                                                   {"reference", Role::source},
                                                                   {"section", Role::section},
                                                                   {"chapter", Role::section},
                                                                   {"heading", Role::section},
                                                                   {"outline", Role::section},
                                                                   {"why", Role::reason},
                                                                   {"reason", Role::reason},
                                                                   {"rationale", Role::reason},
                                                                   {"explanation", Role::reason},
                                                                   {"feedback", Role::reason},
                                                                   {"comment", Role::reason},
                                                                   {"justification", Role::reason},
                                                                   {"critique", Role::reason},
                                                                   {"because", Role::reason},
                                                                   {"keyword", Role::keyword},
                                                                   {"tag", Role::keyword},
                                                                   {"term", Role::keyword},
                                                                   {"phrase", Role::keyword},
                                                                   {"concept", Role::keyword},
                                                                   {"entity", Role::keyword},
                                                                   {"query", Role::keyword},
                                                                   {"word", Role::keyword},
                                                                   {"question", Role::question},
                                                                   {"score", Role::score},
                                                                   {"relevance", Role::score},
                                                                   {"importance", Role::score},
                                                                   {"confidence", Role::score},
                                                                   {"weight", Role::score},
                                                                   {"grade", Role::score},
                                                                   {"rating", Role::score},
                                                                   {"quality", Role::score},
                                                                   {"priority", Role::score},
                                                                   {"similarity", Role::score},
                                                                   {"rank", Role::rank},
                                                                   {"position", Role::rank},
                                                                   {"place", Role::rank},
                                                                   {"number", Role::rank},
                                                                   {"index", Role::rank},
                                                                   {"count", Role::count},
                                                                   {"length", Role::count},
                                                                   {"size", Role::count},
                                                                   {"total", Role::count},
                                                                   {"date", Role::date},
                                                                   {"year", Role::date},
                                                                   {"published", Role::date},
                                                                   {"url", Role::url},
                                                                   {"link", Role::url},
                                                                   {"website", Role::url},
                                                                   {"homepage", Role::url},
                                                                   {"accept", Role::verdict},
                                                                   {"accepted", Role::verdict},
                                                                   {"ok", Role::verdict},
                                                                   {"good", Role::verdict},
                                                                   {"approved", Role::verdict},
                                                                   {"publish", Role::verdict},
                                                                   {"passes", Role::verdict},
                                                                   {"passed", Role::verdict},
                                                                   {"acceptable", Role::verdict},
                                                                   {"ready", Role::verdict},
                                                                   {"valid", Role::verdict}};
  return table;
}

Role find(const std::string &word) {
  auto found = names().find(word);
  if (found == names().end() && word.ends_with("ies"))
    found = names().find(word.substr(0, word.size() - 3) + "y");
  if (found == names().end() && word.ends_with('s'))
    found = names().find(std::string_view(word).substr(0, word.size() - 1));
  return found == names().end() ? Role::other : found->second;
}

} // namespace

std::vector<std::string> wordsOfName(std::string_view name) {
  std::vector<std::string> words;
  std::string word;
  bool wasLower = false;
  for (std::size_t i = 0; i < name.size();) {
    CodePoint point = decodeAt(name, i);
    i += point.sizeBytes;
    bool letter = isLetter(point.value) || isDigit(point.value);
    if ((!letter || (wasLower && isUpper(point.value))) && !word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
    if (letter)
      append(word, lower(point.value));
    wasLower = letter && !isUpper(point.value);
  }
  if (!word.empty())
    words.push_back(std::move(word));
  return words;
}

Role roleOf(std::string_view name, std::string_view doc) {
  std::vector<std::string> words = wordsOfName(name);
  // "word_count", "number_of_points", "quoted_sentence": the last word is the noun, unless it says "of what".
  for (std::size_t i = 0; i < words.size(); ++i)
    if (words[i] == "of" && i > 0)
      return find(words[i - 1]) == Role::rank ? Role::count : find(words[i - 1]);
  if (!words.empty())
    if (Role role = find(words.back()); role != Role::other)
      return role;
  if (!words.empty())
    if (Role role = find(words.front()); role != Role::other && words.size() > 1)
      return role;
  // "What the reader should do" says nothing, "The sentence that says so" does: the first few words decide.
  std::size_t seen = 0;
  for (const Word &word : wordsOf(doc)) {
    if (++seen > 4)
      break;
    if (Role role = find(lowered(word.text)); role != Role::other)
      return role;
  }
  return Role::other;
}

} // namespace weft::extractive
