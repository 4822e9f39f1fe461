//===- View.cpp - Which member holds which slot ---------------------------===//

#include "runtime/membership/View.h"

#include "runtime/base/LittleEndian.h"

#include <algorithm>

namespace weft::membership {

constexpr std::uint8_t viewVersion = 1;

bool View::complete() const { return std::find(slots.begin(), slots.end(), nobody) == slots.end(); }

View View::with(std::uint32_t slot, MemberId member, std::uint64_t from) const {
  View next = *this;
  WEFT_ASSERT(slot < slots.size());
  next.slots[slot] = member;
  next.fromStep = from;
  ++next.epoch;
  return next;
}

base::Bytes encoded(const View &view) {
  base::Bytes out;
  base::append(out, viewVersion);
  base::append(out, view.epoch);
  base::append(out, view.fromStep);
  base::append(out, static_cast<std::uint32_t>(view.slots.size()));
  for (MemberId member : view.slots)
    base::append(out, member);
  return out;
}

base::Result<View> decodeView(base::ConstBytes bytes) {
  base::Reader reader(bytes);
  if (auto version = reader.take<std::uint8_t>(); version != viewVersion)
    return base::error(base::Code::unsupported, "a view has version " + std::to_string(version) +
                                                    ", this build reads version " + std::to_string(viewVersion));
  View view;
  view.epoch = reader.take<std::uint64_t>();
  view.fromStep = reader.take<std::uint64_t>();
  auto count = reader.take<std::uint32_t>();
  for (std::uint32_t slot = 0; slot < count && reader.ok(); ++slot)
    view.slots.push_back(reader.take<std::uint64_t>());
  if (!reader.exact())
    return base::error(base::Code::corrupt,
                       "a view of " + std::to_string(count) + " slots has " + std::to_string(bytes.size()) + " bytes");
  return view;
}

} // namespace weft::membership
