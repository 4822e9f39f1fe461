//===- Providers.h - From a binding of the plan to its driver -------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/base/Result.h"
#include "runtime/io/Doors.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::agent {

/// What drivers are made from.
struct ProviderContext {
  io::Doors &doors;
  std::shared_ptr<const plan::Plan> plan;
  /// The spec's own folder: where relative roots begin and `exec` runs. Empty is the current folder.
  std::string folder;
  /// What a run recorded of the environment when it started.
  std::function<std::optional<std::string>(std::string_view name)> environment;
  /// What a model of binding `name` writes while it writes it, for those that tell: see agent::Writing. May be empty.
  std::function<void(std::string_view name, base::Hash128 path, std::string_view text)> writing = {};
};

/// The driver of binding `index`; null for people and stores, which need none. Opens nothing yet. Errors: `unsupported`
/// for a provider that this build does not carry, by name; `invalid` for a setting that is missing, of the wrong type,
/// or an environment variable that is not set.
base::Result<std::unique_ptr<Driver>> makeDriver(const ProviderContext &context, std::uint32_t index);

/// One for each binding that a run of `entry` may reach, in the order of the plan's bindings; null for all others.
/// Errors: as `makeDriver`; `unsupported` names the declaration, who calls it, and what can stand in for it.
base::Result<std::vector<std::unique_ptr<Driver>>> makeDrivers(const ProviderContext &context,
                                                               const plan::Entry &entry);

/// How messages call a member: "web.search"; of a model, a person or a remote agent its own name.
std::string shownName(const plan::Plan &plan, std::uint32_t member);

} // namespace weft::agent
