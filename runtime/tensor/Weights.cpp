//===- Weights.cpp - Tensors of a file, by name and type ------------------===//

#include "runtime/tensor/Weights.h"

#include <algorithm>

namespace weft::tensor {
namespace {

/// Of a file's tensors in a message: a model has hundreds.
constexpr std::size_t shownNames = 8;

} // namespace

base::Result<std::shared_ptr<const Weights>> Weights::open(io::Storage &storage, const std::string &path) {
  auto weights = std::make_shared<Weights>();
  weights->path = path;
  auto mapping = storage.map(path);
  if (!mapping)
    return std::move(mapping).error().in("weights");
  weights->mapping = *std::move(mapping);
  auto read = checkpoint::readSafeTensors(weights->mapping->bytes());
  if (!read)
    return std::move(read).error().in("weights '" + path + "'");
  weights->read = *std::move(read);
  return std::shared_ptr<const Weights>(std::move(weights));
}

base::Result<base::ConstBytes> Weights::tensor(std::string_view name, const value::Type &wanted) const {
  std::vector<std::uint64_t> shape(wanted.dims.begin(), wanted.dims.end());
  std::string wantedText = checkpoint::shapeText(wanted.dtype, shape);
  auto wrong = [&](const std::string &what) {
    return base::error(base::Code::invalid, "weights '" + path + "': " + what);
  };
  const checkpoint::TensorEntry *found = read.find(name);
  if (!found) {
    std::string names;
    for (std::size_t at = 0; at < std::min(shownNames, read.tensors.size()); ++at)
      names += (at ? ", " : "") + read.tensors[at].name;
    if (read.tensors.size() > shownNames)
      names += " and " + std::to_string(read.tensors.size() - shownNames) + " more";
    return wrong("wanted a tensor '" + std::string(name) + "', " + wantedText + "; the file has " +
                 (names.empty() ? "none" : names));
  }
  if (found->type != wanted.dtype || found->shape != shape)
    return wrong("tensor '" + std::string(name) + "' is " + found->text() + ", wanted " + wantedText +
                 "; the file is of another model, or the declaration has other sizes");
  return found->bytes;
}

} // namespace weft::tensor
