//===- ConstantValue.cpp - Attributes of constants and runtime values -----===//

#include "dialects/expr/ConstantValue.h"
#include "runtime/value/Builders.h"

using namespace mlir;

namespace weft::expr {
namespace {

using value::Tag;
using value::Value;

std::optional<std::vector<Value>> valuesOf(ArrayAttr list) {
  std::vector<Value> values;
  for (Attribute one : list) {
    auto value = valueOf(one);
    if (!value)
      return std::nullopt;
    values.push_back(*std::move(value));
  }
  return values;
}

ArrayAttr attributesOf(MLIRContext *context, std::span<const Value> values) {
  SmallVector<Attribute> list;
  for (const Value &value : values)
    if (!list.emplace_back(attributeOf(context, value)))
      return {};
  return ArrayAttr::get(context, list);
}

std::optional<Value> mapOf(DictionaryAttr dictionary) {
  value::MapBuilder entries(dictionary.size());
  for (NamedAttribute entry : dictionary) {
    auto value = valueOf(entry.getValue());
    if (!value)
      return std::nullopt;
    entries.add(Value::text(std::string_view(entry.getName().strref())), *std::move(value));
  }
  auto map = std::move(entries).map();
  return map ? std::optional(*std::move(map)) : std::nullopt;
}

std::optional<Value> tensorOf(DenseElementsAttr elements) {
  auto dtype = elementTypeOf(elements.getElementType());
  if (!dtype || elements.getElementType().isInteger(1))
    return std::nullopt;
  value::TensorBuilder builder(*dtype, std::span<const int64_t>(elements.getType().getShape()));
  ArrayRef<char> raw = elements.getRawData();
  base::MutableBytes data = builder.data();
  for (size_t at = 0; at + raw.size() <= data.size() && !raw.empty(); at += raw.size())
    std::memcpy(data.data() + at, raw.data(), raw.size()); // A splat holds its element once.
  return std::move(builder).tensor();
}

} // namespace

std::optional<Value> valueOf(Attribute attribute) {
  if (isa<UnitAttr>(attribute))
    return Value::none();
  if (auto boolean = dyn_cast<BoolAttr>(attribute))
    return Value::boolean(boolean.getValue());
  if (auto integer = dyn_cast<IntegerAttr>(attribute))
    return Value::integer(integer.getInt());
  if (auto real = dyn_cast<FloatAttr>(attribute))
    return Value::real(real.getValueAsDouble());
  if (auto text = dyn_cast<StringAttr>(attribute))
    return Value::text(std::string_view(text.getValue()));
  if (auto quantity = dyn_cast<QuantityAttr>(attribute))
    switch (quantity.getMeasure()) {
    case Measure::duration:
      return Value::duration(quantity.getAmount());
    case Measure::size:
      return Value::size(quantity.getAmount());
    case Measure::money:
      return Value::money(quantity.getAmount());
    }
  if (auto list = dyn_cast<ArrayAttr>(attribute)) {
    auto items = valuesOf(list);
    return items ? std::optional(Value::list(*items)) : std::nullopt;
  }
  if (auto record = dyn_cast<RecordValueAttr>(attribute)) {
    auto fields = valuesOf(record.getFields());
    return fields ? std::optional(Value::record(*fields)) : std::nullopt;
  }
  if (auto variant = dyn_cast<CaseValueAttr>(attribute)) {
    auto fields = valuesOf(variant.getFields());
    return fields ? std::optional(Value::variant(variant.getIndex(), *fields)) : std::nullopt;
  }
  if (auto dictionary = dyn_cast<DictionaryAttr>(attribute))
    return mapOf(dictionary);
  if (auto elements = dyn_cast<DenseElementsAttr>(attribute))
    return tensorOf(elements);
  return std::nullopt;
}

std::optional<base::ElementType> elementTypeOf(Type type) {
  using base::ElementType;
  if (type.isF32())
    return ElementType::f32;
  if (type.isF64())
    return ElementType::f64;
  if (type.isBF16())
    return ElementType::bf16;
  if (type.isF16())
    return ElementType::f16;
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer)
    return std::nullopt;
  switch (integer.getWidth()) {
  case 64:
    return ElementType::i64;
  case 32:
    return ElementType::i32;
  case 8:
    return integer.isUnsigned() ? ElementType::u8 : ElementType::i8;
  case 1:
    return ElementType::boolean;
  default:
    return std::nullopt;
  }
}

Attribute attributeOf(MLIRContext *context, const Value &value) {
  Builder builder(context);
  switch (value.tag()) {
  case Tag::none:
    return builder.getUnitAttr();
  case Tag::boolean:
    return builder.getBoolAttr(value.asBool());
  case Tag::integer:
    return builder.getI64IntegerAttr(value.asInt());
  case Tag::real:
    return builder.getF64FloatAttr(value.asFloat());
  case Tag::string:
    return builder.getStringAttr(value.asText());
  case Tag::duration:
    return QuantityAttr::get(context, Measure::duration, value.units());
  case Tag::size:
    return QuantityAttr::get(context, Measure::size, value.units());
  case Tag::money:
    return QuantityAttr::get(context, Measure::money, value.units());
  case Tag::list:
    return attributesOf(context, value.items());
  case Tag::record: {
    ArrayAttr fields = attributesOf(context, value.items());
    return fields ? RecordValueAttr::get(context, fields) : Attribute();
  }
  case Tag::variant: {
    ArrayAttr fields = attributesOf(context, value.items());
    return fields ? CaseValueAttr::get(context, value.caseIndex(), fields) : Attribute();
  }
  case Tag::map: {
    SmallVector<NamedAttribute> entries;
    for (const value::MapEntry &entry : value.entries()) {
      Attribute item = attributeOf(context, entry.value);
      // A dictionary cannot hold the empty key.
      if (!item || entry.key.asText().empty())
        return {};
      entries.emplace_back(builder.getStringAttr(entry.key.asText()), item);
    }
    return builder.getDictionaryAttr(entries);
  }
  default:
    return {};
  }
}

} // namespace weft::expr
