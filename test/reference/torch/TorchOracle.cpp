//===- TorchOracle.cpp - Programs computed by PyTorch ---------------------===//

#include "test/reference/torch/TorchOracle.h"

#include "dialects/nn/Nn.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Program.h"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace weft::reference {
namespace {
using namespace mlir;
namespace json = llvm::json;

constexpr int notInstalled = 77;

/// JSON has no word for what is not finite: it is written as text.
json::Array elementsOf(const Tensor &tensor) {
  json::Array elements;
  for (double x : tensor.elements)
    elements.push_back(std::isnan(x)   ? json::Value("nan")
                       : std::isinf(x) ? json::Value(x > 0 ? "inf" : "-inf")
                                       : json::Value(x));
  return elements;
}

json::Object typeOf(Type type) {
  auto tensor = cast<RankedTensorType>(type);
  std::string element;
  llvm::raw_string_ostream(element) << tensor.getElementType();
  return json::Object{{"shape", json::Array(tensor.getShape())}, {"element", element}};
}

/// Numbers the values of a block as it goes.
class BlockWriter {
public:
  json::Object write(Block &block) {
    json::Array arguments, ops;
    for (Value argument : block.getArguments())
      arguments.push_back(numberOf(argument));
    for (Operation &op : block.without_terminator())
      ops.push_back(write(op));
    return json::Object{{"arguments", std::move(arguments)},
                        {"ops", std::move(ops)},
                        {"gives", numbersOf(block.getTerminator()->getOperands())}};
  }

private:
  int64_t numberOf(Value value) { return numbers.try_emplace(value, int64_t(numbers.size())).first->second; }

  template <typename Range> json::Array numbersOf(Range range) {
    json::Array array;
    for (Value value : range)
      array.push_back(numberOf(value));
    return array;
  }

  json::Object write(Operation &op) {
    if (!isa<nn::NnDialect>(op.getDialect())) {
      std::fprintf(stderr, "'%s' is not written for PyTorch\n", op.getName().getStringRef().str().c_str());
      std::abort();
    }
    json::Array types;
    for (Type type : op.getResultTypes())
      types.push_back(typeOf(type));
    json::Object object = attributesOf(op);
    object["op"] = op.getName().stripDialect();
    object["operands"] = numbersOf(op.getOperands());
    object["results"] = numbersOf(op.getResults());
    object["types"] = std::move(types);
    if (auto scan = dyn_cast<nn::ScanOp>(op)) {
      object["carried"] = int64_t(scan.getCarried().size());
      object["stacked"] = int64_t(scan.getStacked().size());
      object["body"] = write(scan.getBody().front());
    }
    return object;
  }

  static json::Object attributesOf(Operation &op) {
    json::Object object;
    for (NamedAttribute attribute : op.getAttrDictionary()) {
      llvm::json::ObjectKey name(attribute.getName().str());
      if (auto number = dyn_cast<IntegerAttr>(attribute.getValue()))
        object[name] = number.getInt();
      else if (auto number = dyn_cast<FloatAttr>(attribute.getValue()))
        object[name] = number.getValueAsDouble();
      else if (auto numbers = dyn_cast<DenseI64ArrayAttr>(attribute.getValue()))
        object[name] = json::Array(numbers.asArrayRef());
      else if (isa<UnitAttr>(attribute.getValue()))
        object[name] = true;
      else if (auto symbol = dyn_cast<FlatSymbolRefAttr>(attribute.getValue()))
        object[name] = symbol.getValue();
    }
    if (auto node = dyn_cast<nn::ElementwiseOp>(op))
      object["kind"] = stringifyElementwiseKind(node.getKind());
    if (auto node = dyn_cast<nn::CompareOp>(op))
      object["kind"] = stringifyCompareKind(node.getKind());
    if (auto node = dyn_cast<nn::ReduceOp>(op))
      object["kind"] = stringifyReduceKind(node.getKind());
    if (auto node = dyn_cast<nn::RandomOp>(op))
      object["kind"] = stringifyRandomKind(node.getKind());
    if (isa<nn::ConstantOp>(op))
      object["elements"] = elementsOf(evaluate(&op, {})[0]);
    return object;
  }

  DenseMap<Value, int64_t> numbers;
};

std::vector<Tensor> tensorsOf(const json::Value *value) {
  std::vector<Tensor> tensors;
  for (const json::Value &one : *value->getAsArray()) {
    Tensor tensor;
    for (const json::Value &size : *one.getAsObject()->getArray("shape"))
      tensor.shape.push_back(*size.getAsInteger());
    for (const json::Value &element : *one.getAsObject()->getArray("elements"))
      tensor.elements.push_back(element.getAsNumber() ? *element.getAsNumber()
                                                      : std::strtod(element.getAsString()->str().c_str(), nullptr));
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

std::string textOf(StringRef path) {
  std::ifstream file(path.str());
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

/// A name for a file that goes when this does.
struct TemporaryFile {
  TemporaryFile() {
    if (llvm::sys::fs::createTemporaryFile("weft-torch", "json", path))
      std::abort();
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  llvm::SmallString<128> path;
};

} // namespace

void TorchOracle::add(func::FuncOp function, const std::vector<Tensor> &inputs) {
  json::Object functions;
  for (auto one : function->getParentOfType<ModuleOp>().getOps<func::FuncOp>())
    functions[one.getSymName().str()] = BlockWriter().write(one.getBody().front());
  json::Array arguments;
  for (auto [type, input] : llvm::zip(function.getArgumentTypes(), inputs)) {
    json::Object argument = typeOf(type);
    argument["elements"] = elementsOf(input);
    arguments.push_back(std::move(argument));
  }
  programs.push_back(json::Object{
      {"name", function.getSymName()}, {"functions", std::move(functions)}, {"inputs", std::move(arguments)}});
}

TorchOracle::Answers TorchOracle::ask() const {
  Answers answers;
  TemporaryFile asked, answered, told;
  {
    std::error_code error;
    llvm::raw_fd_ostream out(asked.path, error);
    out << json::Value(json::Array(programs));
  }
  // Debian's package is for Debian's interpreter, which need not be the first on the path.
  int code =
      llvm::sys::ExecuteAndWait("/usr/bin/python3", {"/usr/bin/python3", WEFT_TORCH_ORACLE, asked.path, answered.path},
                                std::nullopt, {StringRef(), StringRef(told.path), StringRef(told.path)},
                                /*SecondsToWait=*/300);
  answers.told = textOf(told.path);
  answers.isInstalled = code != notInstalled;
  if (code != 0)
    return answers;
  llvm::Expected<json::Value> results = json::parse(textOf(answered.path));
  if (!results) {
    answers.told += llvm::toString(results.takeError());
    return answers;
  }
  for (const json::Value &one : *results->getAsArray())
    answers.answers.push_back(
        {tensorsOf(one.getAsObject()->get("doubles")), tensorsOf(one.getAsObject()->get("singles"))});
  return answers;
}

} // namespace weft::reference
