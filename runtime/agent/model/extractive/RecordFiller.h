//===- RecordFiller.h - A value of the asked type out of the material -----===//
#pragma once

#include "runtime/agent/model/extractive/Slot.h"
#include "runtime/base/Result.h"
#include "runtime/value/Types.h"

#include <functional>
#include <memory>
#include <span>

namespace weft::extractive {

/// Values tried for one answer; a `where` that refuses this many is taken for one that nothing satisfies.
inline constexpr std::size_t maxTries = 20'000;
/// Records inside records; below, lists are empty and optionals absent.
inline constexpr std::size_t maxFillDepth = 12;
/// Items of one list, where `where` asks for more than usual.
inline constexpr std::size_t maxListed = mostChosen;

/// Whether the check function `function` holds for `values`: the fields of a record up to and with its own, or the one
/// value of a named type. Answered by the evaluator over the plan's code.
using Holds = std::function<bool(std::int32_t function, std::span<const value::Value> values)>;

/// Fills `type`: each field by its role, lists by how many fit, sums by their cases. Candidates are tried in the order
/// of their worth until every `where` holds: shorter texts, shorter lists, other sentences. Errors: `invalid` with the
/// place and the `where` that nothing in the material satisfies; `unsupported` for types that no text can fill (bytes,
/// files, tensors, functions).
base::Result<value::Value> fillValue(value::TypeId type, const value::TypeTable &types, const Material &material,
                                     const Holds &holds, Brevity brevity = Brevity::full);

} // namespace weft::extractive
