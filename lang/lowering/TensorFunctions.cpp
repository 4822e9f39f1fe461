//===- TensorFunctions.cpp - Tensor functions and what they stand for -----===//
//
// A tensor function becomes a func.func of static shapes, once for each choice of
// what its signature leaves open. Marks become dist.constrain, on the
// parameters, the result, and nowhere else.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

#include "dialects/dist/Dist.h"
#include "dialects/topo/Topo.h"

#include "llvm/Support/Format.h"

#include <functional>

using namespace mlir;

namespace weft::lowering {

namespace {

bool isNumberType(sema::Type type) { return sema::isNumber(type) && !sema::base(type)->is(sema::TypeKind::error); }

sema::Marks inside(const sema::Marks &marks, ArrayRef<sema::DimMark> stack, bool isTensor) {
  // Marks of a stack stand in front of those of each tensor in it.
  bool any = llvm::any_of(stack, [](const sema::DimMark &mark) { return !mark.empty(); });
  if (!isTensor || (!any && marks.dims.empty()))
    return marks;
  sema::Marks all = marks;
  all.dims.assign(stack.begin(), stack.end());
  all.dims.insert(all.dims.end(), marks.dims.begin(), marks.dims.end());
  return all;
}

} // namespace

void TensorParts::flatten(SmallVectorImpl<Value> &values) const {
  if (value)
    values.push_back(value);
  for (const TensorParts &field : fields)
    field.flatten(values);
}

SmallVector<Value> TensorParts::flat() const {
  SmallVector<Value> values;
  flatten(values);
  return values;
}

TensorParts TensorEmitter::partsOf(const TensorLayout &layout, ValueRange values, std::size_t &next) {
  TensorParts parts;
  if (layout.tensor)
    parts.value = values[next++];
  for (const TensorLayout &field : layout.fields)
    parts.fields.push_back(partsOf(field, values, next));
  return parts;
}

TensorParts TensorEmitter::bindParameter(source::Span span, sema::Type type, const sema::Marks &marks,
                                         ValueRange values, std::size_t &next, ArrayRef<sema::DimMark> stack) {
  TensorParts parts;
  sema::Type base = sema::base(type);
  if (auto stands = instance.types.find(base); stands != instance.types.end())
    return partsOf(stands->second, values, next);
  if (base->is(sema::TypeKind::record)) {
    SmallVector<sema::DimMark> inner(stack);
    inner.append(marks.dims.begin(), marks.dims.end());
    // A record's own type counts all stacks around it; marks stand for its last ones.
    inner.resize(base->dims.size());
    for (const sema::Field &field : base->fields) {
      sema::Marks own = field.marks;
      if (own.mesh.empty())
        own.mesh = marks.mesh;
      parts.fields.push_back(bindParameter(span, field.type, own, values, next, inner));
    }
  } else if (base->is(sema::TypeKind::tuple)) {
    for (sema::Type element : base->elements)
      parts.fields.push_back(bindParameter(span, element, {}, values, next));
  } else {
    sema::Marks all = inside(marks, stack, true);
    if (auto tensor = dyn_cast<RankedTensorType>(values[next].getType()); !all.dims.empty() && tensor)
      all.dims.resize(static_cast<std::size_t>(tensor.getRank()));
    parts.value = mark(span, values[next++], all);
  }
  return parts;
}

TensorParts TensorEmitter::markAll(source::Span span, const TensorParts &parts, sema::Type type,
                                   const sema::Marks &marks) {
  std::size_t next = 0;
  SmallVector<Value> values = parts.flat();
  return bindParameter(span, type, marks, values, next);
}

Value TensorEmitter::mark(source::Span span, Value value, const sema::Marks &marks) {
  if (marks.dims.empty() || marks.mesh.empty())
    return value;
  dist::ShardingAttr::DimAxes dims;
  SmallVector<std::int64_t> open;
  for (auto [index, dim] : llvm::enumerate(marks.dims)) {
    auto &axes = dims.emplace_back();
    for (const std::string &axis : dim.axes)
      axes.push_back(axis);
    if (dim.empty())
      open.push_back(static_cast<std::int64_t>(index));
  }
  auto mesh = FlatSymbolRefAttr::get(builder.getContext(), marks.mesh);
  return dist::ConstrainOp::create(builder, module.at(span), value.getType(), value,
                                   dist::ShardingAttr::get(mesh, dims), builder.getDenseI64ArrayAttr(open));
}

/// A call as the program writes it: each argument is emitted, but those that are numbers of the instance.
std::optional<TensorParts> TensorEmitter::called(const syntax::Expr *expr, const sema::CallInfo &info) {
  std::vector<TensorParts> given;
  for (const sema::BoundArgument &argument : info.arguments) {
    if (isNumberType(module.program.of(argument.value).finalType())) {
      given.emplace_back();
      continue;
    }
    std::optional<TensorParts> parts = emit(argument.value);
    if (!parts)
      return std::nullopt;
    given.push_back(std::move(*parts));
  }
  bool derived = info.kind == sema::CalleeKind::tensorCore;
  return callFunction(expr->span, info, given, derived);
}

std::optional<TensorParts> TensorEmitter::callFunction(source::Span span, const sema::CallInfo &info,
                                                       ArrayRef<TensorParts> given, bool derived) {
  std::optional<SmallVector<Value>> results = callFlat(span, info, given, derived);
  std::optional<TensorLayout> layout = layoutOf(info.result);
  if (!results || !layout)
    return std::nullopt;
  // Of a derivative the one value comes first, the derivatives after it.
  std::size_t next = derived && info.builtin == sema::BuiltinId::tensorGrad ? 1 : 0;
  return partsOf(*layout, *results, next);
}

std::optional<SmallVector<Value>> TensorEmitter::callFlat(source::Span span, const sema::CallInfo &info,
                                                          ArrayRef<TensorParts> given, bool derived) {
  const sema::Callable &callable = *info.callee->callable;
  TensorInstance made;
  for (auto &[symbol, size] : info.dimArguments)
    made.sizes[symbol] = sizeOf(size, instance.sizes);
  for (auto [parameter, argument] : llvm::zip(callable.typeParameters, info.typeArguments)) {
    std::optional<TensorLayout> layout = layoutOf(argument);
    if (!layout)
      return std::nullopt;
    made.types[parameter] = std::move(*layout);
  }
  SmallVector<Value> operands;
  for (auto [index, parameter] : llvm::enumerate(callable.parameters)) {
    const syntax::Expr *written = index < info.arguments.size() ? info.arguments[index].value : nullptr;
    if (!written && index >= given.size())
      written = parameter.defaultValue;
    if (isNumberType(parameter.type)) {
      made.numbers[parameter.symbol] = written ? numberOf(written) : 0;
      continue;
    }
    TensorParts parts;
    if (index < given.size()) {
      parts = given[index];
    } else if (std::optional<TensorParts> standard = written ? emit(written) : std::nullopt) {
      parts = std::move(*standard);
    } else {
      return std::nullopt;
    }
    // The callee draws where it draws; so that two calls of it differ, each gets a key of its own.
    if (sema::base(parameter.type)->is(sema::TypeKind::rng))
      parts.value = keyOfPlace(span, parts.value);
    parts.flatten(operands);
  }
  func::FuncOp function = module.tensorFunction(info.callee, made);
  if (!function)
    return std::nullopt;
  if (!derived)
    return SmallVector<Value>(func::CallOp::create(builder, module.at(span), function, operands).getResults());
  std::size_t by = given.front().flat().size();
  SmallVector<Type> results(function.getResultTypes());
  for (Value value : ArrayRef(operands).take_front(by))
    results.push_back(value.getType());
  auto op = nn::ValueAndGradOp::create(builder, module.at(span), results, function.getSymName(), operands,
                                       static_cast<std::int64_t>(by));
  return SmallVector<Value>(op.getOutputs());
}

func::FuncOp ModuleEmitter::tensorFunction(const sema::Symbol *fn, const TensorInstance &given) {
  const sema::Callable &callable = *fn->callable;
  std::string name = symbolOf(fn);
  for (const sema::DimSymbol *symbol : callable.dimParameters)
    if (auto size = given.sizes.find(symbol); size != given.sizes.end())
      name += "." + symbol->name + std::to_string(size->second);
  for (const sema::Parameter &parameter : callable.parameters)
    if (auto number = given.numbers.find(parameter.symbol); number != given.numbers.end()) {
      std::string digits;
      llvm::raw_string_ostream(digits) << llvm::format("%.17g", number->second);
      name += "." + parameter.name + digits;
    }
  for (sema::Type parameter : callable.typeParameters)
    if (auto layout = given.types.find(parameter); layout != given.types.end()) {
      auto number = layouts.try_emplace(layout->second.text(), layouts.size()).first->second;
      name += "." + parameter->name + std::to_string(number);
    }
  if (!instances.try_emplace("tensor " + name, name).second)
    return module.lookupSymbol<func::FuncOp>(name);
  auto meshOf = [&](const sema::Marks &marks) {
    for (const sema::Symbol *symbol : program.modules[fn->module]->declared)
      if (symbol->kind == sema::SymbolKind::mesh && symbol->name == marks.mesh)
        mesh(symbol);
  };
  std::function<void(sema::Type)> meshesOf = [&](sema::Type type) {
    for (const sema::Field &field : sema::base(type)->fields) {
      meshOf(field.marks);
      meshesOf(field.type);
    }
  };
  TensorEmitter body(*this, given);
  SmallVector<Type> parameters;
  std::size_t checked = 0;
  for (const sema::Parameter &parameter : callable.parameters) {
    if (isNumberType(parameter.type))
      continue;
    std::optional<TensorLayout> layout = body.layoutOf(parameter.type);
    if (!layout) {
      refuse(diagnostics::Code::tensorValueNotCarried, parameter.span,
             "a parameter of a tensor function that is neither a tensor nor a record of them",
             "use a tensor of rank 0: `f32`");
      return {};
    }
    layout->flatten(parameters);
    for (; checked < parameters.size(); ++checked)
      if (!body.computed(parameter.span, cast<RankedTensorType>(parameters[checked])))
        return {};
    meshOf(parameter.marks);
    meshesOf(parameter.type);
  }
  std::optional<TensorLayout> result = body.layoutOf(callable.result);
  if (!result) {
    refuse(diagnostics::Code::tensorValueNotCarried, fn->span, "a tensor function that gives no tensor",
           "give a tensor, or a record or tuple of them");
    return {};
  }
  SmallVector<Type> results;
  result->flatten(results);
  meshOf(callable.resultMarks);
  meshesOf(callable.result);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto function = func::FuncOp::create(builder, at(fn->span), name, builder.getFunctionType(parameters, results));
  function.setPrivate(); // Until a workflow runs it.
  Block *entry = function.addEntryBlock();
  body.builder.setInsertionPointToEnd(entry);
  std::size_t next = 0;
  for (const sema::Parameter &parameter : callable.parameters)
    if (!isNumberType(parameter.type))
      body.values[parameter.symbol] =
          body.bindParameter(parameter.span, parameter.type, parameter.marks, entry->getArguments(), next);
  std::optional<TensorParts> value = body.emit(fn->fn->decl->body);
  if (!value) {
    instances.erase("tensor " + name);
    function.erase();
    return {};
  }
  func::ReturnOp::create(body.builder, at(fn->span),
                         body.markAll(fn->span, *value, callable.result, callable.resultMarks).flat());
  return function;
}

void ModuleEmitter::mesh(const sema::Symbol *symbol) {
  if (module.lookupSymbol(symbol->name))
    return;
  const sema::MeshInfo &mesh = *symbol->mesh;
  SmallVector<llvm::StringRef> axes(mesh.axes.begin(), mesh.axes.end());
  SmallVector<bool> elastic(mesh.axes.size(), false);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  topo::MeshOp::create(builder, at(symbol->span), builder.getStringAttr(symbol->name), FlatSymbolRefAttr(),
                       builder.getStrArrayAttr(axes), builder.getDenseI64ArrayAttr(mesh.sizes),
                       builder.getDenseBoolArrayAttr(elastic));
}

} // namespace weft::lowering
