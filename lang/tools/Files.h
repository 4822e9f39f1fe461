//===- Files.h - Specs on the disk ----------------------------------------===//
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace weft::tools {

/// Longer texts are refused: nobody wrote them by hand.
inline constexpr std::size_t maxFileBytes = std::size_t{64} << 20;

/// A value, or why there is none: lower-case, with the path.
struct Fault {
  std::string message;
};
template <typename T> using Or = std::variant<T, Fault>;

/// The whole file.
Or<std::string> readFile(const std::string &path);
/// All of standard input.
Or<std::string> readStandardInput();

/// A file as it is; of a folder all `.weft` files below it, sorted. Folders whose name begins with a dot, and
/// `node_modules`, are passed over; links to folders are not followed.
Or<std::vector<std::string>> specsAt(const std::string &path);

/// The file has the new text or, whatever happens, still the old one: written beside it, synced, renamed. Follows links
/// and keeps the permissions. The fault, or an empty text.
std::string replaceFile(const std::string &path, std::string_view text);

} // namespace weft::tools
