//===- JsonWrite.cpp - Values to JSON -----------------------------------===//

#include "runtime/base/Limits.h"
#include "runtime/base/Units.h"
#include "runtime/value/Base64.h"
#include "runtime/value/Json.h"
#include "runtime/value/JsonPlace.h"
#include "runtime/value/Numbers.h"

#include <cmath>

namespace weft::value {
namespace {

constexpr std::int64_t exactInt = 1ll << 53;

class Writer {
public:
  Writer(std::string &out, const TypeTable *types, bool pretty) : out(out), types(types), pretty(pretty) {}

  base::Result<void> run(const Value &value, std::optional<TypeId> type) {
    if (value.depth() > base::maxValueDepth)
      return base::error(base::Code::limit, "a value nests deeper than " + std::to_string(base::maxValueDepth));
    JsonPlace root;
    if (type ? this->value(value, *type, root) : json(value, root))
      return {};
    return failure;
  }

private:
  bool wrong(const JsonPlace &place, const std::string &what) {
    failure = base::error(base::Code::invalid, place.text() + ": " + what);
    return false;
  }
  bool misfit(const JsonPlace &place, const Value &value, TypeId type) {
    return wrong(place, "expected " + types->text(type) + ", found a " + std::string(name(value.tag())));
  }

  // Brackets. `count` items stand inside; each begins with `item`.
  void open(char bracket) {
    out += bracket;
    ++level;
  }
  void item(bool first) {
    if (!first)
      out += ',';
    newline();
  }
  void close(char bracket, bool empty) {
    --level;
    if (!empty)
      newline();
    out += bracket;
  }
  void newline() {
    if (pretty)
      out.append("\n").append(2 * level, ' ');
  }
  void key(std::string_view name) {
    appendJsonString(out, name);
    out += pretty ? ": " : ":";
  }
  void string(std::string_view text) { appendJsonString(out, text); }

  bool real(double value, const JsonPlace &place) {
    if (!std::isfinite(value))
      return wrong(place, std::isnan(value) ? "NaN has no JSON form" : "an infinite number has no JSON form");
    out += floatText(value);
    return true;
  }
  void integer(std::int64_t value) {
    bool exact = value <= exactInt && value >= -exactInt;
    out += exact ? std::to_string(value) : "\"" + std::to_string(value) + "\"";
  }

  bool json(const Value &value, const JsonPlace &place) {
    switch (value.tag()) {
    case Tag::none:
      out += "null";
      return true;
    case Tag::boolean:
      out += value.asBool() ? "true" : "false";
      return true;
    case Tag::integer:
      // It came as a number and goes as one: json is passed on as it is.
      out += std::to_string(value.asInt());
      return true;
    case Tag::real:
      return real(value.asFloat(), place);
    case Tag::string:
      string(value.asText());
      return true;
    case Tag::list:
      return list(value, place, [&](const Value &each, const JsonPlace &at) { return json(each, at); });
    case Tag::map:
      return map(value, place, [&](const Value &each, const JsonPlace &at) { return json(each, at); });
    default:
      return wrong(place, "expected json, found a " + std::string(name(value.tag())));
    }
  }

  bool list(const Value &value, const JsonPlace &place, auto &&write) {
    auto items = value.items();
    open('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      item(i == 0);
      if (!write(items[i], JsonPlace{&place, {}, i}))
        return false;
    }
    close(']', items.empty());
    return true;
  }

  bool map(const Value &value, const JsonPlace &place, auto &&write) {
    bool first = true;
    open('{');
    for (const MapEntry &entry : value.entries()) {
      item(std::exchange(first, false));
      key(entry.key.asText());
      if (!write(entry.value, JsonPlace{&place, entry.key.asText(), 0}))
        return false;
    }
    close('}', first);
    return true;
  }

  /// Fields of a record or case; those that are none are left out where they may be absent.
  bool fields(const std::vector<Field> &fields, std::span<const Value> values, bool &first, const JsonPlace &place) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
      if (values[i].isNone() && (*types)[fields[i].type].kind == TypeKind::optional)
        continue;
      item(std::exchange(first, false));
      key(fields[i].name);
      if (!value(values[i], fields[i].type, {&place, fields[i].name, 0}))
        return false;
    }
    return true;
  }

  bool value(const Value &value, TypeId id, const JsonPlace &place) {
    const Type &type = (*types)[id];
    auto fits = [&](Tag tag) { return value.is(tag) || misfit(place, value, id); };
    auto inner = [&](const Value &each, const JsonPlace &at) {
      return this->value(each, static_cast<TypeId>(type.element), at);
    };
    switch (type.kind) {
    case TypeKind::none:
      out += "null";
      return fits(Tag::none);
    case TypeKind::boolean:
      if (!fits(Tag::boolean))
        return false;
      out += value.asBool() ? "true" : "false";
      return true;
    case TypeKind::integer:
      if (!fits(Tag::integer))
        return false;
      integer(value.asInt());
      return true;
    case TypeKind::real:
      // An int may stand where a float is asked.
      if (value.is(Tag::integer))
        return real(static_cast<double>(value.asInt()), place);
      return fits(Tag::real) && real(value.asFloat(), place);
    case TypeKind::string:
      if (!fits(Tag::string))
        return false;
      string(value.asText());
      return true;
    case TypeKind::bytes:
      if (!fits(Tag::bytes))
        return false;
      out += '"';
      appendBase64(out, value.asBytes());
      out += '"';
      return true;
    case TypeKind::json:
      return json(value, place);
    case TypeKind::duration:
      if (!fits(Tag::duration))
        return false;
      out += base::decimalText(value.asDurationNs());
      return true;
    case TypeKind::size:
      if (!fits(Tag::size))
        return false;
      integer(value.asSizeBytes());
      return true;
    case TypeKind::money:
      if (!fits(Tag::money))
        return false;
      string(base::decimalText(value.asMoneyNano()));
      return true;
    case TypeKind::file:
      return fits(Tag::file) && file(value.asFile());
    case TypeKind::list:
      return fits(Tag::list) && list(value, place, inner);
    case TypeKind::map:
      return fits(Tag::map) && map(value, place, inner);
    case TypeKind::optional:
      if (!value.isNone())
        return inner(value, place);
      out += "null";
      return true;
    case TypeKind::tuple:
      if (!fits(Tag::list) || (value.items().size() != type.fields.size() && !misfit(place, value, id)))
        return false;
      return list(value, place, [&](const Value &each, const JsonPlace &at) {
        return this->value(each, type.fields[at.index].type, at);
      });
    case TypeKind::record: {
      if (!fits(Tag::record) || (value.items().size() != type.fields.size() && !misfit(place, value, id)))
        return false;
      bool first = true;
      open('{');
      if (!fields(type.fields, value.items(), first, place))
        return false;
      close('}', first);
      return true;
    }
    case TypeKind::sum:
      return fits(Tag::variant) && sum(value, id, type, place);
    case TypeKind::tensor:
      return fits(Tag::tensor) && tensor(value.asTensor(), value, id, type, place);
    case TypeKind::rng:
    case TypeKind::function:
    case TypeKind::agent:
    case TypeKind::state:
      return wrong(place, types->text(id) + " has no JSON form");
    }
    WEFT_UNREACHABLE();
  }

  bool sum(const Value &value, TypeId id, const Type &type, const JsonPlace &place) {
    if (value.caseIndex() >= type.cases.size() || value.items().size() != type.cases[value.caseIndex()].fields.size())
      return misfit(place, value, id);
    const Case &chosen = type.cases[value.caseIndex()];
    if (types->isPlainSum(id)) {
      string(chosen.name);
      return true;
    }
    bool first = false;
    open('{');
    item(true);
    key("kind");
    string(chosen.name);
    if (!fields(chosen.fields, value.items(), first, place))
      return false;
    close('}', false);
    return true;
  }

  bool file(const FileView &file) {
    open('{');
    item(true);
    key("name");
    string(file.name);
    item(false);
    key("media");
    string(file.media);
    item(false);
    key("sha256");
    string(file.digest.hex());
    close('}', false);
    return true;
  }

  bool element(const TensorView &tensor, std::uint64_t index, const JsonPlace &place) {
    Value number = elementOf(tensor, index);
    if (number.is(Tag::boolean)) {
      out += number.asBool() ? "true" : "false";
    } else if (number.is(Tag::integer)) {
      integer(number.asInt());
    } else if (tensor.type == base::ElementType::f64 || !std::isfinite(number.asFloat())) {
      return real(number.asFloat(), place);
    } else {
      out += floatText(static_cast<float>(number.asFloat()));
    }
    return true;
  }

  bool tensor(const TensorView &tensor, const Value &value, TypeId id, const Type &type, const JsonPlace &place) {
    bool shaped = tensor.type == type.dtype && tensor.dims.size() == type.dims.size();
    for (std::size_t i = 0; shaped && i < tensor.dims.size(); ++i)
      shaped = type.dims[i] < 0 || type.dims[i] == tensor.dims[i];
    if (!shaped)
      return wrong(place, "expected " + types->text(id) + ", found a tensor of another shape or element type");
    if (tensor.dims.empty())
      return element(tensor, 0, place);
    open('{');
    item(true);
    key("dtype");
    string(base::name(tensor.type));
    item(false);
    key("shape");
    // Sizes and numbers stay on one line each: a tensor of a page per row helps nobody.
    std::string_view comma = pretty ? ", " : ",";
    out += '[';
    for (std::size_t i = 0; i < tensor.dims.size(); ++i)
      out.append(i ? comma : "").append(std::to_string(tensor.dims[i]));
    out += ']';
    item(false);
    key("data");
    out += '[';
    for (std::uint64_t i = 0; i < tensor.elements(); ++i) {
      out.append(i ? comma : "");
      if (!element(tensor, i, {&place, {}, i}))
        return false;
    }
    out += ']';
    close('}', false);
    return true;
  }

  std::string &out;
  const TypeTable *types;
  bool pretty;
  std::size_t level = 0;
  base::Error failure;
};

base::Result<std::string> written(const Value &value, std::optional<TypeId> type, const TypeTable *types, bool pretty) {
  std::string out;
  if (auto ok = Writer(out, types, pretty).run(value, type); !ok)
    return ok.error();
  return out;
}

} // namespace

base::Result<void> toJson(const Value &value, TypeId type, const TypeTable &types, std::string &out) {
  return Writer(out, &types, false).run(value, type);
}

base::Result<std::string> toJson(const Value &value, TypeId type, const TypeTable &types) {
  return written(value, type, &types, false);
}

base::Result<std::string> toPrettyJson(const Value &value, TypeId type, const TypeTable &types) {
  return written(value, type, &types, true);
}

base::Result<std::string> writeJson(const Value &value) { return written(value, std::nullopt, nullptr, false); }

} // namespace weft::value
