//===- Schema.cpp - The JSON Schema of a type -----------------------------===//

#include "runtime/value/Schema.h"

#include "runtime/value/Json.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace weft::value {
namespace {

/// Far above any schema that a model or a client reads.
constexpr std::size_t maxSchemaBytes = 1 << 20;

constexpr const char *dialect = "\"$schema\":\"https://json-schema.org/draft/2020-12/schema\"";

class SchemaWriter {
public:
  explicit SchemaWriter(const TypeTable &types) : types(types) {}

  base::Result<std::string> ofType(TypeId id) {
    std::string body;
    // The root stands open; a type that comes back to it finds it under "$defs" as well.
    if (!members(id, "", "", body))
      return failure;
    return finish(body);
  }

  base::Result<std::string> ofFields(std::span<const Field> fields, std::span<const std::string> spare) {
    mayMiss = spare;
    std::string body;
    if (!object(fields, "", body))
      return failure;
    return finish(body);
  }

private:
  base::Result<std::string> finish(const std::string &body) {
    std::string out = std::string("{") + dialect + "," + body;
    // Defining one type may ask for others; each is written once, in the order of its index.
    std::map<TypeId, std::string> written;
    while (!wanted.empty()) {
      TypeId id = *wanted.begin();
      wanted.erase(wanted.begin());
      if (!written.count(id) && !members(id, "", "", written[id]))
        return failure;
      for (auto &[done, text] : written)
        wanted.erase(done);
    }
    if (!written.empty()) {
      out += ",\"$defs\":{";
      for (bool first = true; auto &[id, text] : written) {
        out += first ? "" : ",";
        first = false;
        appendJsonString(out, types[id].name);
        out += ":{" + text + "}";
      }
      out += "}";
    }
    return out + "}";
  }

  bool noJson(TypeId id) {
    failure = base::error(base::Code::unsupported, (path.empty() ? "" : path + ": ") + types.text(id) +
                                                       " has no JSON form, so it has no schema");
    return false;
  }

  static void description(const std::string &doc, const std::string &check, std::string &out) {
    if (doc.empty() && check.empty())
      return;
    std::string text = doc;
    if (!check.empty())
      text += (doc.empty() ? "" : " ") + ("where " + check);
    out += ",\"description\":";
    appendJsonString(out, text);
  }

  /// "{…}": named records and sums by reference, all else in place.
  bool whole(TypeId id, const std::string &doc, const std::string &check, std::string &out) {
    if (out.size() > maxSchemaBytes) {
      failure = base::error(base::Code::limit, "a schema of more than " + std::to_string(maxSchemaBytes) + " bytes");
      return false;
    }
    const Type &type = types[id];
    bool referred = !type.name.empty() && (type.kind == TypeKind::record || type.kind == TypeKind::sum);
    out += "{";
    if (referred) {
      wanted.insert(id);
      out += "\"$ref\":";
      appendJsonString(out, "#/$defs/" + type.name);
      description(doc, check, out);
    } else if (!members(id, doc, check, out)) {
      return false;
    }
    out += "}";
    return true;
  }

  /// What stands between the braces. `doc` and `check` are the field's, ahead of the type's own.
  bool members(TypeId id, const std::string &doc, const std::string &check, std::string &out) {
    const Type &type = types[id];
    std::string said = doc + (doc.empty() || type.doc.empty() ? "" : " ") + type.doc;
    std::string checked = check + (check.empty() || type.checkText.empty() ? "" : "; ") + type.checkText;
    auto element = static_cast<TypeId>(type.element);
    switch (type.kind) {
    case TypeKind::none:
      out += "\"type\":\"null\"";
      break;
    case TypeKind::boolean:
      out += "\"type\":\"boolean\"";
      break;
    case TypeKind::integer:
      out += "\"type\":\"integer\"";
      break;
    case TypeKind::real:
      out += "\"type\":\"number\"";
      break;
    case TypeKind::string:
      out += "\"type\":\"string\"";
      break;
    case TypeKind::bytes:
      out += "\"type\":\"string\",\"contentEncoding\":\"base64\"";
      break;
    case TypeKind::json:
      // Any value: a schema without a condition, with a member so that commas fall right.
      out += "\"type\":[\"object\",\"array\",\"string\",\"number\",\"boolean\",\"null\"]";
      break;
    case TypeKind::duration:
      out += "\"type\":\"number\"";
      said += said.empty() ? "seconds" : " (seconds)";
      break;
    case TypeKind::size:
      out += "\"type\":\"integer\"";
      said += said.empty() ? "bytes" : " (bytes)";
      break;
    case TypeKind::money:
      out += "\"type\":\"string\",\"pattern\":\"^-?(0|[1-9][0-9]*)(\\\\.[0-9]{1,9})?$\"";
      said += said.empty() ? "dollars" : " (dollars)";
      break;
    case TypeKind::file:
      out += "\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\"},\"media\":{\"type\":\"string\"},"
             "\"sha256\":{\"type\":\"string\",\"pattern\":\"^[0-9a-f]{64}$\"}},"
             "\"required\":[\"name\",\"media\",\"sha256\"],\"additionalProperties\":false";
      break;
    case TypeKind::list:
      out += "\"type\":\"array\",\"items\":";
      if (!step(element, "[]", out))
        return false;
      break;
    case TypeKind::map:
      out += "\"type\":\"object\",\"additionalProperties\":";
      if (!step(element, ".*", out))
        return false;
      break;
    case TypeKind::optional:
      out += "\"anyOf\":[";
      if (!step(element, "", out))
        return false;
      out += ",{\"type\":\"null\"}]";
      break;
    case TypeKind::tuple:
      out += "\"type\":\"array\",\"prefixItems\":[";
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        out += i ? "," : "";
        if (!step(type.fields[i].type, "[" + std::to_string(i) + "]", out))
          return false;
      }
      out += "],\"items\":false,\"minItems\":" + std::to_string(type.fields.size());
      break;
    case TypeKind::record:
      if (!object(type.fields, "", out))
        return false;
      break;
    case TypeKind::sum:
      if (!sum(id, type, out))
        return false;
      break;
    case TypeKind::tensor:
      tensor(type, out);
      break;
    case TypeKind::rng:
    case TypeKind::function:
    case TypeKind::agent:
    case TypeKind::state:
      return noJson(id);
    }
    description(said, checked, out);
    return true;
  }

  bool step(TypeId id, const std::string &way, std::string &out) {
    std::size_t length = path.size();
    path += way;
    bool ok = whole(id, "", "", out);
    path.resize(length);
    return ok;
  }

  /// `kind` names the case of a sum, or is empty.
  bool object(std::span<const Field> fields, const std::string &kind, std::string &out) {
    std::string properties, required;
    bool outermost = std::exchange(isOutermost, false);
    auto add = [](std::string &list, std::string_view name) -> std::string & {
      list += list.empty() ? "" : ",";
      appendJsonString(list, name);
      return list;
    };
    if (!kind.empty()) {
      appendJsonString(add(properties, "kind") += ":{\"const\":", kind);
      properties += "}";
      add(required, "kind");
    }
    for (const Field &field : fields) {
      std::size_t length = path.size();
      path += "." + field.name;
      add(properties, field.name) += ":";
      if (!whole(field.type, field.doc, field.checkText, properties))
        return false;
      path.resize(length);
      bool spare = types[field.type].kind == TypeKind::optional ||
                   (outermost && std::find(mayMiss.begin(), mayMiss.end(), field.name) != mayMiss.end());
      if (!spare)
        add(required, field.name);
    }
    out += "\"type\":\"object\",\"properties\":{" + properties + "},\"required\":[" + required +
           "],\"additionalProperties\":false";
    return true;
  }

  bool sum(TypeId id, const Type &type, std::string &out) {
    bool plain = types.isPlainSum(id);
    out += plain ? "\"enum\":[" : "\"anyOf\":[";
    for (bool first = true; const Case &each : type.cases) {
      out += first ? "" : ",";
      first = false;
      if (plain) {
        appendJsonString(out, each.name);
        continue;
      }
      out += "{";
      if (!object(each.fields, each.name, out))
        return false;
      description(each.doc, "", out);
      out += "}";
    }
    out += "]";
    return true;
  }

  static void tensor(const Type &type, std::string &out) {
    bool isBool = type.dtype == base::ElementType::boolean;
    bool isInt = type.dtype == base::ElementType::i64 || type.dtype == base::ElementType::i32 ||
                 type.dtype == base::ElementType::i8 || type.dtype == base::ElementType::u8;
    std::string number = isBool ? "\"type\":\"boolean\"" : isInt ? "\"type\":\"integer\"" : "\"type\":\"number\"";
    if (type.dims.empty()) {
      out += number;
      return;
    }
    out += "\"type\":\"object\",\"properties\":{\"dtype\":{\"const\":\"" + std::string(base::name(type.dtype)) +
           "\"},\"shape\":{\"type\":\"array\",\"prefixItems\":[";
    bool fixed = true;
    std::int64_t elements = 1;
    for (std::size_t i = 0; i < type.dims.size(); ++i) {
      out += i ? "," : "";
      out += type.dims[i] < 0 ? "{\"type\":\"integer\",\"minimum\":0}"
                              : "{\"const\":" + std::to_string(type.dims[i]) + "}";
      fixed = fixed && type.dims[i] >= 0 && !__builtin_mul_overflow(elements, type.dims[i], &elements);
    }
    out += "],\"items\":false,\"minItems\":" + std::to_string(type.dims.size()) +
           "},\"data\":{\"type\":\"array\",\"items\":{" + number + "}";
    if (fixed)
      out += ",\"minItems\":" + std::to_string(elements) + ",\"maxItems\":" + std::to_string(elements);
    out += "}},\"required\":[\"dtype\",\"shape\",\"data\"],\"additionalProperties\":false";
  }

  const TypeTable &types;
  std::set<TypeId> wanted;
  std::span<const std::string> mayMiss; ///< Of the outermost object.
  bool isOutermost = true;
  std::string path;
  base::Error failure;
};

} // namespace

base::Result<std::string> schemaOf(TypeId type, const TypeTable &types) { return SchemaWriter(types).ofType(type); }

base::Result<std::string> schemaOfFields(std::span<const Field> fields, const TypeTable &types,
                                         std::span<const std::string> mayMiss) {
  return SchemaWriter(types).ofFields(fields, mayMiss);
}

} // namespace weft::value
