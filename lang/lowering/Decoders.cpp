//===- Decoders.cpp - What a compiled model's decoders are made of --------===//
//
// A compiled model is a function of the bytes of a whole text. The compiler makes
// of it what reads one byte more, or several, with what it keeps of those before.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/ModuleEmitter.h"

using namespace mlir;

namespace weft::lowering {

namespace {
/// Bytes of a prompt that are read at once: enough to fill products, few enough that little is read in vain.
constexpr std::int64_t prefillBytes = 32;
} // namespace

bool ModuleEmitter::decoder(const sema::Symbol *model, std::vector<sema::Setting> &settings) {
  const sema::ModelInfo &info = *model->model;
  TensorInstance instance;
  instance.sizes.insert(info.sizes.begin(), info.sizes.end());
  func::FuncOp forward = tensorFunction(info.forward, instance);
  if (!forward)
    return false;
  OpBuilder end = OpBuilder::atBlockEnd(module.getBody());
  auto whole =
      func::FuncOp::create(end, at(model->span), freshName(symbolOf(model) + ".forward"), forward.getFunctionType());
  Block *entry = whole.addEntryBlock();
  end.setInsertionPointToEnd(entry);
  auto call = func::CallOp::create(end, at(model->span), forward, entry->getArguments());
  func::ReturnOp::create(end, at(model->span), call.getResults());
  std::vector<std::string> names = namesOf(info.forward->callable->parameters[0].type);
  for (auto [place, name] : llvm::enumerate(names))
    whole.setArgAttr(static_cast<unsigned>(place), "dist.state", end.getStringAttr(name));
  SmallVector<std::int64_t> chunks{1};
  auto named = [&](const char *key, std::int64_t positions) {
    sema::Setting setting;
    setting.name = key;
    setting.value = sema::Constant{whole.getSymName().str() + ".decode" + std::to_string(positions)};
    setting.span = model->span;
    settings.push_back(std::move(setting));
  };
  named("decode", 1);
  if (*info.contextTokens >= 2 * prefillBytes) {
    chunks.push_back(prefillBytes);
    named("prefill", prefillBytes);
  }
  whole->setAttr("nn.sequence",
                 end.getDictionaryAttr(
                     {end.getNamedAttr("argument", end.getI64IntegerAttr(static_cast<std::int64_t>(names.size()))),
                      end.getNamedAttr("chunks", end.getI64ArrayAttr(chunks))}));
  return true;
}

} // namespace weft::lowering
