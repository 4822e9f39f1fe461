//===- Providers.cpp - From a binding of the plan to its driver -----------===//

#include "runtime/agent/providers/Providers.h"

#include "runtime/agent/exec/ExecDriver.h"
#include "runtime/agent/files/FilesDriver.h"
#include "runtime/agent/model/ExtractiveDriver.h"
#include "runtime/agent/providers/ExecTemplate.h"

namespace weft::agent {
namespace {

using plan::fb::BindingKind;

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
      return files();
    case BindingKind::exec:
      return exec();
    case BindingKind::model:
      if (binding.provider == "extractive")
        return makeExtractiveDriver(context.doors, context.plan, index);
      return notCarried("model provider");
    default:
      return notCarried("provider");
    }
  }

private:
  base::Error notCarried(const char *what) const {
    return base::error(base::Code::unsupported,
                       "binding '" + std::string(binding.name) + "': " + what + " '" + std::string(binding.provider) +
                           "' is not in this build; it has extractive, files, exec and people");
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

  base::Result<std::unique_ptr<Driver>> exec() {
    ExecSpec spec;
    spec.tool = std::string(binding.name);
    spec.folder = context.folder;
    spec.environment = execEnvironment(context.doors.process);
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

  std::string inFolder(const std::string &path) const {
    return path.starts_with('/') || context.folder.empty() ? path : context.folder + "/" + path;
  }

  const ProviderContext &context;
  std::uint32_t index;
  const plan::Binding &binding;
};

} // namespace

base::Result<std::unique_ptr<Driver>> makeDriver(const ProviderContext &context, std::uint32_t index) {
  WEFT_ASSERT(index < context.plan->bindings.size());
  return Maker(context, index).make();
}

base::Result<std::vector<std::unique_ptr<Driver>>> makeDrivers(const ProviderContext &context) {
  std::vector<std::unique_ptr<Driver>> drivers;
  for (std::uint32_t i = 0; i < context.plan->bindings.size(); ++i) {
    auto driver = makeDriver(context, i);
    if (!driver)
      return driver.error();
    drivers.push_back(std::move(*driver));
  }
  return drivers;
}

} // namespace weft::agent
