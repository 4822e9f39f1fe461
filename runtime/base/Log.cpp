//===- Log.cpp - One sink per process -------------------------------------===//

#include "runtime/base/Log.h"

#include <cstdio>
#include <mutex>
#include <string>

namespace weft::base {
namespace {

void toStandardError(LogLevel level, std::string_view part, std::string_view message) {
  std::string line = "weft: ";
  line.append(name(level)).append(": ").append(part).append(": ").append(message).append("\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

struct Log {
  std::mutex mutex;
  LogSink sink = toStandardError;
  LogLevel lowest = LogLevel::warning;
};

Log &theLog() {
  static Log log;
  return log;
}

} // namespace

std::string_view name(LogLevel level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::uint8_t>(level)];
}

void setLogSink(LogSink sink, LogLevel lowest) {
  Log &log = theLog();
  std::lock_guard lock(log.mutex);
  log.sink = std::move(sink);
  log.lowest = lowest;
}

void log(LogLevel level, std::string_view part, std::string_view message) {
  Log &log = theLog();
  std::lock_guard lock(log.mutex);
  if (level >= log.lowest && log.sink)
    log.sink(level, part, message);
}

} // namespace weft::base
