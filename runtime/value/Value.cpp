//===- Value.cpp - Makers, readers and the end of values ------------------===//

#include "runtime/value/Value.h"

#include "runtime/base/Limits.h"
#include "runtime/value/Builders.h"

#include <algorithm>
#include <new>
#include <vector>

namespace weft::value {
namespace {

/// Values nested deeper than this are freed with a list of their own instead of recursion.
constexpr std::uint32_t maxFreeDepth = 512;

Value arrayOf(std::span<const Value> items, auto &&finish) {
  ArrayBuilder builder(items.size());
  for (const Value &item : items)
    builder.add(item);
  return finish(std::move(builder));
}

Value digestValue(const base::Digest &digest) { return Value::bytes(std::as_bytes(std::span(digest.bytes))); }

base::Digest digestIn(const Value &value) {
  base::Digest digest;
  base::ConstBytes bytes = value.asBytes();
  WEFT_ASSERT(bytes.size() == digest.bytes.size());
  std::memcpy(digest.bytes.data(), bytes.data(), bytes.size());
  return digest;
}

} // namespace

std::string_view name(Tag tag) {
  constexpr std::string_view names[tagCount] = {"none",   "bool",     "int",   "float",    "string", "bytes", "list",
                                                "map",    "record",   "sum",   "duration", "size",   "money", "rng",
                                                "tensor", "function", "agent", "file",     "blob",   "state"};
  WEFT_ASSERT(static_cast<std::uint8_t>(tag) < tagCount);
  return names[static_cast<std::uint8_t>(tag)];
}

Value Value::rng(Rng rng) noexcept {
  Value result;
  result.kind = Tag::rng;
  result.aux = rng.stream;
  result.payload.integer = static_cast<std::int64_t>(rng.key);
  return result;
}

Rng Value::asRng() const {
  WEFT_ASSERT(kind == Tag::rng);
  return {static_cast<std::uint64_t>(payload.integer), aux};
}

Value Value::text(std::string_view text) {
  RawBuilder builder(text.size());
  if (!text.empty())
    std::memcpy(builder.data(), text.data(), text.size());
  return std::move(builder).text();
}

Value Value::bytes(base::ConstBytes bytes) {
  RawBuilder builder(bytes.size());
  if (!bytes.empty())
    std::memcpy(builder.data(), bytes.data(), bytes.size());
  return std::move(builder).bytes();
}

Value Value::list(std::span<const Value> items) {
  return arrayOf(items, [](ArrayBuilder &&builder) { return std::move(builder).list(); });
}

Value Value::record(std::span<const Value> fields) {
  return arrayOf(fields, [](ArrayBuilder &&builder) { return std::move(builder).record(); });
}

Value Value::variant(std::uint32_t caseIndex, std::span<const Value> fields) {
  return arrayOf(fields, [&](ArrayBuilder &&builder) { return std::move(builder).variant(caseIndex); });
}

Value Value::function(std::uint32_t index, std::span<const Value> captures) {
  return arrayOf(captures, [&](ArrayBuilder &&builder) { return std::move(builder).function(index); });
}

Value Value::agent(AgentKind kind, std::uint32_t index, std::span<const Value> captures) {
  return arrayOf(captures, [&](ArrayBuilder &&builder) { return std::move(builder).agent(kind, index); });
}

Value Value::file(std::string_view name, std::string_view media, const base::Digest &digest) {
  ArrayBuilder builder(3);
  builder.add(text(name));
  builder.add(text(media));
  builder.add(digestValue(digest));
  return std::move(builder).finish(Tag::file, 0);
}

FileView Value::asFile() const {
  WEFT_ASSERT(kind == Tag::file);
  auto parts = array();
  return {parts[0].raw(), parts[1].raw(), digestIn(parts[2])};
}

Value Value::blob(const base::Digest &digest, std::int64_t sizeBytes) {
  ArrayBuilder builder(2);
  builder.add(digestValue(digest));
  builder.add(integer(sizeBytes));
  return std::move(builder).finish(Tag::blob, 0);
}

BlobView Value::asBlob() const {
  WEFT_ASSERT(kind == Tag::blob);
  auto parts = array();
  return {digestIn(parts[0]), parts[1].asInt()};
}

Value Value::state(std::uint32_t gang, const base::Digest &manifest) {
  ArrayBuilder builder(1);
  builder.add(digestValue(manifest));
  return std::move(builder).finish(Tag::state, gang);
}

StateView Value::asState() const {
  WEFT_ASSERT(kind == Tag::state);
  return {aux, digestIn(array()[0])};
}

TensorView Value::asTensor() const {
  WEFT_ASSERT(kind == Tag::tensor);
  auto *object = static_cast<const TensorObject *>(payload.object);
  return {
      static_cast<base::ElementType>(object->type), {object->dims, object->rank}, {object->data(), object->dataBytes}};
}

std::span<const MapEntry> Value::entries() const {
  WEFT_ASSERT(kind == Tag::map);
  auto values = array();
  // An entry is two values side by side; MapEntry says so with names.
  return {reinterpret_cast<const MapEntry *>(values.data()), values.size() / 2};
}

const Value *Value::find(std::string_view key) const {
  auto all = entries();
  auto place = std::lower_bound(all.begin(), all.end(), key,
                                [](const MapEntry &entry, std::string_view key) { return entry.key.raw() < key; });
  return place != all.end() && place->key.raw() == key ? &place->value : nullptr;
}

std::string beyondLimits(const Value &value) {
  if (value.depth() > base::maxValueDepth)
    return "a value nests deeper than " + std::to_string(base::maxValueDepth);
  if (value.deepBytes() > base::maxValueBytes)
    return "a value takes " + std::to_string(value.deepBytes()) + " bytes, at most " +
           std::to_string(base::maxValueBytes) + " can be held";
  return {};
}

void Value::destroy() noexcept {
  Object *object = payload.object;
  if (kind == Tag::tensor) {
    auto *tensor = static_cast<TensorObject *>(object);
    ::operator delete(tensor, std::align_val_t(tensorAlignment));
    return;
  }
  if (kind != Tag::string && kind != Tag::bytes) {
    auto *values = reinterpret_cast<Value *>(object->bytes());
    if (small <= maxFreeDepth) {
      for (std::uint32_t i = 0; i < object->length; ++i)
        values[i].~Value();
    } else {
      // Children that would be freed with this one are emptied first, so that no stack is needed per level.
      std::vector<Value> pending;
      for (std::uint32_t i = 0; i < object->length; ++i)
        pending.push_back(std::move(values[i]));
      while (!pending.empty()) {
        Value value = std::move(pending.back());
        pending.pop_back();
        if (value.depth() > maxFreeDepth && value.payload.object->count.load(std::memory_order_acquire) == 1) {
          auto *inner = reinterpret_cast<Value *>(value.payload.object->bytes());
          for (std::uint32_t i = 0; i < value.payload.object->length; ++i)
            pending.push_back(std::move(inner[i]));
        }
      }
    }
  }
  ::operator delete(object);
}

} // namespace weft::value
