//===- main.cpp - weft: one program, many subcommands ---------------------===//

#include "runtime/cli/Command.h"
#include "runtime/cli/Companion.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace weft::cli {
namespace {

const std::vector<const Command *> &commands() {
  static const std::vector<const Command *> all{&runCommand,    &resumeCommand, &runsCommand, &showCommand,
                                                &answerCommand, &testCommand,   &planCommand};
  return all;
}

/// On the screen: one column for each code point.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string overview() {
  std::string text =
      "usage: weft COMMAND [arguments]\n\nRuns specs of agent workflows and tensor programs, durably.\n\n";
  auto add = [&](std::string_view command, std::string_view words, std::string_view summary) {
    std::string name = std::string(command) + " " + std::string(words);
    text += "  " + name + std::string(width(name) < 26 ? 26 - width(name) : 1, ' ') + std::string(summary) + "\n";
  };
  for (const Command *command : commands())
    add(command->usage().command, command->usage().words, command->usage().summary);
  for (const Delegated &each : delegated())
    add(each.command, each.words, each.summary);
  return text + "\n`weft COMMAND --help` tells more. Exit codes: 0 done, 1 the run failed, 2 refused before it ran, 3 "
                "interrupted and\n"
                "resumable, 4 waiting for a person.\n";
}

int dispatch(const std::vector<std::string> &words) {
  if (words.empty() || words[0] == "help" || words[0] == "--help" || words[0] == "-h") {
    std::fputs(overview().c_str(), words.empty() ? stderr : stdout);
    return words.empty() ? refused : done;
  }
  if (words[0] == "--version") {
    std::puts("weft 0.1.0");
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
      std::fputs(helpText(usage).c_str(), stdout);
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
  // What a reader did not wait for is no fault; what a disk did not take is.
  if (std::fflush(stdout) != 0 && errno != EPIPE && code == weft::cli::done)
    return weft::cli::say("standard output cannot be written: " + std::string(std::strerror(errno)));
  return code;
}
