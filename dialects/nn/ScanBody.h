//===- ScanBody.h - The arguments of a scan's body, by meaning ------------===//
#pragma once

#include "mlir/IR/Block.h"

namespace weft::nn {

class ScanBody {
public:
  ScanBody(mlir::Block &block, unsigned carried, unsigned stacked)
      : block(&block), carried(carried), stacked(stacked) {}

  mlir::Block &getBlock() const { return *block; }
  mlir::BlockArgument getIndex() const { return block->getArgument(0); }
  mlir::Block::BlockArgListType getCarried() const { return block->getArguments().slice(1, carried); }
  mlir::Block::BlockArgListType getSlices() const { return block->getArguments().slice(1 + carried, stacked); }
  mlir::Block::BlockArgListType getShared() const { return block->getArguments().drop_front(1 + carried + stacked); }

private:
  mlir::Block *block;
  unsigned carried, stacked;
};

} // namespace weft::nn
