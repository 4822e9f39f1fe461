//===- Streams.h - Standard streams that are closed or full ---------------===//
#pragma once

namespace weft::driver {

/// Takes the number of each standard stream that was closed before the start, so that no file of ours gets it and is
/// written to as if it were the stream; what is written to such a stream fails.
void holdStandardStreams();

/// Writes out what was put aside for standard output; gives `code`, or `refused` when not all of it was taken. A reader
/// that had enough is no fault.
int endStandardStreams(int code, int refused);

} // namespace weft::driver
