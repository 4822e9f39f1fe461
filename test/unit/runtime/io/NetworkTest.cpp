//===- NetworkTest.cpp - Streams of the real machine ----------------------===//

#include "TemporaryFolder.h"
#include "runtime/io/AsioRuntime.h"

#include <gtest/gtest.h>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

using namespace weft;
using namespace weft::io;
using base::bytesOf;
using base::Code;

namespace {

class NetworkTest : public testing::TestWithParam<bool> {
protected:
  std::string address() { return GetParam() ? "tcp:127.0.0.1:0" : "unix:" + (folder / "socket"); }

  /// Two ends of one connection.
  void connect() {
    auto opened = network.listen(address());
    ASSERT_TRUE(opened) << opened.error().message;
    listener = std::move(*opened);
    listener->accept([&](auto stream) { server = std::move(*stream); });
    network.connect(listener->address(), [&](auto stream) { client = std::move(*stream); });
    ASSERT_TRUE(runtime.runUntil([&] { return server && client; }));
  }

  base::Result<std::size_t> read(Stream &stream) {
    std::optional<base::Result<std::size_t>> result;
    stream.read(buffer, [&](auto count) { result = count; });
    EXPECT_FALSE(result) << "called back inside the call";
    runtime.runUntil([&] { return result.has_value(); });
    return *result;
  }

  AsioRuntime runtime;
  Network &network = runtime.doors().network;
  TemporaryFolder folder;
  std::unique_ptr<Listener> listener;
  std::unique_ptr<Stream> server, client;
  base::Bytes buffer{base::Bytes(1 << 16)};
};

} // namespace

INSTANTIATE_TEST_SUITE_P(TcpAndUnix, NetworkTest, testing::Bool(),
                         [](const auto &info) { return info.param ? "tcp" : "unix"; });

TEST_P(NetworkTest, bytesArriveInOrder) {
  connect();
  base::Bytes sent(1 << 20), received;
  for (std::size_t i = 0; i < sent.size(); ++i)
    sent[i] = static_cast<std::byte>(i * 31 >> 3);
  bool written = false;
  client->write(sent, [&](auto result) { written = static_cast<bool>(result), client->closeWrite(); });
  for (;;) {
    auto count = read(*server);
    ASSERT_TRUE(count);
    if (*count == 0)
      break;
    received.insert(received.end(), buffer.begin(), buffer.begin() + *count);
  }
  EXPECT_TRUE(written);
  EXPECT_TRUE(sent == received);
}

TEST_P(NetworkTest, theOtherWayStaysOpenAfterCloseWrite) {
  connect();
  client->closeWrite();
  EXPECT_EQ(*read(*server), 0u);
  server->write(bytesOf("answer"), [](auto result) { EXPECT_TRUE(result); });
  EXPECT_EQ(*read(*client), 6u);
}

TEST_P(NetworkTest, closingEndsAPendingReadWithCancelled) {
  connect();
  std::optional<base::Result<std::size_t>> result;
  client->read(buffer, [&](auto count) { result = count; });
  client->close();
  runtime.runUntil([&] { return result.has_value(); });
  EXPECT_EQ(result->error().code, Code::cancelled);
}

TEST_P(NetworkTest, aDestroyedStreamCallsNobodyAndTheOtherSideSeesTheEnd) {
  connect();
  client->read(buffer, [&](auto) { ADD_FAILURE() << "called after destruction"; });
  client.reset();
  EXPECT_EQ(*read(*server), 0u);
}

TEST_P(NetworkTest, writingToAClosedPeerIsUnavailable) {
  connect();
  client.reset();
  base::Bytes much(1 << 22);
  std::optional<base::Result<void>> result;
  server->write(much, [&](auto written) { result = written; });
  runtime.runUntil([&] { return result.has_value(); });
  ASSERT_FALSE(*result);
  EXPECT_EQ(result->error().code, Code::unavailable);
}

TEST_P(NetworkTest, nobodyListensIsUnavailable) {
  auto opened = network.listen(address());
  std::string where = (*opened)->address();
  opened->reset();
  std::optional<Code> code;
  network.connect(where, [&](auto stream) { code = stream ? Code::invalid : stream.error().code; });
  runtime.runUntil([&] { return code.has_value(); });
  EXPECT_EQ(code, Code::unavailable);
}

TEST_P(NetworkTest, aTakenAddressIsRefused) {
  auto first = network.listen(address());
  ASSERT_TRUE(first);
  auto second = network.listen((*first)->address());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::exists);
}

TEST(NetworkAddress, aNameReachesWhoListensAtOneOfItsAddresses) {
  AsioRuntime runtime;
  Network &network = runtime.doors().network;
  auto listener = network.listen("tcp:localhost:0");
  ASSERT_TRUE(listener) << listener.error().message;
  std::unique_ptr<Stream> server, client;
  (*listener)->accept([&](auto stream) { server = std::move(*stream); });
  network.connect((*listener)->address(), [&](auto stream) { client = std::move(*stream); });
  EXPECT_TRUE(runtime.runUntil([&] { return server && client; }));
}

// A socket that does not say that nobody listens may belong to somebody: its file stays.
TEST(NetworkAddress, aSocketOfAnotherKindIsNotRemoved) {
  TemporaryFolder folder;
  std::string path = folder / "datagrams";
  int other = ::socket(AF_UNIX, SOCK_DGRAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(other, reinterpret_cast<sockaddr *>(&address), sizeof address), 0);
  AsioRuntime runtime;
  EXPECT_FALSE(runtime.doors().network.listen("unix:" + path));
  EXPECT_EQ(::access(path.c_str(), F_OK), 0);
  ::close(other);
}

TEST(NetworkAddress, badAddressesAreRefusedWithWhatIsWanted) {
  AsioRuntime runtime;
  for (std::string address : {"", "tcp:", "tcp:host", "tcp:1.2.3.4:99999", "tcp:1.2.3.4:x", "udp:1.2.3.4:1", "unix:"}) {
    auto refused = runtime.doors().network.listen(address);
    ASSERT_FALSE(refused) << address;
    EXPECT_EQ(refused.error().code, Code::invalid) << address;
    EXPECT_NE(refused.error().message.find("tcp:host:port"), std::string::npos);
  }
}
