//===- BuiltinMaps.cpp - Maps: keys ascend, each once ---------------------===//

#include "runtime/value/Builders.h"
#include "runtime/value/BuiltinFamilies.h"

namespace weft::value::builtins::maps {
namespace {

bool isMap(Args args, Builtin builtin, Applier &applier) {
  return args[0].is(Tag::map) ? applier.spend(args[0].entries().size()) : wrongArgument(applier, builtin, args[0]);
}

} // namespace

bool lookup(Args args, Value &result, Applier &applier) {
  if (!args[0].is(Tag::map))
    return wrongArgument(applier, Builtin::lookup, args[0]);
  if (!args[1].is(Tag::string))
    return wrongArgument(applier, Builtin::lookup, args[1]);
  const Value *found = args[0].find(args[1].asText());
  result = found ? *found : Value();
  return true;
}

bool put(Args args, Value &result, Applier &applier) {
  if (!isMap(args, Builtin::put, applier))
    return false;
  if (!args[1].is(Tag::string))
    return wrongArgument(applier, Builtin::put, args[1]);
  result = withEntry(args[0], args[1], args[2]);
  return true;
}

bool entries(Args args, Value &result, Applier &applier) {
  if (!isMap(args, Builtin::entries, applier))
    return false;
  ArrayBuilder builder(args[0].entries().size());
  for (const MapEntry &entry : args[0].entries())
    builder.add(Value::list({entry.key, entry.value}));
  result = std::move(builder).list();
  return true;
}

bool keys(Args args, Value &result, Applier &applier) {
  if (!isMap(args, Builtin::keys, applier))
    return false;
  ArrayBuilder builder(args[0].entries().size());
  for (const MapEntry &entry : args[0].entries())
    builder.add(entry.key);
  result = std::move(builder).list();
  return true;
}

bool values(Args args, Value &result, Applier &applier) {
  if (!isMap(args, Builtin::values, applier))
    return false;
  ArrayBuilder builder(args[0].entries().size());
  for (const MapEntry &entry : args[0].entries())
    builder.add(entry.value);
  result = std::move(builder).list();
  return true;
}

} // namespace weft::value::builtins::maps
