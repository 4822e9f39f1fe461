//===- CrashRules.h - What holds for a run that was killed and resumed ----===//
#pragma once

#include "runtime/cli/testing/TestLife.h"

#include <string>

namespace weft::cli {

/// Compares a run that died and was resumed with the whole one: the same end (or `unknown_outcome`, where a write was
/// in flight that can neither be repeated nor undone), no call whose answer was journaled made again, and what was in
/// flight at most once more. Says what is broken, for people; empty when all holds.
std::string brokenCrashRule(const plan::Plan &plan, const TestEnd &whole, const TestEnd &end);

/// Whether a write that can neither be repeated nor undone was on its way at the death, as far as the journal knows: it
/// had been announced. The run may then have caught an `unknown_outcome`, and gone another way.
bool plainWriteCut(const plan::Plan &plan, const TestEnd &end);

} // namespace weft::cli
