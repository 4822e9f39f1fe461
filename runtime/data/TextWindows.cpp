//===- TextWindows.cpp - Bytes of files as windows of tokens --------------===//

#include "runtime/data/TextWindows.h"

#include "runtime/base/Random.h"
#include "runtime/data/Permutation.h"

#include <algorithm>
#include <numeric>

namespace weft::data {
namespace {

/// Tells the draws of where an epoch begins apart from those of its order.
constexpr std::uint32_t shiftStream = 0xffffffff;

/// The last byte is only ever somebody's next one. A window's worth is left over where there is room, so that epochs
/// can begin at different bytes.
std::uint64_t drawnIn(std::uint64_t bytes, std::uint64_t context) {
  std::uint64_t whole = bytes < 1 ? 0 : (bytes - 1) / context;
  return whole < 2 ? whole : whole - 1;
}

std::uint64_t heldIn(std::uint64_t bytes, std::uint64_t context) { return bytes < 1 ? 0 : (bytes - 1) / context; }

/// The part of a file whose windows are before `window` and contain it.
template <typename Parts, typename Before> std::size_t partOf(const Parts &parts, std::uint64_t window, Before before) {
  auto behind = std::upper_bound(parts.begin(), parts.end(), window,
                                 [&](std::uint64_t one, const auto &part) { return one < part.*before; });
  return static_cast<std::size_t>(behind - parts.begin()) - 1;
}

} // namespace

TextWindows::TextWindows(std::shared_ptr<const Corpus> text, const WindowSpec &spec)
    : corpus(std::move(text)), spec(spec) {
  for (const CorpusFile &file : corpus->files()) {
    auto held = static_cast<std::uint64_t>(static_cast<double>(file.sizeBytes) * spec.heldOut);
    Part part{file.sizeBytes - held, held, drawnWindows, heldWindows};
    drawnWindows += drawnIn(part.drawnBytes, spec.context);
    heldWindows += heldIn(part.heldBytes, spec.context);
    parts.push_back(part);
  }
}

base::Result<TextWindows> TextWindows::make(std::shared_ptr<const Corpus> corpus, const WindowSpec &spec) {
  TextWindows made(std::move(corpus), spec);
  if (made.drawnWindows < spec.batch)
    return base::error(
        base::Code::invalid,
        "text " + made.corpus->where() + ": the files are too short: " + std::to_string(made.parts.size()) +
            " of them have " + std::to_string(made.learnedBytes()) + " bytes to learn from, which are " +
            std::to_string(made.drawnWindows) + " windows of " + std::to_string(spec.context) + " bytes, wanted " +
            std::to_string(spec.batch) + ", one batch; give more text, or a smaller batch or context");
  return made;
}

std::uint64_t TextWindows::learnedBytes() const {
  return std::accumulate(parts.begin(), parts.end(), std::uint64_t(0),
                         [](std::uint64_t sum, const Part &part) { return sum + part.drawnBytes; });
}

std::uint64_t TextWindows::heldOutBytes() const {
  return std::accumulate(parts.begin(), parts.end(), std::uint64_t(0),
                         [](std::uint64_t sum, const Part &part) { return sum + part.heldBytes; });
}

base::ConstBytes TextWindows::window(std::size_t file, std::uint64_t begin) const {
  return corpus->bytesOf(file).subspan(begin, spec.context + 1);
}

base::ConstBytes TextWindows::drawn(std::uint64_t step, std::uint64_t row) const {
  std::uint64_t number = step * spec.batch + row;
  std::uint64_t epoch = number / drawnWindows;
  std::uint64_t chosen = Permutation(spec.seed, epoch, drawnWindows)(number % drawnWindows);
  std::size_t file = partOf(parts, chosen, &Part::drawnBefore);
  const Part &part = parts[file];
  std::uint64_t slack = part.drawnBytes - 1 - drawnIn(part.drawnBytes, spec.context) * spec.context;
  auto random = base::philox({static_cast<std::uint32_t>(file), static_cast<std::uint32_t>(epoch),
                              static_cast<std::uint32_t>(epoch >> 32), shiftStream},
                             spec.seed);
  std::uint64_t shift = random[0] % (slack + 1);
  return window(file, (chosen - part.drawnBefore) * spec.context + shift);
}

base::Result<> TextWindows::checkHeldOut() const {
  if (heldOutBatches() > 0)
    return {};
  return base::error(base::Code::invalid,
                     "text " + corpus->where() + ": too little is held out: " + std::to_string(heldOutBytes()) +
                         " bytes, which are " + std::to_string(heldWindows) + " windows of " +
                         std::to_string(spec.context) + " bytes, wanted " + std::to_string(spec.batch) +
                         ", one batch; give more text, or hold more of it out");
}

base::ConstBytes TextWindows::held(std::uint64_t batch, std::uint64_t count, std::uint64_t row) const {
  std::uint64_t chosen = (batch * spec.batch + row) * heldWindows / (count * spec.batch);
  std::size_t file = partOf(parts, chosen, &Part::heldBefore);
  const Part &part = parts[file];
  return window(file, part.drawnBytes + (chosen - part.heldBefore) * spec.context);
}

} // namespace weft::data
