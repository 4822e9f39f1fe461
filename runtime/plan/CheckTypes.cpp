//===- CheckTypes.cpp - Every type has values, and tensors fit an address -===//
//
// Indices, names and kinds were proved when the reader sealed the table.
//

#include "runtime/plan/CheckFailure.h"
#include "runtime/plan/PlanCheck.h"

namespace weft::plan {
namespace {

using value::Type;
using value::TypeKind;

std::string nameOfType(const Plan &plan, std::uint32_t index) {
  const Type &type = plan.types[index];
  return "type " + number(index) + (type.name.empty() ? "" : " (" + std::string(type.name) + ")");
}

base::Result<> checkShape(const Plan &plan, std::uint32_t index) {
  const Type &type = plan.types[index];
  if (static_cast<std::uint8_t>(type.dtype) >= base::elementTypeCount)
    return broken(nameOfType(plan, index) + ": unknown element type " + number(static_cast<unsigned>(type.dtype)));
  if (type.dims.size() > value::maxRank)
    return broken(nameOfType(plan, index) + ": " + number(type.dims.size()) + " dimensions, the limit is " +
                  number(value::maxRank));
  unsigned __int128 bytes = base::sizeOf(type.dtype);
  for (std::int64_t size : type.dims) {
    if (size < 0)
      return broken(nameOfType(plan, index) + ": a negative size");
    bytes *= static_cast<std::uint64_t>(size);
    if (bytes > static_cast<std::uint64_t>(INT64_MAX))
      return broken(nameOfType(plan, index) + ": more bytes than can be addressed");
  }
  return {};
}

/// Records and tuples hold their fields directly: one that reaches itself that way has no value.
base::Result<> checkFinite(const Plan &plan) {
  enum class Mark : std::uint8_t { unseen, open, done };
  std::vector<Mark> marks(plan.types.size(), Mark::unseen);
  struct Visit {
    std::uint32_t type;
    std::size_t next;
  };
  for (std::uint32_t root = 0; root < plan.types.size(); ++root) {
    if (marks[root] != Mark::unseen)
      continue;
    std::vector<Visit> path{{root, 0}};
    marks[root] = Mark::open;
    while (!path.empty()) {
      Visit &top = path.back();
      const Type &type = plan.types[top.type];
      bool direct = type.kind == TypeKind::record || type.kind == TypeKind::tuple;
      if (!direct || top.next == type.fields.size()) {
        marks[top.type] = Mark::done;
        path.pop_back();
        continue;
      }
      std::uint32_t next = type.fields[top.next++].type;
      if (marks[next] == Mark::open)
        return broken(nameOfType(plan, next) + " contains itself, so it has no value");
      if (marks[next] == Mark::unseen) {
        marks[next] = Mark::open;
        path.push_back({next, 0});
      }
    }
  }
  return {};
}

} // namespace

base::Result<> checkTypes(const Plan &plan) {
  for (std::uint32_t index = 0; index < plan.types.size(); ++index)
    if (plan.types[index].kind == TypeKind::tensor)
      if (auto checked = checkShape(plan, index); !checked)
        return checked;
  return checkFinite(plan);
}

} // namespace weft::plan
