//===- PoolDriver.cpp - A driver whose calls block ------------------------===//

#include "runtime/agent/PoolDriver.h"

#include <utility>

namespace weft::agent {

void PoolDriver::start(CallRequest request, Done done) {
  // What the pool's thread writes and the run loop's thread reads afterwards.
  struct Call {
    CallRequest request;
    CallOutcome outcome;
    Done done;
  };
  CallId id = request.id;
  auto call = std::make_shared<Call>(Call{std::move(request), {}, std::move(done)});
  auto ticket = std::make_shared<Ticket>();
  live->tickets.emplace(id, ticket);
  auto finish = [call, id, alive = std::weak_ptr(live)] {
    auto driver = alive.lock();
    if (!driver)
      return;
    driver->tickets.erase(id);
    call->outcome.id = id;
    call->done(std::move(call->outcome));
  };
  auto submitted = doors.pool.submit(
      [call, ticket, work = work()] {
        call->outcome = ticket->cancelled ? failed(base::FailKind::cancelled, "cancelled before it began")
                                          : work->perform(call->request, ticket->cancelled);
      },
      finish);
  if (submitted)
    return;
  call->outcome = failed(base::FailKind::rateLimit, submitted.error().message);
  doors.executor.post(finish);
}

void PoolDriver::cancel(CallId id) {
  if (auto found = live->tickets.find(id); found != live->tickets.end())
    found->second->cancelled = true;
}

CallOutcome failed(base::FailKind kind, std::string why) {
  CallOutcome outcome;
  outcome.failure = {kind, std::move(why)};
  return outcome;
}

base::Failure failureOf(const base::Error &error, base::FailKind otherwise) {
  switch (error.code) {
  case base::Code::denied:
    return {base::FailKind::refused, error.message};
  case base::Code::busy:
  case base::Code::unavailable:
    return {base::FailKind::transport, error.message};
  case base::Code::timedOut:
    return {base::FailKind::timeout, error.message};
  case base::Code::cancelled:
    return {base::FailKind::cancelled, error.message};
  default:
    return {otherwise, error.message};
  }
}

CallOutcome toolFailed(const base::Error &error) {
  base::Failure failure = failureOf(error, base::FailKind::tool);
  return failed(failure.kind, failure.why);
}

CallOutcome succeeded(value::Value value) {
  CallOutcome outcome;
  outcome.value = std::move(value);
  return outcome;
}

} // namespace weft::agent
