//===- Statements.cpp - What workflows of a generated program do ----------===//

#include "test/integration/generated/Program.h"

namespace weft::generated {

using Kind = Type::Kind;

void Program::block(TypeRef result, Place place) {
  std::size_t known = values.scope.size();
  std::vector<std::string> outer = std::exchange(used, {});
  std::string head = std::exchange(pending, "");
  for (int count = (head.empty() ? 1 : 0) + random.below(place.depth > 0 ? 4 : 2); count > 0; --count)
    statement(place);
  std::string out = values.value(result, 2);
  if (!used.empty()) {
    // Nobody can know that this is never so, and it needs them all.
    std::string all;
    for (const std::string &name : used)
      all += (all.empty() ? "" : " + ") + std::string("len(to_json(") + name + "))";
    out = "if " + all + " > 9000000 { " + values.literal(result) + " } else { " + out + " }";
  }
  line(head + out);
  used = std::move(outer);
  values.scope.resize(known);
}

void Program::statement(Place place) {
  if (place.depth <= 0) {
    switch (random.below(4)) {
    case 0:
      return let(types.simple(Kind::integer), place, [&] { line(values.value(types.simple(Kind::integer), 2)); });
    case 1:
      return write(place);
    default:
      return call(place);
    }
  }
  --place.depth;
  switch (random.below(22)) {
  case 0:
  case 1: {
    TypeRef type = types.any(2);
    return let(
        type, place, [&] { line(values.value(type, 3)); }, true);
  }
  case 2:
  case 3:
  case 4:
  case 5:
    return call(place);
  case 6:
  case 7:
  case 8:
    return write(place);
  case 9:
  case 10:
    return choose(place);
  case 11:
  case 12:
  case 13:
    return repeat(place);
  case 14:
    return rounds(place);
  case 15:
    return race(place);
  case 16:
    return vote(place);
  case 17:
  case 18:
    return caught(place);
  case 19:
    return guard(place);
  case 20:
    return grid(place);
  default:
    return open(place);
  }
}

const Callee *Program::pick(Place place, bool writes) {
  std::vector<const Callee *> fit;
  for (const Callee &one : callees)
    if (one.writes == writes && (!one.fails || (place.failed && !*place.failed)))
      fit.push_back(&one);
  if (fit.empty())
    return nullptr;
  const Callee *one = random.of(fit);
  if (one->fails)
    *place.failed = true;
  return one;
}

std::string Program::callOf(const Callee &callee, bool policy) {
  called |= callee.calls;
  std::string out;
  for (TypeRef parameter : callee.parameters)
    out += (out.empty() ? "" : ", ") + values.value(parameter, 2);
  out = callee.name + "(" + out + ")";
  if (!policy || !callee.calls || !random.chance(30))
    return out;
  std::vector<std::string> keys;
  if (random.chance(40))
    keys.push_back("timeout: 1h");
  if (!callee.writes && random.chance(20))
    keys.push_back("hedge: 2h");
  bool leaf = callee.kind == Callee::Kind::read || callee.kind == Callee::Kind::agent;
  if (!callee.writes && random.chance(50)) {
    keys.push_back("retry: " + std::to_string(1 + random.below(2)));
    keys.push_back("backoff: 10ms");
    if (random.chance(50))
      keys.push_back("retry_on: [tool, timeout]");
  }
  if (leaf && random.chance(40))
    keys.push_back(random.of({"cache: run", "cache: none"}));
  std::string list;
  for (const std::string &key : keys)
    list += (list.empty() ? "" : ", ") + key;
  return list.empty() ? out : out + " with { " + list + " }";
}

void Program::call(Place place) {
  bool before = place.failed && *place.failed;
  if (const Callee *callee = pick(place, false)) {
    bool mine = place.failed && *place.failed && !before;
    if (mine) // `let` sees it, too
      *place.failed = false;
    let(callee->result, place, [&] {
      if (mine)
        *place.failed = true;
      line(callOf(*callee, true));
    });
  }
}

void Program::write(Place place) {
  if (!place.writes)
    return call(place);
  bool before = place.failed && *place.failed;
  const Callee *callee = pick(place, true);
  if (!callee)
    return;
  wrote = true;
  bool mine = place.failed && *place.failed && !before;
  if (random.chance(30) && !mine) {
    line(callOf(*callee, false));
    return;
  }
  if (mine)
    *place.failed = false;
  let(callee->result, place, [&] {
    if (mine)
      *place.failed = true;
    line(callOf(*callee, callee->kind == Callee::Kind::idempotent));
  });
}

void Program::choose(Place place) {
  TypeRef type = types.any(1);
  let(
      type, place,
      [&] {
        if (!types.allSums().empty() && random.chance(40)) {
          TypeRef sum = random.of(types.allSums());
          braces("match " + values.value(sum, 2), [&] {
            for (const Type::Case &one : sum->cases) {
              std::vector<Variable> held;
              std::string names;
              for (const auto &[field, of] : one.fields) {
                held.push_back({values.fresh(), of});
                names += (names.empty() ? "" : ", ") + held.back().name;
              }
              std::size_t known = values.scope.size();
              values.scope.insert(values.scope.end(), held.begin(), held.end());
              braces(one.name + (names.empty() ? "" : "(" + names + ")") + " =>", [&] { block(type, place); });
              values.scope.resize(known);
            }
          });
          return;
        }
        line("if " + values.condition(2) + " {");
        ++indent;
        block(type, place);
        --indent;
        line("} else {");
        ++indent;
        block(type, place);
        --indent;
        line("}");
      },
      true);
}

void Program::repeat(Place place) {
  TypeRef type = types.any(1);
  let(
      types.list(type), place,
      [&] {
        TypeRef item = types.any(1);
        std::string name = values.fresh(), over = values.value(types.list(item), 2) + ".take(3)", names = name;
        std::vector<Variable> bound{{name, item}};
        if (random.chance(20)) {
          std::string at = values.fresh();
          names = "(" + at + ", " + name + ")";
          over = "(" + over + ").enumerate()";
          bound.push_back({at, types.simple(Kind::integer)});
        } else if (random.chance(15) && !item->is(Kind::optional)) {
          std::string key = values.fresh();
          names = "(" + key + ", " + name + ")";
          over = values.value(types.map(item), 2);
          bound.push_back({key, types.simple(Kind::string)});
        }
        std::string parallel = random.chance(50) ? " parallel " + std::to_string(1 + random.below(3)) : "";
        std::size_t known = values.scope.size();
        braces("for " + names + " in " + over + parallel, [&] {
          values.scope.insert(values.scope.end(), bound.begin(), bound.end());
          block(type, place);
          values.scope.resize(known);
        });
      },
      true);
}

/// A `for` in a `for`, with reads that only the item of the inner one decides.
void Program::grid(Place place) {
  bool before = place.failed && *place.failed;
  const Callee *callee = pick(place, false);
  if (!callee || callee->parameters[0]->is(Kind::optional))
    return;
  called |= callee->calls;
  bool mine = place.failed && *place.failed && !before;
  if (mine)
    *place.failed = false;
  let(
      types.list(types.list(types.list(callee->result))), place,
      [&] {
        if (mine)
          *place.failed = true;
        std::string outer = values.fresh(), inner = values.fresh(), keys, rest;
        for (int count = 1 + random.below(3); count > 0; --count)
          keys += (keys.empty() ? "" : ", ") + values.literal(callee->parameters[0]);
        for (std::size_t at = 1; at < callee->parameters.size(); ++at)
          rest += ", " + values.literal(callee->parameters[at]);
        braces("for " + outer + " in range(" + std::to_string(random.below(4)) + ")", [&] {
          line("for " + inner + " in [" + keys + "] { [" + callee->name + "(" + inner + rest + ")].take(" + outer +
               ") }");
        });
      },
      true);
  // Or most would be dropped.
  if (std::string name = values.scope.back().name; used.empty() || used.back() != name)
    used.push_back(name);
}

void Program::rounds(Place place) {
  TypeRef whole = types.simple(Kind::integer);
  let(whole, place, [&] {
    std::string round = values.fresh(), carried = values.fresh();
    int most = 2 + random.below(3);
    bool runsOut = random.chance(20) && takeFailure(place);
    line("loop (" + round + ", " + carried + ") = (0, " + values.value(whole, 1) + ") max " + std::to_string(most) +
         " {");
    ++indent;
    std::size_t known = values.scope.size();
    std::vector<std::string> outer = std::exchange(used, {});
    values.scope.push_back({round, whole});
    values.scope.push_back({carried, whole});
    for (int count = random.below(3); count > 0; --count)
      statement(place);
    std::string more;
    for (const std::string &name : used)
      more += " + len(to_json(" + name + "))";
    std::string next = "(" + round + " + 1, (" + values.value(whole, 1) + more + ") % 1009)";
    std::string end = runsOut && random.chance(50) ? "false" : round + " > " + std::to_string(random.below(most));
    braces(
        "if " + end, [&] { line("break (" + values.value(whole, 1) + more + ") % 1009"); }, "} else {");
    ++indent;
    line("continue " + next);
    --indent;
    line("}");
    values.scope.resize(known);
    used = std::move(outer);
    --indent;
    if (runsOut) {
      line("}");
      return;
    }
    line("} else {");
    ++indent;
    line(values.value(whole, 1));
    --indent;
    line("}");
  });
}

void Program::race(Place place) {
  place.writes = false;
  place.failed = nullptr;
  TypeRef type = types.any(1);
  let(
      type, place,
      [&] {
        braces("race", [&] {
          int arms = 2 + random.below(2), winner = random.below(arms);
          for (int arm = 0; arm < arms; ++arm)
            braces("", [&] {
              if (arm == winner) {
                block(type, place);
              } else {
                std::size_t known = values.scope.size();
                call(place);
                values.scope.resize(known);
                line("fail \"arm " + std::to_string(arm) + "\"");
              }
            });
        });
      },
      true);
}

void Program::vote(Place place) {
  place.writes = false;
  place.failed = nullptr;
  TypeRef whole = types.simple(Kind::integer);
  int samples = 2 + random.below(2), keep = random.chance(50) ? samples : samples - 1;
  std::string head =
      "vote " + std::to_string(keep) + (keep == samples && keep > 1 ? "" : " of " + std::to_string(samples));
  if (random.chance(50)) {
    let(whole, place, [&] {
      braces(
          head, [&] { block(whole, place); }, "} by total");
    });
  } else {
    TypeRef type = types.any(1);
    let(
        types.list(type), place, [&] { braces(head, [&] { block(type, place); }); }, true);
  }
}

void Program::caught(Place place) {
  TypeRef type = types.any(1);
  let(
      type, place,
      [&] {
        bool failed = false;
        Place inside = place, arm = place;
        inside.failed = &failed;
        arm.writes = false;
        arm.failed = nullptr;
        braces(
            "try", [&] { block(type, inside); }, "} catch {");
        ++indent;
        if (random.chance(50))
          braces(random.of({"timeout", "tool", "failed", "refused"}) + " =>", [&] { block(type, arm); });
        if (random.chance(50)) {
          braces("_ =>", [&] { block(type, arm); });
        } else {
          std::string name = values.fresh("err");
          braces(name + " =>", [&] {
            std::string kind = values.fresh();
            line("let " + kind + " = \"${" + name + ".kind}\"");
            values.scope.push_back({kind, types.simple(Kind::string)});
            block(type, arm);
            values.scope.pop_back();
          });
        }
        --indent;
        line("}");
      },
      true);
}

void Program::guard(Place place) {
  switch (random.below(4)) {
  case 0:
    line("assert " + values.condition(1) + " or true, \"never\"");
    return;
  case 1:
    if (takeFailure(place))
      line("assert " + values.condition(2) + ", \"does not hold\"");
    return;
  case 2:
    if (takeFailure(place))
      braces("if " + values.condition(2), [&] { line("fail \"as it was written\""); });
    return;
  default:
    TypeRef whole = types.simple(Kind::integer);
    if (place.failed && !*place.failed)
      let(whole, place, [&] {
        *place.failed = true;
        line(values.value(types.list(whole), 2) + "[" + std::to_string(random.below(4)) + "]");
      });
  }
}

void Program::open(Place place) {
  if (random.chance(50)) {
    TypeRef first = types.any(1), second = types.any(1);
    std::string a = values.fresh(), b = values.fresh();
    line("let (" + a + ", " + b + ") = " + values.value(types.pair(first, second), 2));
    values.scope.push_back({a, first});
    values.scope.push_back({b, second});
    return;
  }
  TypeRef record = types.record();
  std::string names;
  std::string right = values.value(record, 2);
  for (const auto &[name, type] : record->fields)
    names += (names.empty() ? "" : ", ") + name;
  // In a block of its own: fields of two records have the same names.
  TypeRef type = types.any(1);
  let(
      type, place,
      [&] {
        braces(
            "if " + values.condition(1),
            [&] {
              line("let " + record->name + " { " + names + " } = " + right);
              std::size_t known = values.scope.size();
              for (const auto &[name, of] : record->fields)
                values.scope.push_back({name, of});
              line(values.value(type, 2));
              values.scope.resize(known);
            },
            "} else {");
        ++indent;
        line(values.value(type, 1));
        --indent;
        line("}");
      },
      true);
}

} // namespace weft::generated
