//===- Streams.cpp - Standard streams that are closed or full -------------===//

#include "compiler/driver/Streams.h"

#include "llvm/Support/raw_ostream.h"

#include <fcntl.h>

namespace weft::driver {

void holdStandardStreams() {
  for (int fd = 0; fd <= 2; ++fd)
    if (::fcntl(fd, F_GETFD) < 0)
      (void)::open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

int endStandardStreams(int code, int refused) {
  llvm::outs().flush();
  std::error_code error = llvm::outs().error();
  if (error && error != std::errc::broken_pipe) {
    llvm::errs() << "weftc: standard output cannot be written: " << error.message() << "\n";
    code = refused;
  }
  // Else their destructors end the process in their own words.
  llvm::outs().clear_error();
  llvm::errs().clear_error();
  return code;
}

} // namespace weft::driver
