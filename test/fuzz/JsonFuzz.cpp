//===- JsonFuzz.cpp - Any bytes as JSON of a type -------------------------===//
//
// For libFuzzer: the first byte chooses a type, the rest is the text. What is
// read is written, and what is written reads back as the same value.
//
//===----------------------------------------------------------------------===//

#include "runtime/value/Json.h"

#include <cstdlib>

namespace {

using namespace weft::value;

struct Types {
  TypeTable table;
  std::vector<TypeId> roots;
  Types() {
    TypeId string = table.simple(TypeKind::string), integer = table.simple(TypeKind::integer);
    TypeId tree = table.record("Tree", {});
    TypeId sum =
        table.sum("Sum", {{"leaf", {{"n", integer, -1, "", ""}}, ""}, {"node", {{"t", tree, -1, "", ""}}, ""}});
    table.edit(tree).fields = {{"sums", table.list(sum), -1, "", ""}, {"name", table.optional(string), -1, "", ""}};
    roots = {table.simple(TypeKind::json),
             tree,
             sum,
             table.map(table.simple(TypeKind::money)),
             table.tuple({table.simple(TypeKind::duration), table.simple(TypeKind::bytes)}),
             table.tensor(weft::base::ElementType::f16, {-1, -1}),
             table.tensor(weft::base::ElementType::i64, {-1}),
             table.simple(TypeKind::file),
             table.list(table.simple(TypeKind::real))};
  }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  static const Types types;
  if (size == 0)
    return 0;
  TypeId type = types.roots[bytes[0] % types.roots.size()];
  std::string_view text{reinterpret_cast<const char *>(bytes) + 1, size - 1};
  auto value = fromJson(withoutFence(text), type, types.table, {(bytes[0] & 0x80) != 0});
  if (!value)
    return value.error().message.empty() ? std::abort(), 0 : 0;
  auto written = toJson(*value, type, types.table);
  if (!written)
    std::abort();
  auto again = fromJson(*written, type, types.table);
  if (!again || *again != *value)
    std::abort();
  return 0;
}
