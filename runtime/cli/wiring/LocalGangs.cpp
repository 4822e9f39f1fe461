//===- LocalGangs.cpp - A run loop's gangs, as workers of this process ----===//

#include "runtime/cli/wiring/LocalGangs.h"

namespace weft::cli {
namespace {

gang::GangRunner::Handlers handlersFor(std::function<frame::RunLoop &()> loop, LocalGangOptions &options) {
  gang::GangRunner::Handlers handlers;
  handlers.report = [loop](std::uint64_t id, base::Bytes view) {
    loop().gangReported(id, journal::RecordKind::gangEpoch, std::move(view));
  };
  handlers.checkpoint = [loop](std::uint64_t id, base::Bytes manifest) {
    loop().gangReported(id, journal::RecordKind::checkpoint, std::move(manifest));
  };
  handlers.ended = [loop](std::uint64_t id, gang::GangEnd end) {
    loop().gangEnded(id, std::move(end.results), std::move(end.failure));
  };
  handlers.worker = std::move(options.worker);
  handlers.progress = std::move(options.progress);
  handlers.begun = std::move(options.begun);
  handlers.notice = std::move(options.notice);
  return handlers;
}

} // namespace

LocalGangs::LocalGangs(io::Doors &doors, std::function<frame::RunLoop &()> loop, LocalGangOptions options)
    : runner(doors, handlersFor(std::move(loop), options), std::move(options.runner)) {}

frame::GangStarter LocalGangs::starter() {
  frame::GangStarter starter;
  starter.start = [this](frame::GangRequest request) {
    runner.start(request.plan, {request.id, request.gang, std::move(request.inputs), std::move(request.lastReport),
                                std::move(request.lastCheckpoint), std::move(request.name)});
  };
  starter.durable = [this](std::uint64_t id) { runner.durable(id); };
  starter.cancel = [this](std::uint64_t id) { runner.cancel(id); };
  return starter;
}

} // namespace weft::cli
