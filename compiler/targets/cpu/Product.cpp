//===- Product.cpp - A product of matrices as the code sees it ------------===//

#include "compiler/targets/cpu/Product.h"

#include "mlir/IR/BuiltinTypes.h"

#include <algorithm>

namespace weft::cpu {
using namespace mlir;

namespace {

/// The packed left block stays in the second cache, the packed right panel of one pass in the first.
constexpr int64_t mostRows = 192, mostColumns = 512, mostDepth = 256;
/// Enough blocks for the threads of a machine to end together.
constexpr int64_t enoughBlocks = 8;

int64_t dividedUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

/// The size of equal parts of `extent`, none larger than `most`, in multiples of `unit`.
int64_t evenPart(int64_t extent, int64_t most, int64_t unit) {
  return dividedUp(dividedUp(extent, dividedUp(extent, most)), unit) * unit;
}

} // namespace

Tile tileOf(Isa isa, Type element) {
  int64_t half = element.getIntOrFloatBitWidth() / 32;
  switch (isa) {
  case Isa::baseline:
    return {4, 8 / half, 4 / half};
  case Isa::avx2:
    return {6, 16 / half, 8 / half};
  case Isa::avx512:
    return {12, 32 / half, 16 / half};
  }
  llvm_unreachable("every ISA is above");
}

Product Product::of(nn::MatmulOp matmul) {
  auto left = cast<RankedTensorType>(matmul.getLhs().getType()),
       right = cast<RankedTensorType>(matmul.getRhs().getType());
  auto result = cast<RankedTensorType>(matmul.getResult().getType());
  Product product;
  product.element = result.getElementType();
  product.transposedLeft = matmul.getTransposeLhs();
  product.transposedRight = matmul.getTransposeRhs();
  product.n = result.getShape().back();
  product.m = result.getShape()[result.getRank() - 2];
  product.k = left.getShape()[left.getRank() - (product.transposedLeft ? 2 : 1)];
  product.batches = result.getNumElements() / (product.m * product.n);
  if (right.getRank() == 2) {
    product.sharesRight = true;
    if (!product.transposedLeft) {
      product.m *= product.batches;
      product.batches = 1;
    }
  }
  product.cut();
  return product;
}

void Product::cut() {
  int64_t rows = mostRows, columns = mostColumns;
  auto set = [&] {
    blockRows = evenPart(m, rows, rowsOfTiles);
    blockColumns = evenPart(n, columns, columnsOfTiles);
  };
  set();
  while (batches * rowBlocks() * columnBlocks() < enoughBlocks && (columns > 64 || rows > 48)) {
    if (columns > 128 || rows <= 48)
      columns /= 2;
    else
      rows /= 2;
    set();
  }
  depth = dividedUp(k, dividedUp(k, mostDepth));
}

} // namespace weft::cpu
