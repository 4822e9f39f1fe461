//===- Slot.h - One place of an answer that is to be filled ---------------===//
#pragma once

#include "runtime/agent/model/extractive/FieldRoles.h"
#include "runtime/agent/model/extractive/Judge.h"
#include "runtime/agent/model/extractive/Material.h"

#include <string>
#include <string_view>
#include <vector>

namespace weft::extractive {

/// A field, element or case field, and what of the material it is about.
struct Slot {
  std::string_view name, doc;
  std::string where; ///< As written: of the field and of its type.
  Role role = Role::other;
  const Unit *unit = nullptr; ///< Set inside a list of statements.
  const Item *item = nullptr; ///< Set inside a list about records.
  std::size_t index = 0;      ///< Place in the list.
  std::size_t depth = 0;
  const value::Value *given = nullptr; ///< JSON of the material under the same name.
  const Verdict *verdict = nullptr;    ///< Set inside the case of a verdict.
  std::string path = "$";
};

/// How much is told: what an answer falls back to when the one before was too long.
enum class Brevity : std::uint8_t { full, brief, least };

/// Texts for a slot, best first; none is empty. See RecordFiller for what happens to them.
std::vector<std::string> textsFor(const Slot &slot, const Material &material, Brevity brevity);

/// Numbers for a slot, best first; for a score 0-1 is stretched over the range that `where` names.
std::vector<double> numbersFor(const Slot &slot, const Material &material, bool whole);

/// The best sentences of the text in their order, at most `words` words or one sentence.
std::string summaryOf(const Material &material, std::size_t sentences, std::size_t words);

/// Years and dates ("2020", "2020-05-12") in the order in which they stand in the text.
std::vector<std::string> datesIn(const Material &material);

/// How much a text offers, 0-1: main phrases told by its best sentences, and enough sentences to choose from.
double informativeness(const Material &material);

} // namespace weft::extractive
