//===- Order.cpp - Equality, hashes and the order of values ---------------===//

#include "runtime/base/Assert.h"
#include "runtime/value/Value.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

namespace weft::value {
namespace {

/// Values nested deeper than this are compared with a list of their own instead of recursion.
constexpr std::uint32_t maxRecursion = 512;

std::uint64_t mixed(std::uint64_t seed, std::uint64_t part) {
  std::uint64_t x = (seed ^ part) * 0x9e3779b97f4a7c15ull;
  return x ^ (x >> 29);
}

std::uint64_t hashOfBytes(std::uint64_t seed, std::string_view bytes) {
  seed = mixed(seed, bytes.size());
  for (std::size_t i = 0; i < bytes.size(); i += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i, std::min<std::size_t>(8, bytes.size() - i));
    seed = mixed(seed, word);
  }
  return seed;
}

int sign(auto left, auto right) { return left < right ? -1 : left > right; }

/// Exact: an int64 above 2^53 is not rounded to a double first.
int compareAmounts(std::int64_t left, double right) {
  if (right >= 0x1p63)
    return -1;
  if (right < -0x1p63)
    return 1;
  double whole = std::trunc(right);
  int order = sign(left, static_cast<std::int64_t>(whole));
  return order ? order : sign(0.0, right - whole);
}

} // namespace

bool Value::operator==(const Value &other) const {
  if (kind != other.kind)
    return false;
  switch (kind) {
  case Tag::none:
    return true;
  case Tag::boolean:
  case Tag::integer:
  case Tag::duration:
  case Tag::size:
  case Tag::money:
    return payload.integer == other.payload.integer;
  case Tag::rng:
    return payload.integer == other.payload.integer && aux == other.aux;
  case Tag::real:
    return payload.real == other.payload.real ||
           std::bit_cast<std::uint64_t>(payload.real) == std::bit_cast<std::uint64_t>(other.payload.real);
  case Tag::string:
  case Tag::bytes:
    return raw() == other.raw();
  case Tag::tensor: {
    TensorView left = asTensor(), right = other.asTensor();
    return left.type == right.type && std::ranges::equal(left.dims, right.dims) &&
           base::textOf(left.data) == base::textOf(right.data);
  }
  default:
    break;
  }
  auto left = array(), right = other.array();
  if (aux != other.aux || left.size() != right.size())
    return false;
  if (left.data() == right.data())
    return true;
  if (depth() != other.depth() || deepBytes() != other.deepBytes())
    return false;
  if (depth() <= maxRecursion)
    return std::equal(left.begin(), left.end(), right.begin());

  std::vector<std::pair<std::span<const Value>, std::span<const Value>>> pending{{left, right}};
  while (!pending.empty()) {
    auto [a, b] = pending.back();
    pending.pop_back();
    for (std::size_t i = 0; i < a.size(); ++i) {
      if (a[i].depth() <= maxRecursion || b[i].depth() <= maxRecursion) {
        if (a[i] != b[i])
          return false;
        continue;
      }
      if (a[i].kind != b[i].kind || a[i].aux != b[i].aux || a[i].array().size() != b[i].array().size())
        return false;
      if (a[i].array().data() != b[i].array().data())
        pending.push_back({a[i].array(), b[i].array()});
    }
  }
  return true;
}

std::uint64_t hashOf(const Value &value) {
  auto seed = static_cast<std::uint64_t>(value.tag()) + 1;
  auto ofItems = [&](std::span<const Value> items) {
    // Below the limit of recursion only sizes count: equal values still have equal hashes.
    seed = mixed(seed, items.size());
    if (value.depth() <= maxRecursion)
      for (const Value &item : items)
        seed = mixed(seed, hashOf(item));
    return seed;
  };
  switch (value.tag()) {
  case Tag::none:
    return seed;
  case Tag::boolean:
    return mixed(seed, value.asBool());
  case Tag::integer:
  case Tag::duration:
  case Tag::size:
  case Tag::money:
    return mixed(seed, static_cast<std::uint64_t>(value.units()));
  case Tag::real:
    return mixed(seed, std::bit_cast<std::uint64_t>(value.asFloat() == 0 ? 0.0 : value.asFloat()));
  case Tag::string:
    return hashOfBytes(seed, value.asText());
  case Tag::bytes:
    return hashOfBytes(seed, base::textOf(value.asBytes()));
  case Tag::rng:
    return mixed(mixed(seed, value.asRng().key), value.asRng().stream);
  case Tag::tensor:
    return hashOfBytes(mixed(seed, value.asTensor().dims.size()), base::textOf(value.asTensor().data));
  case Tag::map:
    seed = mixed(seed, value.entries().size());
    if (value.depth() <= maxRecursion)
      for (const MapEntry &entry : value.entries())
        seed = mixed(mixed(seed, hashOf(entry.key)), hashOf(entry.value));
    return seed;
  case Tag::variant:
    seed = mixed(seed, value.caseIndex());
    return ofItems(value.items());
  case Tag::function:
    seed = mixed(seed, value.functionIndex());
    return ofItems(value.items());
  case Tag::agent:
    seed = mixed(mixed(seed, value.agentIndex()), static_cast<std::uint64_t>(value.agentKind()));
    return ofItems(value.items());
  case Tag::list:
  case Tag::record:
    return ofItems(value.items());
  case Tag::file:
    return hashOfBytes(seed, value.asFile().digest.hex());
  case Tag::blob:
    return hashOfBytes(seed, value.asBlob().digest.hex());
  case Tag::state:
    return hashOfBytes(seed, value.asState().manifest.hex());
  }
  WEFT_UNREACHABLE();
}

std::optional<int> compare(const Value &left, const Value &right) {
  Tag tag = left.tag();
  if (tag == Tag::integer && right.is(Tag::real) && !std::isnan(right.asFloat()))
    return compareAmounts(left.asInt(), right.asFloat());
  if (tag == Tag::real && right.is(Tag::integer) && !std::isnan(left.asFloat()))
    return -compareAmounts(right.asInt(), left.asFloat());
  if (tag != right.tag())
    return std::nullopt;
  switch (tag) {
  case Tag::boolean:
    return sign(left.asBool(), right.asBool());
  case Tag::integer:
  case Tag::duration:
  case Tag::size:
  case Tag::money:
    return sign(left.units(), right.units());
  case Tag::real:
    if (std::isnan(left.asFloat()) || std::isnan(right.asFloat()))
      return std::nullopt;
    return sign(left.asFloat(), right.asFloat());
  case Tag::string:
    // UTF-8 was made so that the order of bytes is the order of code points.
    return sign(left.asText().compare(right.asText()), 0);
  case Tag::list: {
    if (left.depth() > maxRecursion || right.depth() > maxRecursion)
      return std::nullopt;
    auto a = left.items(), b = right.items();
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      auto order = compare(a[i], b[i]);
      if (!order || *order)
        return order;
    }
    return sign(a.size(), b.size());
  }
  default:
    return std::nullopt;
  }
}

} // namespace weft::value
