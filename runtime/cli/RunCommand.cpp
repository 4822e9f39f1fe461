//===- RunCommand.cpp - weft run ------------------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Inputs.h"
#include "runtime/cli/Session.h"

namespace weft::cli {
namespace {

const Usage &usage() {
  static const Usage text{
      "run",
      "FILE [WORKFLOW]",
      "Runs a workflow of a spec; the result is JSON on standard output.",
      1,
      2,
      {{"--input", "NAME=VALUE", "an input: a string as it is, anything else JSON, @PATH a file's content", true},
       {"--input-file", "FILE", "a JSON object of inputs"},
       dimFlag,
       passesFlag,
       {"--stream", "", "print what the run emits and what trainings tell, one JSON line each, before the result"},
       {"--quiet", "", "no progress on standard error"},
       {"--record", "FILE", "write what models, tools and people answer into FILE, for `replay` in tests"}},
      "Without WORKFLOW: `main`, or the only one. The run is journaled in .weft beside FILE; after a crash or Ctrl-C,\n"
      "`weft resume` goes on where it was, without repeating what was answered.\n\n"
      "Exit codes: 0 done, 1 the run failed, 2 refused before it ran, 3 interrupted and resumable, 4 waiting for a "
      "person."};
  return text;
}

/// `main`, the only workflow, or the one named.
base::Result<std::uint32_t> chooseEntry(const plan::Plan &plan, const std::string &name) {
  std::vector<std::uint32_t> workflows;
  std::vector<std::string_view> names;
  for (std::uint32_t at = 0; at < plan.entries.size(); ++at)
    if (plan.entries[at].kind == plan::fb::EntryKind::workflow) {
      workflows.push_back(at);
      names.push_back(plan.entries[at].name);
    }
  std::string list;
  for (std::string_view one : names)
    list += (list.empty() ? "" : ", ") + std::string(one);
  for (std::uint32_t at : workflows)
    if (plan.entries[at].name == (name.empty() ? "main" : name))
      return at;
  if (!name.empty()) {
    std::string_view meant = nearest(name, names);
    return base::error(base::Code::notFound, "there is no workflow '" + name + "'" +
                                                 (meant.empty() ? "" : ", did you mean '" + std::string(meant) + "'?") +
                                                 "; there are: " + list);
  }
  if (workflows.size() == 1)
    return workflows[0];
  return base::error(base::Code::invalid, workflows.empty()
                                              ? "the spec has no workflow to run"
                                              : "which workflow? The spec has no `main`; there are: " + list);
}

int run(const Arguments &arguments, io::AsioRuntime &runtime) {
  const std::string &file = arguments.words[0];
  auto plan = openPlan(runtime, file, compilerOptions(arguments));
  if (!plan)
    return say(plan.error().message);
  auto entry = chooseEntry(**plan, arguments.words.size() > 1 ? arguments.words[1] : "");
  if (!entry)
    return say(entry.error().message);
  auto inputs = readInputs(**plan, (*plan)->entries[*entry], arguments.all("--input"), arguments.value("--input-file"),
                           runtime.doors().storage);
  if (!inputs)
    return say(inputs.error().message);
  Project project = projectOf(file);
  auto journal = openJournal(runtime.doors(), project);
  if (!journal)
    return say(journal.error().message);
  Session session(runtime, project, *std::move(journal), *plan,
                  {arguments.has("--quiet"), arguments.has("--stream"), arguments.value("--record")});
  return session.start(*entry, *std::move(inputs));
}

} // namespace

const Command runCommand{usage, run};

} // namespace weft::cli
