//===- Extractive.cpp - The model that needs nothing ----------------------===//

#include "runtime/agent/model/extractive/Extractive.h"

#include "runtime/agent/model/extractive/Characters.h"
#include "runtime/agent/model/extractive/Shortening.h"
#include "runtime/agent/model/extractive/Words.h"
#include "runtime/value/Json.h"

namespace weft::extractive {
namespace {

constexpr std::size_t listedKeywords = 8;

/// A plain text: what the first verbs of the instruction ask for, else a summary.
std::string plainAnswer(const Material &material, Brevity brevity) {
  std::string asked = lowered(material.prompt.instruction);
  auto says = [&](const char *word) { return asked.find(word) != std::string::npos; };
  if (says("keyword") || says("key phrase") || says("tags")) {
    std::string out;
    for (std::size_t i = 0; i < std::min(listedKeywords, material.keywords.size()); ++i)
      out += (i == 0 ? "" : ", ") + material.keywords[i].phrase;
    return out;
  }
  if (says("title") && !says("summar"))
    return material.title;
  Slot slot;
  slot.role = Role::summary;
  auto texts = textsFor(slot, material, brevity);
  // Nothing to summarise: a short prompt answers for itself.
  return texts.empty() ? std::string(trimmed(material.prompt.text)) : texts[0];
}

} // namespace

base::Result<Answer> answer(const Question &question) {
  Answer out;
  out.tokensIn = static_cast<std::int64_t>(countTokens(question.system) + countTokens(question.prompt));
  Material material = Material::read(question.prompt);
  std::int64_t last = 0;
  for (Brevity brevity : {Brevity::full, Brevity::brief, Brevity::least}) {
    if (question.type) {
      auto value = fillValue(*question.type, *question.types, material, question.holds, brevity);
      if (!value)
        return value.error();
      auto text = value::toJson(*value, *question.type, *question.types);
      if (!text)
        return text.error();
      out.text = std::move(*text);
    } else {
      out.text = plainAnswer(material, brevity);
      if (brevity == Brevity::least && question.maxTokensOut > 0)
        out.text = shortened(out.text, static_cast<std::size_t>(question.maxTokensOut) * 2);
    }
    out.tokensOut = last = static_cast<std::int64_t>(countTokens(out.text));
    if (question.maxTokensOut <= 0 || out.tokensOut <= question.maxTokensOut)
      return out;
  }
  return base::error(base::Code::limit, "the shortest answer has " + std::to_string(last) + " tokens, " +
                                            std::to_string(question.maxTokensOut) + " are left in the budget");
}

} // namespace weft::extractive
