//===- Stopwords.cpp - Words of grammar, which tell nothing of a subject --===//
//
// English, and the commonest words of German and French, so that a text in
// those ranks by its nouns as well.
//
//===----------------------------------------------------------------------===//

#include "runtime/agent/model/extractive/Stopwords.h"

#include <unordered_set>

namespace weft::extractive {
namespace {

using Words = std::unordered_set<std::string_view>;

const Words &grammar() {
  static const Words words = {
      "a", "about", "above", "across", "after", "again", "against", "all", "almost", "alone", "along", "already",
      "also", "although", "always", "am", "among", "an", "and", "another", "any", "anybody", "anyone", "anything",
      "anywhere", "are", "aren't", "around", "as", "at", "away", "be", "because", "become", "becomes", "been", "before",
      "being", "below", "between", "beyond", "both", "but", "by", "can", "can't", "cannot", "could", "couldn't", "did",
      "didn't", "do", "does", "doesn't", "doing", "don't", "done", "down", "due", "during", "e.g", "each", "eg",
      "either", "else", "enough", "etc", "even", "ever", "every", "everyone", "everything", "except", "few", "first",
      "following", "for", "from", "further", "get", "gets", "given", "gives", "giving", "go", "goes", "had", "has",
      "hasn't", "have", "haven't", "having", "he", "hence", "her", "here", "hereby", "herein", "hereof", "hereto",
      "hereunder", "hers", "herself", "him", "himself", "his", "how", "however", "i", "i'm", "i.e", "ie", "if", "in",
      "including", "indeed", "instead", "into", "is", "isn't", "it", "it's", "its", "itself", "just", "last", "least",
      "less", "let", "like", "likewise", "made", "make", "makes", "making", "many", "may", "maybe", "me", "might",
      "mine", "more", "moreover", "most", "mostly", "much", "must", "my", "myself", "namely", "neither", "never",
      "nevertheless", "no", "nobody", "none", "nor", "not", "nothing", "now", "of", "off", "often", "on", "once", "one",
      "ones", "only", "onto", "or", "other", "others", "otherwise", "ought", "our", "ours", "ourselves", "out", "over",
      "own", "per", "perhaps", "please", "put", "quite", "rather", "really", "s", "said", "same", "say", "see", "seem",
      "seems", "several", "shall", "she", "should", "shouldn't", "since", "so", "some", "somebody", "someone",
      "something", "sometimes", "somewhere", "still", "such", "t", "take", "than", "that", "that's", "the", "their",
      "theirs", "them", "themselves", "then", "thence", "there", "thereby", "therefore", "therefrom", "therein",
      "thereof", "thereto", "these", "they", "thing", "things", "this", "those", "though", "through", "throughout",
      "thus", "to", "together", "too", "toward", "towards", "under", "unless", "until", "up", "upon", "us", "use",
      "used", "uses", "using", "various", "very", "via", "was", "wasn't", "way", "ways", "we", "well", "were",
      "weren't", "what", "whatever", "when", "whence", "whenever", "where", "whereas", "whereby", "wherein", "wherever",
      "whether", "which", "whichever", "while", "whither", "who", "whoever", "whole", "whom", "whose", "why", "will",
      "with", "within", "without", "won't", "would", "wouldn't", "yes", "yet", "you", "you're", "your", "yours",
      "yourself", "yourselves", "two", "three", "new", "need", "needs", "want", "wants", "know", "able", "certain",
      "usually", "simply", "currently", "e.g.", "i.e.", "want", "show", "shows", "shown", "become",
      // German
      "der", "die", "das", "und", "ist", "sind", "nicht", "ein", "eine", "einer", "eines", "einem", "einen", "den",
      "dem", "des", "mit", "von", "zu", "zum", "zur", "auf", "für", "als", "auch", "sich", "wird", "werden", "wurde",
      "im", "es", "sie", "er", "wir", "ihr", "bei", "nach", "aus", "oder", "aber", "wie", "durch", "über", "wenn",
      "kann", "können", "hat", "haben", "noch", "nur", "dass", "diese", "dieser", "dieses", "so", "am", "um",
      // French
      "le", "la", "les", "un", "une", "et", "est", "sont", "dans", "pour", "que", "qui", "sur", "par", "avec", "ce",
      "cette", "ces", "il", "elle", "ils", "nous", "vous", "ne", "pas", "plus", "du", "au", "aux", "ou", "être",
      "avoir", "son", "sa", "ses", "leur", "leurs"};
  return words;
}

const Words &task() {
  static const Words words = {
      "summarise", "summarize", "summary",    "summaries", "write",     "draft",    "drafts",    "brief",
      "briefs",    "list",      "extract",    "document",  "documents", "text",     "texts",     "note",
      "notes",     "point",     "points",     "reader",    "readers",   "engineer", "engineers", "key",
      "important", "main",      "answer",     "question",  "questions", "json",     "record",    "records",
      "field",     "fields",    "sentence",   "sentences", "paragraph", "title",    "titles",    "cite",
      "cites",     "source",    "sources",    "quote",     "quotes",    "describe", "explain",   "short",
      "concise",   "give",      "judge",      "review",    "rank",      "score",    "improve",   "revise",
      "choose",    "classify",  "decide",     "keyword",   "keywords",  "finding",  "findings",  "state",
      "tell",      "people",    "person",     "someone",   "somebody",  "material", "following", "useful",
      "good",      "best",      "collection", "folder",    "file",      "files",    "word",      "words",
      "claim",     "claims",    "read",       "verdict",   "accept",    "reject",   "say",       "says"};
  return words;
}

} // namespace

bool isStopword(std::string_view word) { return grammar().contains(word); }

bool isTaskWord(std::string_view word) { return task().contains(word); }

} // namespace weft::extractive
