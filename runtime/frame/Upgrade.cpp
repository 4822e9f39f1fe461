//===- Upgrade.cpp - Whether a run can go on with another plan ------------===//

#include "runtime/frame/Upgrade.h"

#include "runtime/frame/RecordBody.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_map>

namespace weft::frame {
namespace {

using plan::Node;
using plan::Op;
using plan::Plan;

/// Where a step stands.
struct Place {
  const Node *node = nullptr;
  std::uint32_t block = 0;
};

/// The steps of a plan by stable id, and who runs which block.
struct Steps {
  explicit Steps(const Plan &plan) : plan(plan), owners(plan.blocks.size()) {
    for (std::uint32_t block = 0; block < plan.blocks.size(); ++block)
      for (const Node &node : plan.nodesOf(plan.blocks[block])) {
        byId[node.stable_id()] = {&node, block};
        for (std::uint32_t body : plan.bodiesOf(node))
          owners[body].push_back({&node, block});
      }
  }

  std::string shown(const Place &place) const {
    plan::SourceSpan at = plan.at(place.node->span());
    std::string text = plan::nameOfStep(plan, *place.node);
    return at.line == 0 ? text : text + " (" + std::string(at.file) + ":" + std::to_string(at.line) + ")";
  }

  /// As in the source; what has no place comes first.
  auto order(const Place &place) const {
    plan::SourceSpan at = plan.at(place.node->span());
    return std::tuple(at.file, at.line, at.column, place.node->stable_id());
  }

  const Plan &plan;
  std::unordered_map<std::uint64_t, Place> byId;
  std::vector<std::vector<Place>> owners;
};

/// Two types of two plans, by what values of them look like. `where` is not compared: a value that was accepted stays.
class SameType {
public:
  SameType(const Plan &from, const Plan &to) : from(from.types), to(to.types) {}

  bool operator()(value::TypeId one, value::TypeId other) {
    if (!seen.insert({one, other}).second)
      return true; // compared further up
    const value::Type &left = from[one], &right = to[other];
    auto sameFields = [this](const std::vector<value::Field> &a, const std::vector<value::Field> &b) {
      return std::ranges::equal(a, b, [this](const value::Field &x, const value::Field &y) {
        return x.name == y.name && (*this)(x.type, y.type);
      });
    };
    return left.kind == right.kind && left.dtype == right.dtype && left.dims == right.dims &&
           (left.element < 0) == (right.element < 0) &&
           (left.element < 0 ||
            (*this)(static_cast<value::TypeId>(left.element), static_cast<value::TypeId>(right.element))) &&
           sameFields(left.fields, right.fields) &&
           std::ranges::equal(left.cases, right.cases, [&](const value::Case &x, const value::Case &y) {
             return x.name == y.name && sameFields(x.fields, y.fields);
           });
  }

private:
  const value::TypeTable &from, &to;
  std::set<std::pair<value::TypeId, value::TypeId>> seen;
};

class Comparison {
public:
  Comparison(const Plan &from, const Plan &to) : from(from), to(to), sameType(from, to) {}

  /// Why the step is not the same in both; empty: it is.
  std::string difference(const Place &one, const Place &other) {
    const Node &was = *one.node, &is = *other.node;
    if (was.op() != is.op())
      return "is " + plan::nameOfStep(to.plan, is) + " now";
    if (from.plan.blocks[one.block].stableId != to.plan.blocks[other.block].stableId)
      return "stands elsewhere now";
    std::size_t had = from.plan.bodiesOf(was).size(), has = to.plan.bodiesOf(is).size();
    if (had != has)
      return "has " + std::to_string(has) + " parts now, and had " + std::to_string(had);
    if (was.op() == Op::call)
      return differenceOfCalls(from.plan.members[was.target()], to.plan.members[is.target()]);
    if (was.op() == Op::gang)
      return differenceOfGangs(from.plan.gangs[was.target()], to.plan.gangs[is.target()]);
    return "";
  }

  /// Of an entry that a run has started with.
  std::string difference(const plan::Entry &one, const plan::Entry *other) {
    std::string name = "workflow " + std::string(one.name);
    if (!other)
      return name + " is gone";
    bool same = std::ranges::equal(one.params, other->params, [this](const plan::Param &was, const plan::Param &is) {
      return was.name == is.name && sameType(was.type, is.type);
    });
    return same ? "" : name + " takes other inputs now";
  }

  Steps from, to;

private:
  std::string differenceOfCalls(const plan::Member &was, const plan::Member &is) {
    std::string oldName = std::string(from.plan.bindings[was.binding].name) + "." + std::string(was.name);
    std::string newName = std::string(to.plan.bindings[is.binding].name) + "." + std::string(is.name);
    if (oldName != newName)
      return "calls " + newName + " now";
    if (was.effect != is.effect)
      return std::string("has the effect ") + plan::fb::EnumNameEffect(is.effect) + " now, and had " +
             plan::fb::EnumNameEffect(was.effect);
    if (!sameType(was.result, is.result)) {
      std::string gives = to.plan.types.text(is.result), gave = from.plan.types.text(was.result);
      return gives == gave ? "gives another " + gives + " now" : "gives " + gives + " now, and gave " + gave;
    }
    return "";
  }

  /// A gang goes on from its checkpoints, and its slots from the boards' layout.
  std::string differenceOfGangs(const plan::Gang &was, const plan::Gang &is) {
    auto sameTypes = [this](const std::vector<std::uint32_t> &a, const std::vector<std::uint32_t> &b) {
      return std::ranges::equal(a, b, [this](std::uint32_t x, std::uint32_t y) { return sameType(x, y); });
    };
    auto sameState = [this](const plan::State &a, const plan::State &b) {
      return a.name == b.name && a.shardDims == b.shardDims && sameType(a.type, b.type);
    };
    const plan::Mesh &oldMesh = from.plan.meshes[was.mesh], &newMesh = to.plan.meshes[is.mesh];
    bool same = was.name == is.name && was.steps == is.steps && sameTypes(was.params, is.params) &&
                sameTypes(was.results, is.results) && std::ranges::equal(was.states, is.states, sameState) &&
                oldMesh.sizes == newMesh.sizes && oldMesh.axes == newMesh.axes && oldMesh.elastic == newMesh.elastic;
    return same ? "" : "has another layout now";
  }

  SameType sameType;
};

} // namespace

std::vector<std::string> upgradeObstacles(const Plan &from, const Plan &to, std::span<const journal::Record> records) {
  Comparison compare(from, to);
  std::vector<std::string> obstacles;
  std::vector<bool> reached(from.blocks.size());
  std::vector<std::uint32_t> blocks;
  std::map<std::uint64_t, Place> wanted;
  auto want = [&](std::uint64_t id) {
    auto found = compare.from.byId.find(id);
    if (found == compare.from.byId.end())
      return; // of a plan that the run has left before
    wanted.emplace(id, found->second);
    if (!reached[found->second.block]) {
      reached[found->second.block] = true;
      blocks.push_back(found->second.block);
    }
  };
  for (const journal::Record &record : records) {
    if (record.key.stableId != 0)
      want(record.key.stableId);
    if (record.kind != journal::RecordKind::runStarted)
      continue;
    auto body = decodeBody(record.kind, record.body);
    const plan::Entry *entry = body ? from.entry(std::get<RunStartedBody>(*body).entry) : nullptr;
    if (!entry)
      return {"the run's start cannot be read"};
    if (std::string different = compare.difference(*entry, to.entry(entry->name)); !different.empty())
      obstacles.push_back(std::move(different));
  }
  while (!blocks.empty()) {
    std::uint32_t block = blocks.back();
    blocks.pop_back();
    for (const Place &owner : compare.from.owners[block])
      want(owner.node->stable_id());
  }
  std::vector<Place> inOrder;
  for (auto &[id, place] : wanted)
    inOrder.push_back(place);
  std::ranges::sort(inOrder, {}, [&](const Place &place) { return compare.from.order(place); });
  for (const Place &place : inOrder) {
    auto found = compare.to.byId.find(place.node->stable_id());
    std::string why = found == compare.to.byId.end() ? "is gone" : compare.difference(place, found->second);
    if (!why.empty())
      obstacles.push_back(compare.from.shown(place) + " " + why);
  }
  return obstacles;
}

std::vector<StepChange> changesBetween(const Plan &from, const Plan &to) {
  using Kind = StepChange::Kind;
  Comparison compare(from, to);
  std::vector<std::pair<std::tuple<std::string_view, std::uint32_t, std::uint32_t, std::uint64_t>, StepChange>> found;
  for (auto &[id, place] : compare.from.byId) {
    if (place.node->op() == Op::eval)
      continue;
    auto other = compare.to.byId.find(id);
    if (other == compare.to.byId.end())
      found.push_back({compare.from.order(place), {Kind::gone, compare.from.shown(place), ""}});
    else if (std::string why = compare.difference(place, other->second); !why.empty())
      found.push_back({compare.to.order(other->second), {Kind::changed, compare.to.shown(other->second), why}});
  }
  for (auto &[id, place] : compare.to.byId)
    if (place.node->op() != Op::eval && !compare.from.byId.contains(id))
      found.push_back({compare.to.order(place), {Kind::added, compare.to.shown(place), ""}});
  std::ranges::sort(found, {}, [](const auto &one) { return one.first; });
  std::vector<StepChange> changes;
  for (auto &[order, change] : found)
    changes.push_back(std::move(change));
  return changes;
}

} // namespace weft::frame
