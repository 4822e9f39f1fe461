//===- CompiledDriver.cpp - A model that this plan has code for -----------===//

#include "runtime/agent/model/CompiledDriver.h"

#include "runtime/agent/model/Decoder.h"
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

class CompiledWork final : public PoolDriver::Work {
public:
  CompiledWork(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec)
      : storage(doors.storage), process(doors.process), threads(doors.process.processors()), plan(std::move(plan)),
        spec(std::move(spec)) {}

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
    auto written = write(prompt, request, cancelled);
    if (!written)
      return failed(written.error().code == base::Code::cancelled ? FailKind::cancelled : FailKind::tool,
                    spec.name + ": " + written.error().message);
    return *std::move(written);
  }

private:
  base::Result<> load() {
    auto weights = tensor::Weights::open(storage, spec.weights);
    if (!weights)
      return std::move(weights).error();
    device = device::makeCpuDevice(process, 0, threads);
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
    // At least half of the context is the prompt's, and all that an answer does not need.
    most = std::min<std::uint64_t>(most, std::max(1U, spec.contextBytes / 2));
    std::string_view begin = prompt.empty() ? std::string_view("\n") : prompt;
    begin = begin.substr(begin.size() - std::min<std::size_t>(begin.size(), spec.contextBytes - most));
    Sampler sampler(spec.sampler, base::mix(base::hashOf(base::bytesOf(stepOf(request))), spec.seed).low);
    if (auto begun = decoder->begin(); !begun)
      return std::move(begun).error();
    if (auto read = decoder->read(begin); !read)
      return std::move(read).error();
    std::string text;
    std::int64_t tokens = 0;
    while (tokens < static_cast<std::int64_t>(most) && !stops(text)) {
      if (cancelled)
        return base::error(base::Code::cancelled, "was cancelled after " + std::to_string(tokens) + " bytes");
      text += static_cast<char>(sampler.draw(decoder->logits()));
      // The last byte needs no successor.
      if (++tokens < static_cast<std::int64_t>(most))
        if (auto read = decoder->read(std::string_view(text).substr(text.size() - 1)); !read)
          return std::move(read).error();
    }
    CallOutcome outcome;
    outcome.value = Value::text(value::repairedUtf8(text));
    outcome.tokensIn = static_cast<std::int64_t>(begin.size());
    outcome.tokensOut = tokens;
    outcome.costNano = costOf(outcome.tokensIn, spec.priceInputNano) + costOf(tokens, spec.priceOutputNano);
    return outcome;
  }

  static std::string_view stepOf(const CallRequest &request) {
    return std::string_view(request.idempotencyKey).substr(0, stepDigits);
  }

  /// Cuts the text before what it stops at.
  bool stops(std::string &text) const {
    for (const std::string &stop : spec.stop)
      if (!stop.empty() && text.ends_with(stop)) {
        text.resize(text.size() - stop.size());
        return true;
      }
    return false;
  }

  io::Storage &storage;
  io::Process &process;
  std::uint32_t threads;
  std::shared_ptr<const plan::Plan> plan;
  CompiledSpec spec;
  std::mutex mutex;
  std::unique_ptr<device::Device> device; ///< Goes after what runs on it.
  std::unique_ptr<Decoder> decoder;
};

class CompiledDriver final : public PoolDriver {
public:
  CompiledDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec)
      : PoolDriver(doors), model(std::make_shared<CompiledWork>(doors, std::move(plan), std::move(spec))) {}

private:
  std::shared_ptr<Work> work() override { return model; }
  std::shared_ptr<CompiledWork> model;
};

} // namespace

std::unique_ptr<Driver> makeCompiledDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan,
                                           CompiledSpec spec) {
  WEFT_ASSERT(spec.contextBytes >= 2 && spec.maxTokens >= 1);
  return std::make_unique<CompiledDriver>(doors, std::move(plan), std::move(spec));
}

} // namespace weft::agent
