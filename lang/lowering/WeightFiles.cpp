//===- WeightFiles.cpp - `weights` and `save` as calls of a binding -------===//
//
// What a program reads from files of weights and writes into them goes through
// one binding that it does not declare, with a member for each type: so such
// calls are journaled, ordered and tried again like those of any tool.
//
//===----------------------------------------------------------------------===//

#include "dialects/flow/Tools.h"
#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

namespace {
/// No module has this name, and no program can.
constexpr llvm::StringLiteral bindingName = "std.safetensors";

bool knowsSizes(sema::Type type) {
  return sema::allTensors(type, [](sema::Type tensor) {
    return llvm::all_of(tensor->dims, [](const sema::Dim &dim) { return dim.value().has_value(); });
  });
}
} // namespace

SymbolRefAttr ModuleEmitter::weightFile(bool saves, sema::Type tensors, source::Span span) {
  MLIRContext *context = module.getContext();
  if (bindings.insert(bindingName).second)
    binding(bindingName.str(), flow::BindingKind::files, flow::weightsProvider.str(), {}, span);
  auto binding = module.lookupSymbol<flow::BindingOp>(bindingName);
  Type value = type(tensors), file = simple(expr::Kind::string);
  FunctionType signature = saves ? FunctionType::get(context, {value, file}, simple(expr::Kind::none))
                                 : FunctionType::get(context, {file}, value);
  std::string wanted = (saves ? "save " : "weights ") + sema::text(tensors), name = wanted;
  // Modules may have types of one name.
  for (unsigned number = 2;; ++number) {
    auto reference = SymbolRefAttr::get(context, bindingName, FlatSymbolRefAttr::get(context, name));
    auto known = cast_or_null<flow::MemberOp>(SymbolTable::lookupSymbolIn(binding, name));
    if (known && known.getType() == signature)
      return reference;
    if (!known) {
      OpBuilder inside = OpBuilder::atBlockEnd(&binding.getBody().front());
      ArrayAttr names = saves ? builder.getStrArrayAttr({"params", "file"}) : builder.getStrArrayAttr({"file"});
      flow::MemberOp::create(inside, at(span), builder.getStringAttr(name), names, TypeAttr::get(signature),
                             effect(saves ? sema::Effect::writeIdempotent : sema::Effect::read), FlatSymbolRefAttr(),
                             ArrayAttr(), UnitAttr(), UnitAttr(), stepId(bindingName.str(), "", "member " + name));
      return reference;
    }
    name = wanted + " " + std::to_string(number);
  }
}

Value BodyEmitter::weightFile(const syntax::Expr *expr, const sema::CallInfo &info) {
  bool saves = info.builtin == sema::BuiltinId::save;
  sema::Type tensors = info.typeArguments.front();
  Type result = typeOf(info.result);
  if (!knowsSizes(tensors)) {
    module.refuse(diagnostics::Code::openSizeNotCarried, expr->span,
                  "a file of " + sema::text(tensors) + ", whose sizes are not known when the plan is made,",
                  "give each dimension a number: `dim B = 4`");
    return none(expr->span, result);
  }
  SymbolRefAttr member = module.weightFile(saves, tensors, expr->span);
  Type file = module.simple(expr::Kind::string);
  SmallVector<Value> operands =
      saves ? arguments(info, {module.type(tensors), file}) : arguments(info, ArrayRef<Type>(file));
  Type given = saves ? module.simple(expr::Kind::none) : module.type(tensors);
  auto effect = module.effect(saves ? sema::Effect::writeIdempotent : sema::Effect::read);
  auto op = flow::CallOp::create(builder, module.at(expr->span), given, member, operands, effect, UnitAttr(),
                                 std::exchange(nextPolicy, {}), stepId("call " + member.getLeafReference().str()));
  return as(expr->span, op.getResult(), result);
}

} // namespace weft::lowering
