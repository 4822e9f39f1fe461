//===- Leaves.cpp - Ops that end at once: emit, fail, system --------------===//
//
// They have no body and nothing is awaited. Of what `system` gives, only the
// time is recorded: the rest follows from the run's start.
//
//===----------------------------------------------------------------------===//

#include "runtime/frame/Append.h"

#include "runtime/base/Random.h"
#include "runtime/plan/NodeFlags.h"

#include <chrono>
#include <cstdio>

namespace weft::frame {
namespace {

/// The fields of the record that a handler gets.
enum ErrorField { errorKind = 0, errorWhy = 1, errorStep = 2 };

/// RFC 3339 in UTC, with milliseconds: "2026-01-31T09:05:00.120Z".
std::string utcText(std::int64_t wallNs) {
  using namespace std::chrono;
  sys_time<milliseconds> moment{floor<milliseconds>(nanoseconds(wallNs))};
  sys_days day = floor<days>(moment);
  year_month_day date{day};
  hh_mm_ss time{moment - day};
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text;
}

enum class System : std::int32_t { now, random, uuid, env };

} // namespace

void Core::doEmit(Frame &frame, std::uint32_t index) {
  const plan::Node &node = nodeOf(frame, index);
  journal::StepKey key = keyOf(frame, node, pathOf(frame, node, 0), 0);
  Value value = frame.registers()[planOf(frame).operandsOf(node)[0]];
  frame.run->emitted = true;
  for (Scope *scope = frame.scope; scope; scope = scope->parent)
    if (scope->speculative) {
      scope->held.push_back({key, std::move(value)});
      return completeNode(frame, index);
    }
  gate({0, ActionKind::emit, frame.run, 0, 0, key, std::move(value)});
  completeNode(frame, index);
}

void Core::doFail(Frame &frame, std::uint32_t index) {
  const plan::Node &node = nodeOf(frame, index);
  const Value &operand = frame.registers()[planOf(frame).operandsOf(node)[0]];
  bool again = node.flags() & plan::raisesAgain;
  if (!again) {
    auto kind = static_cast<FailKind>(node.target());
    std::string why = operand.is(value::Tag::string) ? std::string(operand.asText()) : std::string();
    if (why.empty())
      why = base::noReason;
    return raise(frame, {{kind, std::move(why)}, stepName(frame, index), {}}, index);
  }
  // Raised again from a handler: a retry of the run tries what failed in the body of its `try`.
  Failed failed;
  std::span<const Value> fields = operand.is(value::Tag::record) ? operand.items() : std::span<const Value>();
  if (fields.size() == 3 && fields[errorKind].is(value::Tag::variant) &&
      fields[errorKind].caseIndex() < base::failKindCount && fields[errorWhy].is(value::Tag::string) &&
      fields[errorStep].is(value::Tag::string)) {
    failed.failure = {static_cast<FailKind>(fields[errorKind].caseIndex()), std::string(fields[errorWhy].asText())};
    failed.step = fields[errorStep].asText();
  } else {
    failed = {{FailKind::failed, "what is raised again is no error"}, stepName(frame, index), {}};
  }
  for (Frame *at = &frame; at && at->owner; at = at->owner->frame)
    if (at->role == Role::handler) {
      if (const Failed *handled = static_cast<RegionStep *>(at->owner)->last.get())
        failed.chain = handled->chain, failed.where = handled->where;
      break;
    }
  raise(frame, std::move(failed), index);
}

void Core::doSystem(Frame &frame, std::uint32_t index) {
  const plan::Node &node = nodeOf(frame, index);
  Run &run = *frame.run;
  Hash128 path = stepPath(frame, node);
  switch (static_cast<System>(node.target())) {
  case System::random:
  case System::uuid: {
    // Drawn from (run seed, step): nothing is recorded, and a resumed run draws the same.
    base::Random random(run.seed ^ path.high, path.low);
    if (static_cast<System>(node.target()) == System::random) {
      setResult(frame, node, Value::real(random.uniform()));
      return completeNode(frame, index);
    }
    Hash128 bits{(random.next() & ~0xf000ull) | 0x4000ull, (random.next() >> 2) | 0x8000000000000000ull};
    std::string text = bits.hex(); // version 4, variant 1 of RFC 9562
    for (std::size_t at : {8, 13, 18, 23})
      text.insert(at, 1, '-');
    setResult(frame, node, Value::text(text));
    return completeNode(frame, index);
  }
  case System::env: {
    // Recorded with the run's start, read once.
    const Value &name = frame.registers()[planOf(frame).operandsOf(node)[0]];
    for (const auto &[known, value] : run.environment)
      if (name.is(value::Tag::string) && known == name.asText()) {
        setResult(frame, node, Value::text(value));
        return completeNode(frame, index);
      }
    std::string shown = name.is(value::Tag::string) ? std::string(name.asText()) : std::string();
    return raise(frame,
                 {{FailKind::failed, "environment variable '" + shown + "' was not set when the run started"},
                  stepName(frame, index),
                  {}},
                 index);
  }
  case System::now:
    break;
  }
  if (run.replay)
    for (const PastAttempt &past : run.replay->attempts(path))
      if (past.outcome && past.outcome->status == OutcomeBody::Status::ok)
        if (auto value = load(past.outcome->value, past.blob)) {
          ++counters.replayed;
          setResult(frame, node, std::move(*value));
          return completeNode(frame, index);
        }
  run.fresh = true;
  Value value = Value::text(utcText(now.wallNs));
  appendOutcome(run, keyOf(frame, node, path, 0), &value, nullptr, {}, 0, 0, nullptr);
  setResult(frame, node, std::move(value));
  completeNode(frame, index);
}

} // namespace weft::frame
