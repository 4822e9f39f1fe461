//===- CheckStates.cpp - What a gang keeps from step to step --------------===//
//
// A checkpoint is made of the slots' parts and is loaded on any slots, so the
// parts of a state are either equal or apart, and together they are the whole.
//
//===----------------------------------------------------------------------===//

#include "runtime/plan/CheckStates.h"

#include <algorithm>
#include <map>

namespace weft::plan {
namespace {

using Box = std::pair<std::vector<std::uint64_t>, std::vector<std::uint64_t>>; ///< Offsets and sizes.

bool apart(const Box &a, const Box &b) {
  for (std::size_t dim = 0; dim < a.first.size(); ++dim)
    if (a.first[dim] + a.second[dim] <= b.first[dim] || b.first[dim] + b.second[dim] <= a.first[dim])
      return true;
  return false;
}

std::uint64_t elementsOf(const std::vector<std::uint64_t> &sizes) {
  std::uint64_t elements = 1;
  for (std::uint64_t size : sizes)
    elements *= size;
  return elements;
}

/// The parts of each state, equal ones once.
base::Result<> checkParts(const Gang &gang, const std::string &name) {
  std::map<std::uint32_t, std::vector<Box>> parts;
  std::size_t count = 0;
  for (const Role &role : gang.roles)
    for (const Port &port : role.states) {
      Box box{port.offsets, port.sizes};
      std::vector<Box> &known = parts[port.value];
      if (std::find(known.begin(), known.end(), box) != known.end())
        continue;
      std::string place = name + ", state " + std::string(gang.states[port.value].name);
      for (const Box &other : known)
        if (!apart(box, other))
          return broken(place + ": two slots hold parts that meet and are not equal");
      known.push_back(box);
      if (++count > maxStateShards)
        return broken(name + ": its states have more than " + number(maxStateShards) + " parts");
    }
  for (std::uint32_t at = 0; at < gang.states.size(); ++at) {
    std::uint64_t held = 0, whole = 0;
    for (const Role &role : gang.roles)
      for (const Port &port : role.states)
        if (port.value == at)
          whole = elementsOf(port.whole);
    for (const Box &box : parts[at])
      held += elementsOf(box.second);
    if (parts[at].empty() || held != whole)
      return broken(name + ", state " + std::string(gang.states[at].name) + ": the slots hold " + number(held) +
                    " of its " + number(whole) + " elements");
  }
  return {};
}

} // namespace

bool overlap(const fb::Buffer &a, const fb::Buffer &b) {
  return a.arena() == b.arena() && a.bytes() > 0 && b.bytes() > 0 && a.offset() < b.offset() + b.bytes() &&
         b.offset() < a.offset() + a.bytes();
}

base::Result<> checkStates(const Plan &plan, const Gang &gang, const std::string &name) {
  if (gang.steps == 0 || gang.steps > maxGangSteps)
    return broken(name + ": takes " + number(gang.steps) + " steps, wanted 1 to " + number(maxGangSteps));
  if (gang.states.empty() && (gang.steps > 1 || gang.checkpointEvery > 0))
    return broken(name + ": takes " + number(gang.steps) + " steps or checkpoints and has no state: each would be " +
                  "the first one again");
  for (std::size_t at = 0; at < gang.states.size(); ++at) {
    const State &state = gang.states[at];
    std::string place = name + ", state " + number(at) + " (" + std::string(state.name) + ")";
    if (state.name.empty())
      return broken(place + ": has no name");
    if (state.name.size() > maxStateNameBytes)
      return broken(name + ", state " + number(at) + ": its name has " + number(state.name.size()) +
                    " bytes, at most " + number(maxStateNameBytes) + " are recorded");
    for (std::size_t other = 0; other < at; ++other)
      if (gang.states[other].name == state.name)
        return broken(place + ": has the name of state " + number(other));
    if (state.init == noIndex)
      continue;
    if (state.init >= gang.params.size() || gang.params[state.init] != state.type)
      return broken(place + ": begins as operand " + number(state.init) + ", which is none of its type " +
                    plan.types.text(state.type));
  }
  return checkParts(gang, name);
}

base::Result<> checkEndOfStep(const Gang &gang, const Role &role, const std::string &name, Contents &contents) {
  for (std::size_t at = 0; at < role.states.size(); ++at) {
    std::string place = name + ", state " + std::string(gang.states[role.states[at].value].name);
    std::uint32_t from = role.kept[at], to = role.states[at].buffer;
    if (from >= role.buffers.size() || !contents.holds(from))
      return broken(place + ": is kept in buffer " + number(from) + ", which nothing fills");
    if (role.buffers[from].bytes() != role.buffers[to].bytes() ||
        role.buffers[from].dtype() != role.buffers[to].dtype())
      return broken(place + ": is kept in buffer " + number(from) + ", which is not like buffer " + number(to));
    if (from == to)
      continue;
    if (overlap(role.buffers[from], role.buffers[to]))
      return broken(place + ": buffer " + number(from) + " lies over buffer " + number(to));
    contents.fill(to);
  }
  for (const Port &port : role.states)
    if (!contents.holds(port.buffer))
      return broken(name + ", state " + std::string(gang.states[port.value].name) + ": another state takes its place");
  // What is fed evaluates a training, batch after batch; what has states may be run step by step.
  if (gang.steps > 1 || !gang.states.empty() || !gang.sources.empty())
    for (const Port &port : role.inputs)
      if (!contents.holds(port.buffer))
        return broken(name + ": buffer " + number(port.buffer) +
                      " of an input is written over, and the next step reads it");
  return {};
}

} // namespace weft::plan
