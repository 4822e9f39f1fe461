//===- Log.h - What the runtime tells its operator ------------------------===//
//
// For things that no caller is told as a result: a connection that came back, a
// record that was skipped. Progress and results are events (runtime/observe)
// and never pass here; secrets never come here.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace weft::base {

enum class LogLevel : std::uint8_t { debug, info, warning, error };

/// "debug", "info", "warning", "error".
std::string_view name(LogLevel level);

/// Receives lines at `lowest` or above. Called by one thread at a time.
using LogSink = std::function<void(LogLevel level, std::string_view part, std::string_view message)>;

/// Until a sink is set, warnings and errors go to standard error as "weft: warning: journal: …".
void setLogSink(LogSink sink, LogLevel lowest);

/// `part` names the folder that speaks ("journal"); `message` is lower-case without a full stop. From any thread; waits
/// for the sink.
void log(LogLevel level, std::string_view part, std::string_view message);

} // namespace weft::base
