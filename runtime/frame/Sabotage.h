//===- Sabotage.h - One deliberate break per rule, for tests --------------===//
//
// A rule that no test can see broken is not tested. Each switch breaks one rule
// of the machine, and a test shows that the suite notices. All are off outside
// test/; the machine takes them in its constructor and nowhere else.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace weft::frame {

struct Sabotage {
  bool identityByArrival = false;          ///< Steps are named by when they start, not by where they stand.
  bool attemptInIdempotencyKey = false;    ///< A second attempt of a write carries another key.
  bool activationInIdempotencyKey = false; ///< A write in a second attempt of a workflow carries another key.
  bool noIntents = false;                  ///< Writes and paid calls leave without an intent.
  bool noDecisions = false;                ///< Race winners and quorums are not recorded.
  bool noFailureDecision = false;          ///< The failure that ends a scope is not recorded.
  bool callBeforeDurable = false;          ///< Calls do not wait for the gate.
  bool intentAlone = false;                ///< A step's intent waits until its cause is durable: two groups per step.
  bool repeatWrites = false;               ///< A write in flight at a crash is sent again.
  bool forgetWritesInFlight = false;       ///< A scope ends without waiting for its writes.
  bool inlineLargeValues = false;          ///< Values above 16 KiB stay in the record.
  bool ignoreWindow = false;               ///< A map starts all its frames at once.
  bool noReservation = false;              ///< Budgets are charged after a call and not reserved before.
  bool unseededJitter = false;             ///< Backoff draws from a counter and not from (seed, step).
  bool answersUnchecked = false;           ///< A person's answer is taken whatever its type.
  bool attemptsForgotten = false;          ///< Outcomes of failed attempts are not recorded.
  bool ignorePermits = false;              ///< Bindings are called beyond their concurrency.
  bool keepLosersWrites = false;           ///< What lost a race or a vote is not taken back.
  bool undoUnderNewNames = false;          ///< What was taken back before a kill is taken back again.
  bool forgetExceeded = false;             ///< That a budget was exceeded is not recorded.
  bool ignoreOrder = false;                ///< What stands behind a write does not wait for it.
};

} // namespace weft::frame
