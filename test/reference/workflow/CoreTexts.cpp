//===- CoreTexts.cpp - Core functions on strings --------------------------===//
//
// Over code points one by one; patterns by the standard library's engine, case
// by the C library's tables.
//
//===----------------------------------------------------------------------===//

#include "test/reference/workflow/Core.h"
#include "test/reference/workflow/TypedJson.h"

#include <charconv>
#include <clocale>
#include <cmath>
#include <cwctype>
#include <locale.h>
#include <regex>

namespace weft::reference::workflow {

using sema::BuiltinId;

std::u32string points(const std::string &text) {
  std::u32string out;
  for (std::size_t i = 0; i < text.size();) {
    auto lead = static_cast<unsigned char>(text[i++]);
    unsigned more = lead < 0xC0 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
    char32_t point = more == 0 ? lead : lead & (0x3Fu >> more);
    for (; more && i < text.size(); --more)
      point = point << 6 | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
    out += point;
  }
  return out;
}

std::string utf8(const std::u32string &text) {
  std::string out;
  for (char32_t point : text) {
    if (point < 0x80) {
      out += static_cast<char>(point);
      continue;
    }
    unsigned more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
    out += static_cast<char>((0xFF00u >> (more + 1) & 0xFF) | point >> (6 * more));
    while (more--)
      out += static_cast<char>(0x80 | (point >> (6 * more) & 0x3F));
  }
  return out;
}

namespace {

locale_t unicode() {
  static locale_t one = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  return one;
}

bool isSpace(char32_t point) {
  return iswspace_l(static_cast<wint_t>(point), unicode()) || point == 0xA0 || point == 0x85 || point == 0x2007 ||
         point == 0x202F;
}

Value trimmed(const std::string &text) {
  std::u32string all = points(text);
  while (!all.empty() && isSpace(all.back()))
    all.pop_back();
  std::size_t first = 0;
  while (first < all.size() && isSpace(all[first]))
    ++first;
  return Value::string(utf8(all.substr(first)));
}

Value mapped(const std::string &text, wint_t (*change)(wint_t, locale_t)) {
  std::u32string all = points(text);
  for (char32_t &point : all)
    point = static_cast<char32_t>(change(static_cast<wint_t>(point), unicode()));
  return Value::string(utf8(all));
}

Value split(const std::string &text, const std::string &by) {
  Values out;
  if (by.empty()) {
    for (char32_t point : points(text))
      out.push_back(Value::string(utf8(std::u32string(1, point))));
    return Value::list(std::move(out));
  }
  std::size_t from = 0;
  for (std::size_t at; (at = text.find(by, from)) != std::string::npos; from = at + by.size())
    out.push_back(Value::string(text.substr(from, at - from)));
  out.push_back(Value::string(text.substr(from)));
  return Value::list(std::move(out));
}

Value lines(const std::string &text) {
  Values out;
  std::string line;
  for (char c : text) {
    if (c != '\n') {
      line += c;
      continue;
    }
    if (line.ends_with('\r'))
      line.pop_back();
    out.push_back(Value::string(line));
    line.clear();
  }
  if (!line.empty())
    out.push_back(Value::string(line));
  return Value::list(std::move(out));
}

Value replaced(const std::string &text, const std::string &old, const std::string &with) {
  if (old.empty())
    failed("replace of an empty string");
  std::string out;
  for (std::size_t i = 0; i < text.size();)
    if (text.compare(i, old.size(), old) == 0) {
      out += with;
      i += old.size();
    } else {
      out += text[i++];
    }
  return Value::string(out);
}

std::wstring wide(const std::string &text) {
  std::u32string all = points(text);
  return {all.begin(), all.end()};
}

Value matches(const std::string &text, const std::string &pattern) {
  try {
    return Value::boolean(std::regex_match(wide(text), std::wregex(wide(pattern))));
  } catch (const std::regex_error &error) {
    failed(std::string("pattern: ") + error.what());
  }
}

/// By trying and taking back, one match after the other.
Value matchPieces(const std::string &given, const std::string &pattern) {
  try {
    std::wstring text = wide(given);
    auto narrow = [](const std::wstring &part) {
      return Value::string(utf8(std::u32string(part.begin(), part.end())));
    };
    std::wregex regex(wide(pattern));
    Values pieces;
    auto rest = text.cbegin();
    for (auto from = text.cbegin();;) {
      std::wsmatch match;
      auto flags = from == text.cbegin() ? std::regex_constants::match_default : std::regex_constants::match_prev_avail;
      if (!std::regex_search(from, text.cend(), match, regex, flags))
        break;
      Values groups;
      for (const auto &group : match)
        groups.push_back(group.matched ? narrow(group.str()) : Value());
      pieces.push_back(Value::list({narrow({rest, match[0].first}), Value::integer(match[0].first - text.cbegin()),
                                    Value::list(std::move(groups))}));
      rest = match[0].second;
      if (match.length() == 0 && rest == text.cend())
        break;
      from = rest + (match.length() == 0);
    }
    pieces.push_back(
        Value::list({narrow({rest, text.cend()}), Value::integer(text.cend() - text.cbegin()), Value::list({})}));
    return Value::list(std::move(pieces));
  } catch (const std::regex_error &error) {
    failed(std::string("pattern: ") + error.what());
  }
}

/// A sign, digits, and nothing else; a plus may stand in front.
std::string withoutPlus(const std::string &text) {
  return text.size() > 1 && text[0] == '+' && text[1] != '-' ? text.substr(1) : text;
}

Value parsedInt(const std::string &given) {
  std::string text = withoutPlus(given);
  std::int64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  return code == std::errc() && end == text.data() + text.size() && !text.empty() ? Value::integer(value) : Value();
}

Value parsedFloat(const std::string &given) {
  std::string text = withoutPlus(given);
  if (text.find_first_not_of("0123456789+-.eE") != std::string::npos || text.empty())
    return {};
  char *end = nullptr;
  double value = std::strtod(text.c_str(), &end);
  return *end == 0 && std::isfinite(value) ? Value::floating(value) : Value();
}

} // namespace

Value textCore(BuiltinId id, const Values &a, bool &known) {
  known = true;
  switch (id) {
  case BuiltinId::lenString:
    return Value::integer(static_cast<std::int64_t>(points(a[0].text).size()));
  case BuiltinId::lenBytes:
    return Value::integer(static_cast<std::int64_t>(a[0].text.size()));
  case BuiltinId::containsString:
    return Value::boolean(a[0].text.find(a[1].text) != std::string::npos);
  case BuiltinId::split:
    return split(a[0].text, a[1].text);
  case BuiltinId::join: {
    std::string out;
    for (const Value &item : *a[0].items)
      out += (&item == a[0].items->data() ? "" : a[1].text) + item.text;
    return Value::string(out);
  }
  case BuiltinId::lines:
    return lines(a[0].text);
  case BuiltinId::trim:
    return trimmed(a[0].text);
  case BuiltinId::upper:
    return mapped(a[0].text, towupper_l);
  case BuiltinId::lower:
    return mapped(a[0].text, towlower_l);
  case BuiltinId::replace:
    return replaced(a[0].text, a[1].text, a[2].text);
  case BuiltinId::startsWith:
    return Value::boolean(a[0].text.rfind(a[1].text, 0) == 0);
  case BuiltinId::endsWith:
    return Value::boolean(a[0].text.size() >= a[1].text.size() &&
                          a[0].text.compare(a[0].text.size() - a[1].text.size(), std::string::npos, a[1].text) == 0);
  case BuiltinId::matches:
    return matches(a[0].text, a[1].text);
  case BuiltinId::matchPieces:
    return matchPieces(a[0].text, a[1].text);
  case BuiltinId::fromJson: {
    std::string error;
    std::optional<Json> json = parseJson(a[0].text, &error);
    if (!json)
      throw Failure{FailKind::schema, error, "", false};
    return jsonValue(*json);
  }
  case BuiltinId::parseInt:
    return parsedInt(a[0].text);
  case BuiltinId::parseFloat:
    return parsedFloat(a[0].text);
  default:
    known = false;
    return {};
  }
}

} // namespace weft::reference::workflow
