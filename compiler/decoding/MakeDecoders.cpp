//===- MakeDecoders.cpp - Functions that go on where a sequence ended -----===//

#include "compiler/decoding/Passes.h"

#include "compiler/decoding/Positions.h"
#include "dialects/dist/Dist.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"

namespace weft {
#define GEN_PASS_DEF_MAKEDECODERS
#include "compiler/decoding/Passes.h.inc"

namespace {
using namespace mlir;
using decoding::Positions;

RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

RankedTensorType withSize(RankedTensorType type, int64_t dim, int64_t size) {
  SmallVector<int64_t> shape(type.getShape());
  shape[dim] = size;
  return RankedTensorType::get(shape, type.getElementType());
}

/// The keys and values that the attentions of a block leave behind, in order; those of a scan's body are stacked.
SmallVector<RankedTensorType> cachesOf(Block &block, const Positions &positions) {
  SmallVector<RankedTensorType> types;
  for (Operation &op : block)
    if (auto attention = dyn_cast<nn::AttentionOp>(op); attention && positions.isCached(attention))
      types.append({attention.getKeys().getType(), attention.getValues().getType()});
    else if (auto scan = dyn_cast<nn::ScanOp>(op))
      for (RankedTensorType type : cachesOf(scan.getBody().front(), positions))
        types.push_back(nn::stackedType(type, scan.getCount()));
  return types;
}

/// Builds the ops of a function for `chunk` positions.
class DecoderBuilder {
public:
  DecoderBuilder(const Positions &positions, int64_t chunk) : positions(positions), chunk(chunk) {}

  /// The ops of `block` behind the builder's place; `caches` are what its attentions have kept, in order, and become
  /// what they keep now.
  void convert(Block &block, OpBuilder &builder, IRMapping &values, Value position, SmallVectorImpl<Value> &caches) {
    size_t next = 0;
    for (Operation &op : block.without_terminator()) {
      if (auto scan = dyn_cast<nn::ScanOp>(op))
        convertScan(scan, builder, values, position, caches, next);
      else if (auto attention = dyn_cast<nn::AttentionOp>(op); attention && positions.isCached(attention))
        convertAttention(attention, builder, values, position, caches, next);
      else
        convertRuled(op, builder, values, position);
    }
  }

private:
  RankedTensorType present(Value value) {
    std::optional<int64_t> dim = positions.dimOf(value);
    return dim ? withSize(typeOf(value), *dim, chunk) : typeOf(value);
  }

  void convertRuled(Operation &op, OpBuilder &builder, IRMapping &values, Value position) {
    auto ruled = dyn_cast<ShardingRuleInterface>(op);
    bool atPositions = llvm::any_of(op.getOperands(), [&](Value one) { return positions.dimOf(one).has_value(); });
    if (!atPositions || !ruled) {
      builder.clone(op, values);
      return;
    }
    ShardingRule rule = ruled.getShardingRule();
    int factor = **decoding::factorOf(op, rule, positions);
    SmallVector<Value> operands;
    for (auto [operand, factors] : llvm::zip(op.getOperands(), rule.operands)) {
      Value value = values.lookup(operand);
      if (!positions.dimOf(operand))
        for (auto [dim, found] : llvm::enumerate(factors))
          if (found == factor)
            value = atPresent(builder, op.getLoc(), value, static_cast<int64_t>(dim), position);
      operands.push_back(value);
    }
    SmallVector<Type> types = llvm::map_to_vector(op.getResults(), [&](Value one) -> Type { return present(one); });
    values.map(op.getResults(), ruled.buildLocal(builder, operands, types)->getResults());
  }

  /// A value that knows all positions, at the present ones.
  Value atPresent(OpBuilder &builder, Location place, Value value, int64_t dim, Value position) {
    RankedTensorType type = withSize(typeOf(value), dim, chunk);
    Operation *maker = value.getDefiningOp();
    if (auto constant = dyn_cast_or_null<nn::ConstantOp>(maker))
      if (auto splat = dyn_cast<SplatElementsAttr>(constant.getValue()))
        return nn::ConstantOp::create(builder, place, type, splat.resizeSplat(type));
    if (auto broadcast = dyn_cast_or_null<nn::BroadcastOp>(maker);
        broadcast && !llvm::is_contained(broadcast.getDims(), dim))
      return nn::BroadcastOp::create(builder, place, type, broadcast.getInput(), broadcast.getDims());
    if (auto iota = dyn_cast_or_null<nn::IotaOp>(maker); iota && static_cast<int64_t>(iota.getDim()) == dim) {
      Value start = position;
      if (iota.getStart())
        start = nn::ElementwiseOp::create(builder, place, position.getType(), nn::ElementwiseKind::add,
                                          ValueRange{iota.getStart(), position});
      return nn::IotaOp::create(builder, place, type, iota.getDim(), start);
    }
    auto places = RankedTensorType::get({chunk}, builder.getI32Type());
    Value ids = nn::IotaOp::create(builder, place, places, 0, position);
    return nn::GatherOp::create(builder, place, type, value, ids, dim);
  }

  void convertAttention(nn::AttentionOp op, OpBuilder &builder, IRMapping &values, Value position,
                        SmallVectorImpl<Value> &caches, size_t &next) {
    int64_t rows = op.getQueries().getType().getRank() - 2;
    auto grown = [&](Value part) {
      Value &cache = caches[next++];
      cache =
          nn::UpdateSliceOp::create(builder, op.getLoc(), cache.getType(), cache, values.lookup(part), position, rows);
      return cache;
    };
    Value keys = grown(op.getKeys()), all = grown(op.getValues());
    auto made = nn::AttentionOp::create(builder, op.getLoc(), present(op.getResult()), present(op.getLse()),
                                        values.lookup(op.getQueries()), keys, all, position, op.getHeads(),
                                        /*causal=*/true, op.getScale());
    values.map(op.getResults(), made.getResults());
  }

  void convertScan(nn::ScanOp scan, OpBuilder &builder, IRMapping &values, Value position,
                   SmallVectorImpl<Value> &caches, size_t &next) {
    size_t count = cachesOf(scan.getBody().front(), positions).size();
    auto outside = [&](ValueRange range) {
      return llvm::map_to_vector(range, [&](Value value) { return values.lookup(value); });
    };
    SmallVector<Value> stacked = outside(scan.getStacked()), shared = outside(scan.getShared());
    size_t own = stacked.size();
    stacked.append(caches.begin() + next, caches.begin() + next + count);
    shared.push_back(position);
    auto made =
        nn::ScanOp::create(builder, scan.getLoc(), scan.getCount(), scan.getReverse(), outside(scan.getCarried()),
                           stacked, shared, [&](OpBuilder &inner, nn::ScanBody arguments) {
                             nn::ScanBody from = scan.getBodyArguments();
                             IRMapping inside;
                             inside.map(Value(from.getIndex()), Value(arguments.getIndex()));
                             inside.map(from.getCarried(), arguments.getCarried());
                             inside.map(from.getSlices(), arguments.getSlices().take_front(own));
                             inside.map(from.getShared(), arguments.getShared().drop_back());
                             SmallVector<Value> kept(ValueRange(arguments.getSlices().drop_front(own)));
                             convert(scan.getBody().front(), inner, inside, arguments.getShared().back(), kept);
                             SmallVector<Value> yielded;
                             for (Value value : scan.getYielded())
                               yielded.push_back(inside.lookup(value));
                             yielded.append(kept);
                             return yielded;
                           });
    values.map(scan.getOutputs(), made.getOutputs().drop_back(count));
    llvm::copy(made.getOutputs().take_back(count), caches.begin() + next);
    next += count;
  }

  const Positions &positions;
  int64_t chunk;
};

struct MakeDecoders : impl::MakeDecodersBase<MakeDecoders> {
  using MakeDecodersBase::MakeDecodersBase;

  void runOnOperation() override {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      auto sequence = function->getAttrOfType<DictionaryAttr>(nn::sequenceAttrName);
      if (!sequence)
        continue;
      if (failed(replace(function, sequence)))
        return signalPassFailure();
      function.erase();
    }
  }

  LogicalResult replace(func::FuncOp function, DictionaryAttr sequence) {
    auto argument = sequence.getAs<IntegerAttr>("argument");
    auto chunks = sequence.getAs<ArrayAttr>("chunks");
    bool isNamed = argument && chunks && argument.getInt() >= 0 && argument.getInt() < function.getNumArguments();
    if (!isNamed || function.isExternal() || !function.getBody().hasOneBlock() || function.getNumResults() != 1)
      return function.emitError() << nn::sequenceAttrName << " is " << sequence
                                  << "; wanted {argument, chunks} of a function of one block and one result";
    // One sequence is answered on one slot.
    function.walk([](dist::ConstrainOp mark) {
      mark.replaceAllUsesWith(mark.getInput());
      mark.erase();
    });
    auto tokens = function.getArgument(static_cast<unsigned>(argument.getInt()));
    auto ids = dyn_cast<RankedTensorType>(tokens.getType());
    if (!ids || ids.getRank() != 2 || ids.getDimSize(0) != 1 || !ids.getElementType().isInteger(32))
      return function.emitError() << "takes " << tokens.getType() << " as its sequence; wanted i32 token ids of [1, S]";
    FailureOr<Positions> positions = Positions::of(function, tokens);
    if (failed(positions))
      return failure();
    Value logits = function.getBody().front().getTerminator()->getOperand(0);
    if (positions->dimOf(logits) != 1 || typeOf(logits).getRank() != 3)
      return function.emitError() << "gives " << logits.getType() << "; wanted a row for each position, [1, S, V]";
    for (auto chunk : chunks.getAsRange<IntegerAttr>())
      build(function, tokens, *positions, chunk.getInt());
    return success();
  }

  void build(func::FuncOp function, BlockArgument tokens, const Positions &positions, int64_t chunk) {
    Location place = function.getLoc();
    OpBuilder builder(function);
    Block &from = function.getBody().front();
    auto logits = typeOf(from.getTerminator()->getOperand(0));
    auto ids = withSize(typeOf(tokens), 1, chunk);
    auto position = RankedTensorType::get({}, builder.getI32Type());
    SmallVector<RankedTensorType> kept = cachesOf(from, positions);
    SmallVector<Type> arguments, results(kept.begin(), kept.end());
    for (BlockArgument argument : from.getArguments())
      if (argument != tokens)
        arguments.push_back(argument.getType());
    size_t weights = arguments.size();
    arguments.append(kept.begin(), kept.end());
    arguments.append({ids, position});
    results.push_back(RankedTensorType::get({1, logits.getDimSize(2)}, logits.getElementType()));
    auto made = func::FuncOp::create(builder, place, (function.getName() + ".decode" + Twine(chunk)).str(),
                                     builder.getFunctionType(arguments, results));
    for (auto [index, type] : llvm::enumerate(kept)) {
      auto name = builder.getStringAttr("cache." + Twine(index));
      made.setArgAttr(weights + index, dist::stateAttrName, name);
      made.setArgAttr(weights + index, dist::zerosAttrName, builder.getUnitAttr());
      made.setResultAttr(index, dist::stateAttrName, name);
    }
    unsigned given = made.getNumArguments();
    made.setArgAttr(given - 2, dist::stateAttrName, builder.getStringAttr("ids"));
    made.setArgAttr(given - 1, dist::stateAttrName, builder.getStringAttr("position"));
    Block *body = made.addEntryBlock();
    IRMapping values;
    size_t next = 0;
    for (BlockArgument argument : from.getArguments()) {
      if (argument == tokens)
        continue;
      if (Attribute name = function.getArgAttr(argument.getArgNumber(), dist::stateAttrName))
        made.setArgAttr(next, dist::stateAttrName, name);
      values.map(argument, body->getArgument(next++));
    }
    values.map(tokens, body->getArgument(next + kept.size()));
    SmallVector<Value> caches(ValueRange(body->getArguments().slice(next, kept.size())));
    builder.setInsertionPointToEnd(body);
    DecoderBuilder(positions, chunk).convert(from, builder, values, body->getArguments().back(), caches);
    Value rows = values.lookup(from.getTerminator()->getOperand(0));
    Value last = nn::SliceOp::create(builder, place, withSize(logits, 1, 1), rows, ArrayRef<int64_t>{0, chunk - 1, 0});
    caches.push_back(nn::ReshapeOp::create(builder, place, cast<RankedTensorType>(results.back()), last));
    func::ReturnOp::create(builder, place, caches);
  }
};
} // namespace
} // namespace weft
