//===- Inputs.cpp - What a run is given, from the command line ------------===//

#include "runtime/cli/Inputs.h"

#include "runtime/base/Limits.h"
#include "runtime/cli/Arguments.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"
#include "runtime/value/Utf8.h"

#include <cstdio>
#include <map>
#include <optional>
#include <set>

namespace weft::cli {
namespace {

using base::Code;
using base::error;

std::string nameOf(const plan::Param &param, const plan::Plan &plan) {
  return "input '" + std::string(param.name) + "' (" + plan.types.text(param.type) + ")";
}

std::string listOf(const plan::Entry &entry, const plan::Plan &plan) {
  std::string text;
  for (const plan::Param &param : entry.params)
    text += (text.empty() ? "" : ", ") + std::string(param.name) + ": " + plan.types.text(param.type);
  return text.empty() ? "it takes none" : "it takes " + text;
}

const plan::Param *find(const plan::Entry &entry, std::string_view name) {
  for (const plan::Param &param : entry.params)
    if (param.name == name)
      return &param;
  return nullptr;
}

base::Error unknown(const plan::Plan &plan, const plan::Entry &entry, const std::string &name) {
  std::vector<std::string_view> known;
  for (const plan::Param &param : entry.params)
    known.push_back(param.name);
  std::string_view meant = nearest(name, known);
  return error(Code::invalid, "'" + std::string(entry.name) + "' has no input '" + name + "'" +
                                  (meant.empty() ? "" : ", did you mean '" + std::string(meant) + "'?") + "; " +
                                  listOf(entry, plan));
}

base::Result<value::Value> parsed(const plan::Plan &plan, std::uint32_t type, std::string_view json) {
  value::Evaluator evaluator(plan.program());
  std::uint64_t fuel = base::defaultFuel;
  value::Value out;
  if (auto failure = evaluator.parse(type, json, false, out, fuel))
    return error(Code::invalid, failure->why);
  return out;
}

/// Found here, where the file is known and the offset is its own.
base::Result<void> checkText(std::string_view text, const std::string &source) {
  std::size_t valid = value::validUtf8Prefix(text);
  if (valid == text.size())
    return {};
  char found[8];
  std::snprintf(found, sizeof found, "0x%02x", static_cast<unsigned>(static_cast<unsigned char>(text[valid])));
  return error(Code::invalid,
               source + " is not UTF-8: byte " + std::to_string(valid) + " is " + found + "; wanted text in UTF-8");
}

} // namespace

base::Result<value::Value> readValue(const plan::Plan &plan, std::uint32_t type, const std::string &text) {
  const value::Type *plain = &plan.types[type];
  if (plain->kind == value::TypeKind::optional)
    plain = &plan.types[plain->element];
  bool bare = plain->kind == value::TypeKind::string || plan.types.isPlainSum(type);
  if (!bare || (plan.types[type].kind == value::TypeKind::optional && text == "null"))
    return parsed(plan, type, text);
  std::string json;
  value::appendJsonString(json, text);
  return parsed(plan, type, json);
}

base::Result<std::vector<value::Value>> readInputs(const plan::Plan &plan, const plan::Entry &entry,
                                                   const std::vector<std::string> &given, const std::string &file,
                                                   io::Storage &storage) {
  std::map<std::string_view, value::Value> values;
  if (!file.empty()) {
    auto bytes = io::readWhole(storage, file, base::maxDocumentBytes);
    if (!bytes)
      return std::move(bytes).error().in(file);
    if (auto text = checkText(base::textOf(*bytes), file); !text)
      return std::move(text).error();
    auto object = value::parseJson(base::textOf(*bytes));
    if (!object)
      return std::move(object).error().in(file);
    if (!object->is(value::Tag::map))
      return error(Code::invalid, file + ": expected a JSON object of inputs; " + listOf(entry, plan));
    for (const value::MapEntry &one : object->entries()) {
      const plan::Param *param = find(entry, one.key.asText());
      if (!param)
        return unknown(plan, entry, std::string(one.key.asText())).in(file);
      auto json = value::writeJson(one.value);
      if (!json)
        return std::move(json).error().in(file);
      auto value = parsed(plan, param->type, *json);
      if (!value)
        return std::move(value).error().in(file + ": " + nameOf(*param, plan));
      values[param->name] = *std::move(value);
    }
  }
  std::set<std::string_view> seen;
  for (const std::string &one : given) {
    std::size_t equals = one.find('=');
    if (equals == std::string::npos)
      return error(Code::invalid, "--input " + one + ": expected name=value; " + listOf(entry, plan));
    const plan::Param *param = find(entry, one.substr(0, equals));
    if (!param)
      return unknown(plan, entry, one.substr(0, equals));
    if (!seen.insert(param->name).second)
      return error(Code::invalid, "--input " + std::string(param->name) + " stands twice; wanted one value for it");
    std::string text = one.substr(equals + 1), source = "its value";
    if (text.starts_with("@")) {
      auto bytes = io::readWhole(storage, text.substr(1), base::maxTextBytes);
      if (!bytes)
        return std::move(bytes).error().in(nameOf(*param, plan));
      source = text.substr(1);
      text = std::string(base::textOf(*bytes));
    }
    if (auto whole = checkText(text, source); !whole)
      return std::move(whole).error().in(nameOf(*param, plan));
    auto value = readValue(plan, param->type, text);
    if (!value)
      return std::move(value).error().in(nameOf(*param, plan));
    values[param->name] = *std::move(value);
  }
  std::vector<value::Value> arguments;
  std::string missing;
  for (const plan::Param &param : entry.params) {
    if (auto found = values.find(param.name); found != values.end())
      arguments.push_back(found->second);
    else if (param.defaultValue != plan::noIndex)
      arguments.push_back(plan.consts[param.defaultValue]);
    else if (plan.types[param.type].kind == value::TypeKind::optional)
      arguments.push_back(value::Value::none());
    else
      missing += (missing.empty() ? "" : ", ") + std::string(param.name) + ": " + plan.types.text(param.type);
  }
  if (!missing.empty())
    return error(Code::invalid,
                 "'" + std::string(entry.name) + "' needs " + missing + "; give --input name=value for each");
  return arguments;
}

} // namespace weft::cli
