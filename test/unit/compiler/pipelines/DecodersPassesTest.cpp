//===- DecodersPassesTest.cpp - Random models, position by position -------===//
//
// A model of sequences becomes functions of the next few positions: their answers are
// the rows of the whole sequence. One of them then goes through the other passes.
//
//===----------------------------------------------------------------------===//

#include "compiler/decoding/Passes.h"
#include "dialects/dist/Dist.h"
#include "mlir/Pass/PassManager.h"
#include "test/reference/nn/Generator.h"
#include "test/reference/nn/Sequences.h"
#include "test/support/Seeds.h"
#include "test/support/kernels/NativeKernels.h"
#include "test/unit/compiler/pipelines/Passage.h"
#include "test/unit/compiler/pipelines/TensorPrograms.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {
using namespace mlir;
using reference::Tensor;

Tensor rowsOf(const Tensor &whole, int64_t dim, int64_t begin, int64_t count) {
  std::vector<int64_t> shape = whole.shape;
  shape[dim] = count;
  Tensor part = Tensor::ofShape(shape);
  for (int64_t place = 0; place < part.count(); ++place) {
    std::vector<int64_t> at = reference::indexOf(place, shape);
    at[dim] += begin;
    part.elements[place] = whole.elements[reference::placeOf(at, whole.shape)];
  }
  return part;
}

/// Whole numbers that are ids, instead of what randomInputs gives.
void makeIds(Tensor &tensor, uint64_t seed) {
  for (int64_t i = 0; i < tensor.count(); ++i)
    tensor.elements[i] = double((seed + uint64_t(i) * 7) % reference::vocabularySize);
}

struct Decoded {
  std::string fault;
  std::vector<Tensor> lastOperands; ///< Those of the last chunk of three.
};

/// Chunks one after the other, each with what the one before it kept, beside the whole sequence.
Decoded compareChunks(ModuleOp module, const std::vector<Tensor> &inputs, const Tensor &wanted, double tolerance,
                      bool beginsWithThree) {
  func::FuncOp one = module.lookupSymbol<func::FuncOp>("model.decode1");
  func::FuncOp three = module.lookupSymbol<func::FuncOp>("model.decode3");
  Decoded decoded;
  std::vector<Tensor> caches;
  for (Type type : three.getResultTypes().drop_back())
    caches.push_back(Tensor::ofShape(cast<RankedTensorType>(type).getShape()));
  int64_t position = 0;
  for (int64_t chunk : beginsWithThree ? std::vector<int64_t>{3, 1, 1, 1} : std::vector<int64_t>{1, 1, 1, 3}) {
    std::vector<Tensor> operands(inputs.begin(), inputs.end() - 1);
    operands.insert(operands.end(), caches.begin(), caches.end());
    operands.push_back(rowsOf(inputs.back(), 1, position, chunk));
    operands.push_back({{}, {double(position)}});
    std::vector<Tensor> found = reference::evaluate(chunk == 3 ? three : one, operands);
    position += chunk;
    Tensor row = rowsOf(wanted, 1, position - 1, 1);
    row.shape = found.back().shape;
    if (double apart = reference::distance(found.back(), row); !(apart <= tolerance) && decoded.fault.empty())
      decoded.fault =
          "the answer behind position " + std::to_string(position) + " is " + std::to_string(apart) + " away";
    if (chunk == 3)
      decoded.lastOperands = operands;
    found.pop_back();
    caches = std::move(found);
  }
  return decoded;
}

std::string faultOfModel(uint64_t seed, unsigned ops) {
  bool isDouble = seed % 2 == 0;
  auto module = reference::generateSequence(compilerContext(), seed, ops, isDouble);
  auto model = *module->getOps<func::FuncOp>().begin();
  std::vector<Tensor> inputs = reference::randomInputs(model, seed);
  makeIds(inputs.back(), seed);
  Tensor wanted = reference::evaluate(model, inputs)[0];
  std::string told;
  ScopedDiagnosticHandler handler(&compilerContext(), [&](Diagnostic &diagnostic) { told += diagnostic.str() + "\n"; });
  PassManager passes(&compilerContext());
  passes.addPass(createMakeDecoders());
  if (failed(passes.run(*module)))
    return told;
  Decoded decoded = compareChunks(*module, inputs, wanted, 1e-13, seed % 4 < 2);
  if (!decoded.fault.empty())
    return decoded.fault;
  // What it keeps is an operand like others here.
  auto three = module->lookupSymbol<func::FuncOp>("model.decode3");
  for (unsigned i = 0; i < three.getNumArguments(); ++i) {
    three.removeArgAttr(i, dist::stateAttrName);
    three.removeArgAttr(i, dist::zerosAttrName);
  }
  for (unsigned i = 0; i < three.getNumResults(); ++i)
    three.removeResultAttr(i, StringAttr::get(&compilerContext(), dist::stateAttrName));
  module->lookupSymbol("model.decode1")->erase();
  std::vector<cpu::Isa> isas = runnableIsas();
  std::string fault = passThrough(*module, "model.decode3", decoded.lastOperands, isDouble ? ofDoubles : ofSingles,
                                  isas[seed / 2 % isas.size()])
                          .fault;
  return fault.empty() ? "" : fault + "\n" + told;
}

class RandomModels : public ::testing::TestWithParam<unsigned> {};

TEST_P(RandomModels, AnswerPositionByPositionWhatTheyAnswerWhole) {
  constexpr unsigned ops = 8;
  for (uint64_t seed = GetParam(); seed < tries(20, 1000); seed += 2) {
    std::string fault = faultOfModel(seed, ops);
    unsigned fewest = 1;
    while (!fault.empty() && fewest < ops && faultOfModel(seed, fewest).empty())
      ++fewest;
    if (fault.empty())
      continue;
    std::string text;
    llvm::raw_string_ostream(text) << *reference::generateSequence(compilerContext(), seed, fewest, seed % 2 == 0);
    ADD_FAILURE() << "seed " << seed << ": " << fault << "\nthe fewest ops that fail are " << fewest << ": "
                  << faultOfModel(seed, fewest) << "\n"
                  << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Shares, RandomModels, ::testing::Range(0U, 2U));

} // namespace
} // namespace weft::test
