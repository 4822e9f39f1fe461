//===- BuiltinTexts.cpp - Strings: made of code points, stored as UTF-8 ---===//

#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"
#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

#include <charconv>
#include <cmath>
#include <cstring>

namespace weft::value::builtins::texts {
namespace {

/// Linear whatever the texts are: a search that is quadratic on repetition would let one call hold a thread.
std::size_t findText(std::string_view text, std::string_view wanted, std::size_t from) {
  if (wanted.empty())
    return from;
  const void *found =
      from > text.size() ? nullptr : memmem(text.data() + from, text.size() - from, wanted.data(), wanted.size());
  return found ? static_cast<std::size_t>(static_cast<const char *>(found) - text.data()) : std::string_view::npos;
}

/// All arguments are strings; their bytes are paid for.
bool areTexts(Args args, Builtin builtin, Applier &applier) {
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (!args[i].is(Tag::string))
      return wrongArgument(applier, builtin, args[i]);
    bytes += args[i].asText().size();
  }
  return applier.spend(bytes / 16);
}

bool fits(std::uint64_t bytes, Applier &applier) {
  return bytes <= base::maxTextBytes || applier.fail("a string of " + std::to_string(bytes) + " bytes, at most " +
                                                     std::to_string(base::maxTextBytes) + " can be held");
}

bool notEmpty(Args args, Builtin builtin, Applier &applier) {
  return !args[1].asText().empty() || applier.fail(std::string(builtinInfo(static_cast<std::uint32_t>(builtin))->name) +
                                                   " looks for an empty string");
}

Value mapped(std::string_view text, char32_t (*change)(char32_t)) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t place = 0; place < text.size();)
    appendCodePoint(out, change(nextCodePoint(text, place)));
  return Value::text(out);
}

/// One string for each code point.
bool characters(std::string_view text, Value &result, Applier &applier) {
  ArrayBuilder builder;
  for (std::size_t from = 0; from < text.size();) {
    std::size_t end = from;
    nextCodePoint(text, end);
    if (!applier.spend(1))
      return false;
    builder.add(Value::text(text.substr(from, end - from)));
    from = end;
  }
  result = std::move(builder).list();
  return true;
}

} // namespace

bool concat(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::concat, applier))
    return false;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < args.size(); ++i)
    bytes += args[i].asText().size();
  if (!fits(bytes, applier))
    return false;
  RawBuilder builder(bytes);
  char *place = builder.data();
  for (std::size_t i = 0; i < args.size(); ++i) {
    std::string_view text = args[i].asText();
    place = std::copy(text.begin(), text.end(), place);
  }
  result = std::move(builder).text();
  return true;
}

bool split(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::split, applier))
    return false;
  std::string_view text = args[0].asText(), by = args[1].asText();
  if (by.empty())
    return characters(text, result, applier);
  ArrayBuilder builder;
  for (std::size_t from = 0;;) {
    std::size_t found = findText(text, by, from);
    if (!applier.spend(1))
      return false;
    builder.add(Value::text(text.substr(from, found == text.npos ? found : found - from)));
    if (found == text.npos)
      break;
    from = found + by.size();
  }
  result = std::move(builder).list();
  return true;
}

bool join(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::list))
    return wrongArgument(applier, Builtin::join, args[0]);
  if (!args[1].is(Tag::string))
    return wrongArgument(applier, Builtin::join, args[1]);
  auto items = args[0].items();
  std::string_view between = args[1].asText();
  std::uint64_t bytes = items.empty() ? 0 : (items.size() - 1) * between.size();
  for (const Value &item : items) {
    if (!item.is(Tag::string))
      return wrongArgument(applier, Builtin::join, item);
    bytes += item.asText().size();
  }
  if (!fits(bytes, applier) || !applier.spend(items.size() + bytes / 16))
    return false;
  RawBuilder builder(bytes);
  char *place = builder.data();
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i)
      place = std::copy(between.begin(), between.end(), place);
    std::string_view text = items[i].asText();
    place = std::copy(text.begin(), text.end(), place);
  }
  result = std::move(builder).text();
  return true;
}

bool lines(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::lines, applier))
    return false;
  std::string_view text = args[0].asText();
  ArrayBuilder builder;
  while (!text.empty()) {
    std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r') && end != text.npos)
      line.remove_suffix(1);
    if (!applier.spend(1))
      return false;
    builder.add(Value::text(line));
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  result = std::move(builder).list();
  return true;
}

bool trim(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::trim, applier))
    return false;
  std::string_view text = args[0].asText();
  std::size_t first = text.size(), end = text.size();
  for (std::size_t place = 0; place < text.size();) {
    std::size_t start = place;
    if (isSpace(nextCodePoint(text, place)))
      continue;
    if (first == text.size())
      first = start;
    end = place;
  }
  result = first == text.size() ? Value::text("") : Value::text(text.substr(first, end - first));
  return true;
}

bool upper(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::upper, applier))
    return false;
  result = mapped(args[0].asText(), upperOf);
  return true;
}

bool lower(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::lower, applier))
    return false;
  result = mapped(args[0].asText(), lowerOf);
  return true;
}

bool replace(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::replace, applier) || !notEmpty(args, Builtin::replace, applier))
    return false;
  std::string_view text = args[0].asText(), old = args[1].asText(), with = args[2].asText();
  std::string out;
  for (std::size_t from = 0;;) {
    std::size_t found = findText(text, old, from);
    out += text.substr(from, found == text.npos ? found : found - from);
    if (found == text.npos)
      break;
    out += with;
    from = found + old.size();
    if (!fits(out.size(), applier) || !applier.spend(1 + with.size() / 16))
      return false;
  }
  if (!fits(out.size(), applier))
    return false;
  result = Value::text(out);
  return true;
}

bool starts_with(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::starts_with, applier))
    return false;
  result = Value::boolean(args[0].asText().starts_with(args[1].asText()));
  return true;
}

bool ends_with(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::ends_with, applier))
    return false;
  result = Value::boolean(args[0].asText().ends_with(args[1].asText()));
  return true;
}

bool from_json(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::from_json, applier))
    return false;
  auto parsed = parseJson(args[0].asText());
  if (!parsed)
    return applier.fail(parsed.error().message, FailKind::schema);
  result = *std::move(parsed);
  return true;
}

bool parse_int(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::parse_int, applier))
    return false;
  std::string_view text = args[0].asText();
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
    text.remove_prefix(1);
  std::int64_t value;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  result = code == std::errc() && end == text.data() + text.size() ? Value::integer(value) : Value();
  return true;
}

bool parse_float(Args args, Value &result, Applier &applier) {
  if (!areTexts(args, Builtin::parse_float, applier))
    return false;
  std::string_view text = args[0].asText();
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
    text.remove_prefix(1);
  double value;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  bool whole = code == std::errc() && end == text.data() + text.size();
  result = whole && std::isfinite(value) ? Value::real(value) : Value();
  return true;
}

} // namespace weft::value::builtins::texts
