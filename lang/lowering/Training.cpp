//===- Training.cpp - What one step of a training does --------------------===//
//
// A step is one function: it takes the parameters and the optimizer's states, a
// batch and its number, and gives parameters, states and the loss. What the run
// does between steps stands beside it in attributes. A second function measures
// the loss alone, of text that no step has seen.
//
//===----------------------------------------------------------------------===//

#include "lang/lowering/TensorEmitter.h"

using namespace mlir;

namespace weft::lowering {

namespace {

class TrainingBuilder {
public:
  TrainingBuilder(ModuleEmitter &module, const sema::Symbol &symbol)
      : module(module), info(*symbol.train), symbol(symbol), body(module, {}), name(module.symbolOf(&symbol)) {}

  func::FuncOp build() {
    layout = *body.layoutOf(info.paramsType);
    layout.flatten(parameters);
    names = namesOf(info.paramsType);
    Builder builder(module.module.getContext());
    tokens = RankedTensorType::get({info.data.batch, info.data.context}, builder.getI32Type());
    if (!makeLoss())
      return {};
    func::FuncOp step = makeStep();
    if (step && info.data.heldOut > 0)
      step->setAttr("dist.evaluation", FlatSymbolRefAttr::get(makeEvaluation()));
    return step;
  }

private:
  Location at() { return module.at(symbol.span); }

  /// The loss of a micro-batch, as a function of the parameters and the tokens.
  bool makeLoss() {
    OpBuilder end = OpBuilder::atBlockEnd(module.module.getBody());
    auto rows = RankedTensorType::get({info.data.batch / info.micro, info.data.context}, end.getI32Type());
    SmallVector<Type> types(parameters);
    types.append({rows, rows});
    loss = func::FuncOp::create(end, at(), module.freshName(name + ".loss"),
                                end.getFunctionType(types, RankedTensorType::get({}, end.getF32Type())));
    loss.setPrivate();
    Block *entry = loss.addEntryBlock();
    TensorEmitter inner(module, {});
    inner.builder.setInsertionPointToEnd(entry);
    std::size_t next = 0;
    ValueRange arguments(entry->getArguments());
    TensorParts given = TensorEmitter::partsOf(layout, arguments, next);
    TensorParts batch{{}, {{arguments[next], {}}, {arguments[next + 1], {}}}};
    std::optional<TensorParts> value = inner.emitLambda(info.loss, {given, batch});
    if (!value) {
      loss.erase();
      return false;
    }
    func::ReturnOp::create(inner.builder, at(), value->flat());
    return true;
  }

  Value splat(RankedTensorType type, double value) { return nn::buildSplat(body.builder, at(), type, value); }

  Value times(Value value, Value factor) {
    Value wide = nn::buildBroadcastTo(body.builder, at(), factor, cast<RankedTensorType>(value.getType()).getShape());
    return body.elementwise(symbol.span, nn::ElementwiseKind::mul, {value, wide});
  }

  /// The loss, and if asked for the gradients, of one micro-batch.
  SmallVector<Value> lossOf(OpBuilder &builder, ValueRange params, Value x, Value y, bool derived) {
    SmallVector<Value> operands(params);
    operands.append({x, y});
    if (!derived)
      return {func::CallOp::create(builder, at(), loss, operands).getResult(0)};
    SmallVector<Type> results(loss.getResultTypes());
    results.append(parameters.begin(), parameters.end());
    auto op = nn::ValueAndGradOp::create(builder, at(), results, loss.getSymName(), operands,
                                         static_cast<std::int64_t>(parameters.size()));
    return SmallVector<Value>(op.getOutputs());
  }

  /// The same of the whole batch: the mean over its micro-batches, which are made one after the other.
  SmallVector<Value> overBatch(ValueRange params, Value x, Value y, bool derived) {
    OpBuilder &builder = body.builder;
    if (info.micro == 1)
      return lossOf(builder, params, x, y, derived);
    SmallVector<std::int64_t> shape{info.micro, info.data.batch / info.micro, info.data.context};
    auto cut = tokens.clone(shape);
    SmallVector<Value> stacked{nn::ReshapeOp::create(builder, at(), cut, x),
                               nn::ReshapeOp::create(builder, at(), cut, y)};
    SmallVector<Value> zeros{splat(RankedTensorType::get({}, builder.getF32Type()), 0)};
    if (derived)
      for (Type type : parameters)
        zeros.push_back(splat(cast<RankedTensorType>(type), 0));
    auto turn = [&](OpBuilder &inner, nn::ScanBody arguments) {
      SmallVector<Value> sums;
      SmallVector<Value> made =
          lossOf(inner, ValueRange(arguments.getShared()), arguments.getSlices()[0], arguments.getSlices()[1], derived);
      for (auto [sum, one] : llvm::zip(arguments.getCarried(), made))
        sums.push_back(
            nn::ElementwiseOp::create(inner, at(), one.getType(), nn::ElementwiseKind::add, ValueRange{sum, one}));
      return sums;
    };
    auto scan = nn::ScanOp::create(builder, at(), info.micro, false, zeros, stacked, params, turn);
    SmallVector<Value> means;
    for (Value sum : scan.getOutputs()) {
      auto type = cast<RankedTensorType>(sum.getType());
      means.push_back(body.elementwise(symbol.span, nn::ElementwiseKind::mul,
                                       {sum, splat(type, 1.0 / static_cast<double>(info.micro))}));
    }
    return means;
  }

  /// Scaled so that the norm of all of them together is at most `clip`.
  SmallVector<Value> clipped(ValueRange gradients, double clip) {
    OpBuilder &builder = body.builder;
    auto number = RankedTensorType::get({}, builder.getF32Type());
    Value squares;
    for (Value gradient : gradients) {
      auto type = cast<RankedTensorType>(gradient.getType());
      Value square = body.elementwise(symbol.span, nn::ElementwiseKind::mul, {gradient, gradient});
      SmallVector<std::int64_t> all(llvm::to_vector(llvm::seq<std::int64_t>(0, type.getRank())));
      if (!all.empty())
        square = nn::ReduceOp::create(builder, at(), RankedTensorType::get({}, type.getElementType()), ReduceKind::sum,
                                      square, all);
      if (square.getType() != number)
        square = nn::CastOp::create(builder, at(), number, square);
      squares = squares ? body.elementwise(symbol.span, nn::ElementwiseKind::add, {squares, square}) : square;
    }
    Value norm = body.elementwise(symbol.span, nn::ElementwiseKind::sqrt, {squares});
    Value ratio = body.elementwise(symbol.span, nn::ElementwiseKind::div, {splat(number, clip), norm});
    Value factor = body.elementwise(symbol.span, nn::ElementwiseKind::min, {splat(number, 1), ratio});
    SmallVector<Value> scaled;
    for (Value gradient : gradients) {
      Value own = factor;
      Type element = cast<RankedTensorType>(gradient.getType()).getElementType();
      if (!element.isF32())
        own = nn::CastOp::create(builder, at(), RankedTensorType::get({}, element), factor);
      scaled.push_back(times(gradient, own));
    }
    return scaled;
  }

  /// Parameters and states after the step.
  std::optional<SmallVector<Value>> moved(ValueRange params, ValueRange gradients, ValueRange states, Value step) {
    const sema::Callable &callable = *info.optimizer->callable;
    sema::CallInfo call;
    call.kind = sema::CalleeKind::tensorFn;
    call.callee = info.optimizer;
    call.typeArguments = {info.paramsType};
    OpBuilder &builder = body.builder;
    auto number = RankedTensorType::get({}, builder.getF32Type());
    Value count = nn::CastOp::create(builder, at(), number, step);
    count = body.elementwise(symbol.span, nn::ElementwiseKind::add, {count, splat(number, 1)});
    std::vector<TensorParts> given;
    std::size_t next = 0;
    given.push_back(TensorEmitter::partsOf(layout, params, next));
    given.push_back(TensorEmitter::partsOf(layout, gradients, next = 0));
    next = 0;
    for (std::size_t state = 0; state < info.states; ++state)
      given.push_back(TensorEmitter::partsOf(layout, states, next));
    for (std::size_t index = 0; index < callable.parameters.size(); ++index)
      call.arguments.push_back({info.settings[index]});
    for (std::size_t index = given.size(); index < callable.parameters.size(); ++index) {
      const syntax::Expr *setting = info.settings[index];
      std::optional<TensorParts> value;
      if (!setting)
        value = TensorParts{count, {}};
      else if (auto *schedule = syntax::as<syntax::LambdaExpr>(setting))
        value = body.emitLambda(schedule, {TensorParts{count, {}}});
      else
        value = body.emit(setting);
      if (!value)
        return std::nullopt;
      given.push_back(std::move(*value));
    }
    return body.callFlat(symbol.span, call, given);
  }

  func::FuncOp makeStep() {
    OpBuilder end = OpBuilder::atBlockEnd(module.module.getBody());
    auto number = RankedTensorType::get({}, end.getF32Type());
    SmallVector<Type> types;
    for (std::size_t copy = 0; copy <= info.states; ++copy)
      types.append(parameters.begin(), parameters.end());
    SmallVector<Type> results(types);
    results.push_back(number);
    std::size_t held = types.size();
    types.append({RankedTensorType::get({}, end.getI32Type()), tokens, tokens});
    auto step = func::FuncOp::create(end, at(), module.freshName(name + ".train"), end.getFunctionType(types, results));
    Block *entry = step.addEntryBlock();
    body.builder.setInsertionPointToEnd(entry);
    ValueRange arguments(entry->getArguments());
    std::size_t count = parameters.size();
    ValueRange params = arguments.take_front(count), states = arguments.slice(count, held - count);
    SmallVector<Value> made = overBatch(params, arguments[held + 1], arguments[held + 2], true);
    SmallVector<Value> gradients(llvm::drop_begin(made));
    if (info.clip)
      gradients = clipped(gradients, *info.clip);
    std::optional<SmallVector<Value>> after = moved(params, gradients, states, arguments[held]);
    if (!after) {
      step.erase();
      return {};
    }
    after->push_back(made.front());
    func::ReturnOp::create(body.builder, at(), *after);
    tell(step, held);
    return step;
  }

  /// Says what the run does with each argument and result.
  void tell(func::FuncOp step, std::size_t held) {
    Builder builder(module.module.getContext());
    std::size_t count = parameters.size();
    const std::vector<sema::Parameter> &own = info.optimizer->callable->parameters;
    for (std::size_t place = 0; place < held; ++place) {
      std::size_t copy = place / count;
      std::string state = names[place % count];
      if (copy > 0) {
        state = "optimizer." + own[copy + 1].name + "." + state;
        step.setArgAttr(static_cast<unsigned>(place), "dist.zeros", builder.getUnitAttr());
      }
      step.setArgAttr(static_cast<unsigned>(place), "dist.state", builder.getStringAttr(state));
      step.setResultAttr(static_cast<unsigned>(place), "dist.state", builder.getStringAttr(state));
    }
    step.setArgAttr(static_cast<unsigned>(held), "dist.step", builder.getUnitAttr());
    feed(step, static_cast<unsigned>(held) + 1);
    step.setResultAttr(static_cast<unsigned>(held), "dist.report", builder.getStringAttr("loss"));
    step->setAttr("dist.steps", builder.getI64IntegerAttr(info.steps));
    if (info.every > 0)
      step->setAttr("dist.checkpoint",
                    builder.getDictionaryAttr({builder.getNamedAttr("every", builder.getI64IntegerAttr(info.every)),
                                               builder.getNamedAttr("keep", builder.getI64IntegerAttr(info.keep)),
                                               builder.getNamedAttr("to", builder.getStringAttr(info.to))}));
    step->setAttr("dist.data", data());
  }

  void feed(func::FuncOp function, unsigned first) {
    Builder builder(module.module.getContext());
    auto take = [&](unsigned argument, llvm::StringRef part) {
      function.setArgAttr(argument, "dist.feed",
                          builder.getArrayAttr({builder.getI64IntegerAttr(0), builder.getStringAttr(part)}));
    };
    take(first, "x");
    take(first + 1, "y");
  }

  ArrayAttr data() {
    Builder builder(module.module.getContext());
    auto whole = [&](llvm::StringRef key, std::int64_t value) {
      return builder.getNamedAttr(key, builder.getI64IntegerAttr(value));
    };
    return builder.getArrayAttr({builder.getDictionaryAttr(
        {builder.getNamedAttr("kind", builder.getStringAttr("text")),
         builder.getNamedAttr("files", builder.getStringAttr(info.data.files)), whole("context", info.data.context),
         whole("batch", info.data.batch), whole("seed", info.data.seed),
         builder.getNamedAttr("held_out", builder.getF64FloatAttr(info.data.heldOut))})});
  }

  func::FuncOp makeEvaluation() {
    OpBuilder end = OpBuilder::atBlockEnd(module.module.getBody());
    SmallVector<Type> types(parameters);
    types.append({tokens, tokens});
    auto function = func::FuncOp::create(end, at(), module.freshName(name + ".evaluate"),
                                         end.getFunctionType(types, RankedTensorType::get({}, end.getF32Type())));
    Block *entry = function.addEntryBlock();
    body.builder.setInsertionPointToEnd(entry);
    ValueRange arguments(entry->getArguments());
    std::size_t count = parameters.size();
    SmallVector<Value> loss = overBatch(arguments.take_front(count), arguments[count], arguments[count + 1], false);
    func::ReturnOp::create(body.builder, at(), loss);
    feed(function, static_cast<unsigned>(count));
    for (std::size_t place = 0; place < count; ++place)
      function.setArgAttr(static_cast<unsigned>(place), "dist.state", end.getStringAttr(names[place]));
    function.setResultAttr(0, "dist.report", end.getStringAttr("held_out"));
    function->setAttr("dist.data", data());
    return function;
  }

  ModuleEmitter &module;
  const sema::TrainInfo &info;
  const sema::Symbol &symbol;
  TensorEmitter body;
  std::string name;
  TensorLayout layout;
  SmallVector<Type> parameters;
  std::vector<std::string> names;
  RankedTensorType tokens;
  func::FuncOp loss;
};

} // namespace

func::FuncOp ModuleEmitter::training(const sema::Symbol *train) {
  auto [known, fresh] = instances.try_emplace("train " + symbolOf(train), "");
  if (!fresh)
    return module.lookupSymbol<func::FuncOp>(known->second);
  func::FuncOp step = TrainingBuilder(*this, *train).build();
  if (step)
    instances["train " + symbolOf(train)] = step.getSymName().str();
  return step;
}

std::string ModuleEmitter::freshName(const std::string &wanted) {
  std::string name = wanted;
  for (unsigned number = 2; module.lookupSymbol(name); ++number)
    name = wanted + "." + std::to_string(number);
  return name;
}

} // namespace weft::lowering
