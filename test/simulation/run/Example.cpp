//===- Example.cpp - A compiled program with what it is run on ------------===//

#include "test/simulation/run/Example.h"

#include "runtime/base/Limits.h"
#include "runtime/plan/PlanReader.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Json.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace weft::test {
namespace {

namespace fs = std::filesystem;

/// Folders of the tests' own programs and of the examples.
constexpr const char *sourceFolders[] = {WEFT_EXAMPLES, WEFT_PROGRAMS};

std::string textOf(const fs::path &path) {
  std::ifstream file(path, std::ios::binary);
  WEFT_ASSERT(file.good());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

value::Value jsonOf(const fs::path &path) {
  auto json = value::parseJson(textOf(path));
  WEFT_ASSERT(json && json->is(value::Tag::map));
  return *json;
}

value::Value field(const value::Value &object, std::string_view name) {
  for (const value::MapEntry &one : object.entries())
    if (one.key.asText() == name)
      return one.value;
  return value::Value::none();
}

/// Sources, inputs and files; not what runs on the real disk leave behind.
std::map<std::string, std::string> filesOf(const fs::path &folder) {
  std::map<std::string, std::string> files;
  for (auto at = fs::recursive_directory_iterator(folder); at != fs::recursive_directory_iterator(); ++at) {
    std::string path = fs::relative(at->path(), folder).string();
    if (path == ".weft" || path == "out") {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_regular_file())
      files[std::string(projectFolder) + "/" + path] = textOf(at->path());
  }
  return files;
}

std::vector<value::Value> argumentsOf(const plan::Plan &plan, const plan::Entry &entry, const value::Value &inputs) {
  std::vector<value::Value> args;
  value::Evaluator evaluator(plan.program());
  for (const plan::Param &param : entry.params) {
    value::Value given = field(inputs, param.name);
    if (given.is(value::Tag::none)) {
      WEFT_ASSERT(param.defaultValue != plan::noIndex);
      args.push_back(plan.consts[param.defaultValue]);
      continue;
    }
    std::uint64_t fuel = base::defaultFuel;
    auto failure = evaluator.parse(param.type, *value::writeJson(given), false, args.emplace_back(), fuel);
    WEFT_ASSERT(!failure);
  }
  return args;
}

Example load(const std::string &name) {
  fs::path folder;
  for (const char *where : sourceFolders)
    if (fs::exists(fs::path(where) / name / "crash.json"))
      folder = fs::path(where) / name;
  WEFT_ASSERT(!folder.empty());
  Example made;
  made.name = name;
  made.spec = (folder / "main.weft").string();
  std::string bytes = textOf(fs::path(WEFT_PLANS) / (name + ".plan"));
  auto plan = plan::readPlan({base::bytesOf(bytes).begin(), base::bytesOf(bytes).end()});
  WEFT_ASSERT(plan);
  made.plan = *plan;
  const plan::Entry *entry = made.plan->entry("main");
  WEFT_ASSERT(entry);
  made.entry = static_cast<std::uint32_t>(entry - made.plan->entries.data());
  value::Value settings = jsonOf(folder / "crash.json");
  if (value::Value inputs = field(settings, "inputs"); !inputs.is(value::Tag::none))
    made.args = argumentsOf(*made.plan, *entry, jsonOf(folder / std::string(inputs.asText())));
  if (value::Value answers = field(settings, "answers"); !answers.is(value::Tag::none))
    for (const value::Value &answer : answers.items())
      made.answers.emplace_back(answer.asText());
  if (value::Value environment = field(settings, "environment"); !environment.is(value::Tag::none))
    for (const value::MapEntry &one : environment.entries())
      made.environment.emplace_back(one.key.asText(), one.value.asText());
  made.files = filesOf(folder);
  return made;
}

} // namespace

std::string Example::nameOf(std::uint32_t member) const {
  return std::string(plan->bindings[plan->members[member].binding].name) + "." +
         std::string(plan->members[member].name);
}

const Example &example(const std::string &name) {
  static std::map<std::string, Example> loaded;
  auto found = loaded.find(name);
  if (found == loaded.end())
    found = loaded.emplace(name, load(name)).first;
  return found->second;
}

} // namespace weft::test
