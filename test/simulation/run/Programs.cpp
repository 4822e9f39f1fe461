//===- Programs.cpp - The programs that examples start --------------------===//

#include "test/simulation/run/Outside.h"

namespace weft::test {
namespace {

using simulation::ProgramResult;

ProgramResult sleeping(const io::SpawnSpec &spec) {
  ProgramResult result;
  result.takes = std::chrono::seconds(std::stoi(spec.arguments.at(0)));
  return result;
}

std::string keyOf(const io::SpawnSpec &spec) {
  for (auto &[name, value] : spec.environment)
    if (name == "WEFT_IDEMPOTENCY_KEY")
      return value;
  return "";
}

/// Takes a `put` once per key, as a server does that knows idempotency keys; takes every `enter`.
ProgramResult keeping(Ledger &ledger, const io::SpawnSpec &spec) {
  ProgramResult result;
  const std::string &command = spec.arguments.at(0);
  if (command == "put" && ledger.keys.insert(keyOf(spec)).second)
    ledger.put[spec.arguments.at(1)] += spec.arguments.at(2);
  else if (command == "enter")
    ledger.entered.push_back(spec.arguments.at(1));
  else if (command == "refuse") {
    result.exit.code = 1;
    result.errors = spec.arguments.at(1);
    result.takes = std::chrono::seconds(2);
  } else if (command == "read") {
    for (auto &[name, text] : ledger.put)
      result.output += name + ": " + text + "\n";
    for (const std::string &line : ledger.entered)
      result.output += line + "\n";
  }
  return result;
}

/// A read that fails the first time that anybody tries it, one that fails as often as it is told for each name, one
/// that takes long the first time for each name, and one that fails always.
ProgramResult measuring(Ledger &ledger, const io::SpawnSpec &spec) {
  ProgramResult result;
  const std::string &command = spec.arguments.at(0);
  bool steady = command == "flaky" && ledger.measured++ > 0;
  if (command == "stubborn")
    steady = ledger.refused[spec.arguments.at(1)]++ >= std::stoi(spec.arguments.at(2));
  if (command == "slow") {
    result.takes = std::chrono::milliseconds(ledger.refused[spec.arguments.at(1)]++ == 0 ? 20'000 : 100);
    steady = true;
  }
  if (steady) {
    result.output = "steady\n";
    return result;
  }
  result.exit.code = 1;
  result.errors = "it shakes";
  result.takes = std::chrono::milliseconds(100);
  return result;
}

} // namespace

void addPrograms(simulation::Simulation &simulation, Outside &outside) {
  simulation.addProgram("sleep", [](const io::SpawnSpec &spec, base::ConstBytes) { return sleeping(spec); });
  simulation.addProgram("ledger", [&ledger = outside.ledger](const io::SpawnSpec &spec, base::ConstBytes) {
    return keeping(ledger, spec);
  });
  simulation.addProgram("meter", [&ledger = outside.ledger](const io::SpawnSpec &spec, base::ConstBytes) {
    return measuring(ledger, spec);
  });
}

} // namespace weft::test
