//===- MemberLearns.cpp - What a step is fed, and what it tells -----------===//
//
// All of it follows from the step's number: a step that is done again, here or
// by who gets the slot, is fed the same and tells the same.
//
//===----------------------------------------------------------------------===//

#include "runtime/gang/Member.h"

#include <cmath>
#include <cstring>

namespace weft::gang {

using base::Code;
using base::error;

base::Result<> Member::feed() {
  if (!role->feeds.empty() && (!sources || sources->empty()))
    return error(Code::invalid, "is to be fed from texts that nobody has opened");
  for (const plan::Port &port : role->feeds) {
    std::vector<std::int32_t> tokens = sources->drawn(*gang, port, step);
    device.copyIn(memory->bytes(port.buffer).data(), std::as_bytes(std::span(tokens)));
    if (auto finished = device.finish(); !finished)
      return finished;
  }
  if (role->step == plan::noIndex)
    return {};
  auto number = static_cast<std::int32_t>(step);
  device.copyIn(memory->bytes(role->step).data(), std::as_bytes(std::span(&number, 1)));
  return device.finish();
}

base::Result<> Member::readReports(MemberActions &actions) {
  if (role->reports.empty())
    return {};
  StepReport report{step + 1, false, {}};
  for (const plan::Port &port : role->reports) {
    float value = 0;
    device.copyOut(std::as_writable_bytes(std::span(&value, 1)), memory->bytes(port.buffer).data());
    if (auto finished = device.finish(); !finished)
      return finished;
    if (!std::isfinite(value))
      return error(Code::invalid, std::string(gang->reports[port.value].name) + " is " +
                                      (std::isnan(value) ? "no number"
                                       : value > 0       ? "infinite"
                                                         : "minus infinity") +
                                      " after step " + std::to_string(step + 1) + " of " + std::to_string(gang->steps) +
                                      "; what was learned by it is of no use: take a smaller learning rate (lr), bound "
                                      "the gradients (clip), or look at the text of that step");
    report.values.push_back({port.value, value});
  }
  actions.reports.push_back(std::move(report));
  return {};
}

/// Slot 0 holds what is evaluated, whole (PlanCheck); the others go on.
base::Result<> Member::evaluate(MemberActions &actions) {
  if (!gang->evaluation || slot != 0)
    return {};
  const plan::Gang &by = plan->gangs[gang->evaluation->gang];
  if (!sources)
    return error(Code::invalid, "is to be evaluated on texts that nobody has opened");
  if (!evaluation) {
    auto loaded = tensor::Program::load(plan, gang->evaluation->gang, device);
    if (!loaded)
      return std::move(loaded).error();
    evaluation = *std::move(loaded);
  }
  for (std::uint32_t operand = 0; operand < by.params.size(); ++operand)
    for (const plan::Port &port : role->states)
      if (port.value == gang->evaluation->states[operand])
        if (auto lent = evaluation->lendOperand(operand, memory->bytes(port.buffer)); !lent)
          return lent;
  std::uint64_t batches = sources->heldOutBatches(gang->evaluation->batches);
  std::vector<double> sums(by.reports.size(), 0.0);
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    for (const plan::Port &port : by.roles.front().feeds) {
      std::vector<std::int32_t> tokens = sources->held(by, port, batch, batches);
      if (auto set = evaluation->setFeed(port.value, std::as_bytes(std::span(tokens))); !set)
        return set;
    }
    if (auto stepped = evaluation->step(); !stepped)
      return stepped;
    for (std::uint32_t at = 0; at < sums.size(); ++at) {
      auto value = evaluation->report(at);
      if (!value)
        return std::move(value).error();
      sums[at] += static_cast<double>(*value);
    }
  }
  StepReport report{step, true, {}};
  for (std::uint32_t at = 0; at < sums.size(); ++at)
    report.values.push_back({at, static_cast<float>(sums[at] / static_cast<double>(batches))});
  actions.reports.push_back(std::move(report));
  return {};
}

} // namespace weft::gang
