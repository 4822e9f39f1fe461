//===- Schemas.cpp - What --emit=schema prints ----------------------------===//

#include "compiler/driver/Schemas.h"

#include "runtime/value/Json.h"
#include "runtime/value/Schema.h"

namespace weft::driver {
namespace {

std::string quoted(std::string_view text) {
  std::string out;
  value::appendJsonString(out, text);
  return out;
}

/// Types that have no JSON (functions, agents) have no schema either.
std::string schemaOr(const base::Result<std::string> &schema) { return schema ? *schema : "false"; }

std::string inputOf(const plan::Plan &plan, const plan::Entry &entry) {
  std::vector<value::Field> fields;
  std::vector<std::string> withDefault;
  for (const plan::Param &param : entry.params) {
    if (param.defaultValue != plan::noIndex)
      withDefault.emplace_back(param.name);
    value::Field field;
    field.name = param.name;
    field.type = param.type;
    field.doc = param.doc;
    fields.push_back(std::move(field));
  }
  return schemaOr(value::schemaOfFields(fields, plan.types, withDefault));
}

/// `"name": value` lines of one object.
class Members {
public:
  void add(std::string_view name, const std::string &value) {
    text += (text.empty() ? "\n    " : ",\n    ") + quoted(name) + ": " + value;
  }
  std::string object() const { return text.empty() ? "{}" : "{" + text + "\n  }"; }

private:
  std::string text;
};

} // namespace

std::string printSchemas(const plan::Plan &plan) {
  Members types, workflows;
  for (std::uint32_t index = 0; index < plan.types.size(); ++index)
    if (!plan.types[index].name.empty())
      types.add(plan.types[index].name, schemaOr(value::schemaOf(index, plan.types)));
  for (const plan::Entry &entry : plan.entries)
    if (entry.kind == plan::fb::EntryKind::workflow)
      workflows.add(entry.name, "{\"input\": " + inputOf(plan, entry) +
                                    ", \"output\": " + schemaOr(value::schemaOf(entry.result, plan.types)) + "}");
  return "{\n  \"types\": " + types.object() + ",\n  \"workflows\": " + workflows.object() + "\n}\n";
}

} // namespace weft::driver
