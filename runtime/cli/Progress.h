//===- Progress.h - What a run is doing, on standard error ----------------===//
//
// On a terminal one live line, elsewhere plain lines: one when the run starts,
// one when a call fails or is tried again, and for long work one every few
// seconds. Standard output stays the result's alone.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/cli/Learning.h"
#include "runtime/io/Doors.h"
#include "runtime/observe/Event.h"
#include "runtime/plan/Plan.h"

#include <memory>
#include <string>

namespace weft::cli {

class Progress {
public:
  /// `quiet`: nothing but what is said by `say`.
  Progress(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, bool quiet);
  ~Progress();

  void observed(const observe::Event &event);
  /// A gang that tells of its steps is about to begin.
  void begun(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin);
  /// It told of its steps.
  void learned(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports);
  /// A model writes: the live line shows the end of it.
  void written(std::string_view name, std::string_view text);
  /// A line of its own, above the live line.
  void say(const std::string &line);
  /// Removes the live line; nothing is drawn afterwards.
  void finish();
  /// What is known of trainings.
  const Learning &trainings() const { return learning; }

private:
  void tell(const std::vector<std::string> &lines);
  void draw();
  void schedule();
  std::string summary() const;
  std::string nameOf(const observe::Event &event) const;

  io::Doors &doors;
  std::shared_ptr<const plan::Plan> plan;
  bool quiet, live, over = false, drawn = false;
  io::TimerId timer = 0;
  std::int64_t startedNs;
  std::uint64_t sent = 0, ended = 0, replayed = 0, failed = 0;
  std::int64_t costNano = 0, tokens = 0, mapDone = 0, mapAll = 0;
  std::string last;
  std::string writer, writing; ///< The model that writes, and the end of what it has written.
  Learning learning;
  std::uint64_t shownEnded = 0;
};

} // namespace weft::cli
