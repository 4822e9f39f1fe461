//===- Arguments.cpp - Flags and words of a command line ------------------===//

#include "runtime/cli/Arguments.h"

#include <algorithm>
#include <numeric>

namespace weft::cli {
namespace {

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
      diagonal = above;
    }
  }
  return row[b.size()];
}

const Flag *find(const Usage &usage, std::string_view name) {
  for (const Flag &flag : usage.flags)
    if (flag.name == name)
      return &flag;
  return nullptr;
}

base::Error refused(const Usage &usage, std::string message) {
  return base::error(base::Code::invalid,
                     std::move(message) + "; `weft " + std::string(usage.command) + " --help` lists what there is");
}

} // namespace

std::vector<std::string> Arguments::all(const std::string &flag) const {
  auto found = flags.find(flag);
  return found == flags.end() ? std::vector<std::string>() : found->second;
}

std::string Arguments::value(const std::string &flag, std::string otherwise) const {
  auto found = flags.find(flag);
  return found == flags.end() ? otherwise : found->second.back();
}

std::string_view nearest(std::string_view name, const std::vector<std::string_view> &candidates) {
  std::string_view best;
  std::size_t least = name.size() / 3 + 2; // farther ones are other words, not slips
  for (std::string_view candidate : candidates)
    if (std::size_t far = distance(name, candidate); far < least) {
      least = far;
      best = candidate;
    }
  return best;
}

base::Result<Arguments> parse(const Usage &usage, const std::vector<std::string> &arguments) {
  Arguments parsed;
  bool flagsEnded = false;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    const std::string &one = arguments[at];
    if (flagsEnded || one.size() < 2 || one[0] != '-') {
      parsed.words.push_back(one);
      continue;
    }
    if (one == "--") {
      flagsEnded = true;
      continue;
    }
    std::size_t equals = one.find('=');
    std::string name = one.substr(0, equals);
    if (name == "-h" || name == "--help") {
      parsed.flags["--help"];
      continue;
    }
    const Flag *flag = find(usage, name);
    if (!flag) {
      std::vector<std::string_view> known;
      for (const Flag &candidate : usage.flags)
        known.push_back(candidate.name);
      std::string_view meant = nearest(name, known);
      return refused(usage,
                     "there is no flag " + name + (meant.empty() ? "" : ", did you mean " + std::string(meant) + "?"));
    }
    if (parsed.flags.count(name) && !flag->repeats)
      return refused(usage, name + " stands twice");
    if (flag->value.empty()) {
      if (equals != std::string::npos)
        return refused(usage, name + " takes no value");
      parsed.flags[name].push_back("");
    } else if (equals != std::string::npos) {
      parsed.flags[name].push_back(one.substr(equals + 1));
    } else if (at + 1 < arguments.size()) {
      parsed.flags[name].push_back(arguments[++at]);
    } else {
      return refused(usage, name + " needs a value: " + name + " " + std::string(flag->value));
    }
  }
  if (parsed.has("--help"))
    return parsed;
  if (parsed.words.size() < usage.fewest)
    return refused(usage, "something is missing: weft " + std::string(usage.command) + " " + std::string(usage.words));
  if (parsed.words.size() > usage.most)
    return refused(usage, "'" + parsed.words[usage.most] + "' is one word too many: weft " +
                              std::string(usage.command) + (usage.words.empty() ? "" : " ") + std::string(usage.words));
  return parsed;
}

std::string helpText(const Usage &usage) {
  std::string text = "usage: weft " + std::string(usage.command) + (usage.words.empty() ? "" : " ") +
                     std::string(usage.words) + (usage.flags.empty() ? "" : " [flags]") + "\n\n" +
                     std::string(usage.summary) + "\n";
  std::size_t width = 0;
  auto shown = [](const Flag &flag) {
    return std::string(flag.name) + (flag.value.empty() ? "" : " " + std::string(flag.value));
  };
  for (const Flag &flag : usage.flags)
    width = std::max(width, shown(flag).size());
  if (!usage.flags.empty())
    text += "\n";
  for (const Flag &flag : usage.flags) {
    std::string name = shown(flag);
    text += "  " + name + std::string(width - name.size() + 2, ' ') + std::string(flag.help) + "\n";
  }
  if (!usage.more.empty())
    text += "\n" + std::string(usage.more) + (usage.more.back() == '\n' ? "" : "\n");
  return text;
}

} // namespace weft::cli
