//===- RandomValues.h - Types and values of them from a seed --------------===//
#pragma once

#include "runtime/base/Random.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Numbers.h"
#include "runtime/value/Types.h"
#include "runtime/value/Utf8.h"

#include <cmath>

namespace weft::value {

class RandomValues {
public:
  explicit RandomValues(std::uint64_t seed) : random(seed) {}

  /// A type that has a JSON form, named or not, at most `depth` levels deep.
  TypeId type(TypeTable &types, int depth) {
    std::uint64_t pick = random.below(depth > 0 ? 18 : 11);
    constexpr TypeKind plain[] = {TypeKind::none,   TypeKind::boolean, TypeKind::integer, TypeKind::real,
                                  TypeKind::string, TypeKind::bytes,   TypeKind::json,    TypeKind::duration,
                                  TypeKind::size,   TypeKind::money,   TypeKind::file};
    if (pick < 11)
      return types.simple(plain[pick]);
    switch (pick) {
    case 11:
      return types.list(type(types, depth - 1));
    case 12:
      return types.map(type(types, depth - 1));
    case 13: {
      TypeId element = type(types, depth - 1);
      TypeKind kind = types[element].kind;
      // `json` holds null itself, so a `json?` has two forms of absent.
      bool absent = kind == TypeKind::optional || kind == TypeKind::none || kind == TypeKind::json;
      return absent ? element : types.optional(element);
    }
    case 14:
      return types.tuple({type(types, depth - 1), type(types, depth - 1)});
    case 15:
      return types.record(name(), fields(types, depth));
    case 16: {
      std::vector<Case> cases;
      std::uint64_t count = 2 + random.below(3);
      bool plainSum = random.below(2);
      for (std::uint64_t i = 0; i < count; ++i)
        cases.push_back({"case_" + std::to_string(i), plainSum ? std::vector<Field>() : fields(types, depth), ""});
      return types.sum(name(), std::move(cases));
    }
    default: {
      auto element = static_cast<base::ElementType>(random.below(base::elementTypeCount));
      std::vector<std::int64_t> dims(random.below(3));
      for (auto &dim : dims)
        dim = static_cast<std::int64_t>(random.below(4));
      return types.tensor(element, dims);
    }
    }
  }

  Value value(const TypeTable &types, TypeId id) {
    const Type &type = types[id];
    auto element = static_cast<TypeId>(type.element);
    ArrayBuilder items;
    switch (type.kind) {
    case TypeKind::none:
      return Value();
    case TypeKind::boolean:
      return Value::boolean(random.below(2));
    case TypeKind::integer:
      return Value::integer(amount());
    case TypeKind::real:
      return Value::real(real());
    case TypeKind::string:
      return Value::text(text());
    case TypeKind::bytes: {
      std::string bytes(random.below(20), ' ');
      for (char &c : bytes)
        c = static_cast<char>(random.next());
      return Value::bytes(base::bytesOf(bytes));
    }
    case TypeKind::json:
      return json(3);
    case TypeKind::duration:
      return Value::duration(amount());
    case TypeKind::size:
      return Value::size(amount());
    case TypeKind::money:
      return Value::money(amount());
    case TypeKind::file: {
      base::Digest digest;
      for (auto &byte : digest.bytes)
        byte = static_cast<std::uint8_t>(random.next());
      return Value::file(text(), "text/plain", digest);
    }
    case TypeKind::list:
      for (std::uint64_t i = random.below(4); i > 0; --i)
        items.add(value(types, element));
      return std::move(items).list();
    case TypeKind::map: {
      MapBuilder map;
      for (std::uint64_t i = random.below(4); i > 0; --i)
        map.add(Value::text(text()), value(types, element));
      return std::move(map).mapOfLast();
    }
    case TypeKind::optional:
      return random.below(3) ? value(types, element) : Value();
    case TypeKind::tuple:
    case TypeKind::record:
      for (const Field &field : type.fields)
        items.add(value(types, field.type));
      return type.kind == TypeKind::tuple ? std::move(items).list() : std::move(items).record();
    case TypeKind::sum: {
      auto chosen = static_cast<std::uint32_t>(random.below(type.cases.size()));
      for (const Field &field : type.cases[chosen].fields)
        items.add(value(types, field.type));
      return std::move(items).variant(chosen);
    }
    case TypeKind::tensor:
      return tensor(type);
    default:
      return Value();
    }
  }

  /// A value of any tag, with what has no JSON form too.
  Value any(int depth) {
    base::Digest digest = base::digestOf(base::bytesOf(text()));
    auto items = [&] {
      ArrayBuilder builder;
      for (std::uint64_t i = random.below(4); i > 0; --i)
        builder.add(any(depth - 1));
      return builder;
    };
    auto index = static_cast<std::uint32_t>(random.below(1000));
    switch (random.below(depth > 0 ? 20 : 11)) {
    case 0:
      return Value();
    case 1:
      return Value::boolean(random.below(2));
    case 2:
      return Value::integer(amount());
    case 3:
      return Value::real(real());
    case 4:
      return Value::text(text());
    case 5:
      return Value::bytes(base::bytesOf(text()));
    case 6:
      return Value::duration(amount());
    case 7:
      return Value::size(amount());
    case 8:
      return Value::money(amount());
    case 9:
      return Value::rng({random.next(), index});
    case 10:
      return Value::blob(digest, std::abs(amount() / 2));
    case 11:
      return items().list();
    case 12:
      return items().record();
    case 13:
      return items().variant(index);
    case 14:
      return items().function(index);
    case 15:
      return items().agent(random.below(2) ? AgentKind::block : AgentKind::member, index);
    case 16: {
      MapBuilder map;
      for (std::uint64_t i = random.below(4); i > 0; --i)
        map.add(Value::text(text()), any(depth - 1));
      return std::move(map).mapOfLast();
    }
    case 17:
      return Value::file(text(), text(), digest);
    case 18:
      return Value::state(index, digest);
    default: {
      Type type;
      type.dtype = static_cast<base::ElementType>(random.below(base::elementTypeCount));
      type.dims = {static_cast<std::int64_t>(random.below(4)), 2};
      return tensor(type);
    }
    }
  }

  std::string text() {
    std::string out;
    for (std::uint64_t i = random.below(random.below(4) ? 8 : 30); i > 0; --i) {
      constexpr char32_t points[] = {'a', 'Z', '"', '\\', '\n', 1, 0, '/', 0xe9, 0x4e2d, 0x1f600, ' ', '0', '.'};
      appendCodePoint(out, points[random.below(std::size(points))]);
    }
    return out;
  }

  std::int64_t amount() {
    auto bits = static_cast<std::int64_t>(random.next());
    constexpr std::int64_t edges[] = {0, 1, -1, INT64_MAX, INT64_MIN, 1ll << 53, (1ll << 53) + 1, -(1ll << 53), 1000};
    std::uint64_t pick = random.below(4);
    return pick == 0 ? edges[random.below(std::size(edges))] : pick == 1 ? bits : bits >> random.below(63);
  }

  double real() {
    constexpr double edges[] = {0.0, 1.0, -1.0, 0.1, 1e300, 5e-324, 1.7976931348623157e308, 1e21, 123456789.0};
    if (random.below(3) == 0)
      return edges[random.below(std::size(edges))];
    double value = std::ldexp(random.uniform() - 0.5, static_cast<int>(random.below(200)) - 100);
    return value == 0 ? 0.0 : value;
  }

  base::Random random;

private:
  std::string name() { return "Type" + std::to_string(++names); }

  std::vector<Field> fields(TypeTable &types, int depth) {
    std::vector<Field> fields;
    for (std::uint64_t i = random.below(4); i > 0; --i)
      fields.push_back({"field_" + std::to_string(i), type(types, depth - 1), -1, "", ""});
    return fields;
  }

  Value json(int depth) {
    ArrayBuilder items;
    MapBuilder map;
    switch (random.below(depth > 0 ? 7 : 5)) {
    case 0:
      return Value();
    case 1:
      return Value::boolean(random.below(2));
    case 2:
      return Value::integer(amount());
    case 3:
      return Value::real(real());
    case 4:
      return Value::text(text());
    case 5:
      for (std::uint64_t i = random.below(4); i > 0; --i)
        items.add(json(depth - 1));
      return std::move(items).list();
    default:
      for (std::uint64_t i = random.below(4); i > 0; --i)
        map.add(Value::text(text()), json(depth - 1));
      return std::move(map).mapOfLast();
    }
  }

  Value tensor(const Type &type) {
    TensorBuilder builder(type.dtype, type.dims);
    std::uint64_t count = builder.data().size() / base::sizeOf(type.dtype);
    for (std::uint64_t i = 0; i < count; ++i) {
      bool isBool = type.dtype == base::ElementType::boolean;
      Value element =
          isBool ? Value::boolean(random.below(2)) : Value::integer(static_cast<std::int64_t>(random.below(100)));
      if (type.dtype <= base::ElementType::f16)
        element = Value::real(std::ldexp(random.uniform(), static_cast<int>(random.below(8))));
      setElement(type.dtype, builder.data().data(), i, element);
    }
    return std::move(builder).tensor();
  }

  int names = 0;
};

} // namespace weft::value
