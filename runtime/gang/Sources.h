//===- Sources.h - What a gang reads before it begins and at each step ----===//
//
// Opened once, by the process that runs the gang; workers are forked from it and
// share the mapped pages. What a step is fed follows from the plan, the files and
// the step's number alone, so that any member can do any step again.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/data/TextWindows.h"
#include "runtime/io/Storage.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weft::gang {

/// A text that a gang learns from, for people.
struct TextTold {
  std::string pattern; ///< As the spec has it.
  std::uint64_t files = 0, bytes = 0, heldOutBytes = 0;
};

class Sources {
public:
  /// The texts of a gang, patterns relative to `folder`; nothing of them where it has none. Blocks. Errors: those of
  /// data::Corpus and data::TextWindows.
  static base::Result<std::shared_ptr<const Sources>> open(io::Storage &storage, const std::string &folder,
                                                           const plan::Plan &plan, const plan::Gang &gang);

  /// What `port`, one of the gang's feeds, gets in `step`.
  std::vector<std::int32_t> drawn(const plan::Gang &gang, const plan::Port &port, std::uint64_t step) const;
  /// Batches that an evaluation of at most `most` reads (0: as many as there are), and what `port` of the gang that
  /// evaluates gets in one of them.
  std::uint64_t heldOutBatches(std::uint64_t most) const;
  std::vector<std::int32_t> held(const plan::Gang &by, const plan::Port &port, std::uint64_t batch,
                                 std::uint64_t count) const;

  /// What the gang itself learns from.
  std::vector<TextTold> told() const;
  /// Of the bytes that an evaluation of one text predicts, by data::Bigrams of what is learned from; nats per byte.
  /// Nothing where there is no such evaluation.
  const std::optional<double> &bigram() const { return pairs; }

  /// Of all texts, each file once for each source that reads it.
  std::vector<data::CorpusFile> files() const;
  bool empty() const { return own.empty() && evaluation.empty(); }

private:
  void measureBigrams(std::uint64_t mostBatches);

  std::vector<std::string> patterns;
  std::vector<data::TextWindows> own, evaluation; ///< By source of the gang, and of the one that evaluates it.
  std::optional<double> pairs;
};

/// A run that goes on with other texts would learn something else. Where `goesOn`, compares them with the record in
/// `folder`; else makes the record. Blocks. Errors: invalid with the name of a file that changed; corrupt, io.
base::Result<> keepRecord(io::Storage &storage, const std::string &folder, const Sources &sources, bool goesOn);

/// All operands of a gang from those that its node gives: the others come from files, relative to `folder`. Blocks.
/// Errors: those of tensor::Weights.
base::Result<std::vector<value::Value>> withFiles(io::Storage &storage, const std::string &folder,
                                                  const plan::Plan &plan, const plan::Gang &gang,
                                                  std::vector<value::Value> given);

} // namespace weft::gang
