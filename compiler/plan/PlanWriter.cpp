//===- PlanWriter.cpp - The bytes of a plan -------------------------------===//

#include "compiler/plan/PlanWriter.h"

#include "runtime/plan/PlanFile.h"

namespace weft::planning {

base::Bytes writePlan(plan::fb::PlanT &plan) {
  plan.major = plan::formatMajor;
  plan.minor = plan::formatMinor;
  plan.compiler = "weftc 0.1.0";
  flatbuffers::FlatBufferBuilder builder;
  builder.Finish(plan::fb::Plan::Pack(builder, &plan), plan::fb::PlanIdentifier());
  return plan::sealPlan({reinterpret_cast<const std::byte *>(builder.GetBufferPointer()), builder.GetSize()});
}

} // namespace weft::planning
