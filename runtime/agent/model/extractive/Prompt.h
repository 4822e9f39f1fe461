//===- Prompt.h - What a prompt asks, and what about ----------------------===//
//
// A prompt reaches a model as one text: an instruction with values written into
// it. Values are found again by their form: records and lists are JSON without
// spaces, a text stands behind the line or paragraph that asks for it, and short
// lines like `Document: GPL-3` name things.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Value.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

struct Prompt {
  std::string instruction;                   ///< What is left when the material is taken out.
  std::string text;                          ///< The running text to work on; empty when there is JSON.
  std::vector<value::Value> json;            ///< Interpolated records and lists, in order; of type json.
  std::map<std::string, std::string> labels; ///< "document" -> "GPL-3"; names in lower case.

  /// Words of the instruction that are about the subject and not about the task.
  std::string focus() const;
};

/// `prompt` is valid UTF-8. Cost: linear, but for braces that open nothing.
Prompt readPrompt(std::string_view prompt);

} // namespace weft::extractive
