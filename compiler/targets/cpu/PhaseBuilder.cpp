//===- PhaseBuilder.cpp - A kernel's phases, written loop by loop ---------===//

#include "compiler/targets/cpu/PhaseBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace weft::cpu {
using namespace mlir;

namespace {

Type inMemory(Type element) { return element.isInteger(1) ? IntegerType::get(element.getContext(), 8) : element; }

MemRefType flat(Type element, int64_t count) { return MemRefType::get({count}, inMemory(element)); }

MemRefType flat(Type tensor) {
  auto type = cast<RankedTensorType>(tensor);
  return flat(type.getElementType(), type.getNumElements());
}

std::uint64_t bytesOf(Type piece) {
  auto type = cast<MemRefType>(piece);
  std::uint64_t bytes = type.getNumElements() * type.getElementTypeBitWidth() / 8;
  return (bytes + 63) / 64 * 64;
}

} // namespace

Piece PhasedKernel::add(bool isScratch, Type element, int64_t count) {
  auto &pieces = isScratch ? scratch : workspace;
  pieces.push_back(flat(element, count));
  return {isScratch, static_cast<unsigned>(pieces.size() - 1)};
}

void PhasedKernel::addPhase(int64_t items, std::function<void(PhaseBuilder &)> body) {
  phases.emplace_back(items, std::move(body));
}

KernelFrame PhasedKernel::finish() {
  KernelFrame frame;
  OpBuilder builder(kernel);
  SmallVector<Type> arguments;
  for (Type type : llvm::concat<const Type>(kernel.getArgumentTypes(), kernel.getResultTypes()))
    arguments.push_back(flat(type));
  llvm::append_range(arguments, workspace);
  llvm::SmallBitVector coinciding = mayCoincide(kernel);
  size_t bounds = arguments.size();
  arguments.append(2, builder.getIndexType());
  llvm::append_range(arguments, scratch);
  for (auto &[items, body] : phases) {
    builder.setInsertionPoint(kernel);
    auto function = func::FuncOp::create(builder, kernel.getLoc(), ("phase" + Twine(frame.phases.size())).str(),
                                         builder.getFunctionType(arguments, {}));
    for (size_t i = 0; i < arguments.size(); ++i)
      if (i != bounds && i != bounds + 1 && (i >= coinciding.size() || !coinciding[i]))
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    builder.setInsertionPointToStart(function.addEntryBlock());
    PhaseBuilder phase(*this, function, builder);
    body(phase);
    func::ReturnOp::create(builder, kernel.getLoc());
    frame.phases.push_back(items);
  }
  for (Type piece : workspace)
    frame.workspace.push_back(bytesOf(piece));
  for (Type piece : scratch)
    frame.scratch.push_back(bytesOf(piece));
  kernel.erase();
  return frame;
}

PhaseBuilder::PhaseBuilder(PhasedKernel &kernel, func::FuncOp function, OpBuilder &builder)
    : builder(builder), place(function.getLoc()), kernel(kernel), function(function) {
  size_t bounds = function.getNumArguments() - kernel.scratch.size() - 2;
  begin = function.getArgument(bounds);
  end = function.getArgument(bounds + 1);
}

Value PhaseBuilder::input(unsigned number) { return function.getArgument(number); }
Value PhaseBuilder::output(unsigned number) { return function.getArgument(kernel.kernel.getNumArguments() + number); }
Value PhaseBuilder::piece(Piece piece) {
  size_t first = piece.isScratch ? function.getNumArguments() - kernel.scratch.size()
                                 : kernel.kernel.getNumArguments() + kernel.kernel.getNumResults();
  return function.getArgument(first + piece.number);
}

Value PhaseBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(builder, place, value); }
Value PhaseBuilder::add(Value a, Value b) { return arith::AddIOp::create(builder, place, a, b); }
Value PhaseBuilder::mul(Value a, int64_t b) {
  return b == 1 ? a : arith::MulIOp::create(builder, place, a, index(b)).getResult();
}
Value PhaseBuilder::div(Value a, int64_t b) {
  return b == 1 ? a : arith::DivUIOp::create(builder, place, a, index(b)).getResult();
}
Value PhaseBuilder::rem(Value a, int64_t b) {
  return b == 1 ? index(0) : arith::RemUIOp::create(builder, place, a, index(b)).getResult();
}
Value PhaseBuilder::sub(Value a, Value b) { return arith::SubIOp::create(builder, place, a, b); }
Value PhaseBuilder::least(Value a, Value b) { return arith::MinUIOp::create(builder, place, a, b); }
Value PhaseBuilder::most(Value a, Value b) { return arith::MaxUIOp::create(builder, place, a, b); }
Value PhaseBuilder::isLess(Value a, Value b) {
  return arith::CmpIOp::create(builder, place, arith::CmpIPredicate::ult, a, b);
}

Value PhaseBuilder::load(Value buffer, Value at, Type element) {
  Value value = memref::LoadOp::create(builder, place, buffer, at);
  if (!element.isInteger(1))
    return value;
  Value zero = arith::ConstantOp::create(builder, place, builder.getZeroAttr(value.getType()));
  return arith::CmpIOp::create(builder, place, arith::CmpIPredicate::ne, value, zero);
}

void PhaseBuilder::store(Value value, Value buffer, Value at) {
  if (value.getType().isInteger(1))
    value = arith::ExtUIOp::create(builder, place, builder.getI8Type(), value);
  memref::StoreOp::create(builder, place, value, buffer, at);
}

Value PhaseBuilder::loadVector(Value buffer, Value at, int64_t width) {
  auto type = VectorType::get({width}, cast<MemRefType>(buffer.getType()).getElementType());
  return vector::LoadOp::create(builder, place, type, buffer, at);
}

void PhaseBuilder::storeVector(Value vector, Value buffer, Value at) {
  vector::StoreOp::create(builder, place, vector, buffer, at);
}

void PhaseBuilder::prefetch(Value buffer, Value at, int64_t count) {
  constexpr int64_t bytesOfLine = 64;
  Type element = cast<MemRefType>(buffer.getType()).getElementType();
  loop(0, count, bytesOfLine * 8 / element.getIntOrFloatBitWidth(), [&](Value line) {
    memref::PrefetchOp::create(builder, place, buffer, ValueRange{add(at, line)}, /*isWrite=*/false,
                               /*localityHint=*/3, /*isDataCache=*/true);
  });
}

void PhaseBuilder::fetchLine(Value buffer, Value at, unsigned level) {
  memref::PrefetchOp::create(builder, place, buffer, at, /*isWrite=*/false, /*localityHint=*/4 - level,
                             /*isDataCache=*/true);
}

SmallVector<Value> PhaseBuilder::addProducts(ValueRange sums, Value factor, ValueRange vectors) {
  Value spread = vector::BroadcastOp::create(builder, place, vectors.front().getType(), factor);
  SmallVector<Value> totals;
  for (auto [sum, vector] : llvm::zip_equal(sums, vectors)) {
    // Separate ops with leave to fuse: an ISA without the fused one would call a function for it.
    auto contract = arith::FastMathFlags::contract;
    Value term = arith::MulFOp::create(builder, place, spread, vector, contract);
    totals.push_back(arith::AddFOp::create(builder, place, sum, term, contract));
  }
  return totals;
}

void PhaseBuilder::loop(Value from, Value to, int64_t step, function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(builder, place, from, to, index(step));
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

Operation *PhaseBuilder::writeLoop(Value from, Value to, int64_t step, ValueRange start,
                                   function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  auto loop = scf::ForOp::create(builder, place, from, to, index(step), start);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), loop.getRegionIterArgs());
  if (!next.empty())
    scf::YieldOp::create(builder, place, next);
  return loop;
}

SmallVector<Value> PhaseBuilder::loop(Value from, Value to, int64_t step, ValueRange start,
                                      function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  return SmallVector<Value>(writeLoop(from, to, step, start, body)->getResults());
}

SmallVector<Value> PhaseBuilder::elementLoop(Value from, Value to, ValueRange start,
                                             function_ref<SmallVector<Value>(Value, ValueRange)> body) {
  Operation *loop = writeLoop(from, to, 1, start, body);
  MLIRContext *context = builder.getContext();
  auto unroll = LLVM::LoopUnrollAttr::get(context, builder.getBoolAttr(true), {}, {}, {}, {}, {}, {});
  // An addition takes four cycles.
  auto interleave = LLVM::LoopInterleaveAttr::get(context, builder.getI32IntegerAttr(start.empty() ? 2 : 4));
  loop->setAttr("loop_annotation", LLVM::LoopAnnotationAttr::get(context, {}, {}, interleave, unroll, {}, {}, {}, {},
                                                                 {}, {}, {}, {}, {}, {}, {}));
  return SmallVector<Value>(loop->getResults());
}

void PhaseBuilder::when(Value condition, function_ref<void()> body) {
  auto branch = scf::IfOp::create(builder, place, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToStart(&branch.getThenRegion().front());
  body();
}

} // namespace weft::cpu
