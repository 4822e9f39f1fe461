//===- SimNetwork.cpp - Who listens where ---------------------------------===//

#include "World.h"

#include <charconv>

namespace weft::simulation {

using base::Code;

/// When a connection is given up that nobody answers.
constexpr io::Duration connectPatience = std::chrono::seconds(5);

/// Accepts on a host; dies with its process.
class SimListener final : public io::Listener {
public:
  SimListener(Node &node, std::string address) : node(node.shared_from_this()), name(std::move(address)) {
    node.home().listeners[name] = this;
    node.atEnd.push_back([this, owned = owned] {
      if (*owned)
        leave();
    });
  }
  ~SimListener() override {
    leave();
    *owned = false;
  }

  const std::string &address() const override { return name; }

  void accept(std::function<void(base::Result<std::unique_ptr<io::Stream>>)> done) override {
    accepting = std::move(done);
    answer();
  }

  void close() override {
    leave();
    answer();
  }

  void arrived(std::unique_ptr<io::Stream> stream) {
    waiting.push_back(std::move(stream));
    answer();
  }

  std::shared_ptr<Node> owner() { return node.lock(); }

private:
  void answer() {
    auto here = node.lock();
    if (!accepting || !here || (open && waiting.empty()))
      return;
    here->post([this, owned = owned] {
      if (!*owned || !accepting || (open && waiting.empty()))
        return;
      auto done = std::exchange(accepting, nullptr);
      if (!open)
        return done(base::error(Code::cancelled, "accept on '" + name + "': the listener was closed"));
      auto stream = std::move(waiting.front());
      waiting.pop_front();
      done(std::move(stream));
    });
  }

  void leave() {
    if (!std::exchange(open, false))
      return;
    if (auto here = node.lock()) {
      auto &listeners = here->home().listeners;
      if (auto found = listeners.find(name); found != listeners.end() && found->second == this)
        listeners.erase(found);
    }
  }

  std::weak_ptr<Node> node;
  std::string name;
  bool open = true;
  std::deque<std::unique_ptr<io::Stream>> waiting;
  std::function<void(base::Result<std::unique_ptr<io::Stream>>)> accepting;
  std::shared_ptr<bool> owned = std::make_shared<bool>(true);
};

namespace {

constexpr HostId noHost = ~HostId(0);

struct Place {
  std::string host; ///< Empty: this one.
  std::string key;  ///< In Host::listeners.
};

base::Result<Place> parse(const std::string &address) {
  if (address.starts_with("unix:") && address.size() > 5)
    return Place{"", address};
  std::size_t colon = address.rfind(':');
  unsigned port = 0;
  const char *end = address.data() + address.size();
  if (address.starts_with("tcp:") && colon > 4 && std::from_chars(address.data() + colon + 1, end, port).ptr == end &&
      colon + 1 < address.size() && port < 65536) {
    std::string host = address.substr(4, colon - 4);
    bool here = host == "127.0.0.1" || host == "localhost" || host == "0.0.0.0";
    return Place{here ? "" : host, "tcp:" + std::to_string(port)};
  }
  return base::error(Code::invalid, "address '" + address + "': wanted 'tcp:host:port' or 'unix:path'");
}

class SimNetwork final : public io::Network {
public:
  explicit SimNetwork(Node &node) : node(node) {}

  base::Result<std::unique_ptr<io::Listener>> listen(const std::string &address) override {
    auto place = parse(address);
    if (!place)
      return place.error();
    Host &host = node.home();
    std::string key = place->key, name = address;
    if (key == "tcp:0") {
      key = "tcp:" + std::to_string(++host.lastPort);
      name = address.substr(0, address.rfind(':') + 1) + std::to_string(host.lastPort);
    }
    if (!node.acting() || host.listeners.contains(key))
      return base::error(Code::exists, "listen on '" + address + "': somebody else has it");
    return std::unique_ptr<io::Listener>(std::make_unique<Named>(node, key, name));
  }

  void connect(const std::string &address,
               std::function<void(base::Result<std::unique_ptr<io::Stream>>)> done) override {
    auto place = parse(address);
    HostId target = place ? find(place->host) : noHost;
    auto fail = [this, address, done](Code code, io::Duration delay) {
      node.world.later(delay, &node, [address, done, code] {
        done(base::error(code, "connect to '" + address + "': nobody answers"));
      });
    };
    if (!place || target == noHost)
      return fail(place ? Code::unavailable : Code::invalid, {});
    World &world = node.world;
    if (world.parted(node.host, target))
      return fail(Code::unavailable, connectPatience);
    world.later(world.between(world.faults.minDelay, world.faults.maxDelay), &node,
                [this, fail, done, key = place->key, target] {
                  auto &listeners = node.world.hosts[target]->listeners;
                  auto found = listeners.find(key);
                  auto owner = found == listeners.end() ? nullptr : found->second->owner();
                  if (!owner || node.world.parted(node.host, target))
                    return fail(Code::unavailable, {});
                  auto [mine, theirs] = makeLink(node, *owner, LinkKind::connection);
                  found->second->arrived(std::move(theirs));
                  done(std::move(mine));
                });
  }

private:
  /// Listens under a key, and is called by the address that was asked for.
  class Named final : public io::Listener {
  public:
    Named(Node &node, const std::string &key, std::string name) : listener(node, key), name(std::move(name)) {}
    const std::string &address() const override { return name; }
    void accept(std::function<void(base::Result<std::unique_ptr<io::Stream>>)> done) override {
      listener.accept(std::move(done));
    }
    void close() override { listener.close(); }

  private:
    SimListener listener;
    std::string name;
  };

  /// `noHost` when there is none of this name.
  HostId find(const std::string &name) const {
    if (name.empty())
      return node.host;
    HostId id = 0;
    while (id < node.world.hosts.size() && node.world.hosts[id]->name != name)
      ++id;
    return id < node.world.hosts.size() ? id : noHost;
  }

  Node &node;
};

} // namespace

std::unique_ptr<io::Network> makeNetwork(Node &node) { return std::make_unique<SimNetwork>(node); }

} // namespace weft::simulation
