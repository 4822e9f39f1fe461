//===- Tables.h - What the machine keeps by number or in a queue ----------===//
//
// Attempts and timers outlive the frames that asked for them, so they are named
// by a place and its generation, and what comes for an old one finds nobody.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/Action.h"
#include "runtime/frame/Run.h"

namespace weft::frame {

/// One attempt of a call or a gang, from its reservation to its outcome.
struct Attempt {
  std::uint32_t generation = 0;
  bool live = false, sent = false, write = false, gang = false;
  bool hasPermit = false, timedOut = false, intent = false, model = false;
  bool choice = false;      ///< A budget around it may hand calls to another model: whom it asks is recorded.
  CallStep *step = nullptr; ///< Null: nobody waits for it any more.
  Run *run = nullptr;
  Account *account = nullptr; ///< Innermost, held by a reference.
  Scope *drain = nullptr;     ///< A failing scope that waits for this write.
  journal::StepKey key;
  Amounts reserved;
  std::uint32_t member = 0; ///< Or gang.
  std::uint32_t span = 0, ratePlace = 0;
  std::uint32_t batch = 0; ///< 1 + its place among the batches; 0: it goes alone.
  std::int64_t maxTokensOut = 0, sentAtNs = 0;
  std::uint64_t timer = 0;
};

/// Attempts that go in one request, under one permit.
struct Batch {
  std::uint64_t number = 0; ///< Never used again.
  std::uint32_t open = 0;   ///< Attempts that hold the permit.
  bool departed = false;
};

enum class TimerKind : std::uint8_t { attempt, hedge, backoff, person, scope, region, regionHedge, account, permit };

struct Timer {
  std::uint32_t generation = 0;
  TimerKind kind{};
  bool live = false;
  void *target = nullptr;   ///< CallStep, Scope, RegionStep, Account, or PlanContext for a permit.
  std::uint64_t detail = 0; ///< The attempt, or the binding of a permit.
};

enum class ReadyKind : std::uint8_t { node, frameDone, scopeFails, scopeEnded, pump, permit };

struct Ready {
  void *target = nullptr; ///< Frame, Scope, Account or PlanContext.
  std::uint32_t detail = 0;
  ReadyKind kind{};
};

/// What waits until everything that its run appended before is durable.
struct Gated {
  std::uint64_t sequence = 0;
  ActionKind kind{};
  Run *run = nullptr;
  std::uint64_t id = 0;
  std::int64_t atNs = 0;
  journal::StepKey key;
  value::Value value;
};

} // namespace weft::frame
