//===- TemporaryFolder.h - A folder that goes with its test ---------------===//
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace weft::io {

class TemporaryFolder {
public:
  TemporaryFolder() {
    path = (std::filesystem::temp_directory_path() / "weft-test-XXXXXX").string();
    if (!::mkdtemp(path.data()))
      std::abort();
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string operator/(const std::string &name) const { return path + "/" + name; }
  std::string path;
};

} // namespace weft::io
