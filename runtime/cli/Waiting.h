//===- Waiting.h - Answers that a command waits for -----------------------===//
#pragma once

#include "runtime/base/Result.h"
#include "runtime/io/AsioRuntime.h"

#include <functional>
#include <optional>

namespace weft::cli {

/// Runs the loop until what was asked is answered. `ask` hands its argument on as the callback, or calls it at once.
/// Errors: those of the answer; `cancelled` when the loop was interrupted before it came.
template <typename T>
base::Result<T> waitFor(io::AsioRuntime &runtime,
                        const std::function<void(std::function<void(base::Result<T>)>)> &ask) {
  std::optional<base::Result<T>> answer;
  ask([&](base::Result<T> result) { answer = std::move(result); });
  runtime.runUntil([&] { return answer.has_value(); });
  return answer ? *std::move(answer) : base::Result<T>(base::error(base::Code::cancelled, "interrupted"));
}

} // namespace weft::cli
