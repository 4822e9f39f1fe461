//===- Json.cpp - JSON as a tree of literals ------------------------------===//

#include "test/reference/workflow/Json.h"

#include <charconv>
#include <cstdlib>

namespace weft::reference::workflow {
namespace {

class Reader {
public:
  explicit Reader(std::string_view text) : text(text) {}

  bool document(Json &out) { return value(out) && (spaces(), at == text.size() || wrong("the end")); }
  std::string error;

private:
  bool wrong(const char *wanted) {
    if (error.empty())
      error = "offset " + std::to_string(at) + ": expected " + wanted;
    return false;
  }
  void spaces() {
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
      ++at;
  }
  bool take(char c) {
    spaces();
    if (at >= text.size() || text[at] != c)
      return false;
    ++at;
    return true;
  }
  bool word(std::string_view expected) {
    if (text.substr(at, expected.size()) != expected)
      return wrong("a value");
    at += expected.size();
    return true;
  }

  bool value(Json &out) {
    spaces();
    if (at >= text.size() || ++depth > 200)
      return wrong("a value");
    bool ok = false;
    switch (text[at]) {
    case 'n':
      ok = word("null");
      break;
    case 't':
    case 'f':
      out = Json::boolean(text[at] == 't');
      ok = word(out.truth ? "true" : "false");
      break;
    case '"':
      out.kind = Json::Kind::text;
      ok = string(out.text);
      break;
    case '[':
      out.kind = Json::Kind::list;
      ok = list(out);
      break;
    case '{':
      out.kind = Json::Kind::object;
      ok = object(out);
      break;
    default:
      out.kind = Json::Kind::number;
      ok = number(out.text);
    }
    --depth;
    return ok;
  }

  bool list(Json &out) {
    ++at;
    if (take(']'))
      return true;
    do {
      if (!value(out.items.emplace_back()))
        return false;
    } while (take(','));
    return take(']') || wrong("`,` or `]`");
  }

  bool object(Json &out) {
    ++at;
    if (take('}'))
      return true;
    do {
      spaces();
      std::string key;
      if (!string(key) || (!take(':') && !wrong("`:`")))
        return false;
      if (out.field(key))
        return wrong("each key once");
      Json item;
      if (!value(item))
        return false;
      out.fields.emplace_back(std::move(key), std::move(item));
    } while (take(','));
    return take('}') || wrong("`,` or `}`");
  }

  bool number(std::string &out) {
    std::size_t start = at;
    auto digits = [&] {
      std::size_t before = at;
      while (at < text.size() && text[at] >= '0' && text[at] <= '9')
        ++at;
      return at > before;
    };
    if (at < text.size() && text[at] == '-')
      ++at;
    std::size_t first = at;
    if (!digits() || (text[first] == '0' && at - first > 1))
      return wrong("a value");
    if (at < text.size() && text[at] == '.' && (++at, !digits()))
      return wrong("a digit");
    if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
      ++at;
      if (at < text.size() && (text[at] == '+' || text[at] == '-'))
        ++at;
      if (!digits())
        return wrong("a digit");
    }
    out = text.substr(start, at - start);
    return true;
  }

  bool hex(unsigned &out) {
    if (text.size() - at < 4)
      return wrong("four digits");
    auto [end, code] = std::from_chars(text.data() + at, text.data() + at + 4, out, 16);
    if (end != text.data() + at + 4)
      return wrong("four digits");
    at += 4;
    return true;
  }

  bool string(std::string &out) {
    if (at >= text.size() || text[at] != '"')
      return wrong("a string");
    ++at;
    while (at < text.size() && text[at] != '"') {
      char c = text[at++];
      if (static_cast<unsigned char>(c) < 0x20)
        return wrong("no control character");
      if (c != '\\') {
        out += c;
        continue;
      }
      if (at >= text.size())
        return wrong("an escape");
      constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
      char escape = text[at++];
      if (std::size_t known = from.find(escape); known != from.npos) {
        out += to[known];
        continue;
      }
      unsigned point = 0, low = 0;
      if (escape != 'u' || !hex(point))
        return wrong("an escape");
      if (point >= 0xD800 && point < 0xDC00) {
        if (text.substr(at, 2) != "\\u" || (at += 2, !hex(low)) || low < 0xDC00 || low > 0xDFFF)
          return wrong("the other half of the pair");
        point = 0x10000 + ((point - 0xD800) << 10) + (low - 0xDC00);
      }
      append(out, point);
    }
    if (at >= text.size())
      return wrong("`\"`");
    ++at;
    return true;
  }

  static void append(std::string &out, unsigned point) {
    auto byte = [&](unsigned value) { out += static_cast<char>(value); };
    if (point < 0x80)
      return byte(point);
    if (point < 0x800) {
      byte(0xC0 | point >> 6);
    } else if (point < 0x10000) {
      byte(0xE0 | point >> 12);
      byte(0x80 | (point >> 6 & 63));
    } else {
      byte(0xF0 | point >> 18);
      byte(0x80 | (point >> 12 & 63));
      byte(0x80 | (point >> 6 & 63));
    }
    byte(0x80 | (point & 63));
  }

  std::string_view text;
  std::size_t at = 0;
  unsigned depth = 0;
};

void writeString(const std::string &value, std::string &out) {
  out += '"';
  for (char c : value) {
    constexpr std::string_view from = "\"\\\b\f\n\r\t", to = "\"\\bfnrt";
    if (std::size_t known = from.find(c); known != from.npos) {
      out += '\\';
      out += to[known];
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escape[8];
      std::snprintf(escape, sizeof escape, "\\u%04x", static_cast<unsigned>(static_cast<unsigned char>(c)));
      out += escape;
    } else {
      out += c;
    }
  }
  out += '"';
}

void write(const Json &json, std::string &out) {
  switch (json.kind) {
  case Json::Kind::null:
    out += "null";
    break;
  case Json::Kind::boolean:
    out += json.truth ? "true" : "false";
    break;
  case Json::Kind::number:
    out += json.text;
    break;
  case Json::Kind::text:
    writeString(json.text, out);
    break;
  case Json::Kind::list:
    out += '[';
    for (std::size_t i = 0; i < json.items.size(); ++i) {
      out += i ? "," : "";
      write(json.items[i], out);
    }
    out += ']';
    break;
  case Json::Kind::object:
    out += '{';
    for (std::size_t i = 0; i < json.fields.size(); ++i) {
      out += i ? "," : "";
      writeString(json.fields[i].first, out);
      out += ':';
      write(json.fields[i].second, out);
    }
    out += '}';
    break;
  }
}

} // namespace

Json Json::boolean(bool value) {
  Json json;
  json.kind = Kind::boolean;
  json.truth = value;
  return json;
}
Json Json::integer(std::int64_t value) { return number(std::to_string(value)); }
Json Json::floating(double value) { return number(floatText(value)); }
Json Json::number(std::string literal) {
  Json json;
  json.kind = Kind::number;
  json.text = std::move(literal);
  return json;
}
Json Json::string(std::string value) {
  Json json;
  json.kind = Kind::text;
  json.text = std::move(value);
  return json;
}
Json Json::list(std::vector<Json> items) {
  Json json;
  json.kind = Kind::list;
  json.items = std::move(items);
  return json;
}
Json Json::object(std::vector<std::pair<std::string, Json>> fields) {
  Json json;
  json.kind = Kind::object;
  json.fields = std::move(fields);
  return json;
}

const Json *Json::field(std::string_view name) const {
  for (const auto &[key, value] : fields)
    if (key == name)
      return &value;
  return nullptr;
}

bool Json::isWhole() const { return is(Kind::number) && text.find_first_of(".eE") == std::string::npos; }
double Json::real() const { return std::strtod(text.c_str(), nullptr); }
std::optional<std::int64_t> Json::whole() const {
  std::int64_t value = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return value;
}

/// The fewest digits that read back; from 0.000001 on and below 1e21 without an exponent.
template <typename Float> static std::string decimal(Float value) {
  char buffer[40];
  Float one = value == 0 ? Float(0) : value; // There is one zero.
  std::string given(buffer, std::to_chars(buffer, buffer + sizeof buffer, one, std::chars_format::scientific).ptr);
  if (given.find('e') == std::string::npos)
    return given;
  int power = std::stoi(given.substr(given.find('e') + 1));
  if (power < -6 || power > 20)
    return given.substr(0, given.find('e') + 1) + std::to_string(power);
  std::string bare;
  for (char c : given.substr(0, given.find('e')))
    if (c != '.' && c != '-')
      bare += c;
  while (static_cast<int>(bare.size()) < power + 2)
    bare += '0';
  for (int places = power; places < 0; ++places)
    bare.insert(0, "0");
  bare.insert(power < 0 ? 1 : static_cast<std::size_t>(power) + 1, ".");
  return (value < 0 ? "-" : "") + bare;
}

std::string floatText(double value) { return decimal(value); }

std::string floatText(float value) { return decimal(value); }

std::optional<Json> parseJson(std::string_view text, std::string *error) {
  Reader reader(text);
  Json out;
  if (reader.document(out))
    return out;
  if (error)
    *error = reader.error;
  return std::nullopt;
}

std::string text(const Json &json) {
  std::string out;
  write(json, out);
  return out;
}

} // namespace weft::reference::workflow
