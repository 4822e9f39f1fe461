//===- Show.h - Declarations in a line ------------------------------------===//
//
// What is shown of a name: as a program would write it, without bodies.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Occurrences.h"

#include <string>

namespace weft::server {

/// "agent reader(text: string) -> Note", "let total: float", "type Note { title: string, … }".
std::string headline(const sema::CheckedProgram &program, const Occurrence &name);
std::string headline(const sema::Symbol &symbol);
/// The parameters of something that is called, "x: int = 3".
std::string text(const sema::Parameter &parameter);
/// What the `///` lines above it say.
std::string docOf(const Occurrence &name);
std::string docOf(const sema::Symbol &symbol);
/// The signatures of a core function, in the order of the reference.
std::vector<std::string> signaturesOf(std::string_view coreFunction);
/// "30 s", "$0.10", "4,000 tokens": limits of a budget, joined; empty if there are none.
std::string text(const sema::Budget &budget);
/// "$0.15"
std::string dollars(double nano);

} // namespace weft::server
