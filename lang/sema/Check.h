//===- Check.h - A program, checked ---------------------------------------===//
//
// The one way in. Loads what is used, resolves names, infers and checks types,
// effects, bounds, shapes; reports everything wrong at once.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/CheckedProgram.h"
#include "lang/syntax/Parser.h"

#include <functional>

namespace weft::sema {

/// The text of a module. `name` as the program may refer to it: "std/topology"
/// for `use std.topology.{…}`, and for `use ./helpers.{…}` the path of the using
/// file's folder joined with "helpers.weft". Nothing if there is no such module.
using Loader = std::function<std::optional<std::string>(const std::string &name)>;

struct Options {
  /// `--dim D=64`: replaces the value of a `dim` of the root module.
  std::map<std::string, std::int64_t> dims;
  /// The root is a module of `std`, opened by itself: it may call what the library is built upon.
  bool isLibrary = false;
  /// Of one who checks a program again and again; may be null.
  syntax::ParseMemory *memory = nullptr;
};

/// Checks the program whose root is `root`, a file of `sources`. Modules that it
/// uses are loaded once each and added to `sources`. Never null; complete if and
/// only if `engine` got no error. A file with an error of form is checked as far
/// as its sound declarations go, without complaints about names it may declare.
std::unique_ptr<CheckedProgram> check(source::Sources &sources, source::FileId root,
                                      diagnostics::DiagnosticEngine &engine, const Loader &loader,
                                      const Options &options = {});

} // namespace weft::sema
