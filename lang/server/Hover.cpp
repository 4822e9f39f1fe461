//===- Hover.cpp - What a name is, does and costs -------------------------===//

#include "lang/server/Features.h"

#include "lang/sema/Cost.h"
#include "lang/server/Show.h"

#include <cstdio>

namespace weft::server {
namespace {

std::string number(double value) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.0f", value);
  return buffer;
}

std::string resourcesText(const sema::Callable &callable) {
  std::string out;
  for (const sema::Resource &one : callable.resources)
    out += (out.empty() ? "" : ", ") + ("`" + one.tool->name + "` (" + std::string(sema::text(one.effect)) + ")");
  return out;
}

std::string priceText(const sema::ModelInfo &model) {
  std::string out;
  if (model.priceInputNano)
    out += dollars(static_cast<double>(*model.priceInputNano)) + " per Mtok in";
  if (model.priceOutputNano)
    out += (out.empty() ? "" : ", ") + dollars(static_cast<double>(*model.priceOutputNano)) + " per Mtok out";
  return model.listed.empty() ? out : out + " (" + model.listed + ")";
}

std::string leastText(const sema::LeastCost &least) {
  if (least.calls == 0)
    return "";
  std::string out = number(least.calls) + (least.calls == 1 ? " call, " : " calls, ") + number(least.tokens) +
                    (least.tokens == 1 ? " token" : " tokens");
  return least.nano > 0 ? out + ", " + dollars(least.nano) : out;
}

/// Effect, what it reaches, what it may and must cost; a line each.
std::string behaviour(const sema::CheckedProgram &program, const sema::Symbol &symbol, bool sound) {
  std::string out;
  auto line = [&](const std::string &title, const std::string &text) {
    if (!text.empty())
      out += "- " + title + ": " + text + "\n";
  };
  // Errors leave effects and costs half worked out, so nothing is said of them.
  if (symbol.callable && symbol.kind != sema::SymbolKind::model && sound) {
    line("effect", std::string(sema::text(symbol.callable->effect)));
    line("reaches", resourcesText(*symbol.callable));
  }
  if (symbol.workflow) {
    line("emits", symbol.workflow->emits ? "`" + sema::text(symbol.workflow->emits) + "`" : "");
    line("depth", symbol.workflow->depth ? std::to_string(*symbol.workflow->depth) : "");
    line("budget", text(symbol.workflow->budget));
  }
  if (symbol.agent) {
    line("model", symbol.agent->human    ? "a person"
                  : symbol.agent->remote ? "an agent elsewhere"
                  : symbol.agent->model  ? "`" + symbol.agent->model->name + "`"
                                         : "");
    line("budget", text(symbol.agent->budget));
  }
  if (symbol.model) {
    line("price", priceText(*symbol.model));
    line("context", symbol.model->contextTokens ? std::to_string(*symbol.model->contextTokens) + " tokens" : "");
  }
  if ((symbol.workflow || symbol.agent) && sound)
    line("costs at least", leastText(sema::leastCost(program, symbol)));
  return out;
}

} // namespace

Answer hover(const Analysis &analysis, std::uint32_t offset) {
  const Occurrence *name = analysis.nameAt(offset);
  std::string head = name ? headline(*analysis.program, *name) : "";
  if (head.empty())
    return json::value(nullptr);
  std::string text = "```weft\n" + head + "\n```\n";
  if (name->symbol)
    if (std::string more = behaviour(*analysis.program, *name->symbol, !analysis.engine.hasErrors()); !more.empty())
      text += "\n" + more;
  if (std::string doc = docOf(*name); !doc.empty())
    text += "\n---\n\n" + doc + "\n";
  return json::object{{"contents", json::object{{"kind", "markdown"}, {"value", text}}},
                      {"range", analysis.range(name->span)}};
}

} // namespace weft::server
