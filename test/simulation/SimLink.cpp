//===- SimLink.cpp - One connection, and what may happen to its bytes -----===//
//
// Bytes under way belong to nobody: their arrival is an event of the world,
// which fills the receiver's buffer and wakes its process.
//
//===----------------------------------------------------------------------===//

#include "World.h"

#include <algorithm>

namespace weft::simulation {
namespace {

using base::Code;

/// Sent and not read beyond which a write waits, as in a socket's buffers.
constexpr std::size_t windowBytes = 256 << 10;
/// How long a machine without power answers nothing.
constexpr io::Duration leastSilence = std::chrono::seconds(1), mostSilence = std::chrono::seconds(10);

struct End {
  std::weak_ptr<Node> node;
  HostId host = 0;
  base::Bytes inbox;
  bool ended = false; ///< The peer sends no more.
  bool broken = false;
  bool closed = false; ///< Here.
  bool writeClosed = false;
  std::size_t inFlightBytes = 0; ///< Towards this end.
  std::int64_t lastArrivalNs = 0;
  base::MutableBytes into;
  std::function<void(base::Result<std::size_t>)> reading;
  std::function<void(base::Result<void>)> writing; ///< Waits for room at the peer.
  bool waking = false;
};

struct Link : std::enable_shared_from_this<Link> {
  Link(World &world, LinkKind kind) : world(world), kind(kind) {}

  World &world;
  const LinkKind kind;
  End ends[2];

  void post(int side, io::Task task) {
    if (auto node = ends[side].node.lock())
      node->post(std::move(task));
  }

  /// Runs `arrive` after a delay that keeps the order, or once the two hosts see each other again.
  void send(int side, io::Duration delay, bool inOrder, std::function<void()> arrive) {
    HostId from = ends[side].host, to = ends[1 - side].host;
    auto self = shared_from_this();
    auto retry = [self, side, arrive] { self->send(side, self->world.faults.minDelay, true, arrive); };
    if (world.parted(from, to)) {
      world.held[std::minmax(from, to)].push_back(retry);
      return;
    }
    std::int64_t at = world.nowNs + delay.count();
    if (inOrder)
      at = ends[1 - side].lastArrivalNs = std::max(at, ends[1 - side].lastArrivalNs);
    world.later(io::Duration(at - world.nowNs), nullptr, [self, from, to, retry, arrive] {
      if (self->world.parted(from, to))
        self->world.held[std::minmax(from, to)].push_back(retry);
      else
        arrive();
    });
  }

  void sendChunk(int side, base::ConstBytes bytes) {
    const Faults &faults = world.faults;
    HostId host = ends[side].host;
    bool pipes = kind == LinkKind::pipes;
    if (world.chance(pipes ? faults.breakPipe : faults.breakConnection)) {
      world.count(FaultKind::connectionBroken, host, bytes.size());
      breakEnd(0);
      breakEnd(1);
      return;
    }
    if (!pipes && world.chance(faults.dropChunk)) {
      world.count(FaultKind::chunkDropped, host, bytes.size());
      return;
    }
    base::Bytes chunk(bytes.begin(), bytes.end());
    if (!pipes && !chunk.empty() && world.chance(faults.corruptChunk)) {
      world.count(FaultKind::chunkCorrupted, host, bytes.size());
      chunk[world.random.below(chunk.size())] ^= static_cast<std::byte>(1u << world.random.below(8));
    }
    io::Duration delay = world.between(faults.minDelay, faults.maxDelay);
    if (world.chance(faults.longDelay)) {
      world.count(FaultKind::longDelay, host, bytes.size());
      delay = world.between(delay, 100 * faults.maxDelay);
    }
    bool twice = !pipes && world.chance(faults.duplicateChunk), late = !pipes && world.chance(faults.reorderChunk);
    if (late)
      world.count(FaultKind::chunkReordered, host, bytes.size());
    if (twice) {
      world.count(FaultKind::chunkDuplicated, host, bytes.size());
      deliver(side, delay, true, chunk);
    }
    deliver(side, late ? delay + world.between(faults.maxDelay, 4 * faults.maxDelay) : delay, !late, std::move(chunk));
  }

  void deliver(int side, io::Duration delay, bool inOrder, base::Bytes chunk) {
    ends[1 - side].inFlightBytes += chunk.size();
    send(side, delay, inOrder, [this, side, chunk = std::move(chunk)] {
      End &peer = ends[1 - side];
      peer.inFlightBytes -= chunk.size();
      if (peer.closed) {
        if (kind == LinkKind::connection)
          breakEnd(side); // as a reset: nobody reads there any more
        return;
      }
      peer.inbox.insert(peer.inbox.end(), chunk.begin(), chunk.end());
      wake(1 - side);
    });
  }

  void sendEnd(int side) {
    if (std::exchange(ends[side].writeClosed, true))
      return;
    send(side, world.between(world.faults.minDelay, world.faults.maxDelay), true, [this, side] {
      ends[1 - side].ended = true;
      wake(1 - side);
    });
  }

  void breakEnd(int side) {
    End &end = ends[side];
    end.broken = true;
    end.inbox.clear();
    wake(side);
    releaseWriter(side);
  }

  /// Hands what there is to a read that waits.
  void wake(int side) {
    End &end = ends[side];
    if (!end.reading || end.waking || (end.inbox.empty() && !end.ended && !end.broken && !end.closed))
      return;
    end.waking = true;
    post(side, [self = shared_from_this(), side] { self->finishRead(side); });
  }

  void finishRead(int side) {
    End &end = ends[side];
    end.waking = false;
    if (!end.reading)
      return;
    auto done = std::exchange(end.reading, nullptr);
    if (end.closed)
      return done(base::error(Code::cancelled, "read from stream: the stream was closed here"));
    if (end.inbox.empty() && end.broken)
      return done(base::error(Code::unavailable, "read from stream: the connection broke"));
    std::size_t count = std::min(end.into.size(), end.inbox.size());
    if (count > 1 && world.chance(world.faults.splitRead)) {
      world.count(FaultKind::readSplit, end.host, count);
      count = 1 + world.random.below(count - 1);
    }
    std::copy_n(end.inbox.begin(), count, end.into.begin());
    end.inbox.erase(end.inbox.begin(), end.inbox.begin() + static_cast<std::ptrdiff_t>(count));
    releaseWriter(1 - side);
    done(count);
  }

  bool hasRoom(int side) const {
    const End &peer = ends[1 - side];
    return peer.inbox.size() + peer.inFlightBytes < windowBytes;
  }

  /// Lets a write go on that waited for room, or fail when the connection is gone.
  void releaseWriter(int side) {
    End &end = ends[side];
    if (!end.writing || (!hasRoom(side) && !end.broken && !end.closed))
      return;
    auto done = std::exchange(end.writing, nullptr);
    post(side, [this, self = shared_from_this(), side, done] {
      if (ends[side].closed || ends[side].writeClosed)
        done(base::error(Code::cancelled, "write to stream: the stream was closed here"));
      else if (ends[side].broken)
        done(base::error(Code::unavailable, "write to stream: the connection broke"));
      else
        done({});
    });
  }

  /// The process at this end is dead. Its kernel still sends what was written, then the end; a connection with bytes
  /// that it had not read is reset. Without power nothing is sent any more, and the peer learns of it when the machine
  /// is back, or gives up.
  void died(int side) {
    End &end = ends[side];
    if (std::exchange(end.closed, true))
      return;
    if (!world.losingPower && (end.inbox.empty() || kind == LinkKind::pipes))
      return sendEnd(side);
    io::Duration delay = world.losingPower ? world.between(leastSilence, mostSilence) : world.faults.maxDelay;
    send(side, delay, true, [self = shared_from_this(), side] { self->breakEnd(1 - side); });
  }
};

class SimStream final : public io::Stream {
public:
  SimStream(std::shared_ptr<Link> link, int side) : link(std::move(link)), side(side) {}
  ~SimStream() override {
    end().reading = nullptr;
    end().writing = nullptr;
    *owned = false;
    close();
  }

  void read(base::MutableBytes into, std::function<void(base::Result<std::size_t>)> done) override {
    WEFT_ASSERT(!end().reading && "one read at a time");
    end().into = into;
    end().reading = std::move(done);
    link->wake(side);
  }

  void write(base::ConstBytes bytes, std::function<void(base::Result<void>)> done) override {
    WEFT_ASSERT(!end().writing && "one write at a time");
    end().writing = [owned = owned, done = std::move(done)](base::Result<void> result) {
      if (*owned)
        done(result);
    };
    auto node = end().node.lock();
    if (node && node->acting() && !end().closed && !end().broken && !end().writeClosed)
      link->sendChunk(side, bytes);
    link->releaseWriter(side);
  }

  void closeWrite() override { link->sendEnd(side); }

  void close() override {
    if (std::exchange(end().closed, true))
      return;
    link->sendEnd(side);
    link->wake(side);
    link->releaseWriter(side);
  }

private:
  End &end() { return link->ends[side]; }

  std::shared_ptr<Link> link;
  const int side;
  std::shared_ptr<bool> owned = std::make_shared<bool>(true);
};

} // namespace

std::pair<std::unique_ptr<io::Stream>, std::unique_ptr<io::Stream>> makeLink(Node &one, Node &other, LinkKind kind) {
  auto link = std::make_shared<Link>(one.world, kind);
  Node *nodes[2] = {&one, &other};
  for (int side = 0; side < 2; ++side) {
    link->ends[side].node = nodes[side]->weak_from_this();
    link->ends[side].host = nodes[side]->host;
    nodes[side]->atEnd.push_back([weak = std::weak_ptr(link), side] {
      if (auto link = weak.lock())
        link->died(side);
    });
  }
  return {std::make_unique<SimStream>(link, 0), std::make_unique<SimStream>(link, 1)};
}

} // namespace weft::simulation
