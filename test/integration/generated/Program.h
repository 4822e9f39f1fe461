//===- Program.h - A program while it is written --------------------------===//
#pragma once

#include "test/integration/generated/Values.h"

#include <utility>

namespace weft::generated {

/// A tool's member, an agent or a workflow.
struct Callee {
  enum class Kind : std::uint8_t { read, write, idempotent, agent, workflow } kind;
  std::string name; ///< As it is called.
  std::vector<TypeRef> parameters;
  TypeRef result = nullptr;
  bool fails = false;  ///< There are arguments, or all are such, with which it fails.
  bool writes = false; ///< It, or what it calls.
  bool calls = true;   ///< It, or a workflow that it calls, leaves the program: a policy may stand on it.
  /// What fails says why in words of the program.
  bool said = true;
};

/// Where statements stand.
struct Place {
  int depth = 0;
  bool writes = false;    ///< A write may stand here.
  bool *failed = nullptr; ///< Whether something in this scope may fail already; null: nothing may.
  bool calls = true;
};

class Program {
public:
  explicit Program(std::uint64_t seed) : random(seed), types(random), values(random, types) {}
  std::string text();

private:
  // Generator.cpp
  void declareFunctions();
  void declareTools();
  void declareAgents();
  void declareWorkflow(const std::string &name);
  void declareRecursion();
  void test();
  std::string mockOf(const Callee &callee);

  // Statements.cpp
  void block(TypeRef result, Place place);
  void statement(Place place);
  void call(Place place);
  void write(Place place);
  void choose(Place place);
  void repeat(Place place);
  void grid(Place place);
  void rounds(Place place);
  void race(Place place);
  void vote(Place place);
  void caught(Place place);
  void guard(Place place);
  void open(Place place);
  /// One call; empty where nothing can be called. `policy` may follow it.
  std::string callOf(const Callee &callee, bool policy);
  const Callee *pick(Place place, bool mayFail);
  /// Declares a name for what `right` writes behind `let x =`, lines and all.
  template <typename Right> void let(TypeRef type, Place place, Right right, bool annotated = false) {
    bool before = place.failed && *place.failed;
    std::string name = values.fresh();
    pending = "let " + name + (annotated ? ": " + type->name : "") + " = ";
    right();
    values.scope.push_back({name, type});
    if (place.failed && *place.failed && !before)
      used.push_back(name);
  }
  void line(const std::string &text) {
    lines.push_back(std::string(2 * static_cast<std::size_t>(indent), ' ') + std::exchange(pending, "") + text);
  }
  template <typename Inside> void braces(const std::string &head, Inside inside, const std::string &tail = "}") {
    line(head + " {");
    ++indent;
    inside();
    --indent;
    line(tail);
  }
  bool takeFailure(Place place) { return place.failed && !*place.failed && (*place.failed = true); }

  Random random;
  Types types;
  Values values;
  std::vector<Callee> callees;
  std::vector<std::string> lines, mocks;
  std::string pending; ///< What the next line begins with.
  int indent = 0;
  /// Names of this block whose making may fail: its result waits for them.
  std::vector<std::string> used;
  bool wrote = false, called = false; ///< Of the workflow that is written.
};

} // namespace weft::generated
