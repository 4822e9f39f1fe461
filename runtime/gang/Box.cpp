//===- Box.cpp - Cut a part out of a tensor, put a part into one ----------===//

#include "runtime/gang/Box.h"

#include <cstring>

namespace weft::gang {
namespace {

/// Calls `row(offset in the whole, offset in the box, bytes)` for each contiguous run of the box.
template <typename Row> void rows(const plan::Port &port, Row row) {
  std::uint64_t size = base::sizeOf(port.dtype);
  std::size_t rank = port.whole.size();
  if (boxBytes(port) == 0)
    return;
  if (rank == 0)
    return row(0, 0, size);
  std::uint64_t rowBytes = port.sizes[rank - 1] * size;
  std::vector<std::uint64_t> index(rank, 0);
  for (std::uint64_t inBox = 0;;) {
    std::uint64_t element = 0;
    for (std::size_t dim = 0; dim < rank; ++dim)
      element = element * port.whole[dim] + port.offsets[dim] + index[dim];
    row(element * size, inBox, rowBytes);
    inBox += rowBytes;
    std::size_t dim = rank - 1;
    for (;;) {
      if (dim == 0)
        return;
      --dim;
      if (++index[dim] < port.sizes[dim])
        break;
      index[dim] = 0;
    }
  }
}

} // namespace

std::uint64_t boxBytes(const plan::Port &port) {
  std::uint64_t bytes = base::sizeOf(port.dtype);
  for (std::uint64_t size : port.sizes)
    bytes *= size;
  return bytes;
}

void cutBox(const plan::Port &port, base::ConstBytes whole, base::MutableBytes box) {
  rows(port, [&](std::uint64_t from, std::uint64_t to, std::uint64_t bytes) {
    std::memcpy(box.data() + to, whole.data() + from, bytes);
  });
}

void putBox(const plan::Port &port, base::ConstBytes box, base::MutableBytes whole) {
  rows(port, [&](std::uint64_t to, std::uint64_t from, std::uint64_t bytes) {
    std::memcpy(whole.data() + to, box.data() + from, bytes);
  });
}

} // namespace weft::gang
