//===- Arguments.h - Flags and words of a command line --------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft::cli {

struct Flag {
  std::string_view name;  ///< "--input".
  std::string_view value; ///< What its value is, for the help text; empty for a switch.
  std::string_view help;
  bool repeats = false; ///< May stand more than once.
};

/// What one subcommand takes; its help text is made from this.
struct Usage {
  std::string_view command;   ///< "run".
  std::string_view words;     ///< "FILE [WORKFLOW]".
  std::string_view summary;   ///< One line.
  std::size_t fewest, most;   ///< Words.
  std::vector<Flag> flags;    ///< Without --help, which every command has.
  std::string_view more = ""; ///< Below the flags: examples, exit codes.
};

struct Arguments {
  std::vector<std::string> words;
  std::map<std::string, std::vector<std::string>> flags;

  bool has(const std::string &flag) const { return flags.count(flag) > 0; }
  /// Every value, in the order given.
  std::vector<std::string> all(const std::string &flag) const;
  /// The last value, or `otherwise`.
  std::string value(const std::string &flag, std::string otherwise = "") const;
};

/// `--flag value` and `--flag=value`; `--` ends flags. Errors (invalid) name the flag, the nearest known one, and how
/// to see the help. `arguments` are those behind the subcommand's name.
base::Result<Arguments> parse(const Usage &usage, const std::vector<std::string> &arguments);

std::string helpText(const Usage &usage);

/// The candidate with the smallest edit distance, if it is near enough to be meant; else empty.
std::string_view nearest(std::string_view name, const std::vector<std::string_view> &candidates);

} // namespace weft::cli
