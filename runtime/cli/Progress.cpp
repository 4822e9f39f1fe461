//===- Progress.cpp - What a run is doing, on standard error --------------===//

#include "runtime/cli/Progress.h"

#include "runtime/base/Failure.h"
#include "runtime/value/Utf8.h"

#include <cstdio>

namespace weft::cli {
namespace {

/// A live line is read by eyes, a plain one by logs.
constexpr io::Duration liveInterval = std::chrono::milliseconds(100);
constexpr io::Duration plainInterval = std::chrono::seconds(5);
/// Bytes of what a model is writing.
constexpr std::size_t mostWritten = 60;

std::string seconds(std::int64_t ns) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1fs", static_cast<double>(ns) / 1e9);
  return text;
}

} // namespace

Progress::Progress(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, bool quiet)
    : doors(doors), plan(std::move(plan)), quiet(quiet), live(doors.process.terminalColumns() > 0),
      startedNs(doors.clock.now().sinceOriginNs), learning(this->plan) {
  if (!quiet)
    schedule();
}

Progress::~Progress() { finish(); }

void Progress::schedule() {
  timer = doors.clock.after(live ? liveInterval : plainInterval, [this] {
    draw();
    schedule();
  });
}

std::string Progress::nameOf(const observe::Event &event) const {
  if (event.index >= plan->members.size())
    return "a step";
  const plan::Member &member = plan->members[event.index];
  const plan::Binding &binding = plan->bindings[member.binding];
  bool tool = binding.kind != plan::fb::BindingKind::model && binding.kind != plan::fb::BindingKind::human;
  return std::string(binding.name) + (tool ? "." + std::string(member.name) : "");
}

void Progress::observed(const observe::Event &event) {
  using observe::EventKind;
  switch (event.kind) {
  case EventKind::stepSent:
    ++sent;
    last = nameOf(event);
    return;
  case EventKind::stepEnded:
    ++ended;
    tokens += event.a + event.b;
    costNano += event.c;
    failed += event.status != observe::statusOk;
    writing.clear();
    return;
  case EventKind::stepReplayed:
    ++replayed;
    return;
  case EventKind::mapProgress:
    mapDone = event.a;
    mapAll = event.b;
    return;
  case EventKind::retry:
    say(nameOf(event) + ": " + base::name(static_cast<base::FailKind>(event.status - 1)) + ", tried again in " +
        seconds(event.durationNs));
    return;
  case EventKind::gangEnded:
    if (event.status == observe::statusOk)
      tell(learning.ended(event.index, doors.clock.now().sinceOriginNs));
    return;
  case EventKind::gangStarted:
    if (event.index < plan->gangs.size())
      last = std::string(plan->gangs[event.index].name);
    return;
  default:
    return;
  }
}

void Progress::written(std::string_view name, std::string_view text) {
  if (writer != name)
    writing.clear();
  writer = name;
  for (char c : text)
    writing += static_cast<unsigned char>(c) < ' ' ? ' ' : c;
  if (writing.size() > mostWritten)
    writing.erase(0, writing.size() - mostWritten);
  // Not in the middle of a code point.
  while (!writing.empty() && (static_cast<unsigned char>(writing.front()) & 0xc0) == 0x80)
    writing.erase(0, 1);
}

void Progress::learned(std::uint64_t id, std::uint32_t gang, std::span<const gang::StepReport> reports) {
  tell(learning.told(id, gang, reports, doors.clock.now().sinceOriginNs));
}

void Progress::begun(std::uint64_t id, std::uint32_t gang, const gang::GangBegin &begin) {
  tell(learning.begun(id, gang, begin, doors.clock.now().sinceOriginNs));
}

void Progress::tell(const std::vector<std::string> &lines) {
  if (!quiet)
    for (const std::string &line : lines)
      say(line);
}

std::string Progress::summary() const {
  if (std::string text = learning.live(); !text.empty())
    return text + ", " + seconds(doors.clock.now().sinceOriginNs - startedNs);
  std::string text = std::to_string(ended) + (ended == 1 ? " call" : " calls");
  if (replayed)
    text += ", " + std::to_string(replayed) + " from the journal";
  if (failed)
    text += ", " + std::to_string(failed) + " failed";
  if (mapAll > 0 && mapDone < mapAll)
    text += ", " + std::to_string(mapDone) + " of " + std::to_string(mapAll);
  if (tokens)
    text += ", " + std::to_string(tokens) + " tokens";
  if (costNano) {
    char money[32];
    std::snprintf(money, sizeof money, ", $%.4f", static_cast<double>(costNano) / 1e9);
    text += money;
  }
  if (sent > ended && !last.empty())
    text += ", now " + last;
  text += ", " + seconds(doors.clock.now().sinceOriginNs - startedNs);
  return live && !writing.empty() ? text + "  " + writer + ": " + writing : text;
}

void Progress::draw() {
  if (quiet || over)
    return;
  if (!live) {
    if ((ended != shownEnded || sent > ended) && learning.live().empty())
      std::fprintf(stderr, "weft: %s\n", summary().c_str());
    shownEnded = ended;
    return;
  }
  std::string line = summary();
  std::size_t columns = doors.process.terminalColumns();
  if (columns > 1 && line.size() >= columns)
    line.resize(value::cutTo(line, columns - 1).size());
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  drawn = true;
}

void Progress::say(const std::string &line) {
  if (drawn)
    std::fputs("\r\x1b[K", stderr);
  drawn = false;
  std::fprintf(stderr, "weft: %s\n", line.c_str());
}

void Progress::finish() {
  if (over)
    return;
  over = true;
  doors.clock.cancel(timer);
  if (drawn)
    std::fputs("\r\x1b[K", stderr);
}

} // namespace weft::cli
