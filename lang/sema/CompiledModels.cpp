//===- CompiledModels.cpp - The function behind a compiled model ----------===//
//
// A compiled model is a tensor function of this program: weights and the bytes of
// a text in, scores of the byte that follows each of them out.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {
/// What a model that says nothing of it sees: prompt and answer together, in bytes.
constexpr std::int64_t defaultContext = 256;
/// Bytes are tokens.
constexpr std::int64_t byteTokens = 256;
} // namespace

void Checker::checkForward(const syntax::Expr *expr, ModelInfo &model) {
  Symbol *symbol = staticName(expr);
  if (const auto *member = as<syntax::MemberExpr>(expr); member && !symbol)
    if (Path path = pathOf(member); path.found) {
      if (!path.symbol)
        return;
      symbol = path.symbol;
    }
  note(expr, symbol);
  auto refuse = [&](const std::string &why) {
    Diagnostic &report = error(Code::badForward, expr->span, why);
    if (symbol && symbol->span.end)
      report.note(symbol->span, "declared here");
    report.hint("`fn forward(p: Lm, ids: i32[B, S]) -> f32[B, S, 256]`");
  };
  if (!symbol || symbol->kind != SymbolKind::fn || !symbol->fn->tensor)
    return refuse("`forward` names a tensor function");
  info(expr).denotes = Denotes::callable;
  info(expr).symbol = symbol;
  const Callable &callable = *symbol->callable;
  const std::vector<Parameter> &parameters = callable.parameters;
  Type ids = parameters.size() == 2 ? seen(parameters[1].type) : nullptr;
  bool takes = ids && ids->is(TypeKind::tensor) && ids->elementType == ElementType::i32 && ids->dims.size() == 2 &&
               isTensors(seen(parameters[0].type)) && callable.typeParameters.empty();
  if (!takes)
    return refuse("`" + symbol->name + "` takes no weights and `i32[B, S]`");
  std::int64_t context = model.contextTokens.value_or(ids->dims[1].value().value_or(defaultContext));
  model.contextTokens = context;
  TensorBinding binding;
  bindOpen(ids, program.types.tensor(ElementType::i32, {Dim::number(1), Dim::number(context)}), callable, expr,
           binding);
  Type here = seen(bound(ids, binding)), result = seen(bound(callable.result, binding));
  if (!sameSize(here->dims[0], Dim::number(1)) || !sameSize(here->dims[1], Dim::number(context)))
    return refuse("`" + symbol->name + "` takes " + text(ids) + ", and one text of " + std::to_string(context) +
                  " bytes is " + text(program.types.tensor(ElementType::i32, {Dim::number(1), Dim::number(context)})));
  Type wanted = program.types.tensor(ElementType::f32, {Dim::number(1), Dim::number(context), Dim::number(byteTokens)});
  if (!inference.fits(result, wanted))
    return refuse("`" + symbol->name + "` gives " + show(callable.result) +
                  ", not a score for each of 256 bytes at each place");
  Type weights = bound(parameters[0].type, binding);
  bool known = allTensors(weights, [](Type type) {
    return std::all_of(type->dims.begin(), type->dims.end(), [](const Dim &dim) { return dim.value(); });
  });
  for (const DimSymbol *name : callable.dimParameters)
    known &= binding.sizes.contains(name);
  if (!known)
    return refuse("the weights of `" + symbol->name + "` have sizes that nothing says");
  for (const auto &[name, size] : binding.sizes)
    model.sizes.emplace_back(name, *size.value());
  model.forward = symbol;
  Setting setting;
  setting.name = "context";
  setting.value = Constant{context};
  setting.span = expr->span;
  model.settings.push_back(std::move(setting));
}

} // namespace weft::sema
