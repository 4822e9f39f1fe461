//===- Generator.h - A well-typed program out of a seed -------------------===//
//
// Types, pure functions, tools, agents, workflows that call each other, and one
// test, "generated", whose mocks are functions of what they are sent. The test
// hands what `main` gives to `probe.done`, where everybody can see it.
//
// Where the language leaves something to time, a program does not depend on it:
// of a race one arm alone can succeed, or all give the same; of one scope one
// place alone can fail, and what it gives is always used.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <string>

namespace weft::generated {

/// The program of that seed; the same on every machine.
std::string generate(std::uint64_t seed);

} // namespace weft::generated
