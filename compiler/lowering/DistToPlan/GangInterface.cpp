//===- GangInterface.cpp - What a tensor function's arguments stand for ---===//

#include "compiler/lowering/DistToPlan/GangInterface.h"

#include "dialects/dist/Dist.h"

#include <map>

namespace weft::lowering {
namespace {
using namespace mlir;
using Kind = GangInterface::Kind;

class InterfaceReader {
public:
  explicit InterfaceReader(func::FuncOp function) : function(function) {}

  FailureOr<GangInterface> run() {
    read.gang.name = function.getName().str();
    if (failed(readStates()))
      return failure();
    readData();
    for (unsigned at = 0; at < function.getNumArguments(); ++at)
      readArgument(at);
    // What a training has learned is its result, and what its optimizer kept for that is not; who asks again and again
    // reads the states where they are.
    if (function->hasAttr(dist::stepsAttrName))
      for (std::uint32_t state = 0; state < read.gang.states.size(); ++state)
        if (read.gang.states[state].init)
          read.returnedStates.push_back(state);
    for (unsigned at = 0; at < function.getNumResults(); ++at)
      if (failed(readResult(at)))
        return failure();
    return std::move(read);
  }

private:
  /// A state is kept where a result has its name; an argument with a name alone is an operand.
  LogicalResult readStates() {
    for (unsigned at = 0; at < function.getNumResults(); ++at)
      if (auto name = function.getResultAttrOfType<StringAttr>(at, dist::stateAttrName)) {
        auto [known, isNew] = states.try_emplace(name.getValue().str(), 0);
        if (!isNew)
          return function.emitError() << "has two results for the state '" << name.getValue() << "'; wanted one";
      }
    return success();
  }

  void readData() {
    auto whole = [](DictionaryAttr from, StringRef key) { return from.getAs<IntegerAttr>(key).getInt(); };
    if (auto data = function->getAttrOfType<ArrayAttr>(dist::dataAttrName))
      for (auto source : data.getAsRange<DictionaryAttr>())
        read.gang.sources.push_back(
            {source.getAs<StringAttr>("files").getValue().str(), static_cast<std::uint32_t>(whole(source, "context")),
             static_cast<std::uint32_t>(whole(source, "batch")), static_cast<std::uint64_t>(whole(source, "seed")),
             source.getAs<FloatAttr>("held_out").getValueAsDouble()});
    if (auto checkpoint = function->getAttrOfType<DictionaryAttr>(dist::checkpointAttrName)) {
      read.gang.checkpointEvery = static_cast<std::uint32_t>(whole(checkpoint, "every"));
      read.gang.checkpointKeep = static_cast<std::uint32_t>(whole(checkpoint, "keep"));
      read.gang.checkpointTo = checkpoint.getAs<StringAttr>("to").getValue().str();
    }
    if (auto steps = function->getAttrOfType<IntegerAttr>(dist::stepsAttrName))
      read.gang.steps = static_cast<std::uint32_t>(steps.getInt());
    if (auto evaluation = function->getAttrOfType<FlatSymbolRefAttr>(dist::evaluationAttrName))
      read.evaluation = evaluation.getValue().str();
  }

  void readArgument(unsigned at) {
    if (auto feed = function.getArgAttrOfType<ArrayAttr>(at, dist::feedAttrName)) {
      read.arguments.push_back({Kind::feed, static_cast<std::uint32_t>(read.gang.feeds.size())});
      read.gang.feeds.push_back({static_cast<std::uint32_t>(cast<IntegerAttr>(feed[0]).getInt()),
                                 cast<StringAttr>(feed[1]).getValue() == "y"});
      return;
    }
    if (function.getArgAttr(at, dist::stepAttrName)) {
      read.arguments.push_back({Kind::step});
      return;
    }
    auto name = function.getArgAttrOfType<StringAttr>(at, dist::stateAttrName);
    bool isKept = name && states.contains(name.getValue().str());
    bool isGiven = !isKept || !function.getArgAttr(at, dist::zerosAttrName);
    std::optional<std::uint32_t> operand;
    if (isGiven) {
      operand = operands++;
      read.gang.paramNames.push_back(name ? name.getValue().str() : "");
    }
    if (!isKept) {
      read.arguments.push_back({Kind::operand, *operand});
      return;
    }
    auto number = static_cast<std::uint32_t>(read.gang.states.size());
    states[name.getValue().str()] = number + 1;
    read.arguments.push_back({Kind::state, number});
    read.gang.states.push_back({name.getValue().str(), operand});
  }

  LogicalResult readResult(unsigned at) {
    if (auto name = function.getResultAttrOfType<StringAttr>(at, dist::stateAttrName)) {
      std::uint32_t number = states[name.getValue().str()];
      if (number == 0)
        return function.emitError() << "keeps the state '" << name.getValue()
                                    << "', which no argument begins with; wanted one";
      read.results.push_back({Kind::state, number - 1});
    } else if (auto report = function.getResultAttrOfType<StringAttr>(at, dist::reportAttrName)) {
      read.results.push_back({Kind::report, static_cast<std::uint32_t>(read.gang.reports.size())});
      read.gang.reports.push_back(report.getValue().str());
    } else {
      read.results.push_back({Kind::result, results++});
    }
    return success();
  }

  func::FuncOp function;
  GangInterface read;
  std::map<std::string, std::uint32_t> states; ///< 1 + the number of each, 0 before its argument was met.
  std::uint32_t operands = 0, results = 0;
};

} // namespace

FailureOr<GangInterface> interfaceOf(func::FuncOp function) {
  FailureOr<GangInterface> read = InterfaceReader(function).run();
  // Only files of weights ask for names.
  if (succeeded(read) && llvm::all_of(read->gang.paramNames, [](const std::string &name) { return name.empty(); }))
    read->gang.paramNames.clear();
  return read;
}

} // namespace weft::lowering
