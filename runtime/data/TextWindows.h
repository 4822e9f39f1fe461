//===- TextWindows.h - Bytes of files as windows of tokens ----------------===//
//
// A window is `context` + 1 bytes of one file: its first `context` are x, its
// last `context` y. The windows of a file stand one behind the other; an epoch
// begins them at another byte, takes all of them once, and in another order.
//
//   step s, row r  ->  number s x batch + r of all that are ever drawn
//                  ->  epoch and place in it  ->  window, by the epoch's permutation
//
// The last `heldOut` of each file is never drawn; its windows are read in order.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/data/Corpus.h"

#include <cstdint>
#include <span>

namespace weft::data {

struct WindowSpec {
  std::uint32_t context = 1, batch = 1; ///< At least 1.
  std::uint64_t seed = 0;
  double heldOut = 0; ///< At least 0, below 1.
};

class TextWindows {
public:
  /// Errors: invalid where the files have not as many windows as one batch takes: what was found, what was wanted.
  static base::Result<TextWindows> make(std::shared_ptr<const Corpus> corpus, const WindowSpec &spec);

  /// The window of `row` in the batch of `step`, `context` + 1 bytes.
  base::ConstBytes drawn(std::uint64_t step, std::uint64_t row) const;
  /// Windows of one epoch.
  std::uint64_t windows() const { return drawnWindows; }

  /// Errors: invalid where what is held out has not as many windows as one batch takes.
  base::Result<> checkHeldOut() const;
  /// Whole batches of what is held out.
  std::uint64_t heldOutBatches() const { return heldWindows / spec.batch; }
  /// A row of one of `count` batches that are spread over what is held out; `count` is at most `heldOutBatches`.
  base::ConstBytes held(std::uint64_t batch, std::uint64_t count, std::uint64_t row) const;

  /// What windows are drawn from, of a file, and what is not drawn.
  base::ConstBytes learned(std::size_t file) const { return corpus->bytesOf(file).first(parts[file].drawnBytes); }
  std::uint64_t learnedBytes() const;
  std::uint64_t heldOutBytes() const;

  const WindowSpec &shape() const { return spec; }
  const Corpus &text() const { return *corpus; }

private:
  TextWindows(std::shared_ptr<const Corpus> corpus, const WindowSpec &spec);
  base::ConstBytes window(std::size_t file, std::uint64_t begin) const;

  std::shared_ptr<const Corpus> corpus;
  WindowSpec spec;
  struct Part {
    std::uint64_t drawnBytes, heldBytes;           ///< Of the file.
    std::uint64_t drawnBefore = 0, heldBefore = 0; ///< Windows of the files before it.
  };
  std::vector<Part> parts; ///< By file.
  std::uint64_t drawnWindows = 0, heldWindows = 0;
};

} // namespace weft::data
