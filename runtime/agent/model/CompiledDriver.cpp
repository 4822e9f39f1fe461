//===- CompiledDriver.cpp - A model that this plan has code for -----------===//

#include "runtime/agent/model/CompiledDriver.h"

#include "runtime/agent/model/Decoder.h"
#include "runtime/agent/model/Deltas.h"
#include "runtime/agent/model/Prices.h"
#include "runtime/device/cpu/CpuDevice.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <mutex>

namespace weft::agent {
namespace {

using base::FailKind;
using value::Value;

/// Of the idempotency key: where the step stands, without the run.
constexpr std::size_t stepDigits = 32;
/// Of a prompt, between two looks at whether somebody still waits; a multiple of what a step reads.
constexpr std::size_t bytesAtOnce = 256;

class CompiledWork final : public PoolDriver::Work {
public:
  CompiledWork(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec,
               std::weak_ptr<const Writing> writing)
      : doors(doors), plan(std::move(plan)), spec(std::move(spec)), writing(std::move(writing)) {}

  CallOutcome perform(const CallRequest &request, const std::atomic<bool> &cancelled) override {
    const auto &args = request.args;
    if (args.size() != 3 ||
        !std::all_of(args.begin(), args.end(), [](const Value &one) { return one.is(value::Tag::string); }))
      return failed(FailKind::schema, spec.name + ": wants system, prompt and schema as strings");
    if (!args[2].asText().empty())
      return failed(FailKind::refused, spec.name + ": is a compiled model, which writes text; ask it for a string, and "
                                                   "read what you need out of it");
    std::lock_guard lock(mutex); // one text at a time: the states are one text's
    if (cancelled)
      return failed(FailKind::cancelled, "cancelled before it began");
    if (!decoder)
      if (auto loaded = load(); !loaded)
        return failed(FailKind::tool, spec.name + ": " + loaded.error().message);
    std::string prompt(args[0].asText());
    if (!prompt.empty() && !args[1].asText().empty())
      prompt += "\n\n";
    prompt += args[1].asText();
    if (prompt.size() > spec.contextBytes)
      return failed(FailKind::refused,
                    spec.name + ": the prompt has " + std::to_string(prompt.size()) + " bytes, and the model sees " +
                        std::to_string(spec.contextBytes) +
                        " at a time; shorten it, or give the model a larger `limit: { context: … }`");
    auto written = write(prompt, request, cancelled);
    if (!written)
      return failed(written.error().code == base::Code::cancelled ? FailKind::cancelled : FailKind::tool,
                    spec.name + ": " + written.error().message);
    return *std::move(written);
  }

private:
  base::Result<> load() {
    auto weights = tensor::Weights::open(doors.storage, spec.weights);
    if (!weights)
      return std::move(weights).error();
    device = device::makeCpuDevice(doors.process, 0, doors.process.processors());
    auto loaded = Decoder::load(plan, spec.prefill, spec.decode, *device, *std::move(weights));
    if (!loaded)
      return std::move(loaded).error();
    decoder = *std::move(loaded);
    return {};
  }

  base::Result<CallOutcome> write(std::string_view prompt, const CallRequest &request,
                                  const std::atomic<bool> &cancelled) {
    std::uint64_t most = spec.maxTokens;
    if (request.maxTokensOut > 0)
      most = std::min<std::uint64_t>(most, static_cast<std::uint64_t>(request.maxTokensOut));
    std::string seen(prompt.empty() ? std::string_view("\n") : prompt);
    std::size_t begin = seen.size();
    Sampler sampler(spec.sampler, base::mix(base::hashOf(base::bytesOf(stepOf(request))), spec.seed).low);
    Deltas deltas(longestStop());
    if (auto begun = readAnew(seen, cancelled); !begun)
      return std::move(begun).error();
    std::size_t inContext = seen.size();
    std::int64_t tokens = 0;
    while (tokens < static_cast<std::int64_t>(most)) {
      if (cancelled)
        return base::error(base::Code::cancelled, "was cancelled after " + std::to_string(tokens) + " bytes");
      seen += static_cast<char>(sampler.draw(decoder->logits()));
      ++tokens;
      if (stops(seen, begin))
        break;
      tell(request, deltas.next(std::string_view(seen).substr(begin)));
      // The last byte needs no successor.
      if (tokens == static_cast<std::int64_t>(most))
        break;
      if (inContext < spec.contextBytes) {
        if (auto read = decoder->read(std::string_view(seen).substr(seen.size() - 1)); !read)
          return std::move(read).error();
        ++inContext;
        continue;
      }
      inContext = std::max(1U, spec.contextBytes / 2);
      if (auto read = readAnew(std::string_view(seen).substr(seen.size() - inContext), cancelled); !read)
        return std::move(read).error();
    }
    tell(request, deltas.last(std::string_view(seen).substr(begin)));
    CallOutcome outcome;
    outcome.value = Value::text(value::repairedUtf8(std::string_view(seen).substr(begin)));
    outcome.tokensIn = static_cast<std::int64_t>(begin);
    outcome.tokensOut = tokens;
    outcome.costNano = costOf(outcome.tokensIn, spec.priceInputNano) + costOf(tokens, spec.priceOutputNano);
    return outcome;
  }

  /// Forgets what was read before. A long text can be cancelled on its way.
  base::Result<> readAnew(std::string_view text, const std::atomic<bool> &cancelled) {
    if (auto begun = decoder->begin(); !begun)
      return begun;
    for (std::size_t at = 0; at < text.size(); at += bytesAtOnce) {
      if (cancelled)
        return base::error(base::Code::cancelled, "was cancelled while it read the prompt");
      if (auto read = decoder->read(text.substr(at, bytesAtOnce)); !read)
        return read;
    }
    return {};
  }

  void tell(const CallRequest &request, std::string text) {
    if (!text.empty() && !writing.expired())
      doors.executor.post([listener = writing, path = request.path, text = std::move(text)] {
        if (auto tell = listener.lock())
          (*tell)(path, text);
      });
  }

  static std::string_view stepOf(const CallRequest &request) {
    return std::string_view(request.idempotencyKey).substr(0, stepDigits);
  }

  /// Cuts the answer, which begins at `begin`, before what it stops at.
  bool stops(std::string &text, std::size_t begin) const {
    for (const std::string &stop : spec.stop)
      if (!stop.empty() && text.size() - begin >= stop.size() && text.ends_with(stop)) {
        text.resize(text.size() - stop.size());
        return true;
      }
    return false;
  }

  std::size_t longestStop() const {
    std::size_t longest = 0;
    for (const std::string &stop : spec.stop)
      longest = std::max(longest, stop.size());
    return longest;
  }

  io::Doors &doors;
  std::shared_ptr<const plan::Plan> plan;
  CompiledSpec spec;
  std::weak_ptr<const Writing> writing;
  std::mutex mutex;
  std::unique_ptr<device::Device> device; ///< Goes after what runs on it.
  std::unique_ptr<Decoder> decoder;
};

class CompiledDriver final : public PoolDriver {
public:
  CompiledDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec, Writing writing)
      : PoolDriver(doors), listener(writing ? std::make_shared<const Writing>(std::move(writing)) : nullptr),
        model(std::make_shared<CompiledWork>(doors, std::move(plan), std::move(spec), listener)) {}

private:
  std::shared_ptr<Work> work() override { return model; }
  std::shared_ptr<const Writing> listener; ///< Nobody is told any more once the driver is gone.
  std::shared_ptr<CompiledWork> model;
};

} // namespace

std::unique_ptr<Driver> makeCompiledDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec,
                                           Writing writing) {
  WEFT_ASSERT(spec.contextBytes >= 2 && spec.maxTokens >= 1);
  return std::make_unique<CompiledDriver>(doors, std::move(plan), std::move(spec), std::move(writing));
}

} // namespace weft::agent
