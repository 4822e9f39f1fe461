//===- PlanCommand.cpp - weft plan show -----------------------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Output.h"
#include "runtime/cli/Project.h"
#include "runtime/plan/PlanPrinter.h"

namespace weft::cli {
namespace {

const Usage &usage() {
  static const Usage text{
      "plan",
      "show FILE",
      "Shows what would run: entries, calls, blocks with what waits for what, gangs with slots and steps.",
      2,
      2,
      {{"--words", "", "also the instruction words of pure code"}, dimFlag, passesFlag},
      "FILE is a spec (.weft), which is compiled, or a plan."};
  return text;
}

int run(const Arguments &arguments, io::AsioRuntime &runtime) {
  if (arguments.words[0] != "show")
    return say("there is no `weft plan " + arguments.words[0] + "`; there is `weft plan show FILE`");
  auto plan = openPlan(runtime, arguments.words[1], compilerOptions(arguments), Keep::no);
  if (!plan)
    return say(plan.error().message);
  std::string text = plan::printPlan(**plan, {arguments.has("--words")});
  put(text);
  return done;
}

} // namespace

const Command planCommand{usage, run};

} // namespace weft::cli
