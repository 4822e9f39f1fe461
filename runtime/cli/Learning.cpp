//===- Learning.cpp - A training as people follow it ----------------------===//

#include "runtime/cli/Learning.h"

#include "runtime/value/Json.h"
#include "runtime/value/Numbers.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace weft::cli {
namespace {

/// Over all steps: enough to see a curve, few enough to be read.
constexpr std::uint64_t linesOverAll = 20;

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t at = digits.size(); at > 3; at -= 3)
    digits.insert(at - 3, 1, ',');
  return digits;
}

std::string shown(float value) {
  char text[32];
  std::snprintf(text, sizeof text, std::fabs(value) >= 1000 ? "%.1f" : "%.4f", static_cast<double>(value));
  return text;
}

std::string plain(double value) { return shown(static_cast<float>(value)); }

std::string duration(double seconds) {
  auto whole = static_cast<std::uint64_t>(seconds + 0.5);
  if (whole < 60)
    return std::to_string(whole) + "s";
  if (whole < 3600)
    return std::to_string(whole / 60) + "m" + std::to_string(whole % 60) + "s";
  return std::to_string(whole / 3600) + "h" + std::to_string(whole % 3600 / 60) + "m";
}

/// As it is called where it was written: "lm" of "lm.train".
std::string nameOf(const plan::Gang &gang) {
  std::string_view name = gang.name, ending = ".train";
  if (name.size() > ending.size() && name.ends_with(ending))
    name.remove_suffix(ending.size());
  return std::string(name);
}

const plan::Gang &reporter(const plan::Plan &plan, const plan::Gang &gang, const gang::StepReport &report) {
  return report.evaluation ? plan.gangs[gang.evaluation->gang] : gang;
}

std::string numbersOf(const plan::Plan &plan, const plan::Gang &gang, const gang::StepReport &report) {
  std::string text;
  for (const gang::StepReport::Value &value : report.values)
    text += (text.empty() ? "" : ", ") + std::string(reporter(plan, gang, report).reports[value.report].name) + " " +
            shown(value.value);
  return text;
}

/// That a step reads.
std::uint64_t tokensOf(const plan::Gang &gang) {
  std::uint64_t tokens = 0;
  for (const plan::TextSource &source : gang.sources)
    tokens += std::uint64_t(source.batch) * source.context;
  return tokens;
}

std::string counted(std::uint64_t number, const std::string &what) {
  return grouped(number) + " " + what + (number == 1 ? "" : "s");
}

} // namespace

std::vector<std::string> Learning::begun(std::uint64_t id, std::uint32_t index, const gang::GangBegin &begin,
                                         std::int64_t nowNs) {
  const plan::Gang &gang = plan->gangs[index];
  Course &course = courses[id] = {};
  course.gang = index;
  course.beganStep = course.step = begin.fromStep;
  course.beganNs = course.nowNs = nowNs;
  course.bigram = begin.bigram;
  std::vector<std::string> lines;
  std::string name = nameOf(gang) + ": ";
  for (const gang::TextTold &text : begin.texts)
    lines.push_back(name + "learns from " + text.pattern + ", " + counted(text.files, "file") + " of " +
                    counted(text.bytes, "byte") +
                    (text.heldOutBytes > 0 ? ", " + grouped(text.heldOutBytes) + " of them held out" : ""));
  if (begin.bigram)
    lines.push_back(name + "a bigram model (Witten-Bell) of the rest has " + plain(*begin.bigram) +
                    " nats per byte on what is held out");
  if (begin.fromStep > 0)
    lines.push_back(name + "goes on behind step " + grouped(begin.fromStep) + " of " + grouped(gang.steps));
  return lines;
}

std::vector<std::string> Learning::told(std::uint64_t id, std::uint32_t index,
                                        std::span<const gang::StepReport> reports, std::int64_t nowNs) {
  const plan::Gang &gang = plan->gangs[index];
  std::vector<std::string> lines;
  Course &course = courses[id];
  course.gang = index;
  for (const gang::StepReport &report : reports) {
    if (report.evaluation) {
      if (!report.values.empty())
        course.heldOut = static_cast<double>(report.values.front().value);
      lines.push_back(nameOf(gang) + ": " + numbersOf(*plan, gang, report) +
                      (course.bigram ? ", bigram " + plain(*course.bigram) : "") + ", after step " +
                      grouped(report.step));
      continue;
    }
    if (course.numbers.empty()) {
      course.firstStep = report.step;
      course.firstNs = nowNs;
    }
    course.step = report.step;
    course.nowNs = nowNs;
    course.numbers = numbersOf(*plan, gang, report);
    std::uint64_t every = std::max<std::uint64_t>(1, gang.steps / linesOverAll);
    if (course.shownStep == 0 || report.step / every > course.shownStep / every || report.step == gang.steps) {
      course.shownStep = report.step;
      lines.push_back(line(course));
    }
  }
  last = id;
  return lines;
}

std::string Learning::line(const Course &course) const {
  const plan::Gang &gang = plan->gangs[course.gang];
  std::string text =
      nameOf(gang) + ": step " + grouped(course.step) + " of " + grouped(gang.steps) + ", " + course.numbers;
  double seconds = static_cast<double>(course.nowNs - course.firstNs) / 1e9;
  if (course.step <= course.firstStep || seconds <= 0)
    return text;
  double perSecond = static_cast<double>(course.step - course.firstStep) / seconds;
  if (std::uint64_t tokens = tokensOf(gang))
    text += ", " + grouped(static_cast<std::uint64_t>(perSecond * static_cast<double>(tokens))) + " tokens/s";
  if (course.step < gang.steps)
    text += ", " + duration(static_cast<double>(gang.steps - course.step) / perSecond) + " left";
  return text;
}

std::string Learning::live() const {
  auto found = courses.find(last);
  return found == courses.end() || found->second.ended || found->second.numbers.empty() ? "" : line(found->second);
}

std::vector<std::string> Learning::ended(std::uint32_t index, std::int64_t nowNs) {
  std::vector<std::string> lines;
  for (auto &[id, course] : courses) {
    if (course.gang != index || course.ended || course.numbers.empty())
      continue;
    course.ended = true;
    const plan::Gang &gang = plan->gangs[index];
    std::uint64_t steps = course.step - course.beganStep;
    std::string text = nameOf(gang) + ": " + counted(steps, "step");
    if (std::uint64_t tokens = tokensOf(gang))
      text += " of " + counted(tokens, "token");
    text += " in " + duration(static_cast<double>(nowNs - course.beganNs) / 1e9);
    if (course.heldOut && course.bigram)
      text += "; on what is held out " + plain(*course.heldOut) + ", " +
              plain(std::fabs(*course.bigram - *course.heldOut)) +
              (*course.heldOut < *course.bigram ? " below" : " above") + " the bigram model's " + plain(*course.bigram);
    if (!gang.checkpointTo.empty())
      text += "; " + std::string(gang.checkpointTo) + "/" + nameOf(gang) + ".safetensors is written";
    lines.push_back(std::move(text));
  }
  return lines;
}

std::vector<std::string> Learning::jsonLines(std::uint32_t index, const gang::GangBegin &begin) const {
  const plan::Gang &gang = plan->gangs[index];
  std::string name = "{\"gang\":";
  value::appendJsonString(name, nameOf(gang));
  std::vector<std::string> lines;
  for (const gang::TextTold &text : begin.texts) {
    std::string line = name + ",\"text\":";
    value::appendJsonString(line, text.pattern);
    lines.push_back(line + ",\"files\":" + std::to_string(text.files) + ",\"bytes\":" + std::to_string(text.bytes) +
                    ",\"held_out_bytes\":" + std::to_string(text.heldOutBytes) + "}");
  }
  lines.push_back(name + ",\"from_step\":" + std::to_string(begin.fromStep) +
                  ",\"steps\":" + std::to_string(gang.steps) +
                  (begin.bigram ? ",\"bigram\":" + value::floatText(*begin.bigram) : "") + "}");
  return lines;
}

std::string Learning::jsonLine(std::uint64_t id, std::uint32_t index, const gang::StepReport &report) const {
  const plan::Gang &gang = plan->gangs[index];
  std::string out = "{\"gang\":";
  value::appendJsonString(out, nameOf(gang));
  out += ",\"step\":" + std::to_string(report.step);
  for (const gang::StepReport::Value &value : report.values) {
    out += ",";
    value::appendJsonString(out, reporter(*plan, gang, report).reports[value.report].name);
    out += ":" + (std::isfinite(value.value) ? value::floatText(static_cast<double>(value.value)) : "null");
  }
  auto course = courses.find(id);
  if (report.evaluation && course != courses.end() && course->second.bigram)
    out += ",\"bigram\":" + value::floatText(*course->second.bigram);
  return out + "}";
}

} // namespace weft::cli
