//===- main.cpp - weft: one program, many subcommands ---------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Companion.h"
#include "runtime/cli/Output.h"

#include <algorithm>
#include <cstdio>

namespace weft::cli {
namespace {

const std::vector<const Command *> &commands() {
  static const std::vector<const Command *> all{&runCommand,    &resumeCommand, &runsCommand,  &showCommand,
                                                &answerCommand, &cancelCommand, &pruneCommand, &testCommand,
                                                &planCommand,   &diffCommand};
  return all;
}

std::string overview() {
  std::string text =
      "usage: weft COMMAND [arguments]\n\nRuns specs of agent workflows and tensor programs, durably.\n\n";
  std::vector<std::pair<std::string, std::string_view>> lines;
  auto add = [&](std::string_view command, std::string_view words, std::string_view summary) {
    lines.emplace_back(std::string(command) + (words.empty() ? "" : " ") + std::string(words), summary);
  };
  for (const Command *command : commands())
    add(command->usage().command, command->usage().words, command->usage().summary);
  for (const Delegated &each : delegated())
    add(each.command, each.words, each.summary);
  std::size_t width = 0;
  for (auto &[words, summary] : lines)
    width = std::max(width, columnsOf(words));
  for (auto &[words, summary] : lines)
    text += "  " + padded(words, width + 2) + std::string(summary) + "\n";
  return text + "\n`weft COMMAND --help` tells more. Exit codes: 0 done, 1 the run failed, 2 refused before it ran, 3 "
                "interrupted and\n"
                "resumable, 4 waiting for a person.\n";
}

int dispatch(const std::vector<std::string> &words) {
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    if (words.empty()) {
      std::fputs(overview().c_str(), stderr);
      return refused;
    }
    put(overview());
    return done;
  }
  if (words[0] == "--version") {
    put("weft 0.1.0\n");
    return done;
  }
  std::vector<std::string_view> names;
  for (const Command *command : commands()) {
    const Usage &usage = command->usage();
    names.push_back(usage.command);
    if (usage.command != words[0])
      continue;
    auto arguments = parse(usage, {words.begin() + 1, words.end()});
    if (!arguments)
      return say(arguments.error().message);
    if (arguments->has("--help")) {
      put(helpText(usage));
      return done;
    }
    io::AsioRuntime runtime;
    return command->run(*arguments, runtime);
  }
  for (const Delegated &each : delegated()) {
    if (each.command == words[0])
      return delegate(words);
    names.push_back(each.command);
  }
  std::string_view meant = nearest(words[0], names);
  return say("there is no command '" + words[0] + "'" +
             (meant.empty() ? "" : ", did you mean '" + std::string(meant) + "'?") +
             "; `weft help` lists what there is");
}

} // namespace

int say(const std::string &message, int code) {
  if (!message.empty())
    std::fprintf(stderr, "weft: %s\n", message.c_str());
  return code;
}

} // namespace weft::cli

int main(int argc, char **argv) {
  int code = weft::cli::dispatch({argv + 1, argv + argc});
  std::string trouble = weft::cli::outputTrouble();
  return trouble.empty() || code != weft::cli::done ? code
                                                    : weft::cli::say("standard output cannot be written: " + trouble);
}
