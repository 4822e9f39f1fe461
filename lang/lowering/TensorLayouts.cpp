//===- TensorLayouts.cpp - Types of tensor functions, in numbers ----------===//

#include "lang/lowering/TensorEmitter.h"

using namespace mlir;

namespace weft::lowering {

namespace {

/// Bytes of one tensor, as `maxTensorBytes` of the runtime's limits: the plan refuses more.
constexpr std::int64_t maxTensorBytes = std::int64_t(1) << 40;

bool isLarge(RankedTensorType type) {
  std::int64_t bytes = std::max(1u, type.getElementTypeBitWidth() / 8);
  for (std::int64_t size : type.getShape())
    if (__builtin_mul_overflow(bytes, size, &bytes) || bytes > maxTensorBytes)
      return true;
  return false;
}

void addNames(sema::Type type, const std::string &path, std::vector<std::string> &names) {
  sema::Type base = sema::base(type);
  auto inside = [&](const std::string &name) { return path.empty() ? name : path + "." + name; };
  if (base->is(sema::TypeKind::record))
    for (const sema::Field &field : base->fields)
      addNames(field.type, inside(field.name), names);
  else if (base->is(sema::TypeKind::tuple))
    for (std::size_t place = 0; place < base->elements.size(); ++place)
      addNames(base->elements[place], inside(std::to_string(place)), names);
  else
    names.push_back(path.empty() ? "params" : path);
}

} // namespace

std::vector<std::string> namesOf(sema::Type type) {
  std::vector<std::string> names;
  addNames(type, "", names);
  return names;
}

std::int64_t sizeOf(const sema::Dim &dim, const TensorSizes &sizes) {
  std::int64_t size = dim.numerator;
  for (const sema::DimSymbol *symbol : dim.factors) {
    auto found = sizes.find(symbol);
    if (__builtin_mul_overflow(size, found != sizes.end() ? found->second : symbol->value.value_or(0), &size))
      return INT64_MAX;
  }
  return size / dim.denominator;
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

void TensorLayout::flatten(SmallVectorImpl<Type> &types) const {
  if (tensor)
    types.push_back(tensor);
  for (const TensorLayout &field : fields)
    field.flatten(types);
}

std::string TensorLayout::text() const {
  if (tensor)
    return shown(tensor);
  std::string out = "{";
  for (const TensorLayout &field : fields)
    out += field.text() + ",";
  return out + "}";
}

RankedTensorType TensorEmitter::typeOf(sema::Type type) {
  auto written = cast<RankedTensorType>(module.type(sema::base(type)));
  SmallVector<std::int64_t> shape;
  for (const sema::Dim &dim : sema::base(type)->dims) {
    auto whole = dim.symbol() ? instance.shapes.find(dim.symbol()) : instance.shapes.end();
    if (whole != instance.shapes.end())
      shape.append(whole->second);
    else
      shape.push_back(sizeOf(dim, instance.sizes));
  }
  return RankedTensorType::get(shape, written.getElementType());
}

std::optional<TensorLayout> TensorEmitter::layoutOf(sema::Type type) {
  sema::Type base = sema::base(type);
  if (auto stands = instance.types.find(base); stands != instance.types.end())
    return stands->second;
  TensorLayout layout;
  switch (base->kind) {
  case sema::TypeKind::tensor:
    layout.tensor = typeOf(base);
    return layout;
  case sema::TypeKind::rng:
    layout.tensor = RankedTensorType::get({}, builder.getI64Type());
    return layout;
  case sema::TypeKind::record:
    for (const sema::Field &field : base->fields) {
      std::optional<TensorLayout> part = layoutOf(field.type);
      if (!part)
        return std::nullopt;
      layout.fields.push_back(std::move(*part));
    }
    return layout;
  case sema::TypeKind::tuple:
    for (sema::Type element : base->elements) {
      std::optional<TensorLayout> part = layoutOf(element);
      if (!part)
        return std::nullopt;
      layout.fields.push_back(std::move(*part));
    }
    return layout;
  default:
    return std::nullopt;
  }
}

bool TensorEmitter::computed(source::Span span, RankedTensorType type) {
  if (!isLarge(type))
    return true;
  module.refuse(diagnostics::Code::tensorValueNotCarried, span, shown(type) + ", more than 2^40 bytes,");
  return false;
}

} // namespace weft::lowering
