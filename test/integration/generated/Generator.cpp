//===- Generator.cpp - Declarations and the test of a program -------------===//

#include "test/integration/generated/Generator.h"

#include "test/integration/generated/Program.h"

namespace weft::generated {

using Kind = Type::Kind;

std::string generate(std::uint64_t seed) { return Program(seed).text(); }

std::string Program::text() {
  for (const std::string &declaration : types.declarations())
    line(declaration);
  line("fn twice<T>(x: T) -> list<T> { [x, x] }");
  line("fn total(xs: list<int>) -> int { sum(xs) % 1009 }");
  declareFunctions();
  line("model big = extractive { price: { input: $1 per Mtok, output: $2 per Mtok } }");
  declareTools();
  line("tool probe = exec { done(text: string) effect write idempotent = [\"t\", \"${text}\"] }");
  declareAgents();
  for (int i = random.below(3); i > 0; --i)
    declareWorkflow("sub" + std::to_string(i));
  if (random.chance(30))
    declareRecursion();
  declareWorkflow("main");
  test();
  std::string out;
  for (const std::string &one : lines)
    out += one + "\n";
  return out;
}

void Program::declareFunctions() {
  for (int i = 1 + random.below(3); i > 0; --i) {
    PureFunction made{"g" + std::to_string(i), {}, types.any(1)};
    std::vector<Variable> bound;
    std::string names;
    for (int p = 1 + random.below(2); p > 0; --p) {
      made.parameters.push_back(types.any(1));
      bound.push_back({values.fresh("p"), made.parameters.back()});
      names += (names.empty() ? "" : ", ") + bound.back().name + ": " + bound.back().type->name;
    }
    std::string body = values.with(bound, [&] { return values.value(made.result, 3); });
    line("fn " + made.name + "(" + names + ") -> " + made.result->name + " { " + body + " }");
    values.functions.push_back(std::move(made));
  }
}

void Program::declareTools() {
  for (int t = 1 + random.below(2); t > 0; --t)
    braces("tool t" + std::to_string(t) + " = exec", [&] {
      for (int m = 2 + random.below(3); m > 0; --m) {
        int which = random.below(5);
        Callee made{which < 3   ? Callee::Kind::read
                    : which < 4 ? Callee::Kind::write
                                : Callee::Kind::idempotent,
                    "m" + std::to_string(m),
                    {},
                    types.any(1)};
        made.writes = made.kind != Callee::Kind::read;
        made.fails = random.chance(20);
        std::string names, argv;
        for (int p = 1 + random.below(2); p > 0; --p) {
          TypeRef type = types.any(1);
          if (type->is(Kind::optional) || type->is(Kind::tuple))
            type = types.simple(Kind::integer);
          made.parameters.push_back(type);
          std::string name = "a" + std::to_string(p);
          names += (names.empty() ? "" : ", ") + name + ": " + type->name;
          argv += ", \"${" + name + "}\"";
        }
        line(made.name + "(" + names + ") -> " + made.result->name + " effect " +
             (made.kind == Callee::Kind::read    ? "read"
              : made.kind == Callee::Kind::write ? "write"
                                                 : "write idempotent") +
             " = [\"t\"" + argv + "]");
        made.name = "t" + std::to_string(t) + "." + made.name;
        mocks.push_back(mockOf(made));
        callees.push_back(std::move(made));
      }
    });
}

std::string Program::mockOf(const Callee &callee) {
  std::string head = "mock " + callee.name + " => ";
  if (callee.fails && random.chance(30))
    return head + "failing(" + random.of({"tool", "timeout", "refused", "rate_limit", "transport"}) + ", \"" +
           callee.name + " fails\")";
  std::vector<Variable> bound;
  std::string names;
  for (TypeRef parameter : callee.parameters) {
    bound.push_back({values.fresh("p"), parameter});
    names += (names.empty() ? "" : ", ") + bound.back().name;
  }
  std::string body = values.with(bound, [&] {
    std::string answer = values.value(callee.result, 3);
    return callee.fails
               ? "if " + values.condition(2) + " { fail \"" + callee.name + " fails\" } else { " + answer + " }"
               : answer;
  });
  return head + "|" + names + "| " + body;
}

void Program::declareAgents() {
  std::string answers; // Of the model, to prompts of agents that are not mocked themselves.
  for (int i = 1 + random.below(3); i > 0; --i) {
    Callee made{Callee::Kind::agent, "ask" + std::to_string(i), {}, types.any(1)};
    std::string names, prompt;
    for (int p = 1 + random.below(2); p > 0; --p) {
      TypeRef type = types.simple(random.chance(50) ? Kind::integer : Kind::string);
      made.parameters.push_back(type);
      std::string name = "a" + std::to_string(p);
      names += (names.empty() ? "" : ", ") + name + ": " + type->name;
      prompt += " ${" + name + "}";
    }
    line("agent " + made.name + "(" + names + ") -> " + made.result->name + " { model: big, prompt: \"" + made.name +
         ":" + prompt + "\"" + (random.chance(30) ? ", budget: { tokens: 50M }" : "") + " }");
    if (random.chance(30)) {
      made.fails = random.chance(20);
      mocks.push_back(mockOf(made));
    } else {
      bool isText = made.result->is(Kind::string);
      std::string prompted = values.fresh("p");
      std::string answer = values.with({{prompted, types.simple(Kind::string)}}, [&] {
        std::string right = values.value(made.result, 2);
        return isText ? right : "to_json(" + right + ")";
      });
      // What is asked again holds words of the runtime: the answer is that to the first words.
      std::string body = "{ let " + prompted + " = asked.split(\"\\n\\nYour last\")[0]; " + answer + " }";
      int wrong = isText ? 3 : random.below(6);
      std::string again = "asked.contains(\"Your last answer was refused\")";
      if (wrong == 0)
        body = "{ if " + again + " " + body + " else { \"no JSON\" } }";
      if (wrong == 1) {
        made.fails = true;
        made.said = false;
        body = "{ \"never JSON\" }";
      }
      answers += "if asked.starts_with(\"" + made.name + ":\") " + body + " else ";
    }
    callees.push_back(std::move(made));
  }
  mocks.push_back("mock big => |asked| " + answers + "{ \"nothing\" }");
}

void Program::declareWorkflow(const std::string &name) {
  wrote = called = false;
  bool failed = false;
  Callee made{Callee::Kind::workflow, name, {}, types.any(1)};
  std::string names;
  std::size_t known = values.scope.size();
  for (int p = 1 + random.below(2); p > 0; --p) {
    TypeRef type = types.any(1);
    made.parameters.push_back(type);
    values.scope.push_back({values.fresh(), type});
    names += (names.empty() ? "" : ", ") + values.scope.back().name + ": " + type->name;
  }
  braces("workflow " + name + "(" + names + ") -> " + made.result->name +
             (random.chance(20) ? " budget { tokens: 500M, cost: $100000, time: 100h }" : ""),
         [&] {
           block(made.result, {name == "main" ? 3 : 2, random.chance(60), random.chance(60) ? &failed : nullptr});
         });
  values.scope.resize(known);
  made.fails = failed;
  made.writes = wrote;
  made.calls = called;
  made.said = false;
  callees.push_back(std::move(made));
}

void Program::declareRecursion() {
  TypeRef type = types.any(1), whole = types.simple(Kind::integer);
  wrote = called = false;
  std::size_t known = values.scope.size();
  values.scope.push_back({"given", type});
  bool tooDeep = random.chance(20);
  braces("workflow deeper(n: int, given: " + type->name + ") -> " + type->name + " depth " + (tooDeep ? "2" : "6"),
         [&] {
           braces(
               "if n <= 0", [&] { line("given"); }, "} else {");
           ++indent;
           values.scope.push_back({"n", whole});
           call({1, false, nullptr});
           line("deeper(n - 1, " + values.value(type, 1) + ")");
           --indent;
           line("}");
         });
  values.scope.resize(known);
  // Called with a number that ends it in time, or not.
  braces("workflow deep(n: int, given: " + type->name + ") -> " + type->name,
         [&] { line("deeper(abs(n) % 4, given)"); });
  callees.push_back({Callee::Kind::workflow, "deep", {whole, type}, type, tooDeep, wrote, called, false});
}

void Program::test() {
  const Callee &main = callees.back();
  braces("test \"generated\"", [&] {
    for (const std::string &mock : mocks)
      line(mock);
    line("mock probe.done => none");
    std::string out;
    for (TypeRef parameter : main.parameters)
      out += (out.empty() ? "" : ", ") + values.literal(parameter);
    line("let out = main(" + out + ")");
    line("probe.done(to_json(out))");
  });
}

} // namespace weft::generated
