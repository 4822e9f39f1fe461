//===- InputTypes.cpp - A plan whose entry takes a value of every type ----===//

#include "test/fuzz/InputTypes.h"

#include "test/support/PlanBuilder.h"

namespace weft::test {
namespace {

std::unique_ptr<fb::FieldT> field(const std::string &name, std::uint32_t type) {
  auto made = std::make_unique<fb::FieldT>();
  made->name = name;
  made->type = type;
  return made;
}

} // namespace

std::shared_ptr<const plan::Plan> planOfInputs() {
  PlanBuilder plan;
  std::uint32_t text = plan.type(TypeKind::string), integer = plan.type(TypeKind::integer);
  std::vector<std::uint32_t> types{text, integer};
  for (TypeKind kind : {TypeKind::boolean, TypeKind::real, TypeKind::duration, TypeKind::size, TypeKind::money,
                        TypeKind::json, TypeKind::file, TypeKind::bytes})
    types.push_back(plan.type(kind));

  fb::TypeT record;
  record.kind = fb::TypeKind::record;
  record.name = "Note";
  record.fields.push_back(field("title", text));
  record.fields.push_back(field("size", plan.optional(integer)));
  record.fields.push_back(field("tags", plan.list(text)));
  std::uint32_t note = plan.type(std::move(record));

  fb::TypeT sum;
  sum.kind = fb::TypeKind::sum;
  sum.name = "Verdict";
  for (const char *name : {"accept", "revise"}) {
    auto one = std::make_unique<fb::CaseT>();
    one->name = name;
    if (name[0] == 'r')
      one->fields.push_back(field("why", text));
    sum.cases.push_back(std::move(one));
  }
  types.push_back(plan.type(std::move(sum)));

  fb::TypeT map;
  map.kind = fb::TypeKind::map;
  map.element = static_cast<std::int32_t>(note);
  types.push_back(plan.type(std::move(map)));
  types.insert(types.end(), {note, plan.optional(text), plan.list(note)});

  auto &main = plan.block("main", static_cast<std::uint32_t>(types.size()));
  main.result(main.param(0));
  plan.entry("main", main, types, text);
  return plan.build();
}

} // namespace weft::test
