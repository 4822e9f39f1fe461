//===- MosaicTest.cpp - Kernels that put tensors together -----------------===//
//
// Each runs on every ISA beside the float64 interpreter, its items alone and from the
// last to the first: an item that wrote or read another one's place would show.
//
//===----------------------------------------------------------------------===//

#include "KernelFixture.h"

#include "compiler/analysis/Mosaic.h"

namespace weft::test {
namespace {
using namespace mlir;

class MosaicTest : public KernelFixture {
protected:
  static std::string program(const std::string &arguments, const std::string &body, const std::string &results) {
    return "func.func @f(" + arguments + ") -> (" + results.substr(results.find(':') + 1) + ") {\n" + body +
           "\nreturn " + results + "\n}";
  }

  bool isMosaic(const std::string &text) {
    OwningOpRef<ModuleOp> module = parse(text);
    SmallVector<Operation *> ops;
    for (Operation &op : function(*module).getBody().front().without_terminator())
      ops.push_back(&op);
    return analysis::isMosaic(ops);
  }

  /// Runs exactly: nothing is rounded otherwise than the interpreter does, to the type's precision.
  void checkMosaic(const std::string &text) {
    SCOPED_TRACE(text);
    EXPECT_TRUE(isMosaic(text));
    check(text, 1e-6);
  }
};

/// The halves of each head turned by angles that the place names.
std::string rotation(int batch, int places, int heads, int half) {
  auto sized = [&](int parts) {
    return "tensor<" + std::to_string(batch) + "x" + std::to_string(places) + "x" + std::to_string(heads) + "x" +
           std::to_string(parts) + "x" + std::to_string(half) + "xf32>";
  };
  std::string x = sized(2), h = sized(1), t = "tensor<" + std::to_string(places) + "x" + std::to_string(half) + "xf32>";
  std::string two = " : (" + h + ", " + h + ") -> " + h + "\n";
  return "func.func @f(%x: " + x + ", %c: " + t + ", %s: " + t + ") -> " + x + " {\n" +
         "%a = nn.slice %x offsets [0, 0, 0, 0, 0] : " + x + " -> " + h + "\n" +
         "%b = nn.slice %x offsets [0, 0, 0, 1, 0] : " + x + " -> " + h + "\n" +
         "%cc = nn.broadcast %c dims [1, 4] : " + t + " -> " + h + "\n" + "%ss = nn.broadcast %s dims [1, 4] : " + t +
         " -> " + h + "\n" + "%0 = nn.elementwise mul %a, %cc" + two + "%1 = nn.elementwise mul %b, %ss" + two +
         "%2 = nn.elementwise sub %0, %1" + two + "%3 = nn.elementwise mul %b, %cc" + two +
         "%4 = nn.elementwise mul %a, %ss" + two + "%5 = nn.elementwise add %3, %4" + two +
         "%6 = nn.concat %2, %5 dim 3 : (" + h + ", " + h + ") -> " + x + "\nreturn %6 : " + x + "\n}";
}

TEST_F(MosaicTest, HalvesTurned) {
  checkMosaic(rotation(2, 3, 2, 5));
  checkMosaic(rotation(3, 70, 4, 16));
}

TEST_F(MosaicTest, JoinedAlongEachDimension) {
  for (int dim : {0, 1, 2}) {
    std::string sizes[3], whole;
    for (int part = 0; part < 3; ++part) {
      sizes[part] = "tensor<";
      for (int d = 0; d < 3; ++d)
        sizes[part] += std::to_string(d == dim ? part + 2 : 4 + d) + "x";
      sizes[part] += "f32>";
    }
    whole = "tensor<";
    for (int d = 0; d < 3; ++d)
      whole += std::to_string(d == dim ? 9 : 4 + d) + "x";
    whole += "f32>";
    checkMosaic(program("%a: " + sizes[0] + ", %b: " + sizes[1] + ", %c: " + sizes[2],
                        "%0 = nn.concat %a, %b, %c dim " + std::to_string(dim) + " : (" + sizes[0] + ", " + sizes[1] +
                            ", " + sizes[2] + ") -> " + whole,
                        "%0 : " + whole));
  }
}

// Zeros on all sides, cut and padded again, turned: parts that end within parts.
TEST_F(MosaicTest, EdgesWithinEdges) {
  checkMosaic(program("%x: tensor<3x5xf32>",
                      "%0 = nn.pad %x low [2, 1] : tensor<3x5xf32> -> tensor<7x9xf32>\n"
                      "%1 = nn.slice %0 offsets [1, 0] : tensor<7x9xf32> -> tensor<5x7xf32>\n"
                      "%2 = nn.transpose %1 perm [1, 0] : tensor<5x7xf32> -> tensor<7x5xf32>\n"
                      "%3 = nn.pad %2 low [0, 3] : tensor<7x5xf32> -> tensor<8x9xf32>",
                      "%3 : tensor<8x9xf32>"));
  checkMosaic(program("%x: tensor<6xf32>, %y: tensor<6xf32>",
                      "%0 = nn.pad %x low [4] : tensor<6xf32> -> tensor<10xf32>\n"
                      "%1 = nn.pad %y low [0] : tensor<6xf32> -> tensor<10xf32>\n"
                      "%2 = nn.elementwise add %0, %1 : (tensor<10xf32>, tensor<10xf32>) -> tensor<10xf32>",
                      "%2 : tensor<10xf32>"));
}

TEST_F(MosaicTest, EveryElementType) {
  for (std::string type : {"f64", "i32", "i64"})
    checkMosaic(program("%x: tensor<4x6x" + type + ">, %y: tensor<4x" + type + ">",
                        "%0 = nn.broadcast %y dims [0] : tensor<4x" + type + "> -> tensor<4x6x" + type + ">\n" +
                            "%1 = nn.elementwise max %x, %0 : (tensor<4x6x" + type + ">, tensor<4x6x" + type +
                            ">) -> tensor<4x6x" + type + ">\n" + "%2 = nn.transpose %1 perm [1, 0] : tensor<4x6x" +
                            type + "> -> tensor<6x4x" + type + ">",
                        "%2 : tensor<6x4x" + type + ">"));
  checkMosaic(program("%x: tensor<4x6xf32>, %y: tensor<6x4xf32>",
                      "%0 = nn.transpose %y perm [1, 0] : tensor<6x4xf32> -> tensor<4x6xf32>\n"
                      "%1 = nn.compare lt %x, %0 : tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xi1>\n"
                      "%2 = nn.slice %1 offsets [0, 2] : tensor<4x6xi1> -> tensor<4x3xi1>\n"
                      "%3 = nn.pad %2 low [0, 1] : tensor<4x3xi1> -> tensor<4x6xi1>\n"
                      "%i = nn.iota dim 1 -> tensor<4x6xf32>\n"
                      "%4 = nn.select %3, %x, %i : tensor<4x6xi1>, tensor<4x6xf32>, tensor<4x6xf32> -> tensor<4x6xf32>",
                      "%3, %4 : tensor<4x6xi1>, tensor<4x6xf32>"));
}

// What costs more than a load is not computed for each place that it is read at.
TEST_F(MosaicTest, WhatIsNone) {
  EXPECT_FALSE(isMosaic(program("%x: tensor<4xf32>", "%0 = nn.elementwise neg %x : (tensor<4xf32>) -> tensor<4xf32>",
                                "%0 : tensor<4xf32>")))
      << "nothing is moved";
  EXPECT_FALSE(isMosaic(program("%x: tensor<4xf32>",
                                "%0 = nn.elementwise exp %x : (tensor<4xf32>) -> tensor<4xf32>\n"
                                "%1 = nn.slice %0 offsets [1] : tensor<4xf32> -> tensor<2xf32>",
                                "%1 : tensor<2xf32>")));
  EXPECT_FALSE(isMosaic(program("%x: tensor<4xf32>",
                                "%0 = nn.elementwise mul %x, %x : (tensor<4xf32>, tensor<4xf32>) -> tensor<4xf32>\n"
                                "%1 = nn.broadcast %0 dims [1] : tensor<4xf32> -> tensor<9x4xf32>",
                                "%1 : tensor<9x4xf32>")))
      << "it would be made nine times";
  EXPECT_FALSE(isMosaic(program("%x: tensor<4xbf16>", "%0 = nn.slice %x offsets [1] : tensor<4xbf16> -> tensor<2xbf16>",
                                "%0 : tensor<2xbf16>")));
}

TEST_F(MosaicTest, LargeOnesAreCutIntoItems) {
  EXPECT_GT(phasesOf(rotation(16, 128, 4, 16)).front(), 7U);
  std::string joined = program("%x: tensor<300x200xf32>, %y: tensor<100x200xf32>",
                               "%0 = nn.concat %x, %y dim 0 : (tensor<300x200xf32>, tensor<100x200xf32>) -> "
                               "tensor<400x200xf32>",
                               "%0 : tensor<400x200xf32>");
  EXPECT_GT(phasesOf(joined).front(), 2U) << "where the first dimension is cut, too";
  checkMosaic(joined);
}

} // namespace
} // namespace weft::test
