//===- TypedJson.cpp - Values to JSON and back, by type -------------------===//

#include "test/reference/workflow/TypedJson.h"

#include <cmath>

namespace weft::reference::workflow {

using sema::Type;
using sema::TypeKind;

namespace {

constexpr std::int64_t exactInt = 1ll << 53;
constexpr std::int64_t billion = 1'000'000'000;

Type resolved(Type type, const Scope *scope) {
  type = sema::base(type);
  if (type->is(TypeKind::parameter) && scope)
    if (Type actual = scope->actual(type))
      return resolved(actual, nullptr);
  return type;
}

/// Billionths as a decimal, without trailing zeros.
std::string decimal(std::int64_t amount) {
  auto magnitude = amount < 0 ? 0 - static_cast<std::uint64_t>(amount) : static_cast<std::uint64_t>(amount);
  std::string rest = std::to_string(magnitude % billion);
  rest.insert(0, 9 - rest.size(), '0');
  rest.erase(rest.find_last_not_of('0') + 1);
  return (amount < 0 ? "-" : "") + std::to_string(magnitude / billion) + (rest.empty() ? "" : "." + rest);
}

Json whole(std::int64_t value) {
  return value > exactInt || value < -exactInt ? Json::string(std::to_string(value)) : Json::integer(value);
}

constexpr char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string encoded(const std::string &bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    unsigned word = 0;
    std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t k = 0; k < 3; ++k)
      word = word << 8 | (k < count ? static_cast<unsigned char>(bytes[i + k]) : 0);
    for (std::size_t k = 0; k < 4; ++k)
      out += k <= count ? base64[word >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

std::string decoded(const std::string &text) {
  std::string out;
  unsigned word = 0, bits = 0;
  for (char c : text) {
    if (c == '=')
      break;
    word = word << 6 | static_cast<unsigned>(std::string_view(base64).find(c));
    if ((bits += 6) >= 8)
      out += static_cast<char>(word >> (bits -= 8) & 255);
  }
  return out;
}

Json element(const Tensor &tensor, std::size_t at) {
  double value = tensor.elements[at];
  if (tensor.type == sema::ElementType::boolean)
    return Json::boolean(value != 0);
  if (!sema::isFloat(tensor.type))
    return whole(static_cast<std::int64_t>(value));
  if (tensor.type == sema::ElementType::f64)
    return Json::floating(value);
  return Json::number(floatText(static_cast<float>(value)));
}

Json tensorJson(const Tensor &tensor) {
  if (tensor.shape.empty())
    return element(tensor, 0);
  Json shape = Json::list(), data = Json::list();
  for (std::int64_t size : tensor.shape)
    shape.items.push_back(Json::integer(size));
  for (std::size_t i = 0; i < tensor.elements.size(); ++i)
    data.items.push_back(element(tensor, i));
  return Json::object(
      {{"dtype", Json::string(std::string(sema::text(tensor.type)))}, {"shape", shape}, {"data", data}});
}

void fieldsJson(const std::vector<sema::Field> &fields, const Values &values, Json &out, const Scope *scope) {
  for (std::size_t i = 0; i < fields.size(); ++i)
    if (!values[i].isNone() || !resolved(fields[i].type, scope)->is(TypeKind::optional))
      out.fields.emplace_back(fields[i].name, toJson(values[i], fields[i].type, scope));
}

[[noreturn]] void wrong(const std::string &place, const std::string &wanted, const Json &found) {
  throw Failure{FailKind::schema, place + ": expected " + wanted + ", found " + text(found), "", false};
}

std::int64_t wholeOf(const Json &json, const std::string &place, const std::string &what) {
  std::optional<std::int64_t> value;
  // Beyond 2^53 it is a string.
  if (json.isWhole() || json.is(Json::Kind::text))
    value = json.whole();
  if (!value)
    wrong(place, what, json);
  return *value;
}

std::int64_t billionths(const std::string &text) {
  return static_cast<std::int64_t>(std::llroundl(std::strtold(text.c_str(), nullptr) * 1e9L));
}

Values fieldsOf(const Json &json, const std::vector<sema::Field> &fields, bool hasKind, bool drop,
                const std::string &place) {
  Values values;
  for (const sema::Field &field : fields) {
    const Json *given = json.field(field.name);
    if (given)
      values.push_back(fromJson(*given, field.type, drop, place + "." + field.name));
    else if (sema::base(field.type)->is(TypeKind::optional))
      values.emplace_back();
    else
      throw Failure{FailKind::schema, place + ": the field " + field.name + " is missing", "", false};
  }
  for (const auto &[key, item] : json.fields) {
    bool known = hasKind && key == "kind";
    for (const sema::Field &field : fields)
      known |= field.name == key;
    if (!known && !drop)
      throw Failure{FailKind::schema, place + ": there is no field " + key, "", false};
  }
  return values;
}

Value tensorOf(const Json &json, Type type, const std::string &place) {
  Tensor tensor;
  tensor.type = type->elementType;
  auto number = [&](const Json &item) {
    if (item.is(Json::Kind::boolean))
      return item.truth ? 1.0 : 0.0;
    if (!item.is(Json::Kind::number) && !item.is(Json::Kind::text))
      wrong(place, "a number", item);
    return item.real();
  };
  if (type->dims.empty()) {
    tensor.elements.push_back(number(json));
    return Value::of(std::move(tensor));
  }
  const Json *shape = json.field("shape"), *data = json.field("data");
  if (!shape || !data)
    wrong(place, "a tensor", json);
  for (const Json &size : shape->items)
    tensor.shape.push_back(wholeOf(size, place, "a size"));
  for (const Json &item : data->items)
    tensor.elements.push_back(number(item));
  return Value::of(std::move(tensor));
}

} // namespace

Json jsonOf(const Value &value) {
  switch (value.kind) {
  case Value::Kind::none:
    return {};
  case Value::Kind::boolean:
    return Json::boolean(value.truth);
  case Value::Kind::integer:
    return Json::integer(value.number);
  case Value::Kind::floating:
    return Json::floating(value.real);
  case Value::Kind::string:
    return Json::string(value.text);
  case Value::Kind::list: {
    Json out = Json::list();
    for (const Value &item : *value.items)
      out.items.push_back(jsonOf(item));
    return out;
  }
  case Value::Kind::map: {
    Json out = Json::object();
    for (const auto &[key, item] : *value.entries)
      out.fields.emplace_back(key, jsonOf(item));
    return out;
  }
  default:
    throw Failure{FailKind::failed, "no json", "", false};
  }
}

Value jsonValue(const Json &json) {
  switch (json.kind) {
  case Json::Kind::null:
    return {};
  case Json::Kind::boolean:
    return Value::boolean(json.truth);
  case Json::Kind::number:
    if (json.isWhole())
      if (std::optional<std::int64_t> value = json.whole())
        return Value::integer(*value);
    return Value::floating(json.real());
  case Json::Kind::text:
    return Value::string(json.text);
  case Json::Kind::list: {
    Values items;
    for (const Json &item : json.items)
      items.push_back(jsonValue(item));
    return Value::list(std::move(items));
  }
  case Json::Kind::object: {
    std::map<std::string, Value> entries;
    for (const auto &[key, item] : json.fields)
      entries[key] = jsonValue(item);
    return Value::map(std::move(entries));
  }
  }
  return {};
}

Json toJson(const Value &value, Type declared, const Scope *scope) {
  Type type = resolved(declared, scope);
  switch (type->kind) {
  case TypeKind::none:
    return {};
  case TypeKind::boolean:
    return Json::boolean(value.truth);
  case TypeKind::integer:
  case TypeKind::size:
    return whole(value.number);
  case TypeKind::floating:
    return Json::floating(value.asReal());
  case TypeKind::string:
    return Json::string(value.text);
  case TypeKind::bytes:
    return Json::string(encoded(value.text));
  case TypeKind::json:
    return jsonOf(value);
  case TypeKind::duration:
    return Json::number(decimal(value.number));
  case TypeKind::money:
    return Json::string(decimal(value.number));
  case TypeKind::file:
    return *parseJson(value.text);
  case TypeKind::optional:
    return value.isNone() ? Json() : toJson(value, type->element, scope);
  case TypeKind::list: {
    Json out = Json::list();
    for (const Value &item : *value.items)
      out.items.push_back(toJson(item, type->element, scope));
    return out;
  }
  case TypeKind::tuple: {
    Json out = Json::list();
    for (std::size_t i = 0; i < type->elements.size(); ++i)
      out.items.push_back(toJson((*value.items)[i], type->elements[i], scope));
    return out;
  }
  case TypeKind::map: {
    Json out = Json::object();
    for (const auto &[key, item] : *value.entries)
      out.fields.emplace_back(key, toJson(item, type->element, scope));
    return out;
  }
  case TypeKind::record: {
    Json out = Json::object();
    fieldsJson(type->fields, *value.items, out, scope);
    return out;
  }
  case TypeKind::sum: {
    const sema::Case &chosen = type->cases[static_cast<std::size_t>(value.number)];
    if (sema::isEnumeration(type))
      return Json::string(chosen.name);
    Json out = Json::object({{"kind", Json::string(chosen.name)}});
    fieldsJson(chosen.fields, *value.items, out, scope);
    return out;
  }
  case TypeKind::tensor:
    return tensorJson(*value.tensor);
  default:
    throw Unsupported{"JSON of " + sema::text(declared), {}};
  }
}

Value fromJson(const Json &json, Type declared, bool drop, const std::string &place) {
  Type type = sema::base(declared);
  auto demand = [&](bool fits, const char *wanted) {
    if (!fits)
      wrong(place, wanted, json);
  };
  switch (type->kind) {
  case TypeKind::none:
    demand(json.is(Json::Kind::null), "null");
    return {};
  case TypeKind::boolean:
    demand(json.is(Json::Kind::boolean), "true or false");
    return Value::boolean(json.truth);
  case TypeKind::integer:
    return Value::integer(wholeOf(json, place, "an int"));
  case TypeKind::size:
    return Value::amount(Value::Kind::size, wholeOf(json, place, "a size"));
  case TypeKind::floating:
    demand(json.is(Json::Kind::number), "a number");
    return Value::floating(json.real());
  case TypeKind::string:
    demand(json.is(Json::Kind::text), "a string");
    return Value::string(json.text);
  case TypeKind::bytes:
    demand(json.is(Json::Kind::text), "base64");
    return Value::bytes(decoded(json.text));
  case TypeKind::json:
    return jsonValue(json);
  case TypeKind::duration:
    demand(json.is(Json::Kind::number), "seconds");
    return Value::amount(Value::Kind::duration, billionths(json.text));
  case TypeKind::money:
    demand(json.is(Json::Kind::text) || json.is(Json::Kind::number), "dollars");
    return Value::amount(Value::Kind::money, billionths(json.text));
  case TypeKind::file: {
    demand(json.is(Json::Kind::object), "a file");
    Value file;
    file.kind = Value::Kind::file;
    file.text = text(json);
    return file;
  }
  case TypeKind::optional:
    return json.is(Json::Kind::null) ? Value() : fromJson(json, type->element, drop, place);
  case TypeKind::list:
  case TypeKind::tuple: {
    demand(json.is(Json::Kind::list), "a list");
    bool tuple = type->is(TypeKind::tuple);
    demand(!tuple || json.items.size() == type->elements.size(), "a list of another length");
    Values items;
    for (std::size_t i = 0; i < json.items.size(); ++i)
      items.push_back(fromJson(json.items[i], tuple ? type->elements[i] : type->element, drop,
                               place + "[" + std::to_string(i) + "]"));
    return Value::list(std::move(items));
  }
  case TypeKind::map: {
    demand(json.is(Json::Kind::object), "an object");
    std::map<std::string, Value> entries;
    for (const auto &[key, item] : json.fields)
      entries[key] = fromJson(item, type->element, drop, place + "." + key);
    return Value::map(std::move(entries));
  }
  case TypeKind::record:
    demand(json.is(Json::Kind::object), "an object");
    return Value::record(fieldsOf(json, type->fields, false, drop, place));
  case TypeKind::sum: {
    bool plain = sema::isEnumeration(type);
    const Json *kind = plain ? &json : json.field("kind");
    demand(kind && kind->is(Json::Kind::text), "a case");
    int index = type->caseIndex(kind->text);
    demand(index >= 0, "a case of the type");
    if (plain)
      return Value::sum(index, {});
    return Value::sum(index, fieldsOf(json, type->cases[static_cast<std::size_t>(index)].fields, true, drop, place));
  }
  case TypeKind::tensor:
    return tensorOf(json, type, place);
  default:
    throw Unsupported{"reading " + sema::text(declared) + " from JSON", {}};
  }
}

namespace {

/// The largest unit without a fraction; below a microsecond a fraction of one.
std::string durationText(std::int64_t ns) {
  const std::pair<std::int64_t, const char *> units[] = {
      {3600 * billion, "h"}, {60 * billion, "min"}, {billion, "s"}, {1'000'000, "ms"}, {1'000, "us"}};
  if (ns == 0)
    return "0s";
  for (auto [amount, name] : units)
    if (ns % amount == 0)
      return std::to_string(ns / amount) + name;
  // Thousandths of a microsecond: a billionth's decimal a million times as large.
  std::string text = decimal(ns / 1000 * billion + ns % 1000 * 1'000'000);
  return text + "us";
}

/// The unit with the fewest digits, the larger and the binary one first.
std::string sizeText(std::int64_t bytes) {
  std::string best = std::to_string(bytes), suffix = "B";
  if (bytes == 0)
    return "0B";
  const char *names[] = {"K", "M", "G", "T"};
  for (int order = 4; order >= 1; --order)
    for (bool binary : {true, false}) {
      std::int64_t unit = 1;
      for (int i = 0; i < order; ++i)
        unit *= binary ? 1024 : 1000;
      if (bytes % unit == 0 && std::to_string(bytes / unit).size() < best.size()) {
        best = std::to_string(bytes / unit);
        suffix = std::string(names[order - 1]) + (binary ? "iB" : "B");
      }
    }
  return best + suffix;
}

} // namespace

std::string textOf(const Value &value, Type declared, const Scope *scope) {
  Type type = resolved(declared, scope);
  switch (type->kind) {
  case TypeKind::string:
    return value.text;
  case TypeKind::json:
    if (value.is(Value::Kind::string))
      return value.text;
    break;
  case TypeKind::integer:
    return std::to_string(value.number);
  case TypeKind::duration:
    return durationText(value.number);
  case TypeKind::size:
    return sizeText(value.number);
  case TypeKind::money: {
    std::string text = decimal(value.number);
    return text[0] == '-' ? "-$" + text.substr(1) : "$" + text;
  }
  case TypeKind::sum:
    if (sema::isEnumeration(type))
      return type->cases[static_cast<std::size_t>(value.number)].name;
    break;
  default:
    break;
  }
  return text(toJson(value, type, scope));
}

} // namespace weft::reference::workflow
