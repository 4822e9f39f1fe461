//===- Client.h - What a test says to a session ---------------------------===//
//
// Texts are written with `||` where the cursor stands.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Session.h"

#include <algorithm>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::server {

class Client {
public:
  explicit Client(std::string encoding = "", std::string folder = "")
      : session({WEFT_STDLIB, "/pages", [this] { return nowMs; }},
                [this](const json::value &out) { sent.push_back(out); }) {
    json::object capabilities;
    if (!encoding.empty())
      capabilities["general"] = json::object{{"positionEncodings", json::array{json::value(encoding)}}};
    json::object params{{"capabilities", capabilities}};
    if (!folder.empty())
      params["workspaceFolders"] = json::array{json::value(json::object{{"uri", uriOf(folder)}, {"name", "w"}})};
    hello = ask("initialize", params);
  }

  void say(const std::string &method, json::value params) {
    session.receive(
        json::serialize(json::object{{"jsonrpc", "2.0"}, {"method", method}, {"params", std::move(params)}}));
  }

  void run() {
    while (session.step()) {
    }
  }

  /// The whole answer, with `result` or `error`.
  json::value askWhole(const std::string &method, json::value params) {
    int id = ++lastId;
    session.receive(json::serialize(
        json::object{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}));
    run();
    return answerTo(id);
  }

  json::value answerTo(int id) {
    for (const json::value &one : sent)
      if (const json::value *found = at(one, "id"); found && *found == id)
        return one;
    ADD_FAILURE() << "no answer to " << id;
    return nullptr;
  }

  json::value ask(const std::string &method, json::value params) {
    json::value whole = askWhole(method, std::move(params));
    const json::value *result = at(whole, "result");
    EXPECT_TRUE(result) << json::serialize(whole);
    return result ? *result : json::value(nullptr);
  }

  /// Opens the text without its cursor; gives what names the place.
  json::object open(std::string text, const std::string &path = "/w/a.weft") {
    std::size_t cursor = text.find("||");
    if (cursor != std::string::npos)
      text.erase(cursor, 2);
    say("textDocument/didOpen",
        json::object{{"textDocument",
                      json::object{{"uri", uriOf(path)}, {"languageId", "weft"}, {"version", 1}, {"text", text}}}});
    run();
    return place(text, cursor == std::string::npos ? 0 : cursor, path);
  }

  static json::object place(const std::string &text, std::size_t offset, const std::string &path = "/w/a.weft") {
    LineTable lines(text, Encoding::utf16);
    return {{"textDocument", json::object{{"uri", uriOf(path)}}},
            {"position", toJson(lines.positionAt(static_cast<std::uint32_t>(offset)))}};
  }

  json::object everywhere(const std::string &path = "/w/a.weft") {
    return {{"textDocument", json::object{{"uri", uriOf(path)}}},
            {"range", json::object{{"start", toJson({0, 0})}, {"end", toJson({100000, 0})}}}};
  }

  void change(const json::object &range, const std::string &text, int version, const std::string &path = "/w/a.weft") {
    json::object change{{"text", text}};
    if (!range.empty())
      change["range"] = range;
    say("textDocument/didChange",
        json::object{{"textDocument", json::object{{"uri", uriOf(path)}, {"version", version}}},
                     {"contentChanges", json::array{json::value(std::move(change))}}});
  }

  /// The messages last published of a document; null if none were.
  json::value messages(const std::string &path = "/w/a.weft") {
    json::value last;
    for (const json::value &one : sent)
      if (textAt(one, "method") == "textDocument/publishDiagnostics" && textAt(one, "params.uri") == uriOf(path))
        last = *at(one, "params.diagnostics");
    return last;
  }

  std::int64_t nowMs = 0;
  std::vector<json::value> sent;
  Session session; ///< After what it uses.
  json::value hello;

private:
  int lastId = 0;
};

/// "a, b" of one member of each element.
inline std::vector<std::string> each(const json::value &list, std::string_view member) {
  std::vector<std::string> found;
  if (const json::array *all = list.if_array())
    for (const json::value &one : *all)
      found.push_back(textAt(one, member).value_or("?"));
  return found;
}

/// The text with an edit list of the protocol.
inline std::string edited(std::string text, const json::value &edits) {
  std::vector<std::tuple<std::uint32_t, std::uint32_t, std::string>> all;
  for (const json::value &one : edits.as_array())
    all.emplace_back(offsetAt(text, *positionIn(one, "range.start"), Encoding::utf16),
                     offsetAt(text, *positionIn(one, "range.end"), Encoding::utf16), *textAt(one, "newText"));
  std::sort(all.rbegin(), all.rend());
  for (const auto &[begin, end, by] : all)
    text.replace(begin, end - begin, by);
  return text;
}

} // namespace weft::server
