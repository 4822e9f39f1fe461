//===- CombineCosts.cpp - Costs of several bodies made one ----------------===//
//
// What is done for sure, what may be done, and what may be done at the same
// time add up differently; each rule stands here once.
//
//===----------------------------------------------------------------------===//

#include "compiler/report/StepCost.h"

#include <algorithm>

namespace weft::report {

/// Both are done.
void BlockCosts::addCalls(Cost &into, const Cost &one) {
  for (auto member : {&Cost::calls, &Cost::gangs})
    for (const auto &[index, times] : one.*member) {
      Times &known = (into.*member)[index];
      known.least += times.least;
      known.most += times.most;
    }
  for (auto member : {&Cost::tokens, &Cost::moneyNano}) {
    Bound &bound = into.*member;
    bound.most += (one.*member).most;
    if (!bound.openAt)
      bound.openAt = (one.*member).openAt;
  }
}

/// One of them gives the result: at least what all of those do that can. At most the sum where all may begin.
Cost BlockCosts::either(std::span<const Cost> ways, bool allBegin) {
  auto most = [&](Amount left, const Amount &right) { return allBegin ? left += right : upper(left, right); };
  Cost cost;
  cost.succeeds = false;
  for (const Cost &way : ways) {
    bool first = way.succeeds && !cost.succeeds;
    for (auto member : {&Cost::calls, &Cost::gangs}) {
      for (const auto &[index, times] : way.*member) {
        Times &known = (cost.*member)[index];
        known.most = most(known.most, times.most);
        if (first)
          known.least = times.least;
      }
      if (way.succeeds && !first)
        for (auto &[index, known] : cost.*member) {
          auto found = (way.*member).find(index);
          known.least = found == (way.*member).end() ? Amount() : lower(known.least, found->second.least);
        }
    }
    for (auto member : {&Cost::tokens, &Cost::moneyNano}) {
      Bound &bound = cost.*member;
      const Bound &other = way.*member;
      bound.most = most(bound.most, other.most);
      if (!bound.openAt)
        bound.openAt = other.openAt;
    }
    cost.succeeds |= way.succeeds;
    cost.recursive |= way.recursive;
    cost.cutOff |= way.cutOff;
  }
  return cost;
}

void BlockCosts::scale(Cost &cost, const Times &times) {
  auto by = [](const Amount &amount, const Amount &factor) {
    Amount result = factor.isOpen() && !amount.zero() ? Amount::open() : Amount();
    for (const auto &[factors, number] : factor.terms()) {
      Amount part = amount.times(number);
      for (auto one = factors.rbegin(); one != factors.rend(); ++one)
        part = part.times(*one);
      result += part;
    }
    return result;
  };
  for (auto member : {&Cost::calls, &Cost::gangs})
    for (auto &[index, known] : cost.*member) {
      known.least = by(known.least, times.least);
      known.most = by(known.most, times.most);
    }
  cost.tokens.most = by(cost.tokens.most, times.most);
  cost.moneyNano.most = by(cost.moneyNano.most, times.most);
}

void BlockCosts::scaleTogether(Cost &cost, std::uint64_t number) {
  for (auto &[binding, amount] : cost.busy)
    amount = amount.times(number);
  for (Amount *amount : {&cost.width, &cost.frames, &cost.frameBytes})
    *amount = amount->times(number);
}

void BlockCosts::scaleTogether(Cost &cost, Factor factor) {
  for (auto &[binding, amount] : cost.busy)
    amount = amount.times(factor);
  for (Amount *amount : {&cost.width, &cost.frames, &cost.frameBytes})
    *amount = amount->times(factor);
}

/// Only one of them runs at a time.
void BlockCosts::widest(Cost &into, const Cost &one) {
  for (const auto &[binding, amount] : one.busy)
    into.busy[binding] = upper(into.busy[binding], amount);
  into.width = upper(into.width, one.width);
  into.frames = upper(into.frames, one.frames);
  into.frameBytes = upper(into.frameBytes, one.frameBytes);
  into.recursive |= one.recursive;
  into.cutOff |= one.cutOff;
}

/// Both run at a time.
void BlockCosts::addTogether(Cost &into, const Cost &one) {
  for (const auto &[binding, amount] : one.busy)
    into.busy[binding] += amount;
  into.width += one.width;
  into.frames += one.frames;
  into.frameBytes += one.frameBytes;
}

Path BlockCosts::longestOf(std::span<const Cost> ways) {
  Path path;
  for (const Cost &way : ways)
    if (path.steps.empty() || shorter(path, way.path))
      path = way.path;
  return path;
}

/// One part comes after the other.
void BlockCosts::follow(Cost &cost, std::span<const Cost> parts) {
  for (const Cost &part : parts) {
    cost.path.append(part.path);
    cost.timeMs.most += part.timeMs.most;
    if (!cost.timeMs.openAt)
      cost.timeMs.openAt = part.timeMs.openAt;
  }
}

Bound BlockCosts::longestTime(std::span<const Cost> ways) {
  Bound time;
  for (const Cost &way : ways) {
    time.most = upper(time.most, way.timeMs.most);
    if (!time.openAt)
      time.openAt = way.timeMs.openAt;
  }
  return time;
}

} // namespace weft::report
