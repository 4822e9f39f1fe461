//===- WeightsTest.cpp - Files of weights that fit, and that do not -------===//

#include "runtime/tensor/Weights.h"

#include "test/simulation/Simulation.h"

#include <gmock/gmock.h>

namespace weft::tensor {
namespace {

using base::ElementType;
using testing::HasSubstr;

value::Type tensorType(ElementType type, std::vector<std::int64_t> dims) {
  value::Type out;
  out.kind = value::TypeKind::tensor;
  out.dtype = type;
  out.dims = std::move(dims);
  return out;
}

struct WeightsTest : testing::Test {
  simulation::Simulation simulation{1};
  io::Storage &storage = simulation.doors(simulation.addHost("a")).storage;
  base::Bytes table = base::Bytes(24, std::byte(7)), scale = base::Bytes(4, std::byte(1));
  base::Bytes file = [this] {
    checkpoint::NamedTensor tensors[] = {{"table", ElementType::f32, {2, 3}, table},
                                         {"scale", ElementType::i32, {}, scale}};
    return checkpoint::encodedSafeTensors(tensors, {});
  }();

  std::shared_ptr<const Weights> put(base::ConstBytes bytes) {
    EXPECT_TRUE(storage.makeFolders("/spec"));
    EXPECT_TRUE(io::writeWhole(storage, "/spec/lm.safetensors", bytes));
    auto opened = Weights::open(storage, "/spec/lm.safetensors");
    said = opened ? "" : opened.error().message;
    return opened ? *opened : nullptr;
  }
  std::string said;
};

TEST_F(WeightsTest, TensorsAreFoundByNameAndType) {
  auto weights = put(file);
  auto bytes = weights->tensor("table", tensorType(ElementType::f32, {2, 3}));
  ASSERT_TRUE(bytes) << bytes.error().message;
  EXPECT_EQ(base::Bytes(bytes->begin(), bytes->end()), table);
  EXPECT_TRUE(weights->tensor("scale", tensorType(ElementType::i32, {})));
}

TEST_F(WeightsTest, RefusalsShowBothShapes) {
  auto weights = put(file);
  auto refusal = [&](const char *name, ElementType type, std::vector<std::int64_t> dims) {
    return weights->tensor(name, tensorType(type, std::move(dims))).error().message;
  };
  EXPECT_EQ(refusal("table", ElementType::f32, {3, 2}),
            "weights '/spec/lm.safetensors': tensor 'table' is f32[2, 3], wanted f32[3, 2]; the file is of another "
            "model, or the declaration has other sizes");
  EXPECT_THAT(refusal("table", ElementType::bf16, {2, 3}), HasSubstr("is f32[2, 3], wanted bf16[2, 3]"));
  EXPECT_THAT(refusal("scale", ElementType::i32, {1}), HasSubstr("is i32[], wanted i32[1]"));
  EXPECT_EQ(refusal("blocks.q", ElementType::f32, {2}),
            "weights '/spec/lm.safetensors': wanted a tensor 'blocks.q', f32[2]; the file has table, scale");
}

TEST_F(WeightsTest, BrokenFilesAreNamed) {
  EXPECT_EQ(put(base::ConstBytes(file).first(file.size() - 1)), nullptr);
  EXPECT_EQ(said, "weights '/spec/lm.safetensors': header, tensor 'scale': data_offsets: ends at byte 28 of the data, "
                  "which has 27 bytes; the file was cut off, or its header is wrong");
  EXPECT_EQ(put({}), nullptr);
  EXPECT_THAT(said, HasSubstr("weights '/spec/lm.safetensors': has 0 bytes"));
  EXPECT_THAT(Weights::open(storage, "/spec/none").error().message, HasSubstr("weights: open '/spec/none'"));
}

} // namespace
} // namespace weft::tensor
