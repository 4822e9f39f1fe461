//===- Train.cpp - What a `train` block says ------------------------------===//
//
// A training is a step that makes parameters: what they begin as, where batches
// come from, what is to become small, and who moves them (Optimizers.cpp). It is
// looked at when it is first called, since its parameters are its result.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

/// Bytes are tokens.
constexpr const char *exampleData = "`data: text(\"data/*.txt\", context: 128, batch: 32)`";

} // namespace

Type Checker::callTrain(const syntax::CallExpr *expr, Symbol *symbol) {
  checkTrain(symbol);
  inferArguments(expr);
  if (!expr->arguments.empty())
    error(Code::wrongArguments, expr->span, "`" + symbol->name + "` takes no arguments: its block says everything")
        .note(symbol->span, "declared here");
  if (!mayCall(symbol, expr->callee->span, "the training `" + symbol->name + "`"))
    return symbol->callable->result;
  CallInfo call;
  call.kind = CalleeKind::train;
  call.callee = symbol;
  call.result = symbol->callable->result;
  module().calls[expr->id] = std::move(call);
  body.calls.push_back(expr);
  return symbol->callable->result;
}

std::int64_t Checker::countOf(const syntax::Expr *expr, const std::string &what, std::int64_t fallback) {
  std::optional<std::int64_t> count = amountOf(expr, TypeKind::integer, what);
  if (count && *count < 1)
    error(Code::badBound, expr->span, what + " is at least 1");
  return count && *count >= 1 ? *count : fallback;
}

void Checker::checkTrain(Symbol *symbol) {
  if (!checkedTrains.insert(symbol).second)
    return;
  TrainInfo &train = *symbol->train;
  const auto &entries = train.decl->entries;
  unsigned outerDepth = std::exchange(depth, 0);
  withBody(Place::constant, symbol->module, nullptr, [&] {
    Symbol *mesh = inModule(train.decl->mesh.text);
    if (mesh && mesh->mesh)
      train.mesh = mesh;
    else if (!mayBeMissing(body.module, train.decl->mesh.text))
      error(Code::unknownName, train.decl->mesh.span, "there is no mesh `" + train.decl->mesh.text + "`")
          .hint("`mesh " + train.decl->mesh.text + " on here { data: 1 }`");
    std::int64_t slots = 1;
    for (std::size_t i = 0; train.mesh && i < train.mesh->mesh->sizes.size(); ++i)
      slots *= train.mesh->mesh->sizes[i]; // Each is at most 65536, and a mesh of more is refused before.
    if (slots > 1)
      error(Code::trainNotCarried, train.decl->mesh.span,
            "training on " + std::to_string(slots) + " devices is not carried by this build")
          .note(train.mesh->span, "the mesh")
          .hint("a mesh of one device: `mesh " + train.mesh->name + " on here { data: 1 }`");
    checkKeys(entries,
              {"params", "data", "loss", "optimizer", "steps", "micro", "clip", "checkpoint", "seed", "split", "sync",
               "combine", "state"},
              "`train`");
    for (const char *key : {"params", "data", "loss", "optimizer", "steps"})
      if (!entry(entries, key))
        error(Code::missingKey, symbol->span, "the training `" + symbol->name + "` has no `" + std::string(key) + "`");
    for (const syntax::Entry *one : entries)
      readTraining(one, train);
    if (train.data.batch % train.micro != 0)
      error(Code::badTraining, symbol->span,
            "a batch of " + std::to_string(train.data.batch) + " does not divide into " + std::to_string(train.micro) +
                " micro-batches");
  });
  if (const syntax::Entry *params = entry(entries, "params"))
    withBody(Place::workflow, symbol->module, nullptr, [&] {
      train.params = params->value;
      train.paramsType = inference.settle(seen(infer(params->value)));
      if (train.paramsType->is(TypeKind::error)) {
        train.paramsType = nullptr;
        return;
      }
      bool floats = allTensors(train.paramsType, [](Type type) {
        bool computes = type->elementType == ElementType::f32 || type->elementType == ElementType::f64;
        return computes &&
               std::all_of(type->dims.begin(), type->dims.end(), [](const Dim &dim) { return dim.value(); });
      });
      if (!floats) {
        error(Code::badTraining, params->value->span,
              "what is trained is a tensor of f32 or f64, or a record of them, of known sizes, not " +
                  a(train.paramsType));
        train.paramsType = nullptr;
      }
    });
  if (train.paramsType) {
    symbol->callable->result = train.paramsType;
    auto tokens = [&](const char *name) {
      Field field;
      field.name = name;
      field.type = program.types.tensor(ElementType::i32,
                                        {Dim::number(std::max<std::int64_t>(1, train.data.batch / train.micro)),
                                         Dim::number(std::max<std::int64_t>(1, train.data.context))});
      return field;
    };
    train.batch = program.types.literalRecord({tokens("x"), tokens("y")});
    // What a batch is must be known to look at what becomes of it.
    bool batches = train.data.batch > 0 && train.data.context > 0 && train.data.batch % train.micro == 0;
    if (const syntax::Entry *loss = entry(entries, "loss"); loss && batches)
      withBody(Place::tensorFn, symbol->module, nullptr, [&] { checkLoss(loss->value, train); });
    if (const syntax::Entry *optimizer = entry(entries, "optimizer"))
      withBody(Place::tensorFn, symbol->module, nullptr, [&] { checkOptimizer(optimizer->value, train); });
  }
  // The same steps give the same files, however often.
  symbol->callable->effect = train.to.empty() ? Effect::compute : Effect::writeIdempotent;
  depth = outerDepth;
}

void Checker::readTraining(const syntax::Entry *one, TrainInfo &train) {
  const std::string &key = one->key.text;
  if (key == "data") {
    readText(one->value, train.data);
  } else if (key == "steps") {
    train.steps = countOf(one->value, "`steps`", 1);
  } else if (key == "micro") {
    train.micro = countOf(one->value, "`micro`", 1);
  } else if (key == "seed") {
    train.data.seed = amountOf(one->value, TypeKind::integer, "`seed`").value_or(0);
  } else if (key == "clip") {
    std::optional<Constant> clip = constantOf(one->value, simple(TypeKind::floating), "`clip`");
    train.clip = clip ? clip->number() : std::nullopt;
    if (train.clip && !(*train.clip > 0))
      error(Code::badBound, one->value->span, "`clip` is the norm that a gradient may have, so it is above 0");
  } else if (key == "checkpoint") {
    readCheckpoint(one->value, train);
  } else if (key == "split" || key == "sync" || key == "combine" || key == "state") {
    note(one->value);
    error(Code::trainNotCarried, one->key.span, "`" + key + "` of a training is not carried by this build")
        .hint("it says how several devices share the work; without it one does");
  }
}

void Checker::readText(const syntax::Expr *expr, TextSource &data) {
  const auto *call = as<syntax::CallExpr>(expr);
  const auto *name = call ? as<syntax::NameExpr>(call->callee) : nullptr;
  note(expr);
  if (name && name->name.text != "text") {
    note(name);
    error(Code::trainNotCarried, expr->span, "`" + name->name.text + "(…)` as data is not carried by this build")
        .hint("batches are cut from texts: " + std::string(exampleData));
    return;
  }
  if (!name) {
    error(Code::badTraining, expr->span, "batches are cut from texts").hint(exampleData);
    return;
  }
  note(name);
  std::vector<const syntax::Expr *> plain;
  bool context = false, batch = false;
  for (const syntax::Argument &argument : call->arguments) {
    const std::string &key = argument.name.text;
    if (key.empty()) {
      plain.push_back(argument.value);
    } else if (key == "context" || key == "batch") {
      (key == "context" ? context : batch) = true;
      (key == "context" ? data.context : data.batch) = countOf(argument.value, "`" + key + "`", 1);
    } else if (key == "seed") {
      data.seed = amountOf(argument.value, TypeKind::integer, "`seed`").value_or(0);
    } else if (key == "held_out") {
      std::optional<Constant> part = constantOf(argument.value, simple(TypeKind::floating), "`held_out`");
      data.heldOut = part && part->number() ? *part->number() : 0;
      if (data.heldOut < 0 || data.heldOut >= 1)
        error(Code::badBound, argument.value->span, "`held_out` is a part of the text, from 0.0 to below 1.0");
    } else {
      note(argument.value);
      error(Code::unknownArgument, argument.name.span, "`text` has no parameter `" + key + "`")
          .offer(key, std::vector<std::string>{"context", "batch", "seed", "held_out"});
    }
  }
  if (plain.size() != 1 || !context || !batch) {
    for (const syntax::Expr *one : plain)
      infer(one);
    error(Code::badTraining, expr->span, "`text` takes the names of the files, `context` and `batch`")
        .hint(exampleData);
    return;
  }
  if (std::optional<Constant> files = constantOf(plain[0], simple(TypeKind::string), "the names of the files")) {
    data.files = files->string() ? *files->string() : "";
    if (data.files.empty())
      error(Code::badTraining, plain[0]->span, "no file has an empty name").hint(exampleData);
  }
}

void Checker::readCheckpoint(const syntax::Expr *expr, TrainInfo &train) {
  const auto *record = as<syntax::RecordExpr>(expr);
  note(expr);
  if (!record || !record->type.empty()) {
    error(Code::typeMismatch, expr->span, "`checkpoint` is a record").hint("`checkpoint: { every: 200, keep: 3 }`");
    return;
  }
  checkKeys(record->entries, {"every", "keep", "to"}, "`checkpoint`");
  for (const syntax::Entry *one : record->entries) {
    if (one->key.text == "every")
      train.every = countOf(one->value, "`every`", 0);
    else if (one->key.text == "keep")
      train.keep = countOf(one->value, "`keep`", 1);
    else if (one->key.text == "to") {
      std::optional<Constant> to = constantOf(one->value, simple(TypeKind::string), "`to`");
      train.to = to && to->string() ? *to->string() : "";
    }
  }
  if (!entry(record->entries, "every"))
    error(Code::missingKey, expr->span, "`checkpoint` says after how many steps: `every`")
        .hint("`checkpoint: { every: 200, keep: 3 }`");
}

} // namespace weft::sema
