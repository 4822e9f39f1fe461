//===- Exceeding.cpp - What a budget does that is not enough --------------===//
//
// `on_exceed`: a call that does not fit, and that nothing in flight can make
// room for, stops there, or goes to another model as all model calls of the
// budget from then on, or a person is asked for more. Which model is a decision
// that the journal holds, and so is whom a call that may be in flight at a crash
// has asked; a person's answer is a signal under the budget's own path.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/plan/MockAnswer.h"
#include "runtime/plan/Tools.h"

#include <algorithm>
#include <utility>

namespace weft::frame {

using plan::fb::OnExceed;

namespace {

/// Told apart from the steps below the budget, whose paths are made of stable ids.
constexpr std::uint64_t questionSalt = 0x6d6f72653f000000; // "more?"

} // namespace

std::uint32_t Core::askedBy(const CallStep &step) const {
  std::uint32_t own = targetOf(*step.frame, step.node);
  const plan::Member *member = memberOf(step);
  const plan::Plan &plan = planOf(*step.frame);
  if (!member || plan.bindings[member->binding].kind != plan::fb::BindingKind::model || !mayChange(accountOf(step)))
    return own;
  // With tools it would do something else than what it was asked for.
  if (!plan::toolsOf(plan, own).empty())
    return own;
  std::uint32_t asked = own;
  for (const Account *account = accountOf(step); account; account = account->parent) {
    if (account->budget->onExceed != OnExceed::use)
      continue;
    if (step.intentKept && step.keptMember == account->budget->fallback)
      return step.keptMember;
    if (account->exceeded)
      asked = account->budget->fallback;
  }
  return step.intentKept ? own : asked;
}

bool Core::mayChange(const Account *innermost) {
  for (const Account *account = innermost; account; account = account->parent)
    if (account->budget->onExceed == OnExceed::use)
      return true;
  return false;
}

Core::Exceeded Core::exceed(CallStep &step, Account &account, base::Failure &failure) {
  Run &run = *account.run;
  std::uint32_t fallback = account.budget->fallback;
  if (account.budget->onExceed == OnExceed::use) {
    if (account.exceeded || askedBy(step) == fallback)
      return Exceeded::stop;
    account.exceeded = true;
    step.intentKept = false;
    if (askedBy(step) != fallback) { // It keeps its model, or an outer budget has decided.
      account.exceeded = false;
      return Exceeded::stop;
    }
    DecisionBody body;
    body.what = DecisionBody::What::exceeded;
    if (!sabotage.forgetExceeded)
      appendDecision(run, keyOf(*step.frame, nodeOf(*step.frame, step.node), account.path, 0), body);
    return Exceeded::again;
  }
  if (account.budget->onExceed == OnExceed::stop)
    return Exceeded::stop;
  if (account.exceeded) {
    step.question = questionOf(account); // Who tries the failed run again may be answered otherwise.
    return Exceeded::stop;
  }
  if (account.asker) {
    step.waits = CallStep::Waits::raise;
    account.deferred.push_back(&step);
    return Exceeded::waits;
  }
  return askForMore(step, account, failure);
}

Core::Exceeded Core::askForMore(CallStep &step, Account &account, base::Failure &failure) {
  Run &run = *account.run;
  std::uint32_t asked = account.budget->fallback;
  const plan::Member &person = run.plan->plan->members[asked];
  Value why = Value::text(failure.why), told;
  for (const plan::Mock &mock : run.entry->mocks)
    if (mock.member == asked) {
      // Pure, and asked again when the run is resumed; whose turn it is, the budget knows. It answers at once.
      plan::MockAnswer answer =
          plan::answerOf(*run.plan->plan, mock, {why}, account.raises, run.plan->evaluator, run.plan->fuel);
      if (!answer.value)
        failure = std::move(answer.failure);
      bool yes = answer.value && answer.value->asBool();
      account.take(yes);
      return yes ? Exceeded::again : Exceeded::stop;
    }
  std::uint64_t fuel = run.plan->fuel;
  if (auto failed = run.plan->evaluator.call(person.templates[0], std::span(&why, 1), told, fuel)) {
    failure = std::move(*failed);
    return Exceeded::stop;
  }
  step.question = questionOf(account);
  bool recorded = account.asked;
  if (!recorded && run.replay)
    for (const PastAttempt &past : run.replay->attempts(step.question))
      if (past.intent) {
        recorded = true;
        countScopesFrom(*step.frame->scope, past.intent->wallNs);
      }
  openQuestion(step, account);
  const plan::Node &node = nodeOf(*step.frame, step.node);
  journal::StepKey key = keyOf(*step.frame, node, step.question, 0);
  if (!recorded)
    append(run, journal::RecordKind::intent, key, [&](BodyWriter &writer) {
      writer.number(asked);
      writer.hash({});
      writer.signedNumber(now.wallNs);
      writer.text(questionText(told));
    });
  account.asked = true;
  if (observe::Event *seen = note(run, observe::EventKind::asked))
    seen->path = step.question, seen->index = asked, seen->span = node.span();
  gate({0, ActionKind::ask, &run, asked, 0, key, told.is(value::Tag::string) ? told : Value::text("")});
  return Exceeded::waits;
}

void Core::openQuestion(CallStep &step, Account &account) {
  account.asker = &step;
  step.exceeds = &account;
  step.question = questionOf(account);
  linkAsked(step);
}

base::Hash128 Core::questionOf(const Account &account) {
  return base::mix(account.path, questionSalt + account.raises);
}

void Core::answeredForMore(CallStep &step, bool yes) {
  Account &account = *step.exceeds;
  step.exceeds = nullptr;
  account.asker = nullptr;
  account.asked = false;
  account.take(yes);
  if (yes)
    step.question = {};
  if (!account.waiting.empty()) {
    ++account.references;
    ready.push({&account, 0, ReadyKind::pump});
  }
  std::vector<CallStep *> deferred = std::exchange(account.deferred, {});
  std::sort(deferred.begin(), deferred.end(),
            [](const CallStep *left, const CallStep *right) { return lowerIteration(*left, *right); });
  tryCall(step, false);
  for (CallStep *one : deferred) {
    one->waits = CallStep::Waits::nothing;
    tryCall(*one, false);
  }
}

/// Whoever shows questions knows it already: it is the same one.
void Core::passQuestionOn(CallStep &step) {
  Account &account = *step.exceeds;
  step.exceeds = nullptr;
  account.asker = nullptr;
  if (account.deferred.empty())
    return;
  CallStep &next = *account.deferred.front();
  account.deferred.erase(account.deferred.begin());
  openQuestion(next, account);
}

/// What a resumed run knows of a budget before anything below it runs.
void Core::restoreExceeded(Account &account) {
  Replay &replay = *account.run->replay;
  std::uint64_t order = 0;
  base::ConstBytes blob;
  if (account.budget->onExceed == OnExceed::use)
    account.exceeded = replay.decision(account.path, DecisionBody::What::exceeded, order) != nullptr;
  if (account.budget->onExceed == OnExceed::ask)
    while (const SignalBody *answer = account.exceeded ? nullptr : replay.answer(questionOf(account), blob)) {
      auto value = load(answer->value, blob);
      account.take(value && value->is(value::Tag::boolean) && value->asBool());
    }
}

} // namespace weft::frame
