//===- PlanFile.cpp - The container around a plan -------------------------===//

#include "runtime/plan/PlanFile.h"

#include "runtime/base/LittleEndian.h"

#include <cstring>
#include <string>

namespace weft::plan {
namespace {

constexpr char magic[] = {'W', 'E', 'F', 'T', 'P', 'L', 'A', 'N'};
constexpr std::size_t digestOffset = 24;
constexpr std::size_t tailOffset = 56;

/// The digest covers the header up to itself and the payload.
base::Digest digestOfPlan(base::ConstBytes header, base::ConstBytes payload) {
  base::Digest outer = base::digestOf(payload);
  base::Bytes both(header.begin(), header.begin() + digestOffset);
  auto inner = std::as_bytes(std::span(outer.bytes));
  both.insert(both.end(), inner.begin(), inner.end());
  return base::digestOf(both);
}

} // namespace

base::Bytes sealPlan(base::ConstBytes payload) {
  base::Bytes file(headerBytes + payload.size());
  std::memcpy(file.data(), magic, sizeof magic);
  base::store<std::uint16_t>(&file[8], formatMajor);
  base::store<std::uint16_t>(&file[10], formatMinor);
  base::store<std::uint64_t>(&file[16], payload.size());
  if (!payload.empty())
    std::memcpy(&file[headerBytes], payload.data(), payload.size());
  base::Digest digest = digestOfPlan(file, payload);
  std::memcpy(&file[digestOffset], digest.bytes.data(), digest.bytes.size());
  return file;
}

base::Result<OpenedPlan> openPlan(base::ConstBytes file) {
  using base::Code;
  if (file.size() < headerBytes || std::memcmp(file.data(), magic, sizeof magic) != 0)
    return base::error(Code::corrupt,
                       "this is not a plan file: it does not begin with WEFTPLAN; compile the spec with weftc");
  if (file.size() > maxPlanBytes)
    return base::error(Code::limit, "the plan has " + std::to_string(file.size()) + " bytes, the limit is " +
                                        std::to_string(maxPlanBytes));
  auto major = base::load<std::uint16_t>(&file[8]);
  if (major != formatMajor)
    return base::error(Code::unsupported, "the plan has format " + std::to_string(major) +
                                              ", this build reads format " + std::to_string(formatMajor) +
                                              "; compile the spec again");
  auto size = base::load<std::uint64_t>(&file[16]);
  if (size != file.size() - headerBytes)
    return base::error(Code::corrupt, "the plan's header says " + std::to_string(size) + " bytes and " +
                                          std::to_string(file.size() - headerBytes) +
                                          " follow; the file was cut off or joined");
  if (base::load<std::uint32_t>(&file[12]) != 0 || base::load<std::uint64_t>(&file[tailOffset]) != 0)
    return base::error(Code::corrupt, "the plan's header was changed after it was written");
  OpenedPlan opened;
  opened.payload = file.subspan(headerBytes);
  std::memcpy(opened.digest.bytes.data(), &file[digestOffset], opened.digest.bytes.size());
  if (digestOfPlan(file, opened.payload) != opened.digest)
    return base::error(Code::corrupt,
                       "the plan was changed after it was written: its digest does not match; compile the spec again");
  return opened;
}

} // namespace weft::plan
