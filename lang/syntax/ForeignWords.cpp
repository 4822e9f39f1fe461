//===- ForeignWords.cpp - Words and signs of other languages --------------===//

#include "lang/syntax/ForeignWords.h"

namespace weft::syntax {
namespace {

struct ForeignWord {
  std::string_view word;
  std::string_view advice;
};
constexpr ForeignWord foreignWords[] = {
    {"return", "a block's value is its last expression; write the value alone"},
    {"var", "names are bound once, with `let`"},
    {"const", "names are bound once, with `let`; sizes with `dim`"},
    {"mut", "names are bound once; a value that changes is carried by `loop`"},
    {"def", "functions are declared with `fn`"},
    {"func", "functions are declared with `fn`"},
    {"function", "functions are declared with `fn`"},
    {"fun", "functions are declared with `fn`"},
    {"class", "records are declared with `type Name { … }`"},
    {"struct", "records are declared with `type Name { … }`"},
    {"record", "records are declared with `type Name { … }`"},
    {"interface", "records are declared with `type Name { … }`"},
    {"enum", "sums are declared with `type Name = a | b`"},
    {"union", "sums are declared with `type Name = a | b`"},
    {"import", "other modules are imported with `use ./module.{name}`"},
    {"from", "other modules are imported with `use ./module.{name}`"},
    {"include", "other modules are imported with `use ./module.{name}`"},
    {"export", "every name that does not begin with `_` is visible"},
    {"public", "every name that does not begin with `_` is visible"},
    {"private", "a name that begins with `_` is private"},
    {"while", "a bounded loop is `loop d = init max n { … }`"},
    {"repeat", "a bounded loop is `loop d = init max n { … }`"},
    {"until", "a bounded loop is `loop d = init max n { … }`"},
    {"elif", "write `else if`"},
    {"elsif", "write `else if`"},
    {"elseif", "write `else if`"},
    {"unless", "write `if not …`"},
    {"then", "a condition is followed by a block: `if c { … }`"},
    {"switch", "write `match v { pattern => … }`"},
    {"case", "write `match v { pattern => … }`"},
    {"when", "write `match v { pattern => … }`"},
    {"throw", "write `fail \"why\"`"},
    {"raise", "write `fail \"why\"`"},
    {"except", "write `try e catch { kind => … }`"},
    {"finally", "there is no `finally`: undo writes with `effect write undo …`"},
    {"async", "calls run at the same time by themselves where their inputs allow"},
    {"await", "calls are awaited by themselves where their results are used"},
    {"do", "a block is written in braces"},
    {"begin", "a block is written in braces"},
    {"end", "a block ends with `}`"},
    {"is", "values are compared with `==`: `x == none`"},
    {"new", "a value is made with its type alone: `Note { title: \"t\" }`"},
    {"lambda", "a function without a name is `|x| …`, as an argument"},
    {"yield", "what a workflow tells while it runs is `emit`ted"},
    {"print", "what a workflow tells while it runs is `emit`ted"},
};

constexpr ForeignWord foreignSigns[] = {
    {"&", "for \"both\" write `and`"},
    {"!", "for \"not\" write `not`; for \"differs from\" `!=`"},
    {"'", "strings stand in double quotes: `\"…\"`"},
    {"`", "strings stand in double quotes: `\"…\"`"},
    {"\xE2\x80\x98", "strings stand in double quotes: `\"…\"`"},
    {"\xE2\x80\x99", "strings stand in double quotes: `\"…\"`"},
    {"\xE2\x80\x9C", "strings stand in straight double quotes: `\"…\"`"},
    {"\xE2\x80\x9D", "strings stand in straight double quotes: `\"…\"`"},
    {"#", "a comment begins with `//`"},
    {"$", "`$` begins an amount of money, `$0.05`; holes `${…}` stand inside strings"},
    {"^", "for a power write `pow(x, 2)`"},
    {"\xC2\xA0", "this is a no-break space; write a plain one"},
    {"\\", "a line goes on by itself after an operator, a comma or an opening bracket"},
};

} // namespace

std::string_view adviceOn(std::string_view word) {
  for (const ForeignWord &entry : foreignWords)
    if (entry.word == word)
      return entry.advice;
  return {};
}

std::string_view strayHint(std::string_view rest) {
  for (const ForeignWord &entry : foreignSigns)
    if (rest.starts_with(entry.word))
      return entry.advice;
  if (!rest.empty() && static_cast<unsigned char>(rest[0]) >= 0x80)
    return "names are written with the letters a to z, digits and `_`; other text stands in strings";
  return {};
}

} // namespace weft::syntax
