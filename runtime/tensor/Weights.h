//===- Weights.h - Tensors of a file, by name and type --------------------===//
#pragma once

#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/io/Storage.h"
#include "runtime/value/Types.h"

#include <memory>
#include <string>

namespace weft::tensor {

/// A safetensors file, mapped. What `tensor` gives lies in the mapping.
class Weights {
public:
  /// Blocks. Errors: notFound, corrupt, unsupported, io, each with the file.
  static base::Result<std::shared_ptr<const Weights>> open(io::Storage &storage, const std::string &path);

  /// The tensor of that name. Errors: invalid where the file has none of that name, or one of another type or shape:
  /// both are told.
  base::Result<base::ConstBytes> tensor(std::string_view name, const value::Type &wanted) const;

  const checkpoint::SafeTensors &content() const { return read; }

private:
  std::string path;
  std::unique_ptr<io::Mapping> mapping;
  checkpoint::SafeTensors read;
};

} // namespace weft::tensor
