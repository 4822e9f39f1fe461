//===- TrainReference.cpp - A training in one thread, as an oracle --------===//
//
// The arithmetic of `kernels/train.c` over the slots' windows; which windows
// those are is asked of runtime/data, which has tests of its own.
//
//===----------------------------------------------------------------------===//

#include "runtime/data/TextWindows.h"
#include "test/simulation/Simulation.h"
#include "test/simulation/gang/TrainPlan.h"

#include <cstdio>
#include <cstdlib>

namespace weft::simulation {
namespace {

data::TextWindows windowsOf(const TrainTexts &texts, const TrainShape &shape, std::uint32_t batch) {
  Simulation simulation(1);
  io::Storage &storage = simulation.doors(simulation.addHost("reader")).storage;
  for (const auto &[name, text] : texts)
    if (!storage.makeFolders(io::folderOf("/spec/" + name)) ||
        !io::writeWhole(storage, "/spec/" + name, base::bytesOf(text)))
      std::abort();
  auto corpus = data::Corpus::open(storage, "/spec", shape.files);
  auto windows = corpus ? data::TextWindows::make(*corpus, {trainContext, batch, shape.seed, shape.heldOut})
                        : base::Result<data::TextWindows>(corpus.error());
  if (!windows) {
    std::fprintf(stderr, "%s\n", windows.error().message.c_str());
    std::abort();
  }
  return *windows;
}

unsigned tokenAt(base::ConstBytes window, std::size_t at) { return std::to_integer<unsigned>(window[at]); }

/// Where a pair of bytes counts.
std::size_t placeOf(base::ConstBytes window, std::size_t at) {
  return (tokenAt(window, at) * 7 + tokenAt(window, at + 1) * 3) % trainWidth;
}

std::vector<float> partialOf(const data::TextWindows &windows, std::uint64_t step, std::uint32_t slot,
                             const std::vector<float> &table) {
  std::vector<float> partial(trainWidth, 0.0f);
  for (std::uint64_t row = slot * trainRows; row < (slot + 1) * trainRows; ++row) {
    base::ConstBytes window = windows.drawn(step, row);
    for (std::size_t at = 0; at < trainContext; ++at)
      partial[placeOf(window, at)] += 1.0f + 0.5f * table[tokenAt(window, at) % trainWidth];
  }
  return partial;
}

float heldOutOf(const data::TextWindows &windows, const std::vector<float> &table) {
  double sum = 0;
  std::uint64_t batches = windows.heldOutBatches();
  for (std::uint64_t batch = 0; batch < batches; ++batch) {
    float total = 0;
    for (std::uint64_t row = 0; row < trainRows; ++row) {
      base::ConstBytes window = windows.held(batch, batches, row);
      for (std::size_t at = 0; at < trainContext; ++at)
        total += table[placeOf(window, at)];
    }
    sum += static_cast<double>(total / static_cast<float>(trainRows * trainContext));
  }
  return static_cast<float>(sum / static_cast<double>(batches));
}

} // namespace

TrainTexts trainTexts() {
  std::string story, notes;
  for (int at = 0; at < 40; ++at) {
    story += "the " + std::to_string(at * at) + " boats came in " + (at % 3 ? "slowly; " : "at dawn. ");
    notes += std::to_string(at) + (at % 2 ? " less than " : " more than ");
  }
  return {{"data/notes.txt", notes}, {"data/story.txt", story}, {"data/other.md", "not read"}};
}

std::vector<float> trainTable() {
  std::vector<float> table;
  for (std::uint64_t at = 0; at < trainWidth; ++at)
    table.push_back(0.125f * static_cast<float>(at % 9) - 0.5f);
  return table;
}

TrainReference trainReference(const TrainShape &shape, const TrainTexts &texts) {
  data::TextWindows windows = windowsOf(texts, shape, shape.batch()), held = windowsOf(texts, shape, trainRows);
  std::vector<float> table = trainTable(), moments(trainWidth, 0.0f);
  TrainReference out;
  for (std::uint32_t step = 0; step < shape.steps; ++step) {
    std::vector<float> sum = partialOf(windows, step, 0, table);
    for (std::uint32_t slot = 1; slot < shape.slots; ++slot) {
      std::vector<float> partial = partialOf(windows, step, slot, table);
      for (std::uint64_t at = 0; at < trainWidth; ++at)
        sum[at] += partial[at];
    }
    float loss = 0;
    for (std::uint64_t at = 0; at < trainWidth; ++at) {
      moments[at] = 0.5f * moments[at] + sum[at];
      table[at] = 0.75f * table[at] + moments[at] / (1.0f + moments[at] * moments[at]) +
                  0.125f / (1.0f + static_cast<float>(step));
      loss += sum[at];
    }
    out.losses.push_back(loss);
    out.tables.push_back(table);
    out.heldOut.push_back(shape.evaluates ? heldOutOf(held, table) : 0.0f);
  }
  return out;
}

} // namespace weft::simulation
