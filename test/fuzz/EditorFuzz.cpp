//===- EditorFuzz.cpp - Any bytes as what an editor says ------------------===//
//
// For libFuzzer: the bytes are a stream of messages behind `initialize`, in two
// pieces. Whatever comes, it ends, all that is said can be read, places in
// messages are in order, and the next request is answered. The library is not
// there, so that a change of its modules changes no input's meaning.
//
//===----------------------------------------------------------------------===//

#include "lang/server/Framing.h"
#include "lang/server/Session.h"

#include <cstdlib>

namespace {
using namespace weft::server;

void require(bool holds) {
  if (!holds)
    std::abort();
}

class Editor {
public:
  Editor() {
    session.receive(R"({"jsonrpc":"2.0","id":"first","method":"initialize","params":{"capabilities":{}}})");
    run();
  }

  void say(std::string_view bytes) {
    reader.feed(bytes);
    while (std::optional<std::string> body = reader.next())
      session.receive(*body);
    run();
  }

  void end() {
    if (session.ended())
      return;
    session.receive(R"({"jsonrpc":"2.0","id":"last","method":"shutdown"})");
    run();
    require(answered);
    session.receive(R"({"jsonrpc":"2.0","method":"exit"})");
    run();
    require(session.ended() && session.exitCode() == 0);
  }

private:
  void run() {
    while (session.step()) {
    }
    nowMs += 1000; // What waits for a pause in typing is due.
    while (session.step()) {
    }
  }

  void hear(const json::value &out) {
    written.feed(framed(out));
    require(written.next() && written.fault().empty());
    answered |= textAt(out, "id") == "last";
    if (const json::array *list = listAt(out, "params.diagnostics"))
      for (const json::value &one : *list)
        require(positionIn(one, "range.start") <= positionIn(one, "range.end"));
  }

  std::int64_t nowMs = 0;
  bool answered = false;
  MessageReader reader, written;
  Session session{{"", "/pages", [this] { return nowMs; }}, [this](const json::value &out) { hear(out); }};
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  std::string_view stream(reinterpret_cast<const char *>(bytes), size);
  Editor editor;
  editor.say(stream.substr(0, size / 2));
  editor.say(stream.substr(size / 2));
  editor.end();
  return 0;
}
