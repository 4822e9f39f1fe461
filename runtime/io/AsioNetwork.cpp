//===- AsioNetwork.cpp - TCP and unix sockets -----------------------------===//

#include "runtime/io/PosixDoors.h"
#include "runtime/io/SystemError.h"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <charconv>
#include <netinet/tcp.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace weft::io {
namespace {

using Protocol = boost::asio::generic::stream_protocol;
using Acceptor = boost::asio::basic_socket_acceptor<Protocol>;
using Failure = boost::system::error_code;
using StreamResult = base::Result<std::unique_ptr<Stream>>;

/// Connections that wait to be accepted; the kernel's own bound is 4096.
constexpr int maxWaiting = 1024;

/// `tcp:host:port` (host without brackets may hold colons: the last one ends it) or `unix:path`.
struct Address {
  bool tcp = false;
  std::string host; ///< Or the path.
  std::uint16_t port = 0;
};

base::Result<Address> parse(const std::string &text) {
  Address address;
  if (text.starts_with("unix:") && text.size() > 5 && text.size() - 5 < sizeof(sockaddr_un::sun_path)) {
    address.host = text.substr(5);
    return address;
  }
  std::size_t colon = text.rfind(':');
  if (text.starts_with("tcp:") && colon > 4) {
    address.tcp = true;
    address.host = text.substr(4, colon - 4);
    const char *end = text.data() + text.size();
    auto [rest, failure] = std::from_chars(text.data() + colon + 1, end, address.port);
    if (failure == std::errc() && rest == end)
      return address;
  }
  return base::error(base::Code::invalid,
                     "address '" + text +
                         "': wanted 'tcp:host:port' with a port up to 65535, or 'unix:path' with at "
                         "most 107 bytes of path");
}

/// Small frames go out at once; who wants them joined joins them before writing.
void sendAtOnce(int fd) {
  int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

class AsioListener final : public Listener {
public:
  AsioListener(boost::asio::io_context &loop, Acceptor acceptor, std::string address, std::string path)
      : loop(loop), acceptor(std::make_shared<Acceptor>(std::move(acceptor))), name(std::move(address)),
        path(std::move(path)) {}
  ~AsioListener() override {
    *owned = false;
    close();
  }

  const std::string &address() const override { return name; }

  void accept(std::function<void(StreamResult)> done) override {
    auto socket = std::make_shared<Protocol::socket>(loop);
    acceptor->async_accept(*socket, [this, socket, owned = owned, done = std::move(done)](Failure failure) {
      if (!*owned)
        return;
      if (failure == boost::asio::error::operation_aborted || failure == boost::asio::error::bad_descriptor)
        return done(base::error(base::Code::cancelled, "accept on '" + name + "': the listener was closed"));
      if (failure)
        return done(systemError(failure.value(), "accept on '" + name + "'"));
      int fd = socket->release();
      if (path.empty())
        sendAtOnce(fd);
      done(adoptStream(loop, fd));
    });
  }

  void close() override {
    if (!acceptor->is_open())
      return;
    Failure ignored;
    acceptor->close(ignored);
    if (!path.empty())
      ::unlink(path.c_str());
  }

private:
  boost::asio::io_context &loop;
  std::shared_ptr<Acceptor> acceptor;
  std::string name, path;
  std::shared_ptr<bool> owned = std::make_shared<bool>(true);
};

class AsioNetwork final : public Network {
public:
  explicit AsioNetwork(boost::asio::io_context &loop) : loop(loop) {}

  base::Result<std::unique_ptr<Listener>> listen(const std::string &text) override {
    auto address = parse(text);
    if (!address)
      return address.error();
    Protocol::endpoint endpoint;
    Failure failure;
    if (address->tcp) {
      auto ip = boost::asio::ip::make_address(address->host == "localhost" ? "127.0.0.1" : address->host, failure);
      if (failure)
        return base::error(base::Code::invalid, "address '" + text + "': listening wants a numeric host");
      endpoint = boost::asio::ip::tcp::endpoint(ip, address->port);
    } else {
      if (auto stale = removeStale(address->host, text); !stale)
        return stale.error();
      endpoint = boost::asio::local::stream_protocol::endpoint(address->host);
    }
    Acceptor acceptor(loop);
    acceptor.open(endpoint.protocol(), failure);
    if (!failure && address->tcp)
      acceptor.set_option(boost::asio::socket_base::reuse_address(true), failure);
    if (!failure)
      acceptor.bind(endpoint, failure);
    if (!failure)
      acceptor.listen(maxWaiting, failure);
    if (failure)
      return systemError(failure.value(), "listen on '" + text + "'");
    std::string name = text;
    if (address->tcp) {
      auto bound = acceptor.local_endpoint(failure);
      boost::asio::ip::tcp::endpoint tcp;
      if (failure || bound.size() > tcp.capacity())
        return systemError(failure.value(), "listen on '" + text + "'");
      std::memcpy(tcp.data(), bound.data(), bound.size());
      name = "tcp:" + address->host + ":" + std::to_string(tcp.port());
    }
    return std::unique_ptr<Listener>(
        std::make_unique<AsioListener>(loop, std::move(acceptor), name, address->tcp ? std::string() : address->host));
  }

  void connect(const std::string &text, std::function<void(StreamResult)> done) override {
    auto address = parse(text);
    if (!address) {
      boost::asio::post(loop, [done = std::move(done), error = address.error()] { done(error); });
      return;
    }
    if (!address->tcp)
      return connectTo({boost::asio::local::stream_protocol::endpoint(address->host)}, false, text, std::move(done));
    auto resolver = std::make_shared<boost::asio::ip::tcp::resolver>(loop);
    resolver->async_resolve(
        address->host, std::to_string(address->port),
        [this, resolver, text, done = std::move(done)](Failure failure, auto found) mutable {
          if (failure || found.empty())
            return done(base::error(base::Code::unavailable, "connect to '" + text + "': " + failure.message()));
          std::vector<Protocol::endpoint> endpoints;
          for (const auto &one : found)
            endpoints.push_back(one.endpoint());
          connectTo(std::move(endpoints), true, text, std::move(done));
        });
  }

private:
  /// A socket file whose owner is dead answers nobody; one that answers belongs to somebody.
  base::Result<void> removeStale(const std::string &path, const std::string &text) {
    struct stat found;
    if (::stat(path.c_str(), &found) != 0)
      return {};
    boost::asio::local::stream_protocol::socket probe(loop);
    Failure failure;
    probe.connect(boost::asio::local::stream_protocol::endpoint(path), failure);
    if (!failure || !S_ISSOCK(found.st_mode))
      return base::error(base::Code::exists, "listen on '" + text + "': somebody else has it");
    if (failure != boost::asio::error::connection_refused)
      return systemError(failure.value(), "listen on '" + text + "'"); // it may well be alive
    ::unlink(path.c_str());
    return {};
  }

  /// One after the other, as the resolver orders them: a name may have addresses at which nobody listens.
  void connectTo(std::vector<Protocol::endpoint> endpoints, bool tcp, const std::string &text,
                 std::function<void(StreamResult)> done) {
    auto socket = std::make_shared<Protocol::socket>(loop);
    Protocol::endpoint first = endpoints.front();
    endpoints.erase(endpoints.begin());
    socket->async_connect(first, [this, socket, tcp, text, endpoints = std::move(endpoints),
                                  done = std::move(done)](Failure failure) mutable {
      if (failure && !endpoints.empty())
        return connectTo(std::move(endpoints), tcp, text, std::move(done));
      if (failure) {
        base::Error error = systemError(failure.value(), "connect to '" + text + "'");
        if (error.code == base::Code::notFound)
          error.code = base::Code::unavailable; // no socket file: nobody listens
        return done(error);
      }
      int fd = socket->release();
      if (tcp)
        sendAtOnce(fd);
      done(adoptStream(loop, fd));
    });
  }

  boost::asio::io_context &loop;
};

} // namespace

std::unique_ptr<Network> makeNetwork(boost::asio::io_context &loop) { return std::make_unique<AsioNetwork>(loop); }

} // namespace weft::io
