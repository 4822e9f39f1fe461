//===- GangDraft.h - Parts of a gang's plan, written by hand --------------===//
#pragma once

#include "test/support/PlanBuilder.h"

namespace weft::simulation {

/// A kernel of `kernels/`, which the C compiler made.
std::unique_ptr<plan::fb::KernelT> draftKernel(const char *symbol);

/// A tensor's type; f32 unless told.
plan::fb::TypeT draftTensor(std::vector<std::int64_t> dims, base::ElementType type = base::ElementType::f32);

/// `sizes` elements from `offsets` of a whole tensor, in a buffer.
std::unique_ptr<plan::fb::PortT> draftPort(std::uint32_t value, std::uint32_t buffer, std::vector<std::uint64_t> whole,
                                           std::vector<std::uint64_t> offsets, std::vector<std::uint64_t> sizes,
                                           base::ElementType type = base::ElementType::f32);

/// Ends the test's process when the file is no plan.
std::shared_ptr<const plan::Plan> readDraft(base::Bytes file);

} // namespace weft::simulation
