//===- Providers.cpp - From a binding of the plan to its driver -----------===//

#include "runtime/agent/providers/Providers.h"

#include "runtime/agent/exec/ExecDriver.h"
#include "runtime/agent/files/FilesDriver.h"
#include "runtime/agent/model/CompiledDriver.h"
#include "runtime/agent/model/ExtractiveDriver.h"
#include "runtime/agent/providers/ExecTemplate.h"
#include "runtime/agent/weights/WeightsDriver.h"
#include "runtime/plan/Reach.h"
#include "runtime/plan/Tools.h"

#include <algorithm>

namespace weft::agent {
namespace {

using plan::fb::BindingKind;

constexpr std::string_view answersHere =
    "it answers with models of extractive and compiled, tools of files and exec, and people";
/// Of `weights` and `save`, which no program declares.
constexpr std::string_view weightsProvider = "safetensors";
/// Of an answer, where the declaration does not say.
constexpr std::int64_t defaultMaxTokens = 256;

/// "an mcp tool", what stands behind the equals sign of its declaration.
std::string providerText(const plan::Binding &binding) {
  std::string provider(binding.provider);
  switch (binding.kind) {
  case BindingKind::model:
    return "a model of " + provider;
  case BindingKind::a2a:
    return "a remote agent";
  default:
    return (provider == "mcp" || provider == "http" ? "an " : "a ") + provider + " tool";
  }
}

bool isCarried(const plan::Binding &binding) {
  switch (binding.kind) {
  case BindingKind::files:
  case BindingKind::exec:
  case BindingKind::human:
    return true;
  case BindingKind::model:
    return binding.provider == "extractive" || binding.provider == "compiled";
  default:
    return false;
  }
}

std::string placeOf(const plan::Plan &plan, std::uint32_t span) {
  plan::SourceSpan place = plan.at(span);
  if (place.line == 0)
    return "";
  return std::string(place.file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

/// Each binding once, with the step that comes to it first, and each agent with tools. Empty: all of them answer.
std::string whyNotCarried(const plan::Plan &plan, const plan::Entry &entry, const std::vector<plan::Reached> &reached) {
  std::string text;
  std::vector<bool> told(plan.bindings.size());
  for (const plan::Reached &one : reached) {
    const plan::Member &member = plan.members[one.member];
    const plan::Binding &binding = plan.bindings[member.binding];
    std::string place = placeOf(plan, member.span), what;
    if (!isCarried(binding) && !told[member.binding])
      what = "`" + shownName(plan, one.member) + "` is " + providerText(binding);
    else if (isCarried(binding) && !plan::toolsOf(plan, one.member).empty())
      what = "`" + std::string(member.name.substr(member.name.find('.') + 1)) +
             "` hands tools to its model, and this build makes no call that a model chooses";
    if (what.empty())
      continue;
    told[member.binding] = true;
    std::string caller = one.caller ? placeOf(plan, one.caller->span()) : "";
    text += "\n      " + what + (place.empty() ? "" : " (" + place + ")") +
            (caller.empty() || caller == place ? "" : ", called at " + caller);
  }
  if (text.empty())
    return "";
  return "`" + std::string(entry.name) + "` comes to what this build does not answer; " + std::string(answersHere) +
         text +
         "\n      in a test a mock stands in, `mock NAME => …`; for a run declare a model of `extractive`, or a "
         "program as an `exec` tool";
}

class Maker {
public:
  Maker(const ProviderContext &context, std::uint32_t index)
      : context(context), index(index), binding(context.plan->bindings[index]) {}

  base::Result<std::unique_ptr<Driver>> make() {
    switch (binding.kind) {
    case BindingKind::human:
    case BindingKind::store:
      return std::unique_ptr<Driver>();
    case BindingKind::files:
      if (binding.provider == weightsProvider)
        return makeWeightsDriver(context.doors, context.plan, {index, context.folder.empty() ? "." : context.folder});
      return files();
    case BindingKind::exec:
      return exec();
    case BindingKind::model:
      if (binding.provider == "extractive")
        return makeExtractiveDriver(context.doors, context.plan, index);
      if (binding.provider == "compiled")
        return compiled();
      return notCarried();
    default:
      return notCarried();
    }
  }

private:
  base::Error notCarried() const {
    return base::error(base::Code::unsupported, "binding '" + std::string(binding.name) + "': '" +
                                                    std::string(binding.provider) + "' is not in this build; " +
                                                    std::string(answersHere));
  }

  base::Error wrong(std::string_view setting, const std::string &why) const {
    return base::error(base::Code::invalid,
                       "binding '" + std::string(binding.name) + "': setting '" + std::string(setting) + "' " + why);
  }

  base::Result<std::unique_ptr<Driver>> files() {
    FilesSpec spec;
    spec.tool = std::string(binding.name);
    auto root = text("root");
    if (!root)
      return root.error();
    spec.root = inFolder(*root);
    if (const plan::Setting *write = binding.setting("write")) {
      if (write->value == plan::noIndex || !context.plan->consts[write->value].is(value::Tag::boolean))
        return wrong("write", "wants true or false");
      spec.write = context.plan->consts[write->value].asBool();
    }
    for (std::uint32_t i = 0; i < context.plan->members.size(); ++i) {
      const plan::Member &member = context.plan->members[i];
      if (member.binding != index)
        continue;
      if (member.name == "list" || member.name == "read" || member.name == "write")
        spec.members[i] = member.name == "list"   ? FilesMember::list
                          : member.name == "read" ? FilesMember::read
                                                  : FilesMember::write;
    }
    return makeFilesDriver(context.doors, std::move(spec));
  }

  base::Result<std::unique_ptr<Driver>> compiled() {
    CompiledSpec spec;
    spec.name = std::string(binding.name);
    auto weights = text("weights"), decode = text("decode");
    for (const auto *setting : {&weights, &decode})
      if (!*setting)
        return setting->error();
    spec.weights = inFolder(*weights);
    spec.decode = *decode;
    if (binding.setting("prefill")) {
      auto prefill = text("prefill");
      if (!prefill)
        return prefill.error();
      spec.prefill = *prefill;
    }
    spec.contextBytes = binding.contextTokens;
    if (spec.contextBytes < 2)
      return wrong("context", "wants the bytes that the model's states hold, at least 2");
    auto most = whole("max_tokens", 1, defaultMaxTokens, INT32_MAX), likeliest = whole("top_k", 0, 0, INT32_MAX),
         seed = whole("seed", INT64_MIN, 0, INT64_MAX);
    for (const auto *setting : {&most, &likeliest, &seed})
      if (!*setting)
        return setting->error();
    spec.maxTokens = static_cast<std::uint32_t>(*most);
    spec.sampler.topK = static_cast<std::uint32_t>(*likeliest);
    spec.seed = static_cast<std::uint64_t>(*seed);
    if (binding.temperatureMilli >= 0)
      spec.sampler.temperature = binding.temperatureMilli / 1000.0;
    if (const value::Value *given = constant("temperature")) {
      bool number = given->is(value::Tag::real) || given->is(value::Tag::integer);
      double temperature = !number                          ? -1
                           : given->is(value::Tag::integer) ? static_cast<double>(given->asInt())
                                                            : given->asFloat();
      if (!(temperature >= 0))
        return wrong("temperature", "wants a number that is not negative");
      spec.sampler.temperature = temperature;
    }
    if (const value::Value *stop = constant("stop")) {
      if (stop->is(value::Tag::string))
        spec.stop.emplace_back(stop->asText());
      else if (stop->is(value::Tag::list))
        for (const value::Value &one : stop->items())
          spec.stop.emplace_back(one.is(value::Tag::string) ? one.asText() : "");
      bool given = !spec.stop.empty() &&
                   std::none_of(spec.stop.begin(), spec.stop.end(), [](const std::string &one) { return one.empty(); });
      if (!given)
        return wrong("stop", "wants a text that is not empty, or a list of such texts");
    }
    spec.priceInputNano = binding.priceInputNano;
    spec.priceOutputNano = binding.priceOutputNano;
    Writing told;
    if (context.writing)
      told = [tell = context.writing, name = spec.name](base::Hash128 path, std::string_view text) {
        tell(name, path, text);
      };
    return makeCompiledDriver(context.doors, context.plan, std::move(spec), std::move(told));
  }

  /// The value of a setting that is a constant, or null.
  const value::Value *constant(std::string_view name) const {
    const plan::Setting *setting = binding.setting(name);
    return setting && setting->value != plan::noIndex ? &context.plan->consts[setting->value] : nullptr;
  }

  /// A setting that is a whole number; `otherwise` where it is not there.
  base::Result<std::int64_t> whole(std::string_view name, std::int64_t least, std::int64_t otherwise,
                                   std::int64_t most) const {
    if (!binding.setting(name))
      return otherwise;
    const value::Value *given = constant(name);
    if (!given || !given->is(value::Tag::integer) || given->asInt() < least || given->asInt() > most)
      return wrong(name,
                   "wants a whole number" +
                       (least == INT64_MIN ? "" : " from " + std::to_string(least) + " to " + std::to_string(most)));
    return given->asInt();
  }

  base::Result<std::unique_ptr<Driver>> exec() {
    ExecSpec spec;
    spec.tool = std::string(binding.name);
    spec.folder = context.folder;
    spec.environment = execEnvironment(context.doors.process);
    for (const plan::Setting &setting : binding.settings)
      if (setting.name.starts_with("env.")) {
        auto value = setting.secret.empty() ? text(setting.name) : secret(setting);
        if (!value)
          return value.error();
        std::string name(setting.name.substr(4));
        std::erase_if(spec.environment, [&](const auto &known) { return known.first == name; });
        spec.environment.emplace_back(std::move(name), *std::move(value));
      }
    if (const plan::Setting *timeout = binding.setting("timeout")) {
      if (timeout->value == plan::noIndex || !context.plan->consts[timeout->value].is(value::Tag::integer))
        return wrong("timeout", "wants a duration");
      spec.timeout = io::Duration(std::chrono::nanoseconds(context.plan->consts[timeout->value].asInt()));
    }
    auto templates = std::make_shared<ExecTemplate>(context.plan);
    spec.render = [templates](const CallRequest &request) { return templates->render(request); };
    spec.answer = [templates](const CallRequest &request, std::string_view output) {
      return templates->answer(request, output);
    };
    return makeExecDriver(context.doors, std::move(spec));
  }

  /// A setting that is a text: a constant, or a variable of the environment.
  base::Result<std::string> text(std::string_view name) const {
    const plan::Setting *setting = binding.setting(name);
    if (!setting)
      return wrong(name, "is missing");
    if (!setting->env.empty()) {
      auto found = context.environment ? context.environment(setting->env) : std::nullopt;
      if (!found || found->empty())
        return wrong(name,
                     "is env(\"" + std::string(setting->env) + "\"), which is not set; set it before the run starts");
      return *found;
    }
    if (setting->value == plan::noIndex || !context.plan->consts[setting->value].is(value::Tag::string))
      return wrong(name, "wants a string");
    return std::string(context.plan->consts[setting->value].asText());
  }

  /// Read where it is needed, and kept nowhere else.
  base::Result<std::string> secret(const plan::Setting &setting) const {
    auto found = context.doors.process.environment(std::string(setting.secret));
    if (!found || found->empty())
      return wrong(setting.name, "is secret(\"" + std::string(setting.secret) +
                                     "\"), which is not set; set it in the environment of `weft`");
    return *found;
  }

  std::string inFolder(const std::string &path) const {
    return path.starts_with('/') || context.folder.empty() ? path : context.folder + "/" + path;
  }

  const ProviderContext &context;
  std::uint32_t index;
  const plan::Binding &binding;
};

} // namespace

std::string shownName(const plan::Plan &plan, std::uint32_t index) {
  const plan::Member &member = plan.members[index];
  const plan::Binding &binding = plan.bindings[member.binding];
  std::string name(binding.name);
  if (binding.kind == BindingKind::model)
    return name;
  if (binding.kind == BindingKind::human || binding.kind == BindingKind::a2a)
    return name.substr(0, name.rfind('.'));
  if (binding.provider == weightsProvider)
    return std::string(member.name.substr(0, member.name.find(' ')));
  return name + "." + std::string(member.name);
}

base::Result<std::unique_ptr<Driver>> makeDriver(const ProviderContext &context, std::uint32_t index) {
  WEFT_ASSERT(index < context.plan->bindings.size());
  return Maker(context, index).make();
}

base::Result<std::vector<std::unique_ptr<Driver>>> makeDrivers(const ProviderContext &context,
                                                               const plan::Entry &entry) {
  const plan::Plan &plan = *context.plan;
  std::vector<plan::Reached> reached = plan::reachedBy(plan, entry);
  if (std::string why = whyNotCarried(plan, entry, reached); !why.empty())
    return base::error(base::Code::unsupported, std::move(why));
  std::vector<std::unique_ptr<Driver>> drivers(plan.bindings.size());
  for (const plan::Reached &one : reached) {
    std::uint32_t index = plan.members[one.member].binding;
    if (drivers[index])
      continue;
    auto driver = makeDriver(context, index);
    if (!driver)
      return driver.error();
    drivers[index] = std::move(*driver);
  }
  return drivers;
}

} // namespace weft::agent
