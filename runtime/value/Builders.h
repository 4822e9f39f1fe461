//===- Builders.h - Make values without a second copy ---------------------===//
//
//   ListBuilder list(names.size());
//   for (auto &name : names) list.add(Value::text(name));
//   Value result = std::move(list).list();
//
// A builder owns its memory until it is finished and grows by doubling when
// more arrives than was announced.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/value/Value.h"

#include <string>
#include <utility>

namespace weft::value {

/// Values side by side, finished as a list, record, variant or closure. Not for sharing between threads.
class ArrayBuilder {
public:
  explicit ArrayBuilder(std::size_t capacity = 0);
  ArrayBuilder(ArrayBuilder &&other) noexcept
      : object(std::exchange(other.object, nullptr)), capacity(std::exchange(other.capacity, 0)) {}
  ArrayBuilder(const ArrayBuilder &) = delete;
  ArrayBuilder &operator=(const ArrayBuilder &) = delete;
  ~ArrayBuilder();

  void add(Value value);
  std::size_t count() const { return object ? object->length : 0; }
  /// The item added as number `index`; may be moved from or written before the builder is finished.
  Value &operator[](std::size_t index);

  Value list() && { return std::move(*this).finish(Tag::list, 0); }
  Value record() && { return std::move(*this).finish(Tag::record, 0); }
  Value variant(std::uint32_t caseIndex) && { return std::move(*this).finish(Tag::variant, caseIndex); }
  Value function(std::uint32_t index) && { return std::move(*this).finish(Tag::function, index); }
  Value agent(AgentKind kind, std::uint32_t index) && {
    return std::move(*this).finish(Tag::agent, index | static_cast<std::uint32_t>(kind) << 31);
  }

private:
  friend class Value;
  friend class MapBuilder;
  Value finish(Tag tag, std::uint32_t aux) &&;
  void grow();
  Value *values() { return reinterpret_cast<Value *>(object->bytes()); }
  Object *object = nullptr;
  std::size_t capacity = 0;
};

using ListBuilder = ArrayBuilder;

/// Entries in any order; `map` sorts them by key.
class MapBuilder {
public:
  explicit MapBuilder(std::size_t capacity = 0) : array(2 * capacity) {}
  /// `key` is a string value.
  void add(Value key, Value value);
  std::size_t count() const { return array.count() / 2; }
  /// Fails with `invalid` and the key when one stands twice. O(n) when the keys came in order, else O(n log n).
  base::Result<Value> map() &&;
  /// As `map`, but the entry added last stays.
  Value mapOfLast() &&;

private:
  /// False when a key stands twice and `keepLast` is not set; `duplicate` is then that key.
  bool order(bool keepLast, std::string &duplicate);
  ArrayBuilder array;
};

/// `map` with `value` at `key`, new or instead of the one that stood there. O(n).
Value withEntry(const Value &map, const Value &key, Value value);
/// A record or tuple with `value` as its field `index`. O(fields).
Value withItem(const Value &record, std::uint32_t index, Value value);

/// Bytes that the caller writes before it finishes.
class RawBuilder {
public:
  explicit RawBuilder(std::size_t size);
  RawBuilder(const RawBuilder &) = delete;
  RawBuilder &operator=(const RawBuilder &) = delete;
  ~RawBuilder();
  /// `size` bytes to write.
  char *data() { return object ? object->bytes() : small; }
  Value text() && { return std::move(*this).finish(Tag::string); }
  Value bytes() && { return std::move(*this).finish(Tag::bytes); }

private:
  Value finish(Tag tag) &&;
  Object *object = nullptr;
  std::size_t size;
  char small[Value::inlineBytes] = {};
};

/// Memory of one tensor, 64-byte aligned, zeroed, to be filled before it is finished.
class TensorBuilder {
public:
  /// Rank at most maxRank, every size at least 0, and a product that fits an int64 of bytes: see `tensorBytes`.
  TensorBuilder(base::ElementType type, std::span<const std::int64_t> dims);
  TensorBuilder(const TensorBuilder &) = delete;
  TensorBuilder &operator=(const TensorBuilder &) = delete;
  ~TensorBuilder();
  base::MutableBytes data() { return {object->data(), object->dataBytes}; }
  Value tensor() &&;

private:
  TensorObject *object;
};

/// Bytes of a tensor's data; fails with `invalid` on a rank above maxRank or a negative size, with `limit` above
/// Limits.h's maxTensorBytes.
base::Result<std::uint64_t> tensorBytes(base::ElementType type, std::span<const std::int64_t> dims);

} // namespace weft::value
