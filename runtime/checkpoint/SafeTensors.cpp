//===- SafeTensors.cpp - Named tensors in one file: reading ---------------===//
//
// A file comes from anywhere, so nothing in it is believed: each number is held
// against what the file has before it is used.
//
//===----------------------------------------------------------------------===//

#include "runtime/checkpoint/SafeTensors.h"

#include "runtime/base/LittleEndian.h"
#include "runtime/checkpoint/TensorTypes.h"
#include "runtime/value/JsonReader.h"
#include "runtime/value/Utf8.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace weft::checkpoint {
namespace {

using base::Code;
using value::JsonReader;

constexpr std::uint64_t lengthBytes = 8;

base::Error corrupt(std::string what) { return base::error(Code::corrupt, std::move(what)); }

/// Long names are cut: they stand in a message.
std::string quoted(std::string_view name) { return "'" + std::string(value::cutTo(name, 80)) + "'"; }

class HeaderReader {
public:
  HeaderReader(std::string_view text, base::ConstBytes data) : json(text), data(data) {}

  base::Result<SafeTensors> read() {
    SafeTensors out;
    bool more = json.open('{');
    std::set<std::string, std::less<>> names;
    for (bool first = true; more; first = false) {
      if (!json.next('}', first, more) || !more)
        break;
      std::string name;
      if (!json.key(name))
        break;
      if (!names.insert(name).second)
        return corrupt("header: " + quoted(name) + " stands there twice");
      if (name == "__metadata__") {
        if (auto ok = metadata(out.metadata); !ok)
          return std::move(ok).error();
      } else {
        TensorEntry tensor;
        tensor.name = name;
        if (auto ok = entry(tensor); !ok)
          return std::move(ok).error().in("header, tensor " + quoted(name));
        out.tensors.push_back(std::move(tensor));
      }
    }
    if (json.failed() || !json.finish())
      return syntax();
    return laidOut(std::move(out));
  }

private:
  base::Error syntax() const { return corrupt("header: " + json.error().message); }

  base::Result<> metadata(Metadata &out) {
    bool more = json.open('{');
    for (bool first = true; more; first = false) {
      if (!json.next('}', first, more) || !more)
        break;
      std::string name, text;
      if (!json.key(name))
        break;
      if (json.peek() != JsonReader::Kind::string)
        return corrupt("header, __metadata__, " + quoted(name) + ": found " + json.shown() + ", wanted a text");
      if (!json.string(text))
        break;
      if (!out.emplace(name, std::move(text)).second)
        return corrupt("header, __metadata__: " + quoted(name) + " stands there twice");
    }
    return json.failed() ? base::Result<>(syntax()) : base::Result<>();
  }

  base::Result<> entry(TensorEntry &tensor) {
    bool more = json.open('{'), typed = false, shaped = false, placed = false;
    for (bool first = true; more; first = false) {
      if (!json.next('}', first, more) || !more)
        break;
      std::string key;
      if (!json.key(key))
        break;
      bool *seen = key == "dtype" ? &typed : key == "shape" ? &shaped : key == "data_offsets" ? &placed : nullptr;
      if (!seen || std::exchange(*seen, true))
        return corrupt("found " + quoted(key) + (seen ? " twice" : "") + ", wanted dtype, shape and data_offsets");
      auto taken = seen == &typed ? dtype(tensor) : seen == &shaped ? shape(tensor) : offsets(tensor);
      if (!taken)
        return taken;
    }
    if (json.failed())
      return syntax();
    if (!typed || !shaped || !placed)
      return corrupt(std::string("has no ") + (!typed ? "dtype" : !shaped ? "shape" : "data_offsets"));
    return extent(tensor);
  }

  base::Result<> dtype(TensorEntry &tensor) {
    if (json.peek() != JsonReader::Kind::string)
      return corrupt("dtype: found " + json.shown() + ", wanted a text");
    if (!json.string(tensor.dtype))
      return syntax();
    const TensorType *known = tensorType(tensor.dtype);
    if (!known)
      return base::error(Code::unsupported,
                         "dtype: found " + quoted(tensor.dtype) + ", wanted one of " + tensorTypes());
    tensor.type = known->type;
    return {};
  }

  /// A whole number of at most 64 bits.
  base::Result<std::uint64_t> number(const char *what) {
    std::string_view text;
    std::uint64_t value = 0;
    std::string shown = json.shown();
    if (json.peek() != JsonReader::Kind::number)
      return corrupt(std::string(what) + ": found " + shown + ", wanted a number");
    if (!json.number(text))
      return syntax();
    auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc() || end != text.data() + text.size())
      return corrupt(std::string(what) + ": found " + shown + ", wanted a whole number that is not negative");
    return value;
  }

  base::Result<> numbers(const char *what, std::size_t most, std::vector<std::uint64_t> &out) {
    if (json.peek() != JsonReader::Kind::array)
      return corrupt(std::string(what) + ": found " + json.shown() + ", wanted a list of numbers");
    bool more = json.open('[');
    for (bool first = true; more; first = false) {
      if (!json.next(']', first, more) || !more)
        break;
      if (out.size() == most)
        return corrupt(std::string(what) + ": has more than " + std::to_string(most) + " numbers");
      auto one = number(what);
      if (!one)
        return std::move(one).error();
      out.push_back(*one);
    }
    return json.failed() ? base::Result<>(syntax()) : base::Result<>();
  }

  base::Result<> shape(TensorEntry &tensor) { return numbers("shape", maxTensorRank, tensor.shape); }

  base::Result<> offsets(TensorEntry &tensor) {
    std::vector<std::uint64_t> both;
    if (auto ok = numbers("data_offsets", 2, both); !ok)
      return ok;
    if (both.size() != 2 || both[0] > both[1])
      return corrupt("data_offsets: wanted a begin and an end that is not before it");
    if (both[1] > data.size())
      return corrupt("data_offsets: ends at byte " + std::to_string(both[1]) + " of the data, which has " +
                     std::to_string(data.size()) + " bytes; the file was cut off, or its header is wrong");
    tensor.bytes = data.subspan(both[0], both[1] - both[0]);
    return {};
  }

  /// Shape and type say how many bytes there are.
  static base::Result<> extent(const TensorEntry &tensor) {
    std::uint64_t bits = tensorType(tensor.dtype)->bits, most = std::uint64_t(1) << 62;
    bool empty = std::find(tensor.shape.begin(), tensor.shape.end(), 0) != tensor.shape.end();
    for (std::uint64_t size : tensor.shape) {
      if (!empty && bits > most / size)
        return corrupt("shape: " + tensor.text() + " has more bytes than any file");
      bits *= empty ? 1 : size;
    }
    std::uint64_t bytes = empty ? 0 : bits / 8;
    if (tensor.bytes.size() != bytes)
      return corrupt("data_offsets: span " + std::to_string(tensor.bytes.size()) + " bytes, " + tensor.text() +
                     " has " + std::to_string(bytes));
    return {};
  }

  /// One behind the other, from the first byte of the data to the last.
  base::Result<SafeTensors> laidOut(SafeTensors out) {
    std::stable_sort(out.tensors.begin(), out.tensors.end(), [](const TensorEntry &a, const TensorEntry &b) {
      return a.bytes.data() != b.bytes.data() ? a.bytes.data() < b.bytes.data() : a.bytes.size() < b.bytes.size();
    });
    std::uint64_t at = 0;
    for (const TensorEntry &tensor : out.tensors) {
      auto begin = static_cast<std::uint64_t>(tensor.bytes.data() - data.data());
      if (begin != at)
        return corrupt("header, tensor " + quoted(tensor.name) + ": data_offsets: begins at byte " +
                       std::to_string(begin) + ", wanted " + std::to_string(at) +
                       (begin < at ? ": it lies over the tensor before it" : ": the bytes before it are no tensor's"));
      at += tensor.bytes.size();
    }
    if (at != data.size())
      return corrupt("the data has " + std::to_string(data.size()) + " bytes, the header's tensors have " +
                     std::to_string(at));
    return out;
  }

  JsonReader json;
  base::ConstBytes data;
};

} // namespace

std::string TensorEntry::text() const {
  std::string out = type ? base::name(*type) : dtype;
  out += "[";
  for (std::size_t dim = 0; dim < shape.size(); ++dim)
    out += (dim ? ", " : "") + std::to_string(shape[dim]);
  return out + "]";
}

std::string shapeText(base::ElementType type, std::span<const std::uint64_t> shape) {
  return TensorEntry{{}, {}, type, {shape.begin(), shape.end()}, {}}.text();
}

const TensorEntry *SafeTensors::find(std::string_view name) const {
  auto found = std::find_if(tensors.begin(), tensors.end(), [&](const TensorEntry &one) { return one.name == name; });
  return found == tensors.end() ? nullptr : &*found;
}

base::Result<SafeTensors> readSafeTensors(base::ConstBytes file) {
  if (file.size() < lengthBytes)
    return corrupt("has " + std::to_string(file.size()) + " bytes, wanted 8 for the length of a safetensors header");
  auto header = base::load<std::uint64_t>(file.data());
  std::uint64_t behind = file.size() - lengthBytes;
  if (header > maxHeaderBytes)
    return corrupt("says that its header has " + std::to_string(header) + " bytes, at most " +
                   std::to_string(maxHeaderBytes) + " are read; it may be no safetensors file");
  if (header > behind)
    return corrupt("says that its header has " + std::to_string(header) + " bytes, behind its length there are " +
                   std::to_string(behind) + "; the file was cut off, or is no safetensors file");
  std::string_view text = base::textOf(file.subspan(lengthBytes, header));
  if (text.empty() || text.front() != '{')
    return corrupt("header: wanted '{' as its first byte");
  if (std::size_t valid = value::validUtf8Prefix(text); valid < text.size())
    return corrupt("header: byte " + std::to_string(valid) + " is not UTF-8");
  return HeaderReader(text, file.subspan(lengthBytes + header)).read();
}

} // namespace weft::checkpoint
