//===- BuiltinPatterns.cpp - Strings against patterns ---------------------===//
//
// Patterns are read at each call; a call pays fuel for what its pattern may cost
// on its text before it begins.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"
#include "runtime/value/Pattern.h"
#include "runtime/value/Utf8.h"

namespace weft::value::builtins::patterns {
namespace {

/// Of all matches of one search together, groups included: 400 MB while they are looked for.
constexpr std::size_t maxParts = 16u << 20;

/// The pattern of args[1], paid for a text of args[0]; nothing where the applier failed.
std::optional<Pattern> read(Args args, Builtin builtin, Pattern::Groups groups, std::size_t stepsPerFuel,
                            Applier &applier) {
  for (std::size_t i = 0; i < 2; ++i)
    if (!args[i].is(Tag::string)) {
      wrongArgument(applier, builtin, args[i]);
      return std::nullopt;
    }
  auto pattern = Pattern::parse(args[1].asText(), groups);
  if (!pattern) {
    constexpr std::size_t shownBytes = 200;
    applier.fail("pattern \"" + std::string(cutTo(args[1].asText(), shownBytes)) + "\": " + pattern.error().message);
    return std::nullopt;
  }
  if (!applier.spend(args[0].asText().size() * pattern->work() / stepsPerFuel + pattern->work()))
    return std::nullopt;
  return *std::move(pattern);
}

} // namespace

bool matches(Args args, Value &result, Applier &applier) {
  std::optional<Pattern> pattern = read(args, Builtin::matches, Pattern::Groups::forgotten, 16, applier);
  if (!pattern)
    return false;
  result = Value::boolean(pattern->matches(args[0].asText()));
  return true;
}

bool match_pieces(Args args, Value &result, Applier &applier) {
  // Fuel bounds the memory of the search too: a bit for each step, 50 MB for all the fuel of an evaluation.
  std::optional<Pattern> pattern = read(args, Builtin::match_pieces, Pattern::Groups::kept, 4, applier);
  if (!pattern)
    return false;
  std::string_view text = args[0].asText();
  std::size_t most = maxParts / pattern->parts();
  std::vector<Pattern::Match> found = pattern->findAll(text, most + 1);
  if (found.size() > most)
    return applier.fail("more than " + std::to_string(most) + " parts of the text fit the pattern, each with " +
                        std::to_string(pattern->parts() - 1) + " groups; search in pieces of it");
  if (!applier.spend(found.size() * pattern->parts()))
    return false;
  ArrayBuilder pieces(found.size() + 1);
  std::size_t place = 0;
  std::int64_t points = 0;
  auto between = [&](std::size_t end) {
    std::string_view part = text.substr(place, end - place);
    points += static_cast<std::int64_t>(codePoints(part));
    return Value::text(part);
  };
  for (const Pattern::Match &match : found) {
    ArrayBuilder groups(match.size());
    for (const std::optional<Pattern::Part> &part : match)
      groups.add(part ? Value::text(text.substr(part->begin, part->end - part->begin)) : Value());
    Value before = between(match[0]->begin);
    pieces.add(Value::list({before, Value::integer(points), std::move(groups).list()}));
    place = match[0]->begin;
    between(match[0]->end);
    place = match[0]->end;
  }
  Value behind = between(text.size());
  pieces.add(Value::list({behind, Value::integer(points), ArrayBuilder().list()}));
  result = std::move(pieces).list();
  return true;
}

} // namespace weft::value::builtins::patterns
