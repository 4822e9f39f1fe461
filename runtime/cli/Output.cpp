//===- Output.cpp - What goes to standard output --------------------------===//

#include "runtime/cli/Output.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

namespace weft::cli {
namespace {

/// Of the first write that failed; 0: none. The library forgets it with the bytes.
int firstError = 0;

void remember(bool failed) {
  if (failed && firstError == 0)
    firstError = errno;
}

} // namespace

void put(std::string_view text) {
  errno = 0;
  remember(std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::ferror(stdout));
}

std::string outputTrouble() {
  remember(std::fflush(stdout) != 0);
  return firstError == 0 || firstError == EPIPE ? "" : std::strerror(firstError);
}

std::size_t columnsOf(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string padded(std::string_view text, std::size_t columns) {
  std::size_t taken = columnsOf(text);
  return std::string(text) + std::string(taken < columns ? columns - taken : 0, ' ');
}

} // namespace weft::cli
