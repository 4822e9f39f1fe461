//===- Builders.cpp - Memory of values while it is written ----------------===//

#include "runtime/value/Builders.h"

#include "runtime/base/Limits.h"

#include <algorithm>
#include <new>
#include <numeric>

namespace weft::value {
namespace {

/// Plain operator new is aligned to 16 on every platform that the runtime is built for.
static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= alignof(Object));

Object *allocate(std::size_t bytes) { return static_cast<Object *>(::operator new(sizeof(Object) + bytes)); }

} // namespace

ArrayBuilder::ArrayBuilder(std::size_t capacity) : capacity(capacity) {
  if (capacity)
    object = new (allocate(capacity * sizeof(Value))) Object(0);
}

ArrayBuilder::~ArrayBuilder() {
  if (!object)
    return;
  for (std::uint32_t i = 0; i < object->length; ++i)
    values()[i].~Value();
  ::operator delete(object);
}

void ArrayBuilder::grow() {
  std::size_t larger = capacity ? 2 * capacity : 4;
  WEFT_ASSERT(larger <= 4 * base::maxListItems);
  auto *moved = new (allocate(larger * sizeof(Value))) Object(object ? object->length : 0);
  if (object) {
    // A value may change its place in memory: nothing points at it.
    std::memcpy(moved->bytes(), object->bytes(), object->length * sizeof(Value));
    ::operator delete(object);
  }
  object = moved;
  capacity = larger;
}

void ArrayBuilder::add(Value value) {
  if (count() == capacity)
    grow();
  new (values() + object->length) Value(std::move(value));
  ++object->length;
}

Value &ArrayBuilder::operator[](std::size_t index) {
  WEFT_ASSERT(index < count());
  return values()[index];
}

Value ArrayBuilder::finish(Tag tag, std::uint32_t aux) && {
  Value result;
  result.kind = tag;
  result.aux = aux;
  if (count() == 0)
    return result;
  std::uint32_t depth = 0;
  std::uint64_t bytes = sizeof(Object) + object->length * sizeof(Value);
  for (std::uint32_t i = 0; i < object->length; ++i) {
    depth = std::max(depth, values()[i].depth());
    // Shared parts count each time, so the sum can pass any number: it stays at the largest.
    if (__builtin_add_overflow(bytes, values()[i].deepBytes(), &bytes))
      bytes = ~std::uint64_t{0};
  }
  object->deepBytes = bytes;
  result.flags = Value::countedFlag;
  // The parts of a file, blob or state are no level that a program could see.
  result.small = tag >= Tag::file ? 0 : static_cast<std::uint16_t>(std::min(depth + 1, 0xffffu));
  result.payload.object = std::exchange(object, nullptr);
  return result;
}

void MapBuilder::add(Value key, Value value) {
  WEFT_ASSERT(key.is(Tag::string));
  array.add(std::move(key));
  array.add(std::move(value));
}

bool MapBuilder::order(bool keepLast, std::string &duplicate) {
  std::size_t count = array.count() / 2;
  auto key = [&](std::size_t entry) { return array.values()[2 * entry].asText(); };
  bool ascending = true;
  for (std::size_t i = 1; i < count && ascending; ++i)
    ascending = key(i - 1) < key(i);
  if (ascending)
    return true;
  std::vector<std::uint32_t> places(count);
  std::iota(places.begin(), places.end(), 0u);
  std::stable_sort(places.begin(), places.end(), [&](auto a, auto b) { return key(a) < key(b); });
  ArrayBuilder sorted(2 * count);
  for (std::size_t i = 0; i < count; ++i) {
    if (i + 1 < count && key(places[i]) == key(places[i + 1])) {
      if (!keepLast) {
        duplicate = key(places[i]);
        return false;
      }
      continue;
    }
    // Only the value moves: the key is still compared with its neighbour.
    sorted.add(array.values()[2 * places[i]]);
    sorted.add(std::move(array.values()[2 * places[i] + 1]));
  }
  std::swap(array.object, sorted.object);
  std::swap(array.capacity, sorted.capacity);
  return true;
}

base::Result<Value> MapBuilder::map() && {
  std::string duplicate;
  if (!order(false, duplicate))
    return base::error(base::Code::invalid, "key \"" + duplicate + "\" stands twice");
  return std::move(array).finish(Tag::map, 0);
}

Value MapBuilder::mapOfLast() && {
  std::string duplicate;
  order(true, duplicate);
  return std::move(array).finish(Tag::map, 0);
}

Value withEntry(const Value &map, const Value &key, Value value) {
  auto entries = map.entries();
  MapBuilder builder(entries.size() + 1);
  std::size_t i = 0;
  for (; i < entries.size() && entries[i].key.asText() < key.asText(); ++i)
    builder.add(entries[i].key, entries[i].value);
  builder.add(key, std::move(value));
  if (i < entries.size() && entries[i].key.asText() == key.asText())
    ++i;
  for (; i < entries.size(); ++i)
    builder.add(entries[i].key, entries[i].value);
  return std::move(builder).mapOfLast();
}

Value withItem(const Value &record, std::uint32_t index, Value value) {
  auto items = record.items();
  WEFT_ASSERT(index < items.size());
  ArrayBuilder builder(items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i)
    builder.add(i == index ? std::move(value) : items[i]);
  return record.is(Tag::list) ? std::move(builder).list() : std::move(builder).record();
}

RawBuilder::RawBuilder(std::size_t size) : size(size) {
  WEFT_ASSERT(size <= base::maxDocumentBytes);
  if (size <= Value::inlineBytes)
    return;
  object = new (allocate(size)) Object(static_cast<std::uint32_t>(size));
  object->deepBytes = sizeof(Object) + size;
}

RawBuilder::~RawBuilder() {
  if (object)
    ::operator delete(object);
}

Value RawBuilder::finish(Tag tag) && {
  Value result;
  result.kind = tag;
  if (object) {
    result.flags = Value::countedFlag;
    result.payload.object = std::exchange(object, nullptr);
  } else {
    result.small = static_cast<std::uint16_t>(size);
    std::memcpy(reinterpret_cast<char *>(&result) + 4, small, Value::inlineBytes);
  }
  return result;
}

base::Result<std::uint64_t> tensorBytes(base::ElementType type, std::span<const std::int64_t> dims) {
  if (dims.size() > maxRank)
    return base::error(base::Code::invalid, "a tensor of rank " + std::to_string(dims.size()) + ", at most " +
                                                std::to_string(maxRank) + " is supported");
  std::uint64_t bytes = base::sizeOf(type);
  bool empty = std::find(dims.begin(), dims.end(), 0) != dims.end();
  for (std::int64_t dim : dims) {
    if (dim < 0)
      return base::error(base::Code::invalid, "a tensor dimension of size " + std::to_string(dim));
    if (empty)
      continue;
    if (static_cast<std::uint64_t>(dim) > base::maxTensorBytes / bytes)
      return base::error(base::Code::limit, "a tensor of more than " + std::to_string(base::maxTensorBytes) + " bytes");
    bytes *= static_cast<std::uint64_t>(dim);
  }
  return empty ? std::uint64_t{0} : bytes;
}

TensorBuilder::TensorBuilder(base::ElementType type, std::span<const std::int64_t> dims) {
  auto bytes = tensorBytes(type, dims);
  WEFT_ASSERT(bytes);
  void *memory = ::operator new(sizeof(TensorObject) + *bytes, std::align_val_t(tensorAlignment));
  object = new (memory) TensorObject();
  object->dataBytes = *bytes;
  object->deepBytes = sizeof(TensorObject) + *bytes;
  object->type = static_cast<std::uint8_t>(type);
  object->rank = static_cast<std::uint8_t>(dims.size());
  std::copy(dims.begin(), dims.end(), object->dims);
  std::memset(object->data(), 0, *bytes);
}

TensorBuilder::~TensorBuilder() {
  if (object)
    ::operator delete(object, std::align_val_t(tensorAlignment));
}

Value TensorBuilder::tensor() && {
  Value result;
  result.kind = Tag::tensor;
  result.flags = Value::countedFlag;
  result.payload.object = std::exchange(object, nullptr);
  return result;
}

} // namespace weft::value
