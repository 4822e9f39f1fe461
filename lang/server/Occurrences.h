//===- Occurrences.h - Which word means what ------------------------------===//
//
// Every word of a module that names something, with where that is declared. A
// thing is known by the file and the offset of the word that declares it: two
// occurrences mean the same if their targets are equal.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"

#include <optional>

namespace weft::server {

struct Occurrence {
  source::Span span;
  /// The word that declares it, in whatever file; empty (begin == end) for what no program declares.
  source::Span target;
  const sema::Symbol *symbol = nullptr; ///< Null for fields, cases and core functions.
  const sema::Field *field = nullptr;   ///< Of a record, or of a case.
  const sema::Case *one = nullptr;
  const sema::Parameter *parameter = nullptr; ///< Named in a call.
  sema::Type owner = nullptr;                 ///< Of a field or a case: the type that has it.
  sema::Type type = nullptr;                  ///< Of the value that stands here, if one does.
  std::optional<sema::BuiltinId> builtin;

  bool declares() const { return span == target; }
};

/// All of one module's text, by place.
std::vector<Occurrence> occurrencesOf(const sema::CheckedProgram &program, const source::Sources &sources,
                                      std::uint32_t module);

} // namespace weft::server
