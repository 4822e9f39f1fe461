//===- GangHost.h - What carries out a gang for the run loop --------------===//
#pragma once

#include "runtime/base/Failure.h"
#include "runtime/journal/Record.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace weft::frame {

/// Gangs by id. Handlers come on the run loop's thread, never inside a call.
class GangHost {
public:
  struct Handlers {
    /// A view or checkpoint to be journaled; `durable` answers.
    std::function<void(std::uint64_t id, journal::RecordKind kind, base::Bytes body)> report;
    std::function<void(std::uint64_t id, std::optional<std::vector<value::Value>> results, base::Failure failure)>
        ended;
  };

  virtual ~GangHost() = default;
  /// Once, before any gang.
  virtual void connect(Handlers handlers) = 0;
  virtual void start(std::uint64_t id, std::shared_ptr<const plan::Plan> plan, std::uint32_t gang,
                     std::vector<value::Value> inputs, base::Bytes lastReport) = 0;
  virtual void durable(std::uint64_t id) = 0;
  virtual void cancel(std::uint64_t id) = 0;
};

} // namespace weft::frame
