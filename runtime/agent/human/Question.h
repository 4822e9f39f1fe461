//===- Question.h - What a person is asked, and what they may answer ------===//
//
// No call leaves for a person: the run parks with its question in the journal
// and goes on when an answer is signalled. Here the question becomes text for
// `weft show`, and what is typed behind `weft answer` becomes a value: yes or
// no, a choice, a form.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/value/Evaluator.h"
#include "runtime/value/Types.h"

#include <string>
#include <string_view>

namespace weft::agent {

/// A person's answer is typed or pasted; longer texts are files for a tool to read.
inline constexpr std::size_t maxAnswerBytes = 1 << 20;

/// The prompt, and below it how to answer: the choices of a sum, the fields of a record, with their documentation and
/// `where`. Several lines, the last one without a line feed.
std::string renderQuestion(std::string_view prompt, value::TypeId answer, const value::TypeTable &types);

/// Only the second part: "answer yes or no".
std::string howToAnswer(value::TypeId answer, const value::TypeTable &types);

/// What a person typed, as JSON of the type: JSON itself; `yes`/`no`; the name or the number of a choice, for a choice
/// with fields `revise: too long` or `revise why=…`; for a record lines of `field: value`; a string as it is. Checks no
/// `where`. Errors: `invalid`, with what was found and how to answer.
base::Result<std::string> answerJson(std::string_view typed, value::TypeId type, const value::TypeTable &types);

/// The value of an answer, every `where` checked. Errors: `invalid`, to be shown to the person, who is asked again.
base::Result<value::Value> parseAnswer(std::string_view typed, value::TypeId type, const value::TypeTable &types,
                                       value::Evaluator &evaluator);

} // namespace weft::agent
