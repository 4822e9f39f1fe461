//===- TrainPlan.h - A plan whose gang learns from text -------------------===//
//
// One rigid axis of slots that share a batch: each makes a partial sum of its
// windows, an all-reduce adds them, and every slot makes the same next table and
// moments of it. It reports its loss, writes checkpoints, and can be evaluated on
// what is held out. What a compiler will make of `train`, written by hand.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Bytes.h"
#include "runtime/plan/Plan.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weft::simulation {

inline constexpr std::uint64_t trainWidth = 64;  ///< Elements of the table and of its moments.
inline constexpr std::uint32_t trainContext = 8; ///< Of a window, in bytes.
inline constexpr std::uint32_t trainRows = 2;    ///< Windows of a slot.

struct TrainShape {
  std::uint32_t slots = 2;
  std::uint32_t steps = 7;
  std::uint32_t checkpointEvery = 2, keep = 1;
  std::string to = {}; ///< Folder for whole states.
  std::string files = "data/*.txt";
  std::uint64_t seed = 5;
  double heldOut = 0.25;
  bool evaluates = true;
  std::string weights = {}; ///< A file that the table comes from; empty: the workflow's operand.

  std::uint32_t batch() const { return slots * trainRows; }
};

/// Text of the folder that patterns are relative to, by name.
using TrainTexts = std::map<std::string, std::string>;
TrainTexts trainTexts();

/// The table that it begins with.
std::vector<float> trainTable();

/// What a training tells and leaves, one step after the other in one thread: what the gang must, bit for bit.
struct TrainReference {
  std::vector<float> losses;              ///< Of each step.
  std::vector<std::vector<float>> tables; ///< After each step.
  std::vector<float> heldOut;             ///< Of each of those tables.
};
TrainReference trainReference(const TrainShape &shape, const TrainTexts &texts);

/// Workflow `main(table) -> table`, or without parameters where the table comes from a file.
base::Bytes trainPlanFile(const TrainShape &shape);
std::shared_ptr<const plan::Plan> trainPlan(const TrainShape &shape);

} // namespace weft::simulation
