//===- Bounds.cpp - Everything ends ---------------------------------------===//
//
// Functions do not recurse at all; each cycle of workflows needs one with a depth.
// A mention counts as a call: what is handed on may be called.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/CallGraph.h"
#include "lang/sema/Walk.h"

#include <algorithm>

namespace weft::sema {
namespace {

struct Edge {
  const Symbol *to;
  Span span;
};
using Edges = std::map<const Symbol *, std::vector<Edge>>;

/// A way from `from` to `goal` along edges whose ends are `allowed`; empty if there is none.
std::vector<Edge> path(const Edges &edges, const Symbol *from, const Symbol *goal,
                       const std::function<bool(const Symbol *)> &allowed) {
  std::map<const Symbol *, std::pair<const Symbol *, Span>> cameFrom;
  std::vector<const Symbol *> open{from};
  for (std::size_t i = 0; i < open.size(); ++i) {
    auto found = edges.find(open[i]);
    if (found == edges.end())
      continue;
    for (const Edge &edge : found->second) {
      if (!allowed(edge.to) || cameFrom.contains(edge.to))
        continue;
      cameFrom[edge.to] = {open[i], edge.span};
      if (edge.to == goal) {
        std::vector<Edge> way;
        const Symbol *at = goal;
        do {
          auto [before, span] = cameFrom[at];
          way.insert(way.begin(), {at, span});
          at = before;
        } while (at != from);
        return way;
      }
      open.push_back(edge.to);
    }
  }
  return {};
}
} // namespace

void Checker::orderCallees(const CallGraph &graph) {
  std::vector<const Symbol *> order;
  std::set<const Symbol *> known(program.order.begin(), program.order.end()), visited;
  std::function<void(const Symbol *)> visit = [&](const Symbol *symbol) {
    if (!known.contains(symbol) || !visited.insert(symbol).second)
      return;
    if (const syntax::Expr *inside = CallGraph::bodyOf(symbol))
      forEachExpr(inside, [&](const syntax::Expr *expr) {
        if (const Symbol *named = program.of(expr).symbol; named && named->callable)
          visit(named);
        for (const Symbol *callee : graph.callees(expr))
          visit(callee);
      });
    order.push_back(symbol);
  };
  for (const Symbol *symbol : program.order)
    visit(symbol);
  program.order = std::move(order);
}

void Checker::checkBounds() {
  CallGraph graph(program, values);
  Edges edges;
  for (const Symbol *symbol : program.order) {
    const syntax::Expr *inside = CallGraph::bodyOf(symbol);
    if (!inside)
      continue;
    forEachExpr(inside, [&](const syntax::Expr *expr) {
      const Symbol *named = program.of(expr).symbol;
      if (named && (named->fn || named->workflow))
        edges[symbol].push_back({named, expr->span});
      for (const Symbol *callee : graph.callees(expr))
        if (callee->workflow && callee != named)
          edges[symbol].push_back({callee, expr->span});
    });
  }
  auto names = [](const Symbol *first, const std::vector<Edge> &way) {
    std::string out = first->name;
    for (const Edge &edge : way)
      out += " → " + edge.to->name;
    return out;
  };
  std::set<const Symbol *> told;
  for (const Symbol *symbol : program.order) {
    if (symbol->fn && !told.contains(symbol)) {
      std::vector<Edge> way = path(edges, symbol, symbol, [](const Symbol *one) { return one->fn != nullptr; });
      if (way.empty())
        continue;
      for (const Edge &edge : way)
        told.insert(edge.to);
      Diagnostic &report =
          error(Code::recursiveFunction, way.front().span, "a fn does not recurse: " + names(symbol, way));
      for (std::size_t i = 1; i < way.size(); ++i)
        report.note(way[i].span, "which calls `" + way[i].to->name + "`");
      report.hint("walk with `map` or `reduce`, or make it a workflow with `depth n`");
    }
    if (!symbol->workflow)
      continue;
    auto anyWorkflow = [](const Symbol *one) { return one->workflow != nullptr; };
    WorkflowInfo &workflow = *symbol->workflow;
    workflow.recursive = !path(edges, symbol, symbol, anyWorkflow).empty();
    // Those of the library may be reached through what they are handed.
    if (workflow.depth && !workflow.recursive && !isLibrary(symbol->module))
      engine.warning(Code::uselessDepth, workflow.decl->clauses.depth->span,
                     "`" + symbol->name + "` is in no cycle of calls, so its depth is never met");
    if (workflow.depth || told.contains(symbol))
      continue;
    std::vector<Edge> way =
        path(edges, symbol, symbol, [](const Symbol *one) { return one->workflow && !one->workflow->depth; });
    if (way.empty())
      continue;
    for (const Edge &edge : way)
      told.insert(edge.to);
    Diagnostic &report =
        error(Code::unboundedRecursion, way.front().span, "recursion without a bound: " + names(symbol, way));
    for (std::size_t i = 1; i < way.size(); ++i)
      report.note(way[i].span, "which calls `" + way[i].to->name + "`");
    report.hint(way.size() == 1 ? "add `depth 4` to `" + symbol->name + "`" : "add `depth 4` to one of them");
  }
  orderCallees(graph);
}

} // namespace weft::sema
