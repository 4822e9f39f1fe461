//===- TypeTable.cpp - The types of a plan that is being made -------------===//

#include "compiler/lowering/FlowToPlan/TypeTable.h"

namespace weft::lowering {
namespace {

namespace fb = plan::fb;

std::vector<value::Field> fieldsOf(const std::vector<std::unique_ptr<fb::FieldT>> &fields) {
  std::vector<value::Field> made;
  for (const auto &field : fields)
    made.push_back({field->name, field->type, field->check, field->check_text, field->doc});
  return made;
}

} // namespace

value::TypeTable typeTableOf(const fb::PlanT &plan) {
  value::TypeTable table;
  for (const auto &type : plan.types) {
    value::Type made;
    made.kind = static_cast<value::TypeKind>(type->kind);
    made.name = type->name;
    made.doc = type->doc;
    made.element = type->element;
    made.fields = fieldsOf(type->fields);
    for (const auto &one : type->cases)
      made.cases.push_back({one->name, fieldsOf(one->fields), one->doc});
    made.check = type->check;
    made.checkText = type->check_text;
    made.dtype = static_cast<base::ElementType>(type->dtype);
    made.dims = type->dims;
    table.add(std::move(made));
  }
  return table;
}

} // namespace weft::lowering
