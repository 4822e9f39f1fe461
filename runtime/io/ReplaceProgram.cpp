//===- ReplaceProgram.cpp - This process goes on as another program -------===//

#include "runtime/io/ReplaceProgram.h"

#include "runtime/io/SystemError.h"

#include <cerrno>
#include <csignal>
#include <unistd.h>

namespace weft::io {

base::Error replaceProgram(const std::string &program, const std::vector<std::string> &arguments) {
  std::vector<char *> words{const_cast<char *>(program.c_str())};
  for (const std::string &argument : arguments)
    words.push_back(const_cast<char *>(argument.c_str()));
  words.push_back(nullptr);
  // Ignored signals would stay ignored; another program expects to find them as a shell leaves them.
  std::signal(SIGPIPE, SIG_DFL);
  ::execv(program.c_str(), words.data());
  return systemError(errno, program);
}

} // namespace weft::io
