//===- Judge.h - One run against the reference ----------------------------===//
#pragma once

#include "lang/sema/Check.h"
#include "test/integration/oracle/Recording.h"
#include "test/reference/workflow/Interpreter.h"

#include <memory>
#include <string>

namespace weft::oracle {

struct Verdict {
  enum class Kind { equal, different, cannotSay };
  Kind kind = Kind::cannotSay;
  std::string text; ///< What differs, or why the reference cannot say; with `equal` how much it was told.
};

/// A spec that was checked once; judges any number of its runs.
class Judge {
public:
  /// Reads the spec and what it uses from its folder. Errors: `notFound`, `invalid` with the messages of the compiler.
  static base::Result<std::unique_ptr<Judge>> open(const std::string &spec, const sema::Options &options = {});

  /// Runs the reference over the source with what the journal recorded, and compares: the same JSON, tensors within
  /// 1e-5 of their norm; runs that fail must fail alike.
  Verdict judge(std::shared_ptr<const plan::Plan> plan, const std::vector<journal::Record> &records,
                const Recording::LoadBlob &blob);

  /// How a test of the spec ends, which its mocks alone answer. Throws Unsupported where they do not.
  reference::Outcome runTest(const std::string &title);
  std::vector<std::string> tests() const;

private:
  Verdict compare(const Recording &recording);

  std::string spec;
  source::Sources sources;
  std::unique_ptr<sema::CheckedProgram> program;
  std::set<std::string> agents; ///< Where they are declared, "line:column".
};

} // namespace weft::oracle
