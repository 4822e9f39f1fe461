//===- LayerPlan.cpp - A plan of one gang: a layer whose contraction is split

#include "LayerPlan.h"

#include "runtime/plan/PlanFile.h"
#include "runtime/value/Builders.h"
#include "runtime/value/Words.h"

#include <cstring>
#include <fstream>
#include <iterator>
#include <random>

namespace weft::gang {
namespace {

using namespace plan::fb;

std::vector<std::uint8_t> kernelImage() {
  std::ifstream file(WEFT_TEST_KERNELS, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::unique_ptr<KernelT> kernel(const char *symbol, const std::vector<std::uint8_t> &image) {
  auto out = std::make_unique<KernelT>();
  out->symbol = symbol;
  auto variant = std::make_unique<VariantT>();
  variant->isa = "x86-64";
  variant->image = image;
  base::Digest digest = base::digestOf(std::as_bytes(std::span(image)));
  std::uint64_t words[4];
  std::memcpy(words, digest.bytes.data(), sizeof words);
  variant->code = std::make_unique<Digest>(words[0], words[1], words[2], words[3]);
  out->variants.push_back(std::move(variant));
  return out;
}

std::unique_ptr<TypeT> tensor(std::vector<std::int64_t> dims) {
  auto type = std::make_unique<TypeT>();
  type->kind = TypeKind::tensor;
  type->dims = std::move(dims);
  return type;
}

std::unique_ptr<PortT> port(std::uint32_t value, std::uint32_t buffer, std::vector<std::uint64_t> whole,
                            std::vector<std::uint64_t> offsets, std::vector<std::uint64_t> sizes) {
  auto out = std::make_unique<PortT>();
  out->value = value;
  out->buffer = buffer;
  out->whole = std::move(whole);
  out->offsets = std::move(offsets);
  out->sizes = std::move(sizes);
  return out;
}

std::unique_ptr<RoleT> role(std::uint32_t slot, std::uint32_t slots) {
  constexpr std::uint64_t r = layerRows, w = layerWidth, h = layerHidden;
  auto out = std::make_unique<RoleT>();
  out->slots = {slot};
  std::uint64_t offset = 0;
  for (std::uint64_t elements : {r * w, w * h, h * w, r * w, r * w, r * w}) { // x, w1, w2, partial, sum, result
    out->buffers.emplace_back(offset, elements * 4, 0, 1, 0, 0);
    offset += elements * 4;
  }
  out->arenas = {offset};
  out->indices = {0, 1, 2, 3, 4, 5, 1, 2};
  out->actors = {Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 0, 0, Range(0, 3), Range(3, 1),
                       Range(6, 1), 0, 0),
                 Actor(ActorKind::collective, Collective::all_reduce, Reduce::sum, 0, -1, 1, Range(3, 1), Range(4, 1),
                       Range(7, 1), 1, 0),
                 Actor(ActorKind::kernel, Collective::all_reduce, Reduce::sum, 0, 1, 0, Range(4, 1), Range(5, 1),
                       Range(0, 0), 2, 0)};
  out->inputs.push_back(port(0, 0, {r, w}, {0, 0}, {r, w}));
  out->inputs.push_back(port(1, 1, {w, h * slots}, {0, h * slot}, {w, h}));
  out->inputs.push_back(port(2, 2, {h * slots, w}, {h * slot, 0}, {h, w}));
  out->outputs.push_back(port(0, 5, {r, w}, {0, 0}, {r, w}));
  return out;
}

} // namespace

std::shared_ptr<const plan::Plan> layerPlan(std::uint32_t slots, bool elastic) {
  PlanT plan;
  plan.major = 1;
  plan.words_version = value::wordsVersion;
  plan.code = std::make_unique<CodeT>();
  plan.limits = std::make_unique<LimitsT>();
  plan.types.push_back(tensor({layerRows, layerWidth}));
  plan.types.push_back(tensor({layerWidth, layerHidden * slots}));
  plan.types.push_back(tensor({layerHidden * slots, layerWidth}));
  auto mesh = std::make_unique<MeshT>();
  mesh->name = "grid";
  mesh->axes = {"model"};
  mesh->sizes = {slots};
  mesh->elastic = {elastic};
  plan.meshes.push_back(std::move(mesh));
  auto image = kernelImage();
  plan.kernels.push_back(kernel("layer", image));
  plan.kernels.push_back(kernel("scale", image));
  auto gang = std::make_unique<GangT>();
  gang->name = "layer";
  for (std::uint32_t slot = 0; slot < slots; ++slot)
    gang->roles.push_back(role(slot, slots));
  gang->params = {0, 1, 2};
  gang->results = {0};
  plan.gangs.push_back(std::move(gang));
  flatbuffers::FlatBufferBuilder builder;
  FinishPlanBuffer(builder, Plan::Pack(builder, &plan));
  auto file = plan::sealPlan(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
  auto read = plan::readPlan(std::move(file));
  if (!read) {
    std::fprintf(stderr, "%s\n", read.error().message.c_str());
    std::abort();
  }
  return *read;
}

std::vector<value::Value> layerInputs(std::uint32_t slots, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<float> values(-1, 1);
  std::vector<value::Value> inputs;
  for (std::vector<std::int64_t> dims : {std::vector<std::int64_t>{layerRows, layerWidth},
                                         {layerWidth, layerHidden * slots},
                                         {layerHidden * slots, layerWidth}}) {
    value::TensorBuilder tensor(base::ElementType::f32, dims);
    auto *data = reinterpret_cast<float *>(tensor.data().data());
    for (std::int64_t i = 0; i < dims[0] * dims[1]; ++i)
      data[i] = values(random);
    inputs.push_back(std::move(tensor).tensor());
  }
  return inputs;
}

std::vector<float> layerReference(const std::vector<value::Value> &inputs, std::uint32_t slots,
                                  std::uint64_t contributors) {
  auto floats = [&](std::size_t i) { return reinterpret_cast<const float *>(inputs[i].asTensor().data.data()); };
  const float *x = floats(0), *w1 = floats(1), *w2 = floats(2);
  std::vector<float> total(layerRows * layerWidth);
  bool first = true;
  for (std::uint32_t slot = 0; slot < slots; ++slot) {
    if (!(contributors >> slot & 1))
      continue;
    for (std::int64_t r = 0; r < layerRows; ++r)
      for (std::int64_t c = 0; c < layerWidth; ++c) {
        float partial = 0;
        for (std::int64_t j = 0; j < layerHidden; ++j) {
          float h = 0;
          for (std::int64_t k = 0; k < layerWidth; ++k)
            h += x[r * layerWidth + k] * w1[k * layerHidden * slots + slot * layerHidden + j];
          partial += (h > 0 ? h : 0) * w2[(slot * layerHidden + j) * layerWidth + c];
        }
        float &sum = total[r * layerWidth + c];
        sum = first ? partial : sum + partial;
      }
    first = false;
  }
  for (float &value : total)
    value *= 0.5f;
  return total;
}

} // namespace weft::gang
