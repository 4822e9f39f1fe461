//===- InputFuzz.cpp - Any text as the inputs of a run --------------------===//
//
// For libFuzzer: the first byte chooses a parameter whose value the rest is, as
// behind `--input name=`, or a file of inputs, as behind `--input-file`. A value
// that is taken can be written as JSON of its type; what is refused says why.
//
//===----------------------------------------------------------------------===//

#include "runtime/cli/Inputs.h"
#include "runtime/value/Json.h"
#include "test/fuzz/InputTypes.h"
#include "test/simulation/Simulation.h"

#include <cstdlib>

using namespace weft;

namespace {

void fromFile(const plan::Plan &plan, std::string_view text) {
  simulation::Simulation world(1);
  auto host = world.addHost("a");
  auto file = std::make_shared<simulation::DiskFile>();
  base::ConstBytes bytes = base::bytesOf(text);
  file->content.assign(bytes.begin(), bytes.end());
  world.disk(host).link("/inputs.json", file);
  auto values = cli::readInputs(plan, plan.entries[0], {}, "/inputs.json", world.doors(host).storage);
  if (values ? values->size() != plan.entries[0].params.size() : values.error().message.empty())
    std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *bytes, std::size_t size) {
  static const auto plan = test::planOfInputs();
  if (size < 1)
    return 0;
  std::string text(reinterpret_cast<const char *>(bytes) + 1, size - 1);
  const auto &params = plan->entries[0].params;
  std::size_t which = bytes[0] % (params.size() + 1);
  if (which == params.size()) {
    fromFile(*plan, text);
    return 0;
  }
  auto value = cli::readValue(*plan, params[which].type, text);
  if (!value)
    return value.error().message.empty() ? std::abort(), 0 : 0;
  if (!value::toJson(*value, params[which].type, plan->types))
    std::abort();
  return 0;
}
