//===- CompiledDriver.h - A model that this plan has code for -------------===//
//
// Its weights come from a safetensors file, its code is in the plan, and it runs in
// this process: it writes bytes that follow the prompt.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/PoolDriver.h"
#include "runtime/agent/model/Sampler.h"
#include "runtime/plan/Plan.h"

#include <functional>
#include <string>
#include <vector>

namespace weft::agent {

struct CompiledSpec {
  std::string name;               ///< Of the binding, for messages.
  std::string weights;            ///< Path of the file.
  std::string prefill, decode;    ///< Gangs of the plan (Decoder.h); prefill may be empty.
  std::uint32_t contextBytes = 0; ///< Of a text that the model sees at a time, what the states hold; at least 2.
  std::uint32_t maxTokens = 256;  ///< Of an answer.
  SamplerSpec sampler;
  std::uint64_t seed = 0;
  std::vector<std::string> stop; ///< An answer ends before the first of these.
  std::int64_t priceInputNano = -1, priceOutputNano = -1;
};

/// What the call at `path` has written since it was last told: whole code points, in order, on the run loop's thread.
/// For people who wait: an attempt that fails or is cancelled has told what is no answer.
using Writing = std::function<void(base::Hash128 path, std::string_view text)>;

/// Calls have three arguments: system, prompt, and a schema, which must be "". The system prompt stands before the
/// prompt; both together fit the context. Where an answer grows beyond it, the model goes on with the last half of what
/// it has seen. What is drawn follows from the seed and from where the step stands in its workflow, so that one run's
/// answers are another's, and samples of a vote differ; it does not depend on the number of threads. Bytes that are no
/// UTF-8 become U+FFFD.
/// The file is opened at the first call; calls run one after the other, and one that is cancelled ends at the next
/// byte. Failures: `refused` for a schema and for a prompt that is too long, `tool` for a file that does not fit (both
/// shapes told). `writing` may be empty.
std::unique_ptr<Driver> makeCompiledDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, CompiledSpec spec,
                                           Writing writing = {});

} // namespace weft::agent
