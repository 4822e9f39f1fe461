//===- Compare.cpp - Are two results the same? ----------------------------===//

#include "test/integration/oracle/Compare.h"

#include <algorithm>
#include <cmath>

namespace weft::oracle {

using reference::workflow::Json;

namespace {

constexpr double tolerance = 1e-5;

bool isTensor(const Json &json) {
  return json.is(Json::Kind::object) && json.fields.size() == 3 && json.field("dtype") && json.field("shape") &&
         json.field("data");
}

std::string shown(const Json &json) {
  std::string out = text(json);
  return out.size() > 200 ? out.substr(0, 200) + "…" : out;
}

/// Of two tensors of one shape: |a - b| / |b|.
double distance(const Json &found, const Json &wanted) {
  const auto &a = found.field("data")->items, &b = wanted.field("data")->items;
  double difference = 0, norm = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    difference += (a[i].real() - b[i].real()) * (a[i].real() - b[i].real());
    norm += b[i].real() * b[i].real();
  }
  return std::sqrt(difference) / std::max(std::sqrt(norm), 1e-30);
}

} // namespace

std::string difference(const Json &found, const Json &wanted, bool tensors, const std::string &place) {
  auto told = [&] { return place + ": the run gave " + shown(found) + ", the reference " + shown(wanted); };
  if (found.kind != wanted.kind)
    return told();
  if (tensors && isTensor(wanted) && isTensor(found)) {
    bool shaped = *found.field("dtype") == *wanted.field("dtype") && *found.field("shape") == *wanted.field("shape") &&
                  found.field("data")->items.size() == wanted.field("data")->items.size();
    return shaped && distance(found, wanted) <= tolerance ? "" : told();
  }
  switch (wanted.kind) {
  case Json::Kind::list:
    if (found.items.size() != wanted.items.size())
      return told();
    for (std::size_t i = 0; i < found.items.size(); ++i)
      if (std::string one = difference(found.items[i], wanted.items[i], tensors, place + "[" + std::to_string(i) + "]");
          !one.empty())
        return one;
    return "";
  case Json::Kind::object:
    if (found.fields.size() != wanted.fields.size())
      return told();
    for (std::size_t i = 0; i < found.fields.size(); ++i) {
      if (found.fields[i].first != wanted.fields[i].first)
        return told();
      if (std::string one =
              difference(found.fields[i].second, wanted.fields[i].second, tensors, place + "." + found.fields[i].first);
          !one.empty())
        return one;
    }
    return "";
  case Json::Kind::number:
    if (tensors && !found.isWhole() && !wanted.isWhole() &&
        std::fabs(found.real() - wanted.real()) <= tolerance * std::max(std::fabs(wanted.real()), 1e-3))
      return "";
    return found.text == wanted.text ? "" : told();
  default:
    return found == wanted ? "" : told();
  }
}

} // namespace weft::oracle
