//===- ServeTest.cpp - Over real pipes ------------------------------------===//

#include "lang/server/Serve.h"
#include "lang/server/Framing.h"

#include <csignal>
#include <future>
#include <gtest/gtest.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace weft::server {
namespace {

/// A server at the far ends of two pipes.
class Served {
public:
  Served() {
    std::signal(SIGPIPE, SIG_IGN);
    EXPECT_EQ(::pipe(there), 0);
    EXPECT_EQ(::pipe(back), 0);
    ended = std::async(std::launch::async, [this] { return serve(there[0], back[1], {"", "", {}}); }).share();
  }
  ~Served() {
    hangUp();
    stopReading();
    ended.wait();
    ::close(there[0]);
    ::close(back[1]);
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      ssize_t count = ::write(there[1], bytes.data(), bytes.size());
      ASSERT_GT(count, 0);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }
  void say(const json::object &message) { write(framed(message)); }
  json::value hear() {
    for (;;) {
      if (std::optional<std::string> body = reader.next())
        return json::parse(*body);
      char buffer[1 << 14];
      ssize_t count = ::read(back[0], buffer, sizeof buffer);
      if (count <= 0)
        return nullptr;
      reader.feed({buffer, static_cast<std::size_t>(count)});
    }
  }
  void hangUp() {
    if (there[1] >= 0)
      ::close(std::exchange(there[1], -1));
  }
  void stopReading() {
    if (back[0] >= 0)
      ::close(std::exchange(back[0], -1));
  }

  std::shared_future<int> ended;

private:
  int there[2], back[2];
  MessageReader reader;
};

const json::object initialize{{"id", 0}, {"method", "initialize"}, {"params", json::object()}};

TEST(Serve, EndsWithZeroAfterShutdownAndExit) {
  Served served;
  served.say(initialize);
  EXPECT_EQ(numberAt(served.hear(), "id"), 0u);
  served.say({{"id", 1}, {"method", "shutdown"}});
  served.say({{"method", "exit"}});
  EXPECT_EQ(numberAt(served.hear(), "id"), 1u);
  EXPECT_EQ(served.ended.get(), 0);
}

TEST(Serve, EndsWithOneWhenTheClientIsGone) {
  Served served;
  served.say(initialize);
  served.hangUp();
  EXPECT_EQ(numberAt(served.hear(), "id"), 0u); // What was asked is answered.
  EXPECT_EQ(served.ended.get(), 1);
}

TEST(Serve, EndsWithOneWhenTheStreamCannotBeReadOn) {
  for (const char *bytes : {"Content-Length: 99999999999\r\n\r\n", "Content-Length: 2\n\n{}", "\r\n\r\n"}) {
    Served served;
    served.write(bytes);
    EXPECT_EQ(served.ended.get(), 1) << bytes;
  }
}

TEST(Serve, EndsWithOneWhenNobodyReads) {
  Served served;
  served.stopReading();
  served.say(initialize);
  EXPECT_EQ(served.ended.get(), 1);
}

/// Both pipes are full many times over before the client reads its first answer.
TEST(Serve, AClientMayWriteAllBeforeItReads) {
  Served served;
  served.say(initialize);
  constexpr int requests = 4000;
  const std::string padding(1000, 'p');
  for (int id = 1; id <= requests; ++id)
    served.say({{"id", id}, {"method", "no/such/" + padding}});
  for (int id = 0; id <= requests; ++id)
    ASSERT_EQ(numberAt(served.hear(), "id"), static_cast<unsigned>(id));
}

} // namespace
} // namespace weft::server
