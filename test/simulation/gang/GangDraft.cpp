//===- GangDraft.cpp - Parts of a gang's plan, written by hand ------------===//

#include "test/simulation/gang/GangDraft.h"

#include "runtime/base/Digest.h"
#include "runtime/plan/PlanReader.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace weft::simulation {

using namespace plan::fb;

std::unique_ptr<KernelT> draftKernel(const char *symbol) {
  std::ifstream file(WEFT_TEST_KERNELS, std::ios::binary);
  auto variant = std::make_unique<VariantT>();
  variant->isa = "x86-64";
  variant->image = {std::istreambuf_iterator<char>(file), {}};
  base::Digest digest = base::digestOf(std::as_bytes(std::span(variant->image)));
  std::uint64_t words[4];
  std::memcpy(words, digest.bytes.data(), sizeof words);
  variant->code = std::make_unique<Digest>(words[0], words[1], words[2], words[3]);
  auto out = std::make_unique<KernelT>();
  out->symbol = symbol;
  out->variants.push_back(std::move(variant));
  return out;
}

TypeT draftTensor(std::vector<std::int64_t> dims, base::ElementType type) {
  TypeT out;
  out.kind = TypeKind::tensor;
  out.dtype = static_cast<std::uint8_t>(type);
  out.dims = std::move(dims);
  return out;
}

std::unique_ptr<PortT> draftPort(std::uint32_t value, std::uint32_t buffer, std::vector<std::uint64_t> whole,
                                 std::vector<std::uint64_t> offsets, std::vector<std::uint64_t> sizes,
                                 base::ElementType type) {
  auto out = std::make_unique<PortT>();
  out->value = value;
  out->buffer = buffer;
  out->dtype = static_cast<std::uint8_t>(type);
  out->whole = std::move(whole);
  out->offsets = std::move(offsets);
  out->sizes = std::move(sizes);
  return out;
}

std::shared_ptr<const plan::Plan> readDraft(base::Bytes file) {
  auto read = plan::readPlan(std::move(file));
  if (!read) {
    std::fprintf(stderr, "%s\n", read.error().message.c_str());
    std::abort();
  }
  return *read;
}

} // namespace weft::simulation
