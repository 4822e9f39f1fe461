//===- Policies.cpp - `with { … }` and budgets, to numbers ----------------===//
//
// Limits are part of the plan, so what stands here is known now.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Policies.h"

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

// What a plan takes (PlanCheck refuses more): waits that no sum with a time of day leaves the range of, and counts that
// fit their fields.
constexpr std::int64_t maxRetries = 1000;
constexpr std::int64_t dayNs = 86'400'000'000'000;
constexpr std::int64_t maxWaitNs = 3650 * dayNs;
constexpr std::int64_t maxPauseNs = dayNs; ///< Of `backoff` and `hedge`.
constexpr std::int64_t maxTurns = 1'000'000;

std::string atMost(std::int64_t most, TypeKind kind) {
  return "at most " + (kind == TypeKind::duration ? std::to_string(most / dayNs) + "d" : std::to_string(most));
}

} // namespace

const syntax::Entry *Checker::entry(const std::vector<syntax::Entry *> &entries, std::string_view key) const {
  for (const syntax::Entry *one : entries)
    if (one->key.text == key)
      return one;
  return nullptr;
}

void Checker::checkKeys(const std::vector<syntax::Entry *> &entries, const std::vector<std::string> &known,
                        const char *what) {
  std::map<std::string, Span> seenKeys;
  for (const syntax::Entry *one : entries) {
    if (auto [first, fresh] = seenKeys.emplace(one->key.text, one->key.span); !fresh)
      error(Code::duplicateKey, one->key.span, "`" + one->key.text + "` stands twice")
          .note(first->second, "the first one");
    if (std::find(known.begin(), known.end(), one->key.text) != known.end())
      continue;
    Diagnostic &report =
        error(Code::unknownKey, one->key.span, std::string(what) + " does not know `" + one->key.text + "`");
    if (report.offer(one->key.text, known))
      continue;
    std::string list;
    for (const std::string &key : known)
      list += (list.empty() ? "" : ", ") + key;
    report.hint("it knows: " + list);
  }
}

std::optional<Constant> Checker::constantOf(const syntax::Expr *expr, Type type, const std::string &what) {
  std::size_t before = engine.errorCount();
  check(expr, type, {});
  if (engine.errorCount() != before)
    return std::nullopt;
  std::optional<Constant> value = known(expr);
  if (!value && !resolved(info(expr).type)->is(TypeKind::error))
    error(Code::notConstant, expr->span, what + " must be known when the program is compiled")
        .hint("literals, arithmetic on them, and names bound to such values are known");
  return value;
}

std::optional<std::int64_t> Checker::amountOf(const syntax::Expr *expr, TypeKind kind, const std::string &what) {
  std::optional<Constant> value = constantOf(expr, simple(kind), what);
  if (!value)
    return std::nullopt;
  if (value->integer())
    return *value->integer();
  if (const QuantityValue *amount = value->quantity())
    return amount->amount;
  return std::nullopt;
}

Type Checker::inferWith(const syntax::WithExpr *expr, Type hint) {
  discard = dropped;
  Type type = infer(expr->operand, hint);
  module().policies[expr->id] = readPolicy(expr->policy);
  if (body.place != Place::workflow && body.place != Place::test)
    error(Code::policyWithoutCall, expr->span, "a policy says how a call is made, and no call is made here");
  return type;
}

Policy Checker::readPolicy(const std::vector<syntax::Entry *> &entries) {
  checkKeys(entries, {"retry", "retry_on", "backoff", "timeout", "hedge", "cache", "on"}, "`with`");
  Policy policy;
  auto within = [&](const syntax::Entry *one, TypeKind kind, std::int64_t least,
                    std::int64_t most) -> std::optional<std::int64_t> {
    std::optional<std::int64_t> value = amountOf(one->value, kind, "`" + one->key.text + "`");
    if (!value || (*value >= least && *value <= most))
      return value;
    bool duration = kind == TypeKind::duration;
    std::string wanted = *value > most ? atMost(most, kind)
                         : duration    ? "longer than nothing"
                                       : "at least " + std::to_string(least);
    error(Code::badPolicy, one->value->span,
          "`" + one->key.text + "` is " + std::string(sources.file(one->value->span.file).text(one->value->span)) +
              ", and must be " + wanted)
        .hint(duration ? "`30s`, `200ms`" : "`retry: 3` means three further attempts");
    return std::nullopt;
  };
  for (const syntax::Entry *one : entries) {
    const std::string &key = one->key.text;
    if (key == "retry") {
      policy.retry = within(one, TypeKind::integer, 0, maxRetries);
    } else if (key == "backoff") {
      policy.backoffNs = within(one, TypeKind::duration, 1, maxPauseNs);
    } else if (key == "timeout") {
      policy.timeoutNs = within(one, TypeKind::duration, 1, maxWaitNs);
    } else if (key == "hedge") {
      policy.hedgeNs = within(one, TypeKind::duration, 1, maxPauseNs);
    } else if (key == "retry_on") {
      policy.retryOn = readKinds(one->value);
    } else if (key == "cache") {
      const auto *name = as<syntax::NameExpr>(one->value);
      if (name && name->name.text == "run") {
        policy.cache = Cache::run;
        note(name);
      } else if (as<syntax::NoneExpr>(one->value)) {
        policy.cache = Cache::none;
        note(one->value);
      } else if (std::optional<std::int64_t> kept = within(one, TypeKind::duration, 1, maxWaitNs)) {
        policy.cache = Cache::duration;
        policy.cacheNs = *kept;
        error(Code::policyNotCarried, one->value->span, "a cache across runs is not carried by this build")
            .hint("`cache: run` shares one answer in the run");
      }
    } else if (key == "on") {
      if (const auto *name = as<syntax::NameExpr>(one->value)) {
        policy.on = name->name.text;
        note(name);
      } else {
        infer(one->value);
      }
      error(Code::policyNotCarried, one->key.span, "`on`, a device for one call, is not carried by this build")
          .hint("a tensor function runs on the mesh that its marks name");
    } else {
      infer(one->value);
    }
  }
  return policy;
}

std::optional<std::uint16_t> Checker::readKinds(const syntax::Expr *expr) {
  const auto *list = as<syntax::ListExpr>(expr);
  if (!list || list->elements.empty()) {
    note(expr);
    error(Code::badPolicy, expr->span, "`retry_on` takes a list of kinds of failure")
        .hint("`retry_on: [transport, rate_limit]`");
    return std::nullopt;
  }
  std::uint16_t bits = 0;
  note(list);
  for (const syntax::Expr *element : list->elements) {
    note(element);
    const auto *name = as<syntax::NameExpr>(element);
    int kind = name ? program.types.failureKind()->caseIndex(name->name.text) : -1;
    if (kind < 0) {
      std::vector<std::string> kinds(std::begin(failureKinds), std::end(failureKinds));
      Diagnostic &report =
          error(Code::badPolicy, element->span,
                name ? "`" + name->name.text + "` is not a kind of failure" : "a kind of failure is a name");
      if (name)
        report.offer(name->name.text, kinds);
      continue;
    }
    bits |= static_cast<std::uint16_t>(1u << kind);
  }
  return bits;
}

Budget Checker::readBudget(const std::vector<syntax::Entry *> &entries, Span span, bool agent) {
  std::vector<std::string> keys = {"cost", "tokens", "time", "on_exceed"};
  if (agent)
    keys.push_back("turns");
  checkKeys(entries, keys, agent ? "an agent's budget" : "a workflow's budget");
  Budget budget;
  budget.span = span;
  auto amount = [&](const syntax::Entry *one, TypeKind kind,
                    std::int64_t most = INT64_MAX) -> std::optional<std::int64_t> {
    std::optional<std::int64_t> value = amountOf(one->value, kind, "`" + one->key.text + "`");
    if (value && *value < 1) {
      error(Code::badBound, one->value->span, "a budget of nothing allows nothing");
      return std::nullopt;
    }
    if (value && *value > most) {
      error(Code::badBound, one->value->span,
            "`" + one->key.text + "` is " + std::string(sources.file(one->value->span.file).text(one->value->span)) +
                ", and must be " + atMost(most, kind));
      return std::nullopt;
    }
    return value;
  };
  for (const syntax::Entry *one : entries) {
    const std::string &key = one->key.text;
    if (key == "cost") {
      budget.costNano = amount(one, TypeKind::money);
    } else if (key == "tokens") {
      budget.tokens = amount(one, TypeKind::integer);
    } else if (key == "time") {
      budget.timeNs = amount(one, TypeKind::duration, maxWaitNs);
    } else if (key == "turns" && agent) {
      budget.turns = amount(one, TypeKind::integer, maxTurns);
    } else if (key == "on_exceed") {
      readOnExceed(one, budget);
    } else {
      infer(one->value);
    }
  }
  if (budget.fallback && !budget.costNano && !budget.tokens && !budget.turns)
    error(Code::badPolicy, entry(entries, "on_exceed")->value->span,
          "`on_exceed` says what happens to a call that does not fit, and nothing here bounds one")
        .hint("`cost: $0.40`, `tokens: 60k`; when a `time` is up, the scope fails in any case");
  return budget;
}

void Checker::readOnExceed(const syntax::Entry *entry, Budget &budget) {
  const auto *call = as<syntax::CallExpr>(entry->value);
  const auto *name = as<syntax::NameExpr>(call ? call->callee : entry->value);
  note(entry->value);
  if (name)
    note(name);
  if (name && !call && name->name.text == "stop")
    return;
  const auto *argument = call && call->arguments.size() == 1 ? as<syntax::NameExpr>(call->arguments[0].value) : nullptr;
  if (!name || !argument || (name->name.text != "use" && name->name.text != "ask")) {
    error(Code::badPolicy, entry->value->span, "`on_exceed` is `stop`, `use(model)` or `ask(person)`");
    return;
  }
  bool use = name->name.text == "use";
  Symbol *symbol = lookUp(argument->name.text);
  note(argument, symbol);
  if (!symbol) {
    unknownName(argument->name, use ? "model" : "agent");
    return;
  }
  // Agents may be checked later than the budget that names them: what they are declared as is known.
  const auto *agent = symbol->agent ? symbol->agent->decl : nullptr;
  bool right = use ? symbol->kind == SymbolKind::model : agent && agent->provider.text == "human";
  if (!right) {
    error(Code::badPolicy, argument->span, use ? "`use` takes a model" : "`ask` takes an agent that is a person")
        .note(symbol->span, "declared here");
    return;
  }
  if (!use) {
    const std::vector<Parameter> &parameters = symbol->callable->parameters;
    bool told = parameters.size() == 1 && base(parameters[0].type)->is(TypeKind::string);
    if (!told || !base(symbol->callable->result)->is(TypeKind::boolean)) {
      error(Code::badPolicy, argument->span, "who is asked for more is told why and says yes or no")
          .note(symbol->span, "declared here")
          .hint("`agent " + symbol->name + "(why: string) -> bool = human { prompt: \"More? ${why}\" }`");
      return;
    }
  }
  budget.onExceed = use ? OnExceed::use : OnExceed::ask;
  budget.fallback = symbol;
}

} // namespace weft::sema
