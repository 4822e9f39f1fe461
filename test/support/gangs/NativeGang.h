//===- NativeGang.h - Runs a gang's tables in a test ----------------------===//
#pragma once

#include "compiler/lowering/DistToPlan/GangPlan.h"
#include "test/support/kernels/NativeKernels.h"

#include <map>
#include <memory>
#include <vector>

namespace weft::test {

/// The roles of one gang after the other, on whole operands and to whole results: one step, from the states' first
/// values. Feeds are not carried.
class NativeGang {
public:
  /// `images`: those of one ISA. The module must outlive this.
  NativeGang(const lowering::GangModule &module, const std::vector<cpu::KernelImage> &images);

  std::vector<reference::Tensor> run(const lowering::GangPlan &gang, const std::vector<reference::Tensor> &inputs);

private:
  std::uint8_t *at(const lowering::GangRole &role, std::uint32_t buffer) const;
  void step(const lowering::GangPlan &gang, std::size_t number);
  template <typename T>
  void collective(const lowering::GangPlan &gang, const lowering::GangRole &mine, std::size_t number);
  /// What the slots of a group have in common: their places along the other axes.
  std::vector<std::uint32_t> keyOf(const lowering::GangPlan &gang, std::uint32_t slot, std::uint32_t mask) const;

  const lowering::GangModule &module;
  std::map<std::string, LoadedKernel> kernels;
  std::vector<std::unique_ptr<std::uint8_t, void (*)(void *)>> arenas;
};

} // namespace weft::test
