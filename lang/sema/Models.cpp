//===- Models.cpp - Bodies of models --------------------------------------===//
//
// Whoever answers, a model is declared and checked here; which providers a build
// speaks to is known where a run starts.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/diagnostics/Nearest.h"
#include "lang/sema/ListPrices.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

/// More prompts than this no endpoint takes at once, and one that failed would fail as many calls.
constexpr std::int64_t maxBatch = 1024;

} // namespace

void Checker::readPrice(const syntax::Entry *entry, ModelInfo &model) {
  const auto *record = as<syntax::RecordExpr>(entry->value);
  note(entry->value);
  if (!record) {
    error(Code::typeMismatch, entry->value->span, "`price` is a record")
        .hint("`price: { input: $0.15 per Mtok, output: $0.60 per Mtok }`");
    return;
  }
  checkKeys(record->entries, {"input", "output"}, "`price`");
  for (const syntax::Entry *one : record->entries) {
    note(one->value);
    const auto *rate = as<syntax::RateExpr>(one->value);
    const auto *amount = rate ? as<syntax::QuantityExpr>(rate->amount) : nullptr;
    if (!amount || amount->quantity != syntax::Quantity::money || rate->base != syntax::RateBase::tokens) {
      error(Code::unitMismatch, one->value->span, "a price is money per tokens").hint("`$0.15 per Mtok`");
      continue;
    }
    note(amount);
    // Nano-dollars per million tokens; a price too large for that is no price.
    __int128 nano = static_cast<__int128>(amount->amount) * 1'000'000 / rate->perAmount;
    if (nano > INT64_MAX) {
      error(Code::badPolicy, one->value->span, "this price is larger than can be counted");
      continue;
    }
    (one->key.text == "input" ? model.priceInputNano : model.priceOutputNano) = static_cast<std::int64_t>(nano);
  }
  if (record->entries.size() < 2)
    error(Code::missingKey, entry->value->span, "a price has `input` and `output`");
}

void Checker::readLimits(const syntax::Entry *entry, std::optional<std::int64_t> &concurrency,
                         std::optional<std::int64_t> &rate, ModelInfo *model) {
  const auto *record = as<syntax::RecordExpr>(entry->value);
  note(entry->value);
  if (!record) {
    error(Code::typeMismatch, entry->value->span, "`limit` is a record")
        .hint("`limit: { concurrency: 16, rate: 500 per min }`");
    return;
  }
  std::vector<std::string> keys = {"concurrency", "rate"};
  if (model)
    keys.insert(keys.end(), {"context", "batch"});
  checkKeys(record->entries, keys, "`limit`");
  for (const syntax::Entry *one : record->entries) {
    if (one->key.text == "rate") {
      note(one->value);
      const auto *written = as<syntax::RateExpr>(one->value);
      const auto *amount = written ? as<syntax::IntExpr>(written->amount) : nullptr;
      if (!amount || written->base != syntax::RateBase::time) {
        error(Code::unitMismatch, one->value->span, "a rate is a number per time").hint("`500 per min`");
        continue;
      }
      note(amount);
      __int128 perMinute = static_cast<__int128>(amount->value) * 60'000'000'000 / written->perAmount;
      if (perMinute < 1 || perMinute > UINT32_MAX)
        error(Code::badBound, one->value->span, "a rate is at least 1 per min and at most 4e9 per min");
      else
        rate = static_cast<std::int64_t>(perMinute);
      continue;
    }
    std::optional<std::int64_t> value = amountOf(one->value, TypeKind::integer, "`" + one->key.text + "`");
    checkBound(one->value, 1, ("`" + one->key.text + "`").c_str());
    if (one->key.text == "concurrency")
      concurrency = value;
    else if (model && one->key.text == "context")
      model->contextTokens = value;
    else if (model && one->key.text == "batch" && value > maxBatch)
      error(Code::badBound, one->value->span, "`batch` is at most " + std::to_string(maxBatch));
    else if (model && one->key.text == "batch")
      model->batch = value;
  }
}

void Checker::checkModel(Symbol *symbol) {
  const auto *decl = static_cast<const syntax::ModelDecl *>(symbol->node);
  ModelInfo &model = *symbol->model;
  model.provider = decl->provider.text;
  std::vector<Key> keys = {{"limit"}, {"price"}};
  bool remote = model.provider == "openai" || model.provider == "anthropic";
  if (model.provider == "extractive") {
    model.temperature = 0.0;
  } else if (remote) {
    keys.insert(keys.end(), {{"name", Takes::text},
                             {"endpoint", Takes::address},
                             {"key", Takes::key},
                             {"temperature", Takes::warmth},
                             {"max_tokens", Takes::count},
                             {"takes"},
                             {"gives"}});
  } else if (model.provider == "compiled") {
    keys.insert(keys.end(), {{"weights", Takes::text},
                             {"forward"},
                             {"temperature", Takes::warmth},
                             {"top_k", Takes::count},
                             {"max_tokens", Takes::count},
                             {"takes"},
                             {"gives"}});
  } else {
    static const std::vector<std::string> providers = {"extractive", "openai", "anthropic", "compiled"};
    error(Code::unknownName, decl->provider.span, "there is no provider of models `" + model.provider + "`")
        .offer(model.provider, providers);
    return;
  }
  withBody(Place::constant, symbol->module, nullptr, [&] {
    readBody(decl->entries, keys, ("a model of " + model.provider).c_str(), model.settings,
             [&](const syntax::Entry *one) {
               if (one->key.text == "price")
                 readPrice(one, model);
               else if (one->key.text == "limit")
                 readLimits(one, model.concurrency, model.ratePerMin, &model);
               bool forward = one->key.text == "forward" && model.provider == "compiled";
               if (forward)
                 note(one->value); // Looked at below, when the limits are known.
               return one->key.text == "price" || one->key.text == "limit" || forward;
             });
    if (model.provider == "compiled") {
      for (const char *key : {"weights", "forward"})
        if (!entry(decl->entries, key))
          error(Code::missingKey, decl->provider.span, "a compiled model has `" + std::string(key) + "`")
              .hint("`compiled { weights: \"lm.safetensors\", forward: forward }`");
      if (const syntax::Entry *forward = entry(decl->entries, "forward"))
        checkForward(forward->value, model);
    }
    for (const Setting &setting : model.settings)
      if (setting.name == "temperature" && setting.value)
        model.temperature = setting.value->number();
    if (!remote || entry(decl->entries, "name"))
      return;
    // What it costs follows from its name: nobody is asked for that as well.
    model.priceInputNano = model.priceInputNano.value_or(0);
    model.priceOutputNano = model.priceOutputNano.value_or(0);
    static const std::string wanted[] = {"name"};
    if (std::ranges::none_of(decl->entries, [](const syntax::Entry *one) {
          return diagnostics::nearest(one->key.text, wanted).has_value();
        }))
      error(Code::missingKey, decl->provider.span, "a model of " + model.provider + " has a name")
          .hint(model.provider == "openai" ? "`name: \"gpt-4o-mini\"`" : "`name: \"…\"`, as the provider calls it");
  });
  if (!entry(decl->entries, "price") && !entry(decl->entries, "endpoint"))
    for (const Setting &setting : model.settings)
      if (setting.name == "name" && setting.value && setting.value->string())
        takeListPrice(model, *setting.value->string());
  symbol->callable->paid = model.priceInputNano.value_or(0) > 0 || model.priceOutputNano.value_or(0) > 0;
}

/// The price is told with the settings, so that everybody who reads the plan sees that nobody wrote it down.
void Checker::takeListPrice(ModelInfo &model, const std::string &name) {
  const ListPrice *price = listPrice(model.provider, name);
  if (!price)
    return;
  model.priceInputNano = price->inputNano;
  model.priceOutputNano = price->outputNano;
  model.listed = price->as;
  Setting setting;
  setting.name = "price";
  setting.value = Constant{std::string(price->as)};
  setting.span = model.symbol->span;
  model.settings.push_back(std::move(setting));
}

} // namespace weft::sema
