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
    digits.insert(at - 3, ",");
  return digits;
}

std::string shown(float value) {
  char text[32];
  std::snprintf(text, sizeof text, std::fabs(value) >= 1000 ? "%.1f" : "%.4f", static_cast<double>(value));
  return text;
}

std::string left(double seconds) {
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

} // namespace

std::vector<std::string> Learning::told(std::uint64_t id, std::uint32_t index,
                                        std::span<const gang::StepReport> reports, std::int64_t nowNs) {
  const plan::Gang &gang = plan->gangs[index];
  std::vector<std::string> lines;
  auto [found, fresh] = courses.try_emplace(id);
  Course &course = found->second;
  for (const gang::StepReport &report : reports) {
    if (report.evaluation) {
      lines.push_back(nameOf(gang) + ": " + numbersOf(*plan, gang, report) + " after step " + grouped(report.step));
      continue;
    }
    if (fresh) {
      course = {index, report.step, 0, 0, nowNs, nowNs, ""};
      fresh = false;
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
    text += ", " + left(static_cast<double>(gang.steps - course.step) / perSecond) + " left";
  return text;
}

std::string Learning::live() const {
  auto found = courses.find(last);
  return found == courses.end() || found->second.step == plan->gangs[found->second.gang].steps ||
                 found->second.numbers.empty()
             ? ""
             : line(found->second);
}

std::string Learning::jsonLine(const plan::Plan &plan, std::uint32_t index, const gang::StepReport &report) {
  const plan::Gang &gang = plan.gangs[index];
  std::string out = "{\"gang\":";
  value::appendJsonString(out, nameOf(gang));
  out += ",\"step\":" + std::to_string(report.step);
  for (const gang::StepReport::Value &value : report.values) {
    out += ",";
    value::appendJsonString(out, reporter(plan, gang, report).reports[value.report].name);
    out += ":" + (std::isfinite(value.value) ? value::floatText(static_cast<double>(value.value)) : "null");
  }
  return out + "}";
}

} // namespace weft::cli
