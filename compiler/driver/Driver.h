//===- Driver.h - What weftc does -----------------------------------------===//
#pragma once

namespace weft::driver {

/// Reads the command line, compiles, writes. Gives the exit code: 0 done, 2 refused (of the program, the command line,
/// or a file that cannot be read or written). What was asked for goes to standard output, everything else to standard
/// error.
int runDriver(int argc, char **argv);

} // namespace weft::driver
