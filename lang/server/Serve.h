//===- Serve.h - A session over two file descriptors ----------------------===//
#pragma once

#include "lang/server/Session.h"

namespace weft::server {

/// Reads messages from one descriptor and writes answers to the other until `exit`, the end of the input, or a stream
/// that cannot be read on. The exit code: 0 after `shutdown` and `exit`, else 1.
int serve(int input, int output, Session::Options options);

} // namespace weft::server
