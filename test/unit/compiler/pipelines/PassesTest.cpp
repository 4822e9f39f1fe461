//===- PassesTest.cpp - Random programs through every pass ----------------===//
//
// Each program is computed by the oracles after every pass that changes it, and must
// stay what it was; derivatives are first compared with differences. In the end its
// plan is checked, and its native code runs beside the oracle.
//
// A program is made by its seed and its number of ops, and with fewer ops it is the
// same program cut off: what fails is told with the fewest that fail.
//
//===----------------------------------------------------------------------===//

#include "test/reference/nn/Generator.h"
#include "test/reference/nn/Losses.h"
#include "test/support/Seeds.h"
#include "test/support/kernels/NativeKernels.h"
#include "test/unit/compiler/pipelines/Passage.h"
#include "test/unit/compiler/pipelines/TensorPrograms.h"

#include <gtest/gtest.h>

#include <set>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

constexpr unsigned shards = 10;

struct Options {
  const char *name;
  reference::GeneratorOptions program;
  bool isDerivative;
};

/// In f64, where nothing but a wrong pass moves a result by 1e-12 of its terms, and in f32, as programs are. Loops are
/// for one slot: on several they are refused.
constexpr Options kinds[] = {
    {"a derivative, with loops, in f64", {.doubles = true, .loops = true}, true},
    {"with loops, in f32", {.loops = true}, false},
    {"a derivative, on slots, in f64", {.marks = true, .doubles = true}, true},
    {"on slots, in f32", {.marks = true}, false},
    {"a derivative, with loops, in f32", {.loops = true}, true},
};

/// @f or its derivative, in a module, and a function that computes the value alone.
struct Program {
  OwningOpRef<ModuleOp> module, original;
  std::string function;
  std::vector<Tensor> inputs;
};

Program build(uint64_t seed, const Options &options, unsigned ops) {
  reference::GeneratorOptions settings = options.program;
  settings.ops = ops;
  Program program;
  program.module = reference::generate(compilerContext(), seed, settings);
  auto f = *program.module->getOps<func::FuncOp>().begin();
  program.inputs = reference::randomInputs(f, seed);
  program.function = "f";
  if (options.isDerivative) {
    reference::makeLoss(f);
    f.setPrivate();
    program.function = reference::addGradient(*program.module, f, f.getNumArguments()).getSymName().str();
  } else if (seed % 2) {
    // Called from another function, which is what is compiled.
    auto builder = OpBuilder::atBlockEnd(program.module->getBody());
    auto main = func::FuncOp::create(builder, f.getLoc(), "main", f.getFunctionType());
    builder.setInsertionPointToStart(main.addEntryBlock());
    auto call = func::CallOp::create(builder, f.getLoc(), f, main.getArguments());
    func::ReturnOp::create(builder, f.getLoc(), call.getResults());
    f.setPrivate();
    program.function = "main";
  }
  program.original = program.module->clone();
  return program;
}

/// Whether a program was refused because it asks for a derivative that there is none of.
bool isWithoutDerivative(const std::string &told) {
  return told.find("has no derivative: it gives whole numbers") != std::string::npos ||
         told.find("has no derivative: second derivatives through attention") != std::string::npos;
}

struct Outcome {
  std::string fault;
  bool isRefused = false;
  std::set<std::string> changing;
};

Outcome outcomeOf(uint64_t seed, const Options &options, unsigned ops) {
  Program program = build(seed, options, ops);
  std::string told;
  ScopedDiagnosticHandler handler(&compilerContext(), [&](Diagnostic &diagnostic) { told += diagnostic.str() + "\n"; });
  bool isDouble = options.program.doubles;
  std::function<std::string(ArrayRef<Tensor>)> gradient;
  if (options.isDerivative)
    gradient = [&](ArrayRef<Tensor> results) -> std::string {
      auto loss = program.original->lookupSymbol<func::FuncOp>("loss");
      auto compared = reference::compareWithDifferences(loss, results.drop_front(), program.inputs, 2, seed);
      return compared.worst < 1e-6 ? ""
                                   : "a derivative is " + std::to_string(compared.worst) + " away from the difference";
    };
  std::vector<cpu::Isa> isas = runnableIsas();
  // Of half the derivatives, loops keep next to nothing and are computed again.
  Passage passage = passThrough(*program.module, program.function, program.inputs, isDouble ? ofDoubles : ofSingles,
                                isas[seed / 5 % isas.size()], gradient,
                                /*keptBytes=*/seed / 5 % 2);
  if (passage.fault.empty())
    return {"", false, passage.changing};
  return {passage.fault + "\n" + told, isWithoutDerivative(told), {}};
}

/// The same program with fewer ops, told.
std::string smallest(uint64_t seed, const Options &options, unsigned ops) {
  unsigned fewest = 1;
  while (fewest < ops) {
    Outcome outcome = outcomeOf(seed, options, fewest);
    if (!outcome.isRefused && !outcome.fault.empty())
      break;
    ++fewest;
  }
  std::string text;
  llvm::raw_string_ostream(text) << "the fewest ops that fail are " << fewest << ": "
                                 << outcomeOf(seed, options, fewest).fault << "\n"
                                 << *build(seed, options, fewest).module;
  return text;
}

/// One share of the programs; ctest runs shares side by side.
class RandomPrograms : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomPrograms, AreTheSameAfterEveryPassAndAsNativeCode) {
  auto ops = static_cast<unsigned>(tries(6, 10));
  std::set<std::string> changing;
  unsigned refused = 0;
  uint64_t count = tries(500, 5000);
  for (uint64_t number = GetParam(); number < count; number += shards) {
    const Options &options = kinds[number / shards % std::size(kinds)];
    // A program that has no derivative is none of them: the next one takes its place.
    Outcome outcome;
    uint64_t seed = number;
    while ((outcome = outcomeOf(seed, options, ops)).isRefused && seed < 20 * count) {
      seed += count;
      ++refused;
    }
    if (!outcome.fault.empty())
      ADD_FAILURE() << "seed " << seed << " (" << options.name << "): " << outcome.fault << "\n"
                    << smallest(seed, options, ops);
    changing.insert(outcome.changing.begin(), outcome.changing.end());
  }
  EXPECT_LT(refused, count / shards) << "hardly a program has a derivative";
  // Each pass that may change values has changed some program, or it was not tried.
  for (const char *pass :
       {"weft-differentiate", "inline", "canonicalize", "weft-place-on-one-slot", "weft-propagate-shardings",
        "weft-insert-reshards", "weft-partition", "weft-outline-kernels"})
    EXPECT_TRUE(changing.count(pass)) << pass << " changed nothing";
}

INSTANTIATE_TEST_SUITE_P(Shares, RandomPrograms, ::testing::Range(0U, shards));

} // namespace
} // namespace weft::test
