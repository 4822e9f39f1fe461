//===- Sources.cpp - What a gang reads before it begins and at each step --===//

#include "runtime/gang/Sources.h"

#include "runtime/data/Bigrams.h"
#include "runtime/tensor/Weights.h"
#include "runtime/value/Builders.h"

#include <algorithm>
#include <functional>
#include <map>

namespace weft::gang {
namespace {

/// Beside the parts of checkpoints, whose names begin with a number.
constexpr const char *recordName = "/texts";
/// A name and its digest of each of the most files.
constexpr std::uint64_t maxRecordBytes = 256 << 20;

/// The box of x or y that a port holds: windows are rows, bytes are columns.
std::vector<std::int32_t> boxOf(const plan::Port &port, plan::fb::FeedPart part,
                                const std::function<base::ConstBytes(std::uint64_t row)> &window) {
  std::vector<std::int32_t> out;
  out.reserve(port.sizes[0] * port.sizes[1]);
  std::uint64_t first = port.offsets[1] + (part == plan::fb::FeedPart::y ? 1 : 0);
  for (std::uint64_t row = 0; row < port.sizes[0]; ++row)
    for (std::byte one : window(port.offsets[0] + row).subspan(first, port.sizes[1]))
      out.push_back(std::to_integer<std::int32_t>(one));
  return out;
}

} // namespace

base::Result<std::shared_ptr<const Sources>> Sources::open(io::Storage &storage, const std::string &folder,
                                                           const plan::Plan &plan, const plan::Gang &gang) {
  auto sources = std::make_shared<Sources>();
  std::map<std::string_view, std::shared_ptr<const data::Corpus>> known;
  auto add = [&](const plan::Gang &reader, std::vector<data::TextWindows> &to) -> base::Result<> {
    for (const plan::TextSource &source : reader.sources) {
      auto &corpus = known[source.files];
      if (!corpus) {
        auto opened = data::Corpus::open(storage, folder, std::string(source.files));
        if (!opened)
          return std::move(opened).error();
        corpus = *std::move(opened);
      }
      auto windows = data::TextWindows::make(corpus, {source.context, source.batch, source.seed, source.heldOut});
      if (!windows)
        return std::move(windows).error();
      to.push_back(*std::move(windows));
    }
    return {};
  };
  if (auto added = add(gang, sources->own); !added)
    return std::move(added).error();
  for (const plan::TextSource &source : gang.sources)
    sources->patterns.emplace_back(source.files);
  if (gang.evaluation) {
    if (auto added = add(plan.gangs[gang.evaluation->gang], sources->evaluation); !added)
      return std::move(added).error();
    for (const data::TextWindows &windows : sources->evaluation)
      if (auto enough = windows.checkHeldOut(); !enough)
        return std::move(enough).error();
    sources->measureBigrams(gang.evaluation->batches);
  }
  return std::shared_ptr<const Sources>(std::move(sources));
}

std::vector<std::int32_t> Sources::drawn(const plan::Gang &gang, const plan::Port &port, std::uint64_t step) const {
  const plan::Feed &feed = gang.feeds[port.value];
  return boxOf(port, feed.part, [&](std::uint64_t row) { return own[feed.source].drawn(step, row); });
}

std::uint64_t Sources::heldOutBatches(std::uint64_t most) const {
  std::uint64_t count = ~0ULL;
  for (const data::TextWindows &windows : evaluation)
    count = std::min(count, windows.heldOutBatches());
  return most > 0 ? std::min(most, count) : count;
}

std::vector<std::int32_t> Sources::held(const plan::Gang &by, const plan::Port &port, std::uint64_t batch,
                                        std::uint64_t count) const {
  const plan::Feed &feed = by.feeds[port.value];
  return boxOf(port, feed.part, [&](std::uint64_t row) { return evaluation[feed.source].held(batch, count, row); });
}

/// Over the very windows that each evaluation reads.
void Sources::measureBigrams(std::uint64_t mostBatches) {
  if (evaluation.size() != 1)
    return;
  const data::TextWindows &text = evaluation.front();
  data::Bigrams bigrams;
  for (std::size_t file = 0; file < text.text().files().size(); ++file)
    bigrams.learn(text.learned(file));
  std::uint64_t batches = heldOutBatches(mostBatches), bytes = 0;
  double nats = 0;
  for (std::uint64_t batch = 0; batch < batches; ++batch)
    for (std::uint64_t row = 0; row < text.shape().batch; ++row) {
      nats += bigrams.nats(text.held(batch, batches, row));
      bytes += text.shape().context;
    }
  pairs = nats / static_cast<double>(bytes);
}

std::vector<TextTold> Sources::told() const {
  std::vector<TextTold> all;
  for (std::size_t at = 0; at < own.size(); ++at)
    all.push_back({patterns[at], own[at].text().files().size(), own[at].learnedBytes() + own[at].heldOutBytes(),
                   own[at].heldOutBytes()});
  return all;
}

std::vector<data::CorpusFile> Sources::files() const {
  std::vector<data::CorpusFile> all;
  for (const auto *side : {&own, &evaluation})
    for (const data::TextWindows &windows : *side)
      all.insert(all.end(), windows.text().files().begin(), windows.text().files().end());
  std::sort(all.begin(), all.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

base::Result<> keepRecord(io::Storage &storage, const std::string &folder, const Sources &sources, bool goesOn) {
  std::string path = folder + recordName;
  if (!goesOn) {
    if (auto made = storage.makeFolders(folder); !made)
      return made;
    return io::writeWhole(storage, path, base::bytesOf(data::encodedRecord(sources.files())));
  }
  auto bytes = io::readWhole(storage, path, maxRecordBytes);
  if (!bytes)
    return std::move(bytes).error();
  auto was = data::decodeRecord(base::textOf(*bytes));
  if (!was)
    return std::move(was).error().in("'" + path + "'");
  return data::compareCorpora(*was, sources.files());
}

base::Result<std::vector<value::Value>> withFiles(io::Storage &storage, const std::string &folder,
                                                  const plan::Plan &plan, const plan::Gang &gang,
                                                  std::vector<value::Value> given) {
  WEFT_ASSERT(given.size() == gang.given());
  std::vector<value::Value> all;
  std::map<std::string_view, std::shared_ptr<const tensor::Weights>> opened;
  auto file = gang.files.begin();
  auto next = given.begin();
  for (std::uint32_t operand = 0; operand < gang.params.size(); ++operand) {
    if (file == gang.files.end() || file->operand != operand) {
      all.push_back(std::move(*next++));
      continue;
    }
    auto &weights = opened[file->file];
    if (!weights) {
      std::string path(file->file);
      auto read = tensor::Weights::open(storage, path.starts_with('/') ? path : folder + "/" + path);
      if (!read)
        return std::move(read).error();
      weights = *std::move(read);
    }
    const value::Type &type = plan.types[gang.params[operand]];
    auto bytes = weights->tensor(file->tensor, type);
    if (!bytes)
      return std::move(bytes).error();
    value::TensorBuilder tensor(type.dtype, type.dims);
    std::copy(bytes->begin(), bytes->end(), tensor.data().begin());
    all.push_back(std::move(tensor).tensor());
    ++file;
  }
  return all;
}

} // namespace weft::gang
