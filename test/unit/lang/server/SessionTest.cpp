//===- SessionTest.cpp - From initialize to exit --------------------------===//

#include "lang/server/Framing.h"
#include "test/unit/lang/server/Client.h"

#include <fstream>
#include <random>
#include <sstream>

namespace weft::server {
namespace {
using testing::ElementsAre;
using testing::HasSubstr;

std::optional<std::int64_t> errorCode(const json::value &whole) {
  const json::value *code = at(whole, "error.code");
  return code ? std::optional(code->as_int64()) : std::nullopt;
}

struct Raw {
  std::vector<json::value> sent;
  Session session{{"", "", [] { return 0; }}, [this](const json::value &out) { sent.push_back(out); }};
  void run(std::string_view body) {
    session.receive(body);
    while (session.step()) {
    }
  }
};

TEST(Session, NothingBeforeInitialize) {
  Raw raw;
  raw.run(R"({"jsonrpc":"2.0","id":1,"method":"textDocument/hover","params":{}})");
  EXPECT_EQ(errorCode(raw.sent.at(0)), Refusal::notInitialized);
  raw.run(R"({"jsonrpc":"2.0","method":"textDocument/didOpen","params":{}})");
  EXPECT_EQ(raw.sent.size(), 1u);
}

TEST(Session, EndsAsItShould) {
  Client client;
  EXPECT_EQ(client.session.exitCode(), 1);
  EXPECT_TRUE(client.ask("shutdown", nullptr).is_null());
  EXPECT_EQ(errorCode(client.askWhole("textDocument/hover", json::object{})), Refusal::invalidRequest);
  client.say("exit", nullptr);
  client.run();
  EXPECT_TRUE(client.session.ended());
  EXPECT_EQ(client.session.exitCode(), 0);
  Raw abrupt;
  abrupt.run(R"({"jsonrpc":"2.0","method":"exit"})");
  EXPECT_TRUE(abrupt.session.ended());
  EXPECT_EQ(abrupt.session.exitCode(), 1);
}

TEST(Session, RefusesWhatIsNoMessage) {
  const std::pair<const char *, int> wrong[] = {{"", Refusal::parseError},
                                                {"{", Refusal::parseError},
                                                {"\xFF", Refusal::parseError},
                                                {"[]", Refusal::invalidRequest},
                                                {"1", Refusal::invalidRequest},
                                                {"{\"id\":1}", Refusal::invalidRequest},
                                                {"{\"id\":1,\"method\":2}", Refusal::invalidRequest}};
  for (auto [body, code] : wrong) {
    Raw raw;
    raw.run(body);
    ASSERT_EQ(raw.sent.size(), 1u) << body;
    EXPECT_EQ(errorCode(raw.sent[0]), code) << body;
  }
  Raw raw; // The answer to a request that was never made.
  raw.run(R"({"jsonrpc":"2.0","id":1,"result":null})");
  EXPECT_TRUE(raw.sent.empty());
}

TEST(Session, RefusesWrongParameters) {
  Client client;
  client.open("fn f() -> int { 1 }\n");
  EXPECT_EQ(errorCode(client.askWhole("textDocument/noSuchThing", json::object{})), Refusal::methodNotFound);
  EXPECT_EQ(errorCode(client.askWhole("initialize", json::object{})), Refusal::invalidRequest);
  json::object place = Client::place("", 0);
  for (const char *method : {"hover", "definition", "references", "completion", "rename", "signatureHelp", "inlayHint",
                             "formatting", "codeAction", "documentSymbol", "prepareRename", "documentHighlight",
                             "semanticTokens/full", "semanticTokens/range"}) {
    std::string name = std::string("textDocument/") + method;
    EXPECT_EQ(errorCode(client.askWhole(name, nullptr)), Refusal::invalidParams) << method;
    EXPECT_EQ(errorCode(client.askWhole(name, json::array{1})), Refusal::invalidParams) << method;
    json::object other = Client::place("", 0, "/w/not-there.weft");
    EXPECT_EQ(errorCode(client.askWhole(name, other)), Refusal::invalidParams) << method;
  }
  place["position"] = json::object{{"line", -1}, {"character", "x"}};
  EXPECT_EQ(errorCode(client.askWhole("textDocument/hover", place)), Refusal::invalidParams);
  place["position"] = toJson({4000000000u, 4000000000u});
  EXPECT_EQ(errorCode(client.askWhole("textDocument/hover", place)), std::nullopt);
}

TEST(Session, AgreesOnColumns) {
  EXPECT_EQ(textAt(Client().hello, "capabilities.positionEncoding"), "utf-16");
  EXPECT_EQ(textAt(Client("utf-8").hello, "capabilities.positionEncoding"), "utf-8");
  EXPECT_EQ(textAt(Client("utf-7").hello, "capabilities.positionEncoding"), "utf-16");
  Client bytes("utf-8");
  bytes.open("// 🐈\nfn f(🐈) {}\n");
  Position start = *positionIn(bytes.messages().at(0), "range.end");
  EXPECT_EQ(start.line, 1u);
}

TEST(Session, MessagesFollowEachChange) {
  Client client;
  client.open("fn f() -> int { 1 }\n");
  EXPECT_EQ(client.messages(), json::array{});
  client.change({{"start", toJson({0, 16})}, {"end", toJson({0, 17})}}, "\"🐈\"", 2);
  client.run();
  ASSERT_EQ(client.messages().as_array().size(), 1u);
  EXPECT_EQ(positionIn(client.messages().at(0), "range.end"), (Position{0, 20}));
  EXPECT_EQ(textAt(client.messages().at(0), "codeDescription.href"),
            "file:///pages/" + *textAt(client.messages().at(0), "code") + ".md");
  EXPECT_EQ(numberAt(client.sent.back(), "params.version"), 2u);
  client.change({{"start", toJson({0, 16})}, {"end", toJson({0, 20})}}, "2", 3);
  client.run();
  EXPECT_EQ(client.messages(), json::array{});
  client.change({}, "fn f() -> int { missing }\n", 4);
  client.run();
  EXPECT_EQ(client.messages().as_array().size(), 1u);
  client.say("textDocument/didClose", Client::place("", 0));
  client.run();
  EXPECT_EQ(client.messages(), json::array{});
}

TEST(Session, ManyChangesAreLookedAtOnce) {
  Client client;
  client.open("fn f() -> int { 1 }\n");
  std::size_t before = client.sent.size();
  for (int i = 0; i < 20; ++i)
    client.change({{"start", toJson({0, 16})}, {"end", toJson({0, 16})}}, "1", 2 + i);
  client.run();
  EXPECT_EQ(client.sent.size(), before + 1);
  EXPECT_EQ(numberAt(client.sent.back(), "params.version"), 21u);
}

TEST(Session, UsersOfAModuleHearOfItsChanges) {
  Client client;
  client.open("fn half(x: int) -> int { x }\n", "/w/parts.weft");
  client.open("use ./parts.{half}\nfn f() -> int { half(1) }\n", "/w/a.weft");
  EXPECT_EQ(client.messages(), json::array{});
  client.change({}, "fn other(x: int) -> int { x }\n", 2, "/w/parts.weft");
  client.run();
  ASSERT_EQ(client.messages().as_array().size(), 1u);
  EXPECT_THAT(*textAt(client.messages().at(0), "message"), HasSubstr("half"));
}

/// Editors write the same path in different ways, and know a document only by the one that they used.
TEST(Session, PlacesAreSaidWithTheEditorsOwnUri) {
  Client client;
  const std::string mine = "file:///w/%61%2Eweft"; // a.weft
  client.say(
      "textDocument/didOpen",
      json::object{{"textDocument", json::object{{"uri", mine},
                                                 {"version", 1},
                                                 {"text", "fn half() -> int { 1 }\nfn g() -> int { hafl() }\n"}}}});
  client.run();
  json::object params{
      {"textDocument", json::object{{"uri", mine}}}, {"position", toJson({0, 4})}, {"newName", "third"}};
  EXPECT_EQ(textAt(client.ask("textDocument/definition", params), "uri"), mine);
  EXPECT_TRUE(at(client.ask("textDocument/rename", params), "changes")->as_object().contains(mine));
  params["range"] = client.everywhere()["range"];
  json::value action = client.ask("textDocument/codeAction", params).at(0);
  EXPECT_TRUE(at(action, "edit.changes")->as_object().contains(mine));
}

TEST(Session, AsksToHearOfChangesOnTheDisk) {
  Raw silent;
  silent.run(R"({"id":1,"method":"initialize","params":{}})");
  silent.run(R"({"method":"initialized","params":{}})");
  EXPECT_EQ(silent.sent.size(), 1u);
  Raw raw;
  raw.run(
      R"({"id":1,"method":"initialize","params":{"capabilities":{"workspace":{"didChangeWatchedFiles":{"dynamicRegistration":true}}}}})");
  raw.run(R"({"method":"initialized","params":{}})");
  ASSERT_EQ(raw.sent.size(), 2u);
  EXPECT_EQ(textAt(raw.sent[1], "method"), "client/registerCapability");
  raw.run(R"({"id":"watch","result":null})");
  EXPECT_EQ(raw.sent.size(), 2u);
}

TEST(Session, ARangeOfNullIsTheWholeText) {
  Client client;
  client.open("fn f() -> int { 1 }\n");
  client.say("textDocument/didChange",
             json::object{{"textDocument", json::object{{"uri", uriOf("/w/a.weft")}, {"version", 2}}},
                          {"contentChanges", json::array{json::value(json::object{
                                                 {"range", nullptr}, {"text", "fn f() -> int { missing }\n"}})}}});
  client.run();
  EXPECT_EQ(client.messages().as_array().size(), 1u);
}

TEST(Session, ChangesInOneMessageFollowEachOther) {
  Client client;
  client.open("fn f() -> int { 1 }\n");
  json::object first{{"range", json::object{{"start", toJson({0, 0})}, {"end", toJson({0, 0})}}}, {"text", "// a\n"}};
  json::object second{{"range", json::object{{"start", toJson({1, 16})}, {"end", toJson({1, 17})}}},
                      {"text", "missing"}};
  second["range"].as_object()["end"] = json::object{{"line", 1.0}, {"character", 17.0}}; // As some editors write them.
  client.say("textDocument/didChange",
             json::object{{"textDocument", json::object{{"uri", uriOf("/w/a.weft")}, {"version", 2}}},
                          {"contentChanges", json::array{first, second}}});
  client.run();
  ASSERT_EQ(client.messages().as_array().size(), 1u);
  EXPECT_EQ(positionIn(client.messages().at(0), "range.start"), (Position{1, 16}));
}

TEST(Session, IsFullWhileTooMuchWaits) {
  Raw raw;
  const std::string large = R"({"method":"x","params":")" + std::string(40u << 20, 'a') + "\"}";
  raw.session.receive(large);
  EXPECT_FALSE(raw.session.full());
  raw.session.receive(large);
  EXPECT_TRUE(raw.session.full());
  raw.session.step();
  EXPECT_FALSE(raw.session.full());
}

TEST(Session, RelatedPlaces) {
  Client client;
  client.open("fn f() -> int { 1 }\nfn f() -> int { 2 }\n");
  json::value one = client.messages().at(0);
  ASSERT_TRUE(listAt(one, "relatedInformation"));
  EXPECT_EQ(positionIn(listAt(one, "relatedInformation")->at(0), "location.range.start"), (Position{0, 3}));
}

TEST(Session, ARequestIsTakenBack) {
  Client client;
  json::object place = client.open("fn f||() -> int { 1 }\n");
  client.session.receive(json::serialize(
      json::object{{"jsonrpc", "2.0"}, {"id", 70}, {"method", "textDocument/hover"}, {"params", place}}));
  client.say("$/cancelRequest", json::object{{"id", 70}});
  client.say("$/cancelRequest", json::object{{"id", 71}}); // Of nothing.
  client.run();
  EXPECT_EQ(errorCode(client.answerTo(70)), Refusal::cancelled);
  // The number may be used again, and what was taken back before does not hold for it.
  client.session.receive(json::serialize(
      json::object{{"jsonrpc", "2.0"}, {"id", 71}, {"method", "textDocument/hover"}, {"params", place}}));
  client.run();
  EXPECT_EQ(errorCode(client.answerTo(71)), std::nullopt);
}

TEST(Session, ARequestIsTakenBackWhileItRuns) {
  Client client;
  json::object params = client.open("fn f||() -> int { 1 }\n");
  params["context"] = json::object{{"includeDeclaration", true}};
  client.session.takeInput = [&] { client.say("$/cancelRequest", json::object{{"id", 80}}); };
  client.session.receive(json::serialize(
      json::object{{"jsonrpc", "2.0"}, {"id", 80}, {"method", "textDocument/references"}, {"params", params}}));
  client.run();
  EXPECT_EQ(errorCode(client.answerTo(80)), Refusal::cancelled);
}

TEST(Session, ASlowLookWaitsForAPause) {
  std::vector<json::value> sent;
  std::int64_t nowMs = 0, perCall = 0;
  Session session({"", "", [&] { return nowMs += perCall; }}, [&](const json::value &out) { sent.push_back(out); });
  auto run = [&](const std::string &body) {
    session.receive(body);
    while (session.step()) {
    }
  };
  run(R"({"id":1,"method":"initialize","params":{}})");
  perCall = 200; // Each look at the clock: so checking seems to take that long.
  run(R"({"method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///w/a.weft","version":1,"text":"fn f() {}"}}})");
  perCall = 0;
  std::size_t before = sent.size();
  run(R"({"method":"textDocument/didChange","params":{"textDocument":{"uri":"file:///w/a.weft","version":2},"contentChanges":[{"text":"fn g() {}"}]}})");
  EXPECT_EQ(sent.size(), before);
  ASSERT_TRUE(session.waitMs());
  EXPECT_EQ(*session.waitMs(), 200);
  nowMs += 200;
  while (session.step()) {
  }
  EXPECT_EQ(sent.size(), before + 1);
}

//===----------------------------------------------------------------------===//
// Against a fresh compile
//===----------------------------------------------------------------------===//

std::string fresh(const std::string &text) {
  Client client;
  client.open(text);
  return json::serialize(client.messages());
}

/// Random edits, well formed and not, in texts with every kind of code point: what the server says of the text that it
/// has pieced together is what it says of the whole.
TEST(Session, EditsAmountToTheText) {
  std::ifstream in(WEFT_TEST_FOLDER "/data/grammar/programs/a.weft", std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  const std::string original = read.str();
  ASSERT_FALSE(original.empty());
  constexpr std::string_view bits[] = {
      "{",        "}", "(", ")",           "\"", "🐈",  "ü",      "\n",
      "\r\n",     "x", ".", "let y = 1\n", "${", "//", "\"\"\"", "fn g(x: int) -> int { x }\n",
      "\xE2\x80", "",  ""};
  const int seeds = std::getenv("WEFT_LONG") ? 200 : 6;
  for (int seed = 0; seed < seeds; ++seed) {
    std::mt19937 random(seed);
    std::string text = original;
    Client client;
    client.open(text);
    for (int version = 2; version < 14; ++version) {
      LineTable lines(text, Encoding::utf16);
      auto place = [&] { return lines.positionAt(static_cast<std::uint32_t>(random() % (text.size() + 1))); };
      Position from = place(), to = random() % 3 ? from : place();
      if (to < from)
        std::swap(from, to);
      if (to.line > from.line + 3)
        to = from;
      std::string by(bits[random() % std::size(bits)]);
      // Half a code point cannot be said in JSON; an editor says what its text has.
      if (by == "\xE2\x80")
        by = "→";
      std::uint32_t begin = offsetAt(text, from, Encoding::utf16), end = offsetAt(text, to, Encoding::utf16);
      text.replace(begin, end - begin, by);
      client.change({{"start", toJson(from)}, {"end", toJson(to)}}, by, version);
      client.run();
      ASSERT_EQ(json::serialize(client.messages()), fresh(text)) << "seed " << seed << " version " << version << "\n"
                                                                 << text;
    }
  }
}

/// Nothing that can be asked of any place of a broken text ends the server.
TEST(Session, EveryRequestOnBrokenTexts) {
  std::ifstream in(WEFT_TEST_FOLDER "/data/grammar/programs/a.weft", std::ios::binary);
  std::ostringstream read;
  read << in.rdbuf();
  const std::string original = read.str();
  const int seeds = std::getenv("WEFT_LONG") ? 300 : 8;
  for (int seed = 0; seed < seeds; ++seed) {
    std::mt19937 random(seed);
    std::string text = original;
    for (int i = 0; i < 3; ++i) {
      std::size_t begin = random() % text.size();
      text.erase(begin, random() % 12);
    }
    Client client;
    client.open(text);
    for (const char *method : {"hover", "definition", "references", "completion", "signatureHelp", "documentHighlight",
                               "prepareRename", "rename", "inlayHint", "documentSymbol", "formatting", "codeAction",
                               "semanticTokens/full", "semanticTokens/range"}) {
      json::object params = Client::place(text, random() % (text.size() + 1));
      params["newName"] = "other";
      params["range"] = client.everywhere()["range"];
      json::value whole = client.askWhole(std::string("textDocument/") + method, params);
      EXPECT_NE(errorCode(whole), Refusal::invalidParams) << method;
    }
  }
}

TEST(Session, BytesThatAreNoProtocol) {
  std::mt19937 random(3);
  for (int round = 0; round < 300; ++round) {
    MessageReader reader;
    Raw raw;
    std::string bytes;
    for (int i = 0; i < 4; ++i) {
      std::string body;
      for (unsigned at = random() % 40; at > 0; --at)
        body += "{}[]\":,x0\\\n\xFF"[random() % 12];
      bytes += "Content-Length: " + std::to_string(random() % 4 ? body.size() : random() % 60) + "\r\n\r\n" + body;
    }
    reader.feed(bytes);
    while (std::optional<std::string> body = reader.next())
      raw.run(*body);
    EXPECT_FALSE(raw.session.ended());
  }
}

} // namespace
} // namespace weft::server
