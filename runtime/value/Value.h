//===- Value.h - What a workflow computes with ----------------------------===//
//
// Sixteen bytes, immutable: numbers, units, empty lists, cases without fields
// and texts of at most 12 bytes stand inside; the rest is a counted pointer to
// memory that nobody writes again. A copy costs two moves, and one atomic
// increment where there is a pointer; values may cross threads.
//
// A value does not know its type. Types are static (Types.h): a record is its
// fields in order, a sum its case index and fields, `T?` is none or the T.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/Digest.h"
#include "runtime/base/ElementType.h"
#include "runtime/base/Result.h"
#include "runtime/value/Object.h"

#include <cstring>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace weft::value {

/// The numbers are part of the encoding (Encoding.h): never reused.
enum class Tag : std::uint8_t {
  none = 0,
  boolean = 1,
  integer = 2,
  real = 3,
  string = 4,
  bytes = 5,
  list = 6, ///< A tuple too.
  map = 7,
  record = 8,
  variant = 9,   ///< A value of a sum.
  duration = 10, ///< Nanoseconds.
  size = 11,     ///< Bytes.
  money = 12,    ///< Nano-dollars.
  rng = 13,
  tensor = 14,
  function = 15, ///< A closure: function index and captures.
  agent = 16,    ///< A member or block of the plan and captures.
  file = 17,     ///< Name, media type, digest; the bytes lie elsewhere.
  blob = 18,     ///< Stands for a large value whose encoding has this digest.
  state = 19,    ///< Training state of a gang: gang index and manifest digest.
};

inline constexpr std::uint8_t tagCount = 20;

/// For messages: "string", "list", "int".
std::string_view name(Tag tag);

/// A counter-based source of random numbers (runtime/base/Random.h): what is drawn depends on these bits alone.
struct Rng {
  std::uint64_t key = 0;
  std::uint32_t stream = 0;
  bool operator==(const Rng &) const = default;
};

enum class AgentKind : std::uint8_t { member = 0, block = 1 };

class Value;
struct MapEntry;

/// Shape and memory of a tensor value; row-major, 64-byte aligned, valid while the value lives.
struct TensorView {
  base::ElementType type;
  std::span<const std::int64_t> dims;
  base::ConstBytes data;
  /// Elements; 1 at rank 0.
  std::uint64_t elements() const { return data.size() / base::sizeOf(type); }
};

struct FileView {
  std::string_view name, media;
  base::Digest digest;
};

struct BlobView {
  base::Digest digest;
  std::int64_t sizeBytes; ///< Of the encoding.
};

struct StateView {
  std::uint32_t gang;
  base::Digest manifest;
};

/// Accessors ask for the right tag: reading another one is a broken invariant. Views and spans are valid while the
/// value that gave them stays where it is (a short text lies inside the value itself).
class Value {
public:
  static constexpr std::size_t inlineBytes = 12;

  Value() noexcept { std::memset(static_cast<void *>(this), 0, sizeof *this); }
  Value(const Value &other) noexcept {
    copyBits(other);
    if (counted())
      payload.object->retain();
  }
  Value(Value &&other) noexcept {
    copyBits(other);
    other.forget();
  }
  Value &operator=(const Value &other) noexcept {
    Value copy(other);
    return *this = std::move(copy);
  }
  Value &operator=(Value &&other) noexcept {
    if (this != &other) {
      drop();
      copyBits(other);
      other.forget();
    }
    return *this;
  }
  ~Value() { drop(); }

  // Inside the value: none of these allocates.
  static Value none() noexcept { return Value(); }
  static Value boolean(bool value) noexcept { return number(Tag::boolean, value); }
  static Value integer(std::int64_t value) noexcept { return number(Tag::integer, value); }
  static Value real(double value) noexcept {
    Value result;
    result.kind = Tag::real;
    result.payload.real = value;
    return result;
  }
  static Value duration(std::int64_t ns) noexcept { return number(Tag::duration, ns); }
  static Value size(std::int64_t bytes) noexcept { return number(Tag::size, bytes); }
  static Value money(std::int64_t nanoDollars) noexcept { return number(Tag::money, nanoDollars); }
  static Value rng(Rng rng) noexcept;

  /// UTF-8, not checked here: texts from outside pass `validUtf8` (Utf8.h) first. Copies once.
  static Value text(std::string_view text);
  static Value bytes(base::ConstBytes bytes);

  // One allocation each; none when there are no items. Builders.h builds without a second copy.
  static Value list(std::span<const Value> items);
  static Value list(std::initializer_list<Value> items) { return list(std::span(items.begin(), items.size())); }
  static Value record(std::span<const Value> fields);
  static Value record(std::initializer_list<Value> fields) { return record(std::span(fields.begin(), fields.size())); }
  static Value variant(std::uint32_t caseIndex, std::span<const Value> fields = {});
  static Value variant(std::uint32_t caseIndex, std::initializer_list<Value> fields) {
    return variant(caseIndex, std::span(fields.begin(), fields.size()));
  }
  static Value function(std::uint32_t index, std::span<const Value> captures = {});
  static Value agent(AgentKind kind, std::uint32_t index, std::span<const Value> captures = {});

  static Value file(std::string_view name, std::string_view media, const base::Digest &digest);
  static Value blob(const base::Digest &digest, std::int64_t sizeBytes);
  static Value state(std::uint32_t gang, const base::Digest &manifest);

  Tag tag() const noexcept { return kind; }
  bool isNone() const noexcept { return kind == Tag::none; }
  bool is(Tag tag) const noexcept { return kind == tag; }

  bool asBool() const {
    WEFT_ASSERT(kind == Tag::boolean);
    return payload.integer != 0;
  }
  std::int64_t asInt() const {
    WEFT_ASSERT(kind == Tag::integer);
    return payload.integer;
  }
  double asFloat() const {
    WEFT_ASSERT(kind == Tag::real);
    return payload.real;
  }
  std::int64_t asDurationNs() const {
    WEFT_ASSERT(kind == Tag::duration);
    return payload.integer;
  }
  std::int64_t asSizeBytes() const {
    WEFT_ASSERT(kind == Tag::size);
    return payload.integer;
  }
  std::int64_t asMoneyNano() const {
    WEFT_ASSERT(kind == Tag::money);
    return payload.integer;
  }
  Rng asRng() const;
  /// The whole number inside an int, duration, size or money.
  std::int64_t units() const {
    WEFT_ASSERT(kind == Tag::integer || isUnit());
    return payload.integer;
  }
  bool isUnit() const noexcept { return kind == Tag::duration || kind == Tag::size || kind == Tag::money; }

  std::string_view asText() const {
    WEFT_ASSERT(kind == Tag::string);
    return raw();
  }
  base::ConstBytes asBytes() const {
    WEFT_ASSERT(kind == Tag::bytes);
    return base::bytesOf(raw());
  }

  /// Items of a list or tuple, fields of a record or variant, captures of a function or agent.
  std::span<const Value> items() const {
    WEFT_ASSERT(kind == Tag::list || kind == Tag::record || kind == Tag::variant || kind == Tag::function ||
                kind == Tag::agent);
    return array();
  }
  bool hasItems() const noexcept {
    return kind == Tag::list || kind == Tag::record || kind == Tag::variant || kind == Tag::function ||
           kind == Tag::agent;
  }

  /// In ascending order of the keys' bytes, each key once.
  std::span<const MapEntry> entries() const;
  /// The value at `key`, or null. O(log n).
  const Value *find(std::string_view key) const;

  std::uint32_t caseIndex() const {
    WEFT_ASSERT(kind == Tag::variant);
    return aux;
  }
  std::uint32_t functionIndex() const {
    WEFT_ASSERT(kind == Tag::function);
    return aux;
  }
  std::uint32_t agentIndex() const {
    WEFT_ASSERT(kind == Tag::agent);
    return aux & 0x7fffffffu;
  }
  AgentKind agentKind() const {
    WEFT_ASSERT(kind == Tag::agent);
    return static_cast<AgentKind>(aux >> 31);
  }
  TensorView asTensor() const;
  FileView asFile() const;
  BlobView asBlob() const;
  StateView asState() const;

  /// Levels of nesting: 0 for a number or a text, 1 for a list of numbers; stops counting at 65,535.
  std::uint32_t depth() const noexcept { return kind >= Tag::list && counted() && kind != Tag::tensor ? small : 0; }

  /// Bytes of heap behind this value, shared parts counted each time they are met: a bound on the work of walking it.
  /// O(1).
  std::uint64_t deepBytes() const noexcept { return counted() ? payload.object->deepBytes : 0; }

  /// By value: same tag and same content. -0.0 equals 0.0; a NaN equals a NaN of the same bits; tensors are compared by
  /// their bits. Functions and agents are equal when index and captures are. Any depth of nesting.
  bool operator==(const Value &other) const;

private:
  friend class ArrayBuilder;
  friend class RawBuilder;
  friend class TensorBuilder;

  static constexpr std::uint8_t countedFlag = 1;

  static Value number(Tag tag, std::int64_t value) noexcept {
    Value result;
    result.kind = tag;
    result.payload.integer = value;
    return result;
  }
  bool counted() const noexcept { return flags & countedFlag; }
  void copyBits(const Value &other) noexcept {
    std::memcpy(static_cast<void *>(this), static_cast<const void *>(&other), sizeof *this);
  }
  void forget() noexcept { std::memset(static_cast<void *>(this), 0, sizeof *this); }
  void drop() noexcept {
    if (counted() && payload.object->release())
      destroy();
  }
  void destroy() noexcept;
  std::string_view raw() const noexcept {
    if (counted())
      return {payload.object->bytes(), payload.object->length};
    return {reinterpret_cast<const char *>(this) + 4, small};
  }
  std::span<const Value> array() const noexcept {
    if (!counted())
      return {};
    return {reinterpret_cast<const Value *>(payload.object->bytes()), payload.object->length};
  }

  Tag kind;
  std::uint8_t flags;  ///< countedFlag or 0.
  std::uint16_t small; ///< Length of an inline text, or depth of a counted array.
  std::uint32_t aux;   ///< Case, function, agent or gang index; rng stream; start of an inline text.
  union {
    std::int64_t integer;
    double real;
    Object *object;
  } payload;
};

static_assert(sizeof(Value) == 16 && alignof(Value) == 8);

struct MapEntry {
  Value key; ///< A string.
  Value value;
};

static_assert(sizeof(MapEntry) == 2 * sizeof(Value));

/// Says how a value is beyond maxValueDepth or maxValueBytes of Limits.h; empty where it is within both. Whoever makes
/// values from values asks before it goes on. O(1).
std::string beyondLimits(const Value &value);

/// Equal values have equal hashes; stable within one build only.
std::uint64_t hashOf(const Value &value);

/// Order of `sort`, `<` and `sort_by`: numbers, units, bools (false first), texts by code point, lists and tuples item
/// by item; nullopt where two values have no order. An int and a float compare by amount.
std::optional<int> compare(const Value &left, const Value &right);

} // namespace weft::value
