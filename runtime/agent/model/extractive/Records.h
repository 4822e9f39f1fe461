//===- Records.h - Statements and fields in records of JSON ---------------===//
//
// What a workflow interpolates into a prompt are its own records: their fields
// are found by the roles that their names have.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/model/extractive/FieldRoles.h"
#include "runtime/agent/model/extractive/Material.h"

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace weft::extractive {

/// What the objects around a value say of it.
struct Context {
  std::string source, title, section;
  std::uint32_t item = Unit::noItem;
};

/// The first text under a name of one of the roles: in the object itself, else in records inside it. Lists are not
/// searched: what stands in them is about something else. "" where there is none.
std::string textField(const value::Value &object, std::initializer_list<Role> roles);

/// The first number under a score's name, in the object or a record inside it; -1 where there is none.
double givenScore(const value::Value &object);

/// Appends the statements in `value`, at most `maxUnits` in all, and counts the keywords that it lists.
void readStatements(const value::Value &value, const Context &context, std::vector<Unit> &units,
                    std::map<std::string, int> &keywords);

} // namespace weft::extractive
