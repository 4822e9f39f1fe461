//===- Records.cpp - Statements and fields in records of JSON -------------===//

#include "runtime/agent/model/extractive/Records.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Document.h"

namespace weft::extractive {
namespace {

using value::Tag;
using value::Value;

constexpr std::size_t maxDepth = 32;  ///< Of JSON that is searched for statements.
constexpr std::size_t maxWrapped = 3; ///< Records around a record: an entry around a note.

const Value *findText(const Value &object, std::initializer_list<Role> roles, std::size_t depth = 0) {
  for (Role role : roles)
    for (const value::MapEntry &entry : object.entries())
      if (entry.value.is(Tag::string) && !entry.value.asText().empty() && roleOf(entry.key.asText(), "") == role)
        return &entry.value;
  for (const value::MapEntry &entry : object.entries())
    if (depth < maxWrapped && entry.value.is(Tag::map))
      if (const Value *found = findText(entry.value, roles, depth + 1))
        return found;
  return nullptr;
}

std::string textOf(const Value *value) { return value ? std::string(value->asText()) : std::string(); }

/// Whether a list of this name holds words and not statements.
bool namesWords(Role role) { return role == Role::keyword || role == Role::section || role == Role::source; }

class StatementReader {
public:
  StatementReader(std::vector<Unit> &units, std::map<std::string, int> &keywords) : units(units), keywords(keywords) {}

  void read(const Value &value, Context context, std::size_t depth = 0) {
    if (depth > maxDepth || units.size() >= maxUnits)
      return;
    if (value.is(Tag::list)) {
      for (const Value &item : value.items())
        if (item.is(Tag::string))
          addSentences(item.asText(), "", context, nullptr);
        else
          read(item, context, depth + 1);
    } else if (value.is(Tag::map)) {
      readObject(value, context, depth);
    }
  }

private:
  void readObject(const Value &object, Context context, std::size_t depth) {
    if (auto *source = findText(object, {Role::source}))
      context.source = textOf(source);
    if (auto *section = findText(object, {Role::section}, maxWrapped))
      context.section = textOf(section);
    std::string title = textOf(findText(object, {Role::title}));
    if (!title.empty())
      context.title = title;
    const Value *quote = findText(object, {Role::quote}, maxWrapped);
    const Value *claim = findText(object, {Role::claim}, maxWrapped);
    std::size_t before = units.size();
    if (claim || quote)
      addUnit(textOf(claim ? claim : quote), textOf(quote ? quote : claim), context, &object);
    for (const value::MapEntry &entry : object.entries()) {
      Role role = roleOf(entry.key.asText(), "");
      if (entry.value.is(Tag::map))
        read(entry.value, context, depth + 1);
      if (!entry.value.is(Tag::list))
        continue;
      for (const Value &item : entry.value.items()) {
        if (!item.is(Tag::string))
          read(item, context, depth + 1);
        else if (namesWords(role))
          keywords[std::string(item.asText())] += role == Role::keyword;
        else
          addSentences(item.asText(), "", context, nullptr);
      }
    }
    // A summary repeats what the points below it say; without points it is all there is.
    if (units.size() > before)
      return;
    for (const value::MapEntry &entry : object.entries())
      if (entry.value.is(Tag::string)) {
        Role role = roleOf(entry.key.asText(), "");
        if (role == Role::summary || (role == Role::other && entry.value.asText().find(' ') != std::string_view::npos))
          addSentences(entry.value.asText(), "", context, &object);
      }
  }

  void addSentences(std::string_view text, std::string_view quote, const Context &context, const Value *record) {
    Document document = readDocument(text);
    for (const Sentence &sentence : document.sentences)
      addUnit(sentence.text, quote.empty() ? sentence.text : std::string(quote), context, record);
    if (document.sentences.empty() && !trimmed(text).empty())
      addUnit(std::string(trimmed(text)), std::string(trimmed(text)), context, record);
  }

  void addUnit(std::string text, std::string quote, const Context &context, const Value *record) {
    if (units.size() >= maxUnits)
      return;
    Unit unit{std::move(text),
              std::move(quote),
              context.source.empty() ? context.title : context.source,
              context.section,
              0,
              context.item,
              record};
    units.push_back(std::move(unit));
  }

  std::vector<Unit> &units;
  std::map<std::string, int> &keywords;
};

double scoreIn(const Value &object, std::size_t depth = 0) {
  if (!object.is(Tag::map))
    return -1;
  for (const value::MapEntry &entry : object.entries())
    if (roleOf(entry.key.asText(), "") == Role::score) {
      if (entry.value.is(Tag::real))
        return entry.value.asFloat();
      if (entry.value.is(Tag::integer))
        return static_cast<double>(entry.value.asInt());
    }
  for (const value::MapEntry &entry : object.entries())
    if (depth < maxWrapped)
      if (double found = scoreIn(entry.value, depth + 1); found >= 0)
        return found;
  return -1;
}

} // namespace

std::string textField(const Value &object, std::initializer_list<Role> roles) {
  return textOf(findText(object, roles));
}

double givenScore(const Value &object) { return scoreIn(object); }

void readStatements(const Value &value, const Context &context, std::vector<Unit> &units,
                    std::map<std::string, int> &keywords) {
  StatementReader(units, keywords).read(value, context);
}

} // namespace weft::extractive
