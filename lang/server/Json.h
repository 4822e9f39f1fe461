//===- Json.h - What stands in a message ----------------------------------===//
//
// Messages come from editors, so anything may be missing or of another type:
// what is asked for is there in its type, or nothing is.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <boost/json.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weft::server {

namespace json = boost::json;

/// The value at "textDocument.uri"; null if a step is missing or no object.
inline const json::value *at(const json::value &value, std::string_view path) {
  const json::value *now = &value;
  while (now && !path.empty()) {
    std::size_t dot = path.find('.');
    const json::object *object = now->if_object();
    now = object ? object->if_contains(path.substr(0, dot)) : nullptr;
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return now;
}

inline std::optional<std::string> textAt(const json::value &value, std::string_view path) {
  const json::value *found = at(value, path);
  const json::string *text = found ? found->if_string() : nullptr;
  return text ? std::optional(std::string(text->data(), text->size())) : std::nullopt;
}

/// A whole number that is not negative and fits; `5.0` is one, as some editors write it.
inline std::optional<std::uint32_t> numberAt(const json::value &value, std::string_view path) {
  const json::value *found = at(value, path);
  boost::system::error_code error;
  auto number = found && found->is_number() ? found->to_number<std::uint32_t>(error) : 0;
  return found && found->is_number() && !error ? std::optional(number) : std::nullopt;
}

inline const json::array *listAt(const json::value &value, std::string_view path) {
  const json::value *found = at(value, path);
  return found ? found->if_array() : nullptr;
}

inline bool flagAt(const json::value &value, std::string_view path, bool otherwise) {
  const json::value *found = at(value, path);
  const bool *flag = found ? found->if_bool() : nullptr;
  return flag ? *flag : otherwise;
}

} // namespace weft::server
