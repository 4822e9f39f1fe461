//===- SystemError.h - What errno means for the caller --------------------===//
#pragma once

#include "runtime/base/Result.h"

#include <string>

namespace weft::io {

/// `what`: the words of `number` (an errno), with the code that tells the caller what to do.
base::Error systemError(int number, const std::string &what);

} // namespace weft::io
