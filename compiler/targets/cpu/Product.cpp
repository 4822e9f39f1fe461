//===- Product.cpp - A product of matrices as the code sees it ------------===//
//
// How a product is cut decides what it costs beside the sums themselves: a left block
// is packed once for each block of columns, a right panel once for each block of rows,
// and what is not packed is read with more misses. The costs below are in the time
// that one row and one panel take for one k (a cycle where two vectors are multiplied
// in one), measured with the inner loop of AVX-512; they only have to tell the better way.
//
//===----------------------------------------------------------------------===//

#include "compiler/targets/cpu/Product.h"

#include "mlir/IR/BuiltinTypes.h"

#include <algorithm>

namespace weft::cpu {
using namespace mlir;

namespace {

/// About so deep a right panel stays in the first cache, beside a tile of the left.
constexpr int64_t usualDepth = 256;
/// A packed left block stays in the second cache, and so do sums that wait in the scratch.
constexpr double mostBlockBytes = 1 << 19;
/// What a packed left block should not exceed; sums that wait in the result come from anywhere in time.
constexpr double goodLeftBytes = 300 << 10;
/// An operand up to this size is still in the second cache when it is packed again.
constexpr int64_t nearBytes = 1 << 20;
/// So many items end together on the threads of most machines, if each has so much to do that handing it out is little.
constexpr int64_t enoughItems = 8, leastOfItem = 1 << 18;
/// A block has at most so many tiles, and panels.
constexpr int64_t mostTiles = 64, mostPanels = 64;

/// To pack what one row has at one k, where it lies along k and where not; to read it unpacked, for each panel.
constexpr double turnLeft = 0.31, copyLeft = 0.15, readLeft = 0.04, readAcrossLeft = 0.1;
/// To pack what one panel has at one k, where it lies along it, near and far, and where it is turned; to read it
/// unpacked, for each row.
constexpr double copyNearRight = 2.5, copyFarRight = 6, turnRight = 10, readRight = 0.06;
/// Rows or lines that fall on the same places of a cache are lost from it.
constexpr double readColliding = 0.2;
/// What a block costs more whose left is larger than it should be.
constexpr double tooLarge = 1.03;

int64_t dividedUp(int64_t a, int64_t b) { return (a + b - 1) / b; }

struct Way {
  int64_t tiles, panels;
  bool packsLeft, packsRight;
};

class Costs {
public:
  Costs(const Product &product, bool keepsSums)
      : product(product), keepsSums(keepsSums), bytes(product.element.getIntOrFloatBitWidth() / 8),
        tiles(EvenParts(product.m, tileOf(Isa::avx512, product.element).rows).count) {
    int64_t work = product.batches * product.m * product.n * product.k;
    while (threads < enoughItems && work / (2 * threads) >= leastOfItem)
      threads *= 2;
  }

  int64_t rowBlocks(const Way &way) const { return dividedUp(tiles, way.tiles); }
  int64_t columnBlocks(const Way &way) const { return dividedUp(product.panels(), way.panels); }

  /// Relative to the sums alone; a way that breaks a limit costs more than any that does not.
  double of(const Way &way) const {
    double rows = double(product.m) / rowBlocks(way), panels = double(product.panels()) / columnBlocks(way);
    double cost = 1 + (way.packsLeft ? (product.transposedLeft ? copyLeft : turnLeft) / panels : unpackedLeft()) +
                  (way.packsRight ? packedRight() / rows : unpackedRight());
    double sumBytes = product.passes() > 1 ? rows * panels * columnsOfPanels * bytes : 0;
    double leftBytes = way.packsLeft ? rows * product.depth * bytes : 0;
    if (leftBytes > goodLeftBytes)
      cost *= tooLarge;
    double excess = std::max(leftBytes, keepsSums ? sumBytes : 0) / mostBlockBytes;
    return cost * (1 + unevenness(way)) / 2 * (excess > 1 ? 1000 * excess : 1);
  }

  int64_t mostTilesOfBlock() const { return std::min(tiles, mostTiles); }

private:
  /// The time of `threads` threads that take one item after another, relative to what it were if all had the same to
  /// do. There may be fewer threads: it counts half.
  double unevenness(const Way &way) const {
    double largest =
        double(product.m) / tiles * dividedUp(tiles, rowBlocks(way)) * dividedUp(product.panels(), columnBlocks(way));
    int64_t turns = dividedUp(product.batches * rowBlocks(way) * columnBlocks(way), threads);
    return turns * threads * largest / (product.batches * product.m * product.panels());
  }

  double packedRight() const {
    return product.transposedRight                     ? turnRight
           : product.k * product.n * bytes > nearBytes ? copyFarRight
                                                       : copyNearRight;
  }
  double unpackedLeft() const {
    if (product.transposedLeft)
      return readAcrossLeft;
    return product.k * bytes % 4096 == 0 ? readColliding : readLeft;
  }
  double unpackedRight() const { return product.n * bytes % 4096 == 0 ? readColliding : readRight; }

  const Product &product;
  bool keepsSums;
  int64_t bytes, tiles, threads = 1;
};

} // namespace

Tile tileOf(Isa isa, Type element) {
  int64_t half = element.getIntOrFloatBitWidth() / 32;
  switch (isa) {
  case Isa::baseline:
    return {4, 8 / half, 4 / half};
  case Isa::avx2:
    return {6, 16 / half, 8 / half};
  case Isa::avx512:
    return {14, 32 / half, 16 / half};
  }
  llvm_unreachable("every ISA is above");
}

EvenParts::EvenParts(int64_t extent, int64_t most)
    : count(dividedUp(extent, most)), least(extent / count), larger(extent % count) {}

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
  return product;
}

void Product::cut(bool keepsSums) {
  depth = dividedUp(k, std::max<int64_t>(1, (k + usualDepth / 2) / usualDepth));
  if (depth < k) // whole squares are turned, whatever the ISA
    depth = dividedUp(depth, 16) * 16;
  Costs costs(*this, keepsSums);
  double least = 0;
  for (int64_t tiles = 1; tiles <= costs.mostTilesOfBlock(); ++tiles)
    for (int64_t panels = 1; panels <= std::min(this->panels(), mostPanels); ++panels)
      for (bool left : {true, false})
        for (bool right : {true, false}) {
          Way way{tiles, panels, left, right};
          double cost = costs.of(way);
          if ((!right && transposedRight) || (least > 0 && cost >= least))
            continue;
          least = cost;
          rowBlocks = costs.rowBlocks(way);
          columnBlocks = costs.columnBlocks(way);
          packsLeft = left;
          packsRight = right;
        }
}

} // namespace weft::cpu
