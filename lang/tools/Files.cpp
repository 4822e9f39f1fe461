//===- Files.cpp - Specs on the disk --------------------------------------===//

#include "lang/tools/Files.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

namespace weft::tools {
namespace fs = std::filesystem;

namespace {

Fault fault(const std::string &path, const std::string &why) { return {path + ": " + why}; }
Fault systemFault(const std::string &path) { return fault(path, std::strerror(errno)); }

Or<std::string> readAll(int descriptor, const std::string &name) {
  std::string text;
  char buffer[1 << 16];
  for (;;) {
    ssize_t count = ::read(descriptor, buffer, sizeof buffer);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return systemFault(name);
    if (count == 0)
      return text;
    if (text.size() + static_cast<std::size_t>(count) > maxFileBytes)
      return fault(name, "is larger than 64 MiB, the most that is read");
    text.append(buffer, static_cast<std::size_t>(count));
  }
}

bool writeAll(int descriptor, std::string_view text) {
  while (!text.empty()) {
    ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

} // namespace

Or<std::string> readFile(const std::string &path) {
  std::error_code ignored;
  if (fs::is_directory(path, ignored))
    return fault(path, "is a folder, wanted a file");
  int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return systemFault(path);
  Or<std::string> text = readAll(descriptor, path);
  ::close(descriptor);
  return text;
}

Or<std::string> readStandardInput() { return readAll(STDIN_FILENO, "standard input"); }

Or<std::vector<std::string>> specsAt(const std::string &path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    if (!fs::exists(path, error))
      return fault(path, "there is no such file or folder");
    return std::vector<std::string>{path};
  }
  std::vector<std::string> found;
  fs::recursive_directory_iterator at(path, error), end;
  while (!error && at != end) {
    std::string name = at->path().filename().string();
    std::error_code ignored;
    if (at->is_directory(ignored)) {
      if (name.starts_with(".") || name == "node_modules")
        at.disable_recursion_pending();
    } else if (name.ends_with(".weft") && at->is_regular_file(ignored)) {
      found.push_back(at->path().lexically_normal().string());
    }
    at.increment(error);
  }
  if (error)
    return fault(path, error.message());
  std::sort(found.begin(), found.end());
  return found;
}

std::string replaceFile(const std::string &path, std::string_view text) {
  std::error_code error;
  std::string target = fs::canonical(path, error).string();
  if (error)
    return path + ": " + error.message();
  struct stat old {};
  if (::stat(target.c_str(), &old) != 0)
    return systemFault(path).message;
  // Who may not write the file may not replace it either, though the folder would allow it.
  if (::access(target.c_str(), W_OK) != 0)
    return systemFault(path).message;
  std::string temporary = fs::path(target).parent_path().string() + "/.weft-fmt-XXXXXX";
  int descriptor = ::mkostemp(temporary.data(), O_CLOEXEC);
  if (descriptor < 0)
    return systemFault(path).message;
  bool done = writeAll(descriptor, text) && ::fchmod(descriptor, old.st_mode & 07777) == 0 && ::fsync(descriptor) == 0;
  int number = errno;
  ::close(descriptor);
  if (done && ::rename(temporary.c_str(), target.c_str()) == 0)
    return "";
  if (done)
    number = errno;
  ::unlink(temporary.c_str());
  return path + ": " + std::strerror(number);
}

} // namespace weft::tools
