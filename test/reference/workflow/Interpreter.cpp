//===- Interpreter.cpp - Entry, and the wheres of types -------------------===//

#include "test/reference/workflow/Interpreter.h"

#include "test/reference/workflow/TypedJson.h"

namespace weft::reference::workflow {

using sema::Type;
using sema::TypeKind;

Outcome Interpreter::run(const std::string &workflow, const Json &inputs) {
  const sema::Symbol *symbol = program.find(workflow);
  if (!symbol || !symbol->workflow)
    throw Unsupported{"there is no workflow " + workflow, {}};
  try {
    Values arguments;
    for (const sema::Parameter &parameter : symbol->callable->parameters) {
      if (const Json *given = inputs.field(parameter.name)) {
        arguments.push_back(fromJson(*given, parameter.type, false, parameter.name));
        checkAll(arguments.back(), parameter.type);
      } else if (parameter.defaultValue) {
        arguments.push_back(eval(parameter.defaultValue, std::make_shared<Scope>()));
      } else if (sema::base(parameter.type)->is(TypeKind::optional)) {
        arguments.emplace_back();
      } else {
        throw Unsupported{"the input " + parameter.name + " is missing", parameter.span};
      }
    }
    activations[symbol] = 1;
    ScopePtr scope = entered(*symbol->callable, std::move(arguments));
    Value value = eval(symbol->workflow->decl->body, scope);
    if (!symbol->workflow->decl->result)
      value = {};
    return {toJson(value, symbol->callable->result), std::nullopt};
  } catch (const Failure &failure) {
    return {std::nullopt, failure};
  }
}

void Interpreter::checkFields(const std::vector<sema::Field> &fields, const Values &values) {
  for (const sema::Field &field : fields) {
    if (!field.check)
      continue;
    auto scope = std::make_shared<Scope>();
    for (std::size_t i = 0; i < field.checkSees.size(); ++i)
      scope->values[field.checkSees[i]] = values[i];
    if (!eval(field.check, scope).truth)
      throw Failure{FailKind::schema, "the field " + field.name + " breaks its where: " + field.checkText, "", false};
  }
}

void Interpreter::checkType(const Value &value, Type alias) {
  for (Type type = alias; type->is(TypeKind::alias); type = type->element) {
    if (!type->check)
      continue;
    auto scope = std::make_shared<Scope>();
    scope->values[type->checkIt] = value;
    if (!eval(type->check, scope).truth)
      throw Failure{FailKind::schema, "the value breaks the where of " + type->name + ": " + type->checkText, "",
                    false};
  }
}

void Interpreter::checkAll(const Value &value, Type type) {
  if (type->is(TypeKind::alias)) {
    checkAll(value, sema::base(type));
    return checkType(value, type);
  }
  auto fields = [&](const std::vector<sema::Field> &fields) {
    for (std::size_t i = 0; i < fields.size(); ++i)
      checkAll((*value.items)[i], fields[i].type);
    checkFields(fields, *value.items);
  };
  switch (type->kind) {
  case TypeKind::optional:
    if (!value.isNone())
      checkAll(value, type->element);
    break;
  case TypeKind::list:
    for (const Value &item : *value.items)
      checkAll(item, type->element);
    break;
  case TypeKind::tuple:
    for (std::size_t i = 0; i < type->elements.size(); ++i)
      checkAll((*value.items)[i], type->elements[i]);
    break;
  case TypeKind::map:
    for (const auto &[key, item] : *value.entries)
      checkAll(item, type->element);
    break;
  case TypeKind::record:
    fields(type->fields);
    break;
  case TypeKind::sum:
    fields(type->cases[static_cast<std::size_t>(value.number)].fields);
    break;
  default:
    break;
  }
}

Interpreter::ScopePtr Interpreter::entered(const sema::Callable &callable, Values arguments) {
  auto scope = std::make_shared<Scope>();
  for (std::size_t i = 0; i < callable.parameters.size(); ++i) {
    const sema::Parameter &parameter = callable.parameters[i];
    if (parameter.symbol)
      scope->values[parameter.symbol] = arguments[i];
    if (parameter.check && !eval(parameter.check, scope).truth)
      throw Failure{FailKind::schema, "the parameter " + parameter.name + " breaks its where: " + parameter.checkText,
                    "", false};
  }
  return scope;
}

} // namespace weft::reference::workflow
