//===- Offender.cpp - What house/symbols must find ------------------------===//

#include <chrono>

/// Asks for the time behind the clock's back.
long long offend() { return std::chrono::steady_clock::now().time_since_epoch().count(); }
