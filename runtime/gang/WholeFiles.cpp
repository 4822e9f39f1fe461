//===- WholeFiles.cpp - What was learned, as files for others -------------===//

#include "runtime/gang/WholeFiles.h"

#include "runtime/checkpoint/Folder.h"
#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/gang/StateParts.h"

#include <algorithm>
#include <charconv>
#include <optional>

namespace weft::gang {
namespace {

constexpr std::string_view ending = ".safetensors", training = ".train";

/// The step in "NAME-STEP.safetensors".
std::optional<std::uint64_t> stepOf(std::string_view file, const std::string &name) {
  if (!file.starts_with(name + "-") || !file.ends_with(ending) || file.size() <= name.size() + 1 + ending.size())
    return std::nullopt;
  std::string_view digits = file.substr(name.size() + 1, file.size() - name.size() - 1 - ending.size());
  std::uint64_t step = 0;
  auto [end, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), step);
  if (failed != std::errc() || end != digits.data() + digits.size())
    return std::nullopt;
  return step;
}

/// Files of steps behind this one are of a run before it, and stay.
void removeOldest(io::Storage &storage, const std::string &folder, const std::string &name, std::uint64_t step,
                  std::size_t keep) {
  auto entries = storage.list(folder);
  if (!entries)
    return; // they go after the next checkpoint
  std::vector<std::pair<std::uint64_t, std::string>> files;
  for (const io::Entry &entry : *entries)
    if (auto of = stepOf(entry.name, name); of && *of <= step)
      files.emplace_back(*of, entry.name);
  std::sort(files.begin(), files.end());
  for (std::size_t at = 0; at + keep < files.size(); ++at)
    (void)storage.remove(folder + "/" + files[at].second);
}

} // namespace

std::string wholeFileName(const plan::Gang &gang) {
  std::string_view name = gang.name;
  if (name.size() > training.size() && name.ends_with(training))
    name.remove_suffix(training.size());
  return std::string(name);
}

base::Result<> writeWholeFiles(io::Storage &storage, const std::string &shards, const std::string &to,
                               const plan::Plan &plan, const plan::Gang &gang, const checkpoint::Manifest &manifest) {
  auto payloads = checkpoint::readShards(storage, shards, manifest);
  if (!payloads)
    return std::move(payloads).error();
  auto states = assembled(plan, gang, manifest, *payloads);
  if (!states)
    return std::move(states).error();
  std::vector<checkpoint::NamedTensor> tensors;
  for (std::size_t at = 0; at < gang.states.size(); ++at) {
    const plan::State &state = gang.states[at];
    if (state.init == plan::noIndex)
      continue;
    const value::Type &type = plan.types[state.type];
    tensors.push_back({std::string(state.name), type.dtype, {type.dims.begin(), type.dims.end()}, (*states)[at]});
  }
  std::string name = wholeFileName(gang);
  base::Bytes file = checkpoint::encodedSafeTensors(
      tensors, {{"name", name}, {"step", std::to_string(manifest.step)}, {"by", "weft"}});
  if (auto made = storage.makeFolders(to); !made)
    return made;
  for (const std::string &one : {name + "-" + std::to_string(manifest.step), name})
    if (auto written = io::writeWhole(storage, to + "/" + one + std::string(ending), file); !written)
      return written;
  removeOldest(storage, to, name, manifest.step, gang.checkpointKeep);
  return {};
}

} // namespace weft::gang
