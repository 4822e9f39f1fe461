//===- LoadStates.cpp - The states that a gang goes on from ---------------===//

#include "runtime/gang/LoadStates.h"

#include "runtime/checkpoint/Folder.h"
#include "runtime/gang/StateParts.h"

namespace weft::gang {
namespace {

bool isSpoiled(const base::Error &error) {
  return error.code == base::Code::corrupt || error.code == base::Code::invalid || error.code == base::Code::notFound;
}

base::Result<std::vector<base::Bytes>> statesOf(io::Storage &storage, const plan::Plan &plan, const plan::Gang &gang,
                                                const std::string &folder, const checkpoint::Manifest &manifest) {
  auto payloads = checkpoint::readShards(storage, folder, manifest);
  if (!payloads)
    return std::move(payloads).error();
  return assembled(plan, gang, manifest, *payloads);
}

base::Result<LoadedStates> newestSound(io::Storage &storage, const plan::Plan &plan, const plan::Gang &gang,
                                       const std::string &folder, checkpoint::Manifest manifest) {
  LoadedStates loaded;
  for (;;) {
    auto states = statesOf(storage, plan, gang, folder, manifest);
    if (states) {
      loaded.states = *std::move(states);
      loaded.from = std::move(manifest);
      return loaded;
    }
    if (!isSpoiled(states.error()))
      return std::move(states).error();
    loaded.spoiled.push_back(states.error().message);
    auto earlier = checkpoint::keptManifest(storage, folder);
    if (!earlier || earlier->gang != manifest.gang || earlier->step >= manifest.step)
      return loaded;
    manifest = *std::move(earlier);
  }
}

} // namespace

void loadStates(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, const plan::Gang &gang, std::string folder,
                checkpoint::Manifest wanted, std::function<void(base::Result<LoadedStates>)> done) {
  auto loaded = std::make_shared<base::Result<LoadedStates>>(base::error(base::Code::io, "was not read"));
  auto tell = [loaded, done = std::move(done)] { done(std::move(*loaded)); };
  auto read = [loaded, &storage = doors.storage, plan = std::move(plan), &gang, folder = std::move(folder),
               wanted = std::move(wanted)] { *loaded = newestSound(storage, *plan, gang, folder, wanted); };
  if (auto queued = doors.pool.submit(std::move(read), tell); !queued) {
    *loaded = std::move(queued).error();
    doors.executor.post(tell);
  }
}

} // namespace weft::gang
