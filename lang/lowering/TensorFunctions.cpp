//===- TensorFunctions.cpp - Tensor functions and what they stand for -----===//
//
// A tensor function becomes a func.func of static shapes, once for each choice of
// the sizes that its signature leaves open. Marks become dist.constrain, on the
// parameters, the result, and nowhere else.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

#include "dialects/dist/Dist.h"
#include "dialects/topo/Topo.h"

#include <functional>

using namespace mlir;

namespace weft::lowering {

namespace {

/// Bytes of one tensor, as `maxTensorBytes` of the runtime's limits: the plan refuses more.
constexpr std::int64_t maxTensorBytes = std::int64_t(1) << 40;

/// A size in numbers, where the sizes of the signature stand for these; the largest number where 64 bits do not hold
/// it.
std::int64_t sizeOf(const sema::Dim &dim, const TensorSizes &sizes) {
  std::int64_t size = dim.numerator;
  for (const sema::DimSymbol *symbol : dim.factors) {
    auto found = sizes.find(symbol);
    if (__builtin_mul_overflow(size, found != sizes.end() ? found->second : symbol->value.value_or(0), &size))
      return INT64_MAX;
  }
  return size / dim.denominator;
}

bool isLarge(RankedTensorType type) {
  std::int64_t bytes = std::max(1u, type.getElementTypeBitWidth() / 8);
  for (std::int64_t size : type.getShape())
    if (__builtin_mul_overflow(bytes, size, &bytes) || bytes > maxTensorBytes)
      return true;
  return false;
}

std::string shown(RankedTensorType type) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (type.getElementType().isInteger(1))
    out << "bool";
  else if (type.getElementType().isUnsignedInteger())
    out << "u" << type.getElementTypeBitWidth();
  else
    out << type.getElementType();
  out << "[";
  llvm::interleaveComma(type.getShape(), out);
  out << "]";
  return text;
}

} // namespace

RankedTensorType TensorEmitter::typeOf(sema::Type type) {
  auto written = cast<RankedTensorType>(module.type(type));
  SmallVector<std::int64_t> shape;
  for (const sema::Dim &dim : sema::base(type)->dims)
    shape.push_back(sizeOf(dim, sizes));
  return RankedTensorType::get(shape, written.getElementType());
}

bool TensorEmitter::tensorTypes(sema::Type type, SmallVectorImpl<Type> &types) {
  sema::Type base = sema::base(type);
  if (base->is(sema::TypeKind::record))
    return llvm::all_of(base->fields, [&](const sema::Field &field) { return tensorTypes(field.type, types); });
  if (!base->is(sema::TypeKind::tensor))
    return false;
  types.push_back(typeOf(type));
  return true;
}

bool TensorEmitter::computed(source::Span span, RankedTensorType type) {
  Type element = type.getElementType();
  bool known = element.isF32() || element.isF64() || element.isSignlessInteger(32) || element.isSignlessInteger(64);
  if (!known)
    module.refuse(diagnostics::Code::tensorValueNotCarried, span, shown(type) + " in a tensor function",
                  "f32, f64, i32 and i64 are computed; convert before the call");
  else if (isLarge(type))
    module.refuse(diagnostics::Code::tensorValueNotCarried, span, shown(type) + ", more than 2^40 bytes,");
  return known && !isLarge(type);
}

TensorParts TensorEmitter::bindParameter(source::Span span, sema::Type type, const sema::Marks &marks,
                                         Block::BlockArgListType values, std::size_t &next) {
  TensorParts parts;
  sema::Type base = sema::base(type);
  if (base->is(sema::TypeKind::record))
    for (const sema::Field &field : base->fields)
      parts.fields.push_back(bindParameter(span, field.type, field.marks, values, next));
  else
    parts.value = mark(span, values[next++], marks);
  return parts;
}

/// Where a name or `x.f` stands for a parameter, a local, or a field of one; else null.
const TensorParts *TensorEmitter::partsOf(const syntax::Expr *expr) {
  const sema::ExprInfo &info = module.program.of(expr);
  if (info.denotes == sema::Denotes::local) {
    auto found = values.find(info.symbol);
    return found != values.end() ? &found->second : nullptr;
  }
  auto *member = syntax::as<syntax::MemberExpr>(expr);
  if (info.denotes != sema::Denotes::field || !member)
    return nullptr;
  const TensorParts *object = partsOf(member->object);
  bool inside = object && info.index >= 0 && static_cast<std::size_t>(info.index) < object->fields.size();
  return inside ? &object->fields[static_cast<std::size_t>(info.index)] : nullptr;
}

Value TensorEmitter::mark(source::Span span, Value value, const sema::Marks &marks) {
  if (marks.dims.empty())
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

Value TensorEmitter::callFunction(const syntax::Expr *expr, const sema::CallInfo &info) {
  SmallVector<std::pair<const sema::DimSymbol *, std::int64_t>> dims;
  for (auto &[symbol, size] : info.dimArguments)
    dims.push_back({symbol, sizeOf(size, sizes)});
  func::FuncOp function = module.tensorFunction(info.callee, dims);
  SmallVector<Value> operands;
  std::function<void(const TensorParts &)> flatten = [&](const TensorParts &parts) {
    if (parts.value)
      operands.push_back(parts.value);
    llvm::for_each(parts.fields, flatten);
  };
  for (const sema::BoundArgument &argument : info.arguments) {
    if (const TensorParts *parts = partsOf(argument.value))
      flatten(*parts);
    else if (!operands.emplace_back(emit(argument.value)))
      return {};
  }
  if (!function)
    return {};
  return func::CallOp::create(builder, module.at(expr->span), function, operands).getResult(0);
}

func::FuncOp ModuleEmitter::tensorFunction(const sema::Symbol *fn,
                                           ArrayRef<std::pair<const sema::DimSymbol *, std::int64_t>> dims) {
  const sema::Callable &callable = *fn->callable;
  TensorSizes sizes(dims.begin(), dims.end());
  std::string name = symbolOf(fn);
  for (auto &[symbol, size] : dims)
    name += "." + symbol->name + std::to_string(size);
  if (!instances.try_emplace("tensor " + name, name).second)
    return module.lookupSymbol<func::FuncOp>(name);
  auto meshOf = [&](const sema::Marks &marks) {
    for (const sema::Symbol *symbol : program.modules[fn->module]->declared)
      if (symbol->kind == sema::SymbolKind::mesh && symbol->name == marks.mesh)
        mesh(symbol);
  };
  TensorEmitter body(*this, sizes);
  SmallVector<Type> parameters;
  std::size_t checked = 0;
  std::function<void(sema::Type)> meshesOf = [&](sema::Type type) {
    for (const sema::Field &field : sema::base(type)->fields) {
      meshOf(field.marks);
      meshesOf(field.type);
    }
  };
  for (const sema::Parameter &parameter : callable.parameters) {
    if (!body.tensorTypes(parameter.type, parameters)) {
      refuse(diagnostics::Code::tensorValueNotCarried, parameter.span,
             "a parameter of a tensor function that is neither a tensor nor a record of them",
             "use a tensor of rank 0: `f32`");
      return {};
    }
    for (; checked < parameters.size(); ++checked)
      if (!body.computed(parameter.span, cast<RankedTensorType>(parameters[checked])))
        return {};
    meshOf(parameter.marks);
    meshesOf(parameter.type);
  }
  if (!sema::base(callable.result)->is(sema::TypeKind::tensor)) {
    refuse(diagnostics::Code::tensorValueNotCarried, fn->span, "a tensor function that gives no tensor",
           "give one tensor; two results are two functions");
    return {};
  }
  meshOf(callable.resultMarks);
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  auto type = builder.getFunctionType(parameters, body.typeOf(callable.result));
  auto function = func::FuncOp::create(builder, at(fn->span), name, type);
  Block *entry = function.addEntryBlock();
  body.builder.setInsertionPointToEnd(entry);
  std::size_t next = 0;
  for (const sema::Parameter &parameter : callable.parameters)
    body.values[parameter.symbol] =
        body.bindParameter(parameter.span, parameter.type, parameter.marks, entry->getArguments(), next);
  Value result = body.emit(fn->fn->decl->body);
  if (!result) {
    instances.erase("tensor " + name);
    function.erase();
    return {};
  }
  result = body.mark(fn->span, result, callable.resultMarks);
  func::ReturnOp::create(body.builder, at(fn->span), result);
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
