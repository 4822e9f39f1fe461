//===- PosixDoors.h - The parts that AsioRuntime is made of ---------------===//
//
// Internal to runtime/io. The loop is named, not included: Asio's headers stay
// in the files that need them.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/io/Doors.h"

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace weft::io {

std::unique_ptr<Clock> makeClock(boost::asio::io_context &loop);
std::unique_ptr<Network> makeNetwork(boost::asio::io_context &loop);
std::unique_ptr<Storage> makePosixStorage();
std::unique_ptr<BlockingPool> makePool(boost::asio::io_context &loop, unsigned threads, std::size_t queueLimit);
std::unique_ptr<Process> makeProcess(boost::asio::io_context &loop, std::function<void(int)> exit);

/// A stream over descriptors that it takes over: one socket (`writeFd` -1), or the two ends of pipes.
std::unique_ptr<Stream> adoptStream(boost::asio::io_context &loop, int readFd, int writeFd = -1);

/// Watches a child that leads a group of its own; its end is told once. A child that cannot be watched is ended.
base::Result<std::unique_ptr<Child>> adoptChild(boost::asio::io_context &loop, int pid, std::unique_ptr<Stream> channel,
                                                std::unique_ptr<Stream> errors,
                                                std::function<void(ProcessExit)> exited);

/// Opens `folder` as a root; see Storage::openRoot.
base::Result<std::unique_ptr<Root>> openPosixRoot(const std::string &folder);

/// Segments, words and code: the part of Process that needs no loop.
base::Result<std::unique_ptr<Segment>> makePosixSegment(std::uint64_t sizeBytes);
base::Result<std::unique_ptr<NativeCode>> loadPosixCode(base::ConstBytes elf);
bool waitFutex(std::atomic<std::uint32_t> &word, std::uint32_t expected, Duration timeout);
void wakeFutex(std::atomic<std::uint32_t> &word);

} // namespace weft::io
