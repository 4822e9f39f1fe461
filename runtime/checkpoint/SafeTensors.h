//===- SafeTensors.h - Named tensors in one file --------------------------===//
//
// The published format that other tools read and write, little-endian:
//
//   header bytes u64 · header: a JSON object, filled up with spaces · data
//
// The header has for each tensor {"dtype", "shape", "data_offsets": [begin, end)
// in the data}, and under "__metadata__" texts by name. The tensors' bytes lie
// one behind the other without holes and are the whole of the data.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/base/ElementType.h"
#include "runtime/base/Result.h"
#include "runtime/io/Storage.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::checkpoint {

/// Of the JSON; the format's own bound.
inline constexpr std::uint64_t maxHeaderBytes = 100'000'000;
/// Dimensions of one tensor; the format has no bound, and nobody has more.
inline constexpr std::size_t maxTensorRank = 64;

struct TensorEntry {
  std::string name;
  std::string dtype;                     ///< As the format calls it: "F32".
  std::optional<base::ElementType> type; ///< Where the language has it.
  std::vector<std::uint64_t> shape;
  base::ConstBytes bytes; ///< Row-major; into the file that was read.

  /// "f32[64, 3]"; with the format's word where the language has no such type.
  std::string text() const;
};

using Metadata = std::map<std::string, std::string>;

struct SafeTensors {
  std::vector<TensorEntry> tensors; ///< In the order of their bytes.
  Metadata metadata;

  /// The tensor of that name, or null.
  const TensorEntry *find(std::string_view name) const;
};

/// Reads a whole file; any bytes may be given. What is given stays where it is and is not copied. Errors: corrupt
/// (the place, what was found and what was wanted), unsupported (a dtype that the format does not have). O(header).
base::Result<SafeTensors> readSafeTensors(base::ConstBytes file);

/// What is to be written.
struct NamedTensor {
  std::string name;
  base::ElementType type;
  std::vector<std::uint64_t> shape;
  base::ConstBytes bytes; ///< As many as type and shape say.
};

/// The file's bytes, the tensors in the order given; the data begins at a multiple of 64 bytes. Names differ, and none
/// is "__metadata__". The same tensors and metadata give the same bytes.
base::Bytes encodedSafeTensors(std::span<const NamedTensor> tensors, const Metadata &metadata);

/// "f32[64, 3]".
std::string shapeText(base::ElementType type, std::span<const std::uint64_t> shape);

} // namespace weft::checkpoint
