//===- Random.cpp - Philox4x32-10 and what is made of its words -----------===//

#include "test/reference/nn/Cases.h"

#include <array>

namespace weft::reference {
namespace {
using namespace mlir;
using Words = std::array<uint32_t, 4>;

Words philox(uint64_t key, uint64_t low, uint64_t high) {
  Words x = {uint32_t(low), uint32_t(low >> 32), uint32_t(high), uint32_t(high >> 32)};
  uint32_t k0 = uint32_t(key), k1 = uint32_t(key >> 32);
  for (int round = 0; round < 10; ++round) {
    uint64_t a = uint64_t(0xd2511f53) * x[0], b = uint64_t(0xcd9e8d57) * x[2];
    x = {uint32_t(b >> 32) ^ x[1] ^ k0, uint32_t(b), uint32_t(a >> 32) ^ x[3] ^ k1, uint32_t(a)};
    k0 += 0x9e3779b9;
    k1 += 0xbb67ae85;
  }
  return x;
}

/// A number of 64 bits from two words.
uint64_t joined(uint32_t low, uint32_t high) { return uint64_t(high) << 32 | low; }

double uniform(const Words &x, bool isDouble) {
  return isDouble ? std::ldexp(double(joined(x[0], x[1]) >> 11), -53) : std::ldexp(double(x[0] >> 8), -24);
}

double normal(const Words &x, bool isDouble) {
  double u =
      isDouble ? std::ldexp(double((joined(x[0], x[1]) >> 11) + 1), -53) : std::ldexp(double((x[0] >> 8) + 1), -24);
  double v = isDouble ? std::ldexp(double(joined(x[2], x[3]) >> 11), -53) : std::ldexp(double(x[1] >> 8), -24);
  return std::sqrt(-2 * std::log(u)) * std::cos(2 * M_PI * v);
}

} // namespace

Results evaluateRandom(Operation *op, const std::vector<Tensor> &operands) {
  auto bitsOf = [&](size_t i) { return static_cast<uint64_t>(static_cast<int64_t>(operands[i].elements[0])); };
  if (auto node = dyn_cast<nn::RandomOp>(op)) {
    Tensor result = zerosOf(node.getResult());
    bool isDouble = elementOf(node.getResult()).isF64();
    for (int64_t i = 0; i < result.count(); ++i) {
      Words words = philox(bitsOf(0), uint64_t(i), node.getPlace());
      result.elements[i] =
          node.getKind() == nn::RandomKind::uniform ? uniform(words, isDouble) : normal(words, isDouble);
    }
    return {{result}};
  }
  if (isa<nn::FoldInOp>(op)) {
    Words words = philox(bitsOf(0), bitsOf(1), ~uint64_t(0));
    return {{Tensor{{}, {double(joined(words[0], words[1]) & ((uint64_t(1) << 53) - 1))}}}};
  }
  return {};
}

} // namespace weft::reference
