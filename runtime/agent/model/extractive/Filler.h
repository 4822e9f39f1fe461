//===- Filler.h - The search behind RecordFiller and ListFiller -----------===//
//
// A search without going back: fields are filled in their order, each with the
// first candidate for which its `where` holds, because a `where` sees its own
// field and those above it only.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/model/extractive/RecordFiller.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace weft::extractive {

/// Takes a candidate; true ends the search.
using Accept = std::function<bool(value::Value)>;

class Filler {
public:
  Filler(const value::TypeTable &types, const Material &material, const Holds &holds, Brevity brevity)
      : types(types), material(material), holds(holds), brevity(brevity) {}

  base::Result<value::Value> fill(value::TypeId type);

private:
  /// Offers candidates for `type` until one is accepted and the type's own `where` holds.
  bool offer(value::TypeId id, const Slot &slot, const Accept &accept);
  bool offerFields(const std::vector<value::Field> &fields, const Slot &slot, bool named,
                   const std::function<bool(std::span<const value::Value>)> &accept);
  bool offerText(const Slot &slot, const Accept &accept);
  bool offerNumber(const Slot &slot, bool whole, const Accept &accept);
  bool offerUnits(const Slot &slot, value::TypeKind kind, const Accept &accept);
  bool offerBool(const Slot &slot, const Accept &accept);
  bool offerOptional(const value::Type &type, const Slot &slot, const Accept &accept);
  bool offerSum(value::TypeId id, const Slot &slot, const Accept &accept);
  bool offerJson(const Accept &accept);

  // ListFiller.cpp
  bool offerList(const value::Type &type, const Slot &slot, const Accept &accept);
  bool offerMap(const value::Type &type, const Slot &slot, const Accept &accept);
  /// Values for a list, best first, and how many of them one would like.
  std::vector<value::Value> elements(value::TypeId element, const Slot &slot, std::size_t &preferred);
  std::vector<value::Value> fromItems(value::TypeId element, Slot slot);
  std::vector<value::Value> fromStatements(value::TypeId element, Slot slot);
  std::vector<value::Value> fromTexts(value::TypeId element, const Slot &slot) const;
  bool addElement(value::TypeId element, const Slot &slot, std::vector<value::Value> &out);
  bool aboutItems(const value::Type &element, const Slot &slot) const;

  /// What the record that a slot is about has under the same name.
  const value::Value *givenFor(const Slot &slot, const std::string &name) const;
  std::optional<value::Value> copyOf(const value::Value &json, value::TypeId type) const;
  /// Whether the material has what an optional field asks for.
  bool known(const Slot &slot, value::TypeKind kind) const;
  std::string refusal(value::TypeId type, const Slot &slot, const std::string &where) const;

  const value::TypeTable &types;
  const Material &material;
  const Holds &holds;
  Brevity brevity;
  std::size_t tries = 0;
  std::string fault; ///< Where the search ended, and on what.
  bool unsupported = false;
};

} // namespace weft::extractive
