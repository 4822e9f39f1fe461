//===- Words.h - Instruction words of pure code, version 1 ----------------===//
//
// Pure expressions of a plan are sequences of 32-bit words over registers. The
// first word of an instruction is `opcode | count << 8 | dst << 16`; then come
// its immediates, then `count` operand words: bit 31 set names a constant, else
// a register. Jump targets are word offsets from the start of the range that is
// run. The numbers are part of the plan format and never reused.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/value/Types.h"
#include "runtime/value/Value.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::value {

inline constexpr std::uint16_t wordsVersion = 1;

//  op             immediates          operands         dst
enum class Opcode : std::uint8_t {
  builtin = 1,       // builtin number   arguments        its result
  move = 2,          //                  a                a
  jump = 3,          // target           -                -
  jumpUnless = 4,    // target           bool             -
  record = 5,        //                  fields           record
  field = 6,         // index            record or tuple  its field
  list = 7,          //                  items            list or tuple
  variant = 8,       // case             fields           variant
  caseIndex = 9,     //                  variant          int: its case; of anything else 0 for none, 1 for the rest
  caseField = 10,    // index            variant          its field; of anything else index 0 is the thing itself
  closure = 11,      // function         captures         function
  apply = 12,        //                  f, arguments     its result
  callFunction = 13, // function         arguments        its result
  text = 14,         // type             a                string: what `${a}` gives
  toJson = 15,       // type             a                string: canonical JSON
  parse = 16,        // type and flags   string           variant 0 (value) or 1 (message: string); see ParseFlag
  check = 17,        // type             a                a; fails with `schema` where a `where` does not hold
  fail = 18,         // fail kind        message          -
  return_ = 19,      //                  a                - (functions only)
  withField = 20,    // index            record, v        copy with another field
  map = 21,          //                  k1, v1, k2, …    map; a key that stands twice fails
  bindAgent = 22,    // agent kind, index  captures       agent
  rngSplit = 23,     // site             rng              another rng, different for each site
  isSome = 24,       //                  T?               int: 0 for none, 1 for anything else
};

inline constexpr std::uint8_t lastOpcode = 24;

/// In the type immediate of `parse`.
enum ParseFlag : std::uint32_t {
  parseDropsUnknown = 1u << 31, ///< Fields that the type does not have are dropped (answers of tools), else refused.
  parseOfJson = 1u << 30,       ///< The operand is a value of type json and not a text.
};
inline constexpr std::uint32_t parseTypeMask = 0x3fffffff;

inline constexpr std::uint32_t constantBit = 1u << 31;
inline constexpr std::uint32_t maxRegisters = 1u << 16; ///< What fits the first word.
inline constexpr std::uint32_t maxOperands = 255;       ///< What fits the first word.

/// A pure function of the plan. Registers: parameters, then captures, then temporaries.
struct Function {
  std::string_view name;
  std::uint32_t params = 0, captures = 0, registers = 0;
  std::span<const std::uint32_t> words;
};

/// What words refer to. The views must outlive every evaluator over them.
struct Program {
  std::span<const Value> consts;
  std::span<const Function> functions;
  const TypeTable *types = nullptr;
};

/// Proves that `words` can be run: known opcodes and builtins, counts that suit them, registers below `registers`,
/// constants, functions and types that exist, jump targets at instructions or at the end, `return` only where
/// `isFunction`, and that control cannot run off the end of a function. What depends on values (tags, lengths) the
/// evaluator checks while it runs. Fails with `corrupt` and the word's offset.
base::Result<void> checkWords(std::span<const std::uint32_t> words, std::uint32_t registers, const Program &program,
                              bool isFunction);

/// All functions of a program by `checkWords`, their register counts, and the arity of every check in its types.
base::Result<void> checkProgram(const Program &program);

} // namespace weft::value
