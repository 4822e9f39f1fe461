//===- ExecTemplate.h - Arguments of a program from the plan's functions --===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/base/Result.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Evaluator.h"

#include <memory>
#include <string>
#include <vector>

namespace weft::agent {

/// A member of an `exec` tool has one function per piece of its template; each takes the call's arguments and gives a
/// string, or a list of strings that stand side by side. Used on the run loop's thread.
class ExecTemplate {
public:
  explicit ExecTemplate(std::shared_ptr<const plan::Plan> plan)
      : plan(std::move(plan)), evaluator(this->plan->program()) {}

  base::Result<std::vector<std::string>> render(const CallRequest &request);

  /// Output as the member's result: a string as it is, none for nothing, any other type from JSON, unknown fields
  /// dropped. Failures: `schema`.
  CallOutcome answer(const CallRequest &request, std::string_view output);

private:
  std::shared_ptr<const plan::Plan> plan;
  value::Evaluator evaluator;
};

} // namespace weft::agent
