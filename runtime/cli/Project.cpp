//===- Project.cpp - The folder where a spec's runs are kept --------------===//

#include "runtime/cli/Project.h"

#include "runtime/cli/Companion.h"
#include "runtime/io/Command.h"
#include "runtime/plan/PlanFile.h"

#include <cstdio>
#include <sstream>

namespace weft::cli {
namespace {

using base::Code;
using base::error;

/// A compiler that takes longer is stuck.
constexpr io::Duration compileTimeout = std::chrono::minutes(10);
constexpr std::uint64_t maxIndexBytes = 1 << 20;

std::string folderOf(const std::string &path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

std::string nameOf(const std::string &path) { return path.substr(path.rfind('/') + 1); }

base::Result<Companion> findCompiler(io::Doors &doors) {
  auto found = findCompanion(doors, "weftc", "a spec must be compiled");
  if (!found)
    found = error(Code::unavailable,
                  found.error().message + "; install the compiler, or run a plan that was compiled elsewhere");
  return found;
}

std::string indexPath(const Project &project, const std::string &file, const std::vector<std::string> &options) {
  std::string key = nameOf(file);
  for (const std::string &option : options)
    key += '\0' + option;
  return project.plans() + "/of-" + base::digestOf(base::bytesOf(key)).hex().substr(0, 16);
}

std::string digestOfFile(io::Storage &storage, const std::string &path) {
  auto bytes = io::readWhole(storage, path, plan::maxPlanBytes);
  return bytes ? base::digestOf(*bytes).hex() : "missing";
}

/// Lines `compiler IDENTITY`, `plan DIGEST`, `source DIGEST PATH`; PATH is relative to the project.
std::string indexText(io::Storage &storage, const Project &project, const Companion &compiler, const plan::Plan &plan) {
  std::string text = "compiler " + compiler.identity + "\nplan " + plan.digest.hex() + "\n";
  for (std::string_view file : plan.files)
    text +=
        "source " + digestOfFile(storage, project.folder + "/" + std::string(file)) + " " + std::string(file) + "\n";
  return text;
}

/// The digest of the plan that an index names; empty without one.
std::string planOf(std::string_view index) {
  std::stringstream lines{std::string(index)};
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("plan "))
      return line.substr(5);
  return "";
}

/// The plan of the index, if what it was made from is unchanged; null otherwise.
std::shared_ptr<const plan::Plan> cached(io::Storage &storage, const Project &project, const Companion &compiler,
                                         const std::string &index) {
  auto bytes = io::readWhole(storage, index, maxIndexBytes);
  if (!bytes)
    return nullptr;
  auto file = io::readWhole(storage, project.plans() + "/" + planOf(base::textOf(*bytes)), plan::maxPlanBytes);
  if (!file)
    return nullptr;
  auto plan = plan::readPlan(*std::move(file));
  if (!plan || indexText(storage, project, compiler, **plan) != base::textOf(*bytes))
    return nullptr;
  return *plan;
}

void print(base::ConstBytes bytes) { std::fwrite(bytes.data(), 1, bytes.size(), stderr); }

base::Result<std::shared_ptr<const plan::Plan>> compile(io::AsioRuntime &runtime, const Project &project,
                                                        const Companion &compiler, const std::string &file,
                                                        const std::vector<std::string> &options) {
  io::Doors &doors = runtime.doors();
  io::CommandSpec spec;
  spec.program.program = compiler.path;
  spec.program.arguments = {nameOf(file), "-o", "-"};
  spec.program.arguments.insert(spec.program.arguments.end(), options.begin(), options.end());
  spec.program.environment = inherited(doors);
  spec.program.folder = project.folder;
  spec.timeout = compileTimeout;
  spec.maxErrorBytes = 4 << 20;
  spec.maxOutputBytes = plan::maxPlanBytes;
  std::optional<io::CommandResult> result;
  auto command = io::startCommand(doors, std::move(spec), [&](io::CommandResult done) { result = std::move(done); });
  if (!command)
    return std::move(command).error().in("weftc");
  runtime.runUntil([&] { return result.has_value(); });
  if (!result)
    return error(Code::cancelled, "interrupted while compiling");
  print(result->errors);
  if (result->timedOut || result->exit.signal)
    return error(Code::io, result->timedOut ? "weftc took longer than 10 minutes and was ended"
                                            : "weftc was ended by signal " + std::to_string(result->exit.signal) +
                                                  "; this is a fault of the compiler, the program is not at fault");
  if (result->exit.code != 0)
    return error(Code::invalid, "");
  return plan::readPlan(std::move(result->output));
}

} // namespace

Project projectOf(const std::string &file) { return {folderOf(file)}; }
Project projectAt(const std::string &folder) { return {folder.empty() ? "." : folder}; }

base::Result<> keepPlan(io::Storage &storage, const Project &project, const plan::Plan &plan) {
  std::string path = project.plans() + "/" + plan.digest.hex();
  if (storage.stat(path))
    return {};
  if (auto made = storage.makeFolders(project.plans()); !made)
    return made;
  return io::writeWhole(storage, path, *plan.file);
}

base::Result<std::shared_ptr<const plan::Plan>> keptPlan(io::Storage &storage, const Project &project,
                                                         const base::Digest &digest) {
  auto bytes = io::readWhole(storage, project.plans() + "/" + digest.hex(), plan::maxPlanBytes);
  if (!bytes)
    return std::move(bytes).error().in("the run is pinned to plan " + digest.hex().substr(0, 12));
  return plan::readPlan(*std::move(bytes));
}

std::size_t removeUnusedPlans(io::Storage &storage, const Project &project, const std::set<std::string> &digests) {
  auto entries = storage.list(project.plans());
  if (!entries)
    return 0;
  std::set<std::string> used = digests;
  for (const io::Entry &entry : *entries)
    if (entry.name.starts_with("of-"))
      if (auto index = io::readWhole(storage, project.plans() + "/" + entry.name, maxIndexBytes))
        used.insert(planOf(base::textOf(*index)));
  std::size_t removed = 0;
  for (const io::Entry &entry : *entries)
    if (!entry.name.starts_with("of-") && !used.contains(entry.name))
      removed += storage.remove(project.plans() + "/" + entry.name) ? 1 : 0;
  return removed;
}

void removeCheckpoints(io::Storage &storage, const Project &project, const std::string &run) {
  auto entries = storage.list(project.checkpoints());
  if (!entries)
    return;
  for (const io::Entry &entry : *entries)
    if (entry.name.starts_with(run + "-"))
      io::removeFolder(storage, project.checkpoints() + "/" + entry.name);
}

std::vector<std::string> compilerOptions(const Arguments &arguments) {
  std::vector<std::string> options;
  for (const Flag &flag : {dimFlag, passesFlag})
    for (const std::string &value : arguments.all(std::string(flag.name)))
      options.push_back(std::string(flag.name) + "=" + value);
  return options;
}

base::Result<std::shared_ptr<const plan::Plan>> openPlan(io::AsioRuntime &runtime, const std::string &file,
                                                         const std::vector<std::string> &options, Keep keep) {
  io::Storage &storage = runtime.doors().storage;
  auto entry = storage.stat(file);
  if (!entry)
    return error(Code::notFound, "there is no file '" + file + "'");
  if (entry->kind == io::Entry::Kind::folder)
    return error(Code::invalid, "'" + file + "' is a folder; wanted a spec (.weft) or a plan");
  Project project = projectOf(file);
  if (!file.ends_with(".weft")) {
    if (!options.empty()) {
      std::string option = options[0].substr(0, options[0].find('='));
      return error(Code::invalid, "'" + file + "' is compiled, and its " + (option == "--dim" ? "sizes" : "steps") +
                                      " are fixed; " + option + " goes with a spec (.weft)");
    }
    auto bytes = io::readWhole(storage, file, plan::maxPlanBytes);
    if (!bytes)
      return std::move(bytes).error().in(file);
    auto plan = plan::readPlan(*std::move(bytes));
    if (!plan)
      return std::move(plan).error().in(file);
    if (auto kept = keep == Keep::yes ? keepPlan(storage, project, **plan) : base::Result<>(); !kept)
      return std::move(kept).error().in(project.plans());
    return plan;
  }
  auto compiler = findCompiler(runtime.doors());
  if (!compiler)
    return std::move(compiler).error();
  std::string index = indexPath(project, file, options);
  if (auto plan = cached(storage, project, *compiler, index))
    return plan;
  auto plan = compile(runtime, project, *compiler, file, options);
  if (!plan || keep == Keep::no)
    return plan;
  auto kept = keepPlan(storage, project, **plan);
  if (kept)
    kept = io::writeWhole(storage, index, base::bytesOf(indexText(storage, project, *compiler, **plan)));
  if (!kept && keep == Keep::yes)
    return std::move(kept).error().in(project.plans());
  return plan;
}

} // namespace weft::cli
