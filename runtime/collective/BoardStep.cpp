//===- BoardStep.cpp - One member's way through a collective step ---------===//

#include "runtime/collective/BoardStep.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace weft::collective {
namespace {

bool has(Members set, std::uint32_t member) { return set >> member & 1; }

void copy(base::MutableBytes to, base::ConstBytes from) {
  if (!from.empty())
    std::memcpy(to.data(), from.data(), from.size());
}

} // namespace

std::uint64_t StepSpec::outputBytes() const {
  switch (kind) {
  case StepKind::allReduce:
    return inputBytes;
  case StepKind::reduceScatter:
    return inputBytes / members;
  case StepKind::allGather:
    return inputBytes * members;
  }
  WEFT_UNREACHABLE();
}

BoardShape StepSpec::board() const { return {members, inputBytes, kind == StepKind::allGather ? 0 : inputBytes}; }

std::uint32_t StepSpec::pieces() const {
  return static_cast<std::uint32_t>((inputBytes + pieceBytes - 1) / pieceBytes);
}

BoardStep::BoardStep(const StepSpec &spec, Board board, std::uint32_t member, base::ConstBytes input,
                     base::MutableBytes output, std::uint32_t use)
    : spec(spec), board(board), self(member), use(use), input(input), output(output) {
  WEFT_ASSERT(member < spec.members && input.size() == spec.inputBytes && output.size() == spec.outputBytes());
  WEFT_ASSERT(spec.pieceBytes > 0 && spec.pieceBytes % 64 == 0 && spec.pieces() <= maxPieces);
}

Progress BoardStep::advance() {
  switch (phase) {
  case Phase::contribute:
    return contribute();
  case Phase::combine:
    return combine();
  case Phase::commit:
    return commit();
  case Phase::collect:
    return collect();
  case Phase::done:
    return {Progress::Kind::done, nullptr, 0};
  }
  WEFT_UNREACHABLE();
}

std::uint32_t BoardStep::piecesOf(std::uint64_t bytes) const {
  return static_cast<std::uint32_t>((bytes + spec.pieceBytes - 1) / spec.pieceBytes);
}

Progress BoardStep::contribute() {
  std::atomic<std::uint32_t> &word = board.contributed(self);
  // Only this slot writes it. A member that returns to its slot goes on where the slot was.
  std::uint32_t written = Contributed::of(word.load(std::memory_order_relaxed)).in(use);
  if (written < spec.pieces()) {
    std::uint64_t from = std::uint64_t(written) * spec.pieceBytes;
    std::uint64_t count = std::min<std::uint64_t>(spec.pieceBytes, spec.inputBytes - from);
    copy(board.contribution(self).subspan(from, count), input.subspan(from, count));
    word.store(Contributed{use, written + 1}.word(), std::memory_order_release);
    return {Progress::Kind::more, &word, 0};
  }
  if (use > 0)
    board.open(use);
  return begin();
}

/// With the attempt in force, or straight to the result when this use is settled and the next one open.
Progress BoardStep::begin() {
  Verdict verdict = board.verdict();
  if (verdict.use != use) {
    WEFT_ASSERT(verdict.use == use + 1); // nobody is two uses ahead of who has not collected
    return collectFrom(verdict.previous);
  }
  attempt = verdict.attempt;
  settled = board.attempt(attempt, use);
  phase = Phase::combine;
  // A member that returns to its slot goes on with what the slot has combined in this attempt.
  combinedPieces = Combined{use, attempt}.in(board.combined(self).load(std::memory_order_acquire));
  return {};
}

Progress BoardStep::collectFrom(std::uint32_t committed) {
  attempt = committed;
  settled = board.attempt(attempt, use);
  phase = Phase::collect;
  collected = 0;
  return {Progress::Kind::more, &board.bell(), 0};
}

/// Owners share the elements evenly, in slot order; reduceScatter fixes them to the slots.
std::uint64_t BoardStep::shardBegin(std::uint32_t owner) const {
  std::uint64_t size = base::sizeOf(spec.type), elements = spec.inputBytes / size;
  if (spec.kind == StepKind::reduceScatter)
    return elements / spec.members * owner * size;
  std::uint64_t rank = std::popcount(settled.owners & allOf(owner)), count = std::popcount(settled.owners);
  if (owner == 0)
    rank = 0;
  return elements / count * rank * size + std::min<std::uint64_t>(rank, elements % count) * size;
}

std::uint64_t BoardStep::shardEnd(std::uint32_t owner) const {
  std::uint64_t size = base::sizeOf(spec.type), elements = spec.inputBytes / size;
  if (spec.kind == StepKind::reduceScatter)
    return shardBegin(owner) + elements / spec.members * size;
  std::uint64_t rank = owner == 0 ? 0 : std::popcount(settled.owners & allOf(owner)),
                count = std::popcount(settled.owners);
  return shardBegin(owner) + (elements / count + (rank < elements % count ? 1 : 0)) * size;
}

std::uint32_t BoardStep::piecesIn(std::uint32_t contributed) const {
  auto word = Contributed::of(contributed);
  return spec.sabotage.reuseBoardEarly ? word.pieces : word.in(use);
}

Progress BoardStep::combine() {
  if (Verdict verdict = board.verdict(); verdict.use != use || verdict.attempt != attempt)
    return begin();
  std::uint64_t begin = shardBegin(self), end = shardEnd(self);
  bool owner = spec.kind != StepKind::allGather && has(settled.owners, self);
  if (!owner || combinedPieces == piecesOf(end - begin)) {
    phase = Phase::commit;
    std::atomic<std::uint32_t> &word = board.combined(self);
    word.store(Combined{use, attempt, combinedPieces}.word(), std::memory_order_release);
    return {Progress::Kind::more, &word, 0};
  }
  std::uint64_t from = begin + std::uint64_t(combinedPieces) * spec.pieceBytes;
  std::uint64_t count = std::min<std::uint64_t>(spec.pieceBytes, end - from);
  std::uint32_t wanted = piecesOf(from + count);
  for (std::uint32_t member = 0; member < spec.members; ++member) {
    std::uint32_t seen = board.contributed(member).load(std::memory_order_acquire);
    if (has(settled.contributors, member) && piecesIn(seen) < wanted)
      return {Progress::Kind::wait, &board.contributed(member), seen};
  }
  base::MutableBytes into = board.result(self).subspan(from, count);
  bool first = true;
  for (std::uint32_t member = 0; member < spec.members; ++member) {
    if (!has(settled.contributors, member))
      continue;
    base::ConstBytes piece = board.contribution(member).subspan(from, count);
    if (first)
      copy(into, piece);
    else
      collective::combine(spec.reduce, spec.type, into, piece);
    first = false;
  }
  ++combinedPieces;
  std::atomic<std::uint32_t> &word = board.combined(self);
  word.store(Combined{use, attempt, combinedPieces}.word(), std::memory_order_release);
  return {Progress::Kind::more, &word, 0};
}

Progress BoardStep::commit() {
  Verdict verdict = board.verdict();
  if (verdict.use != use || verdict.attempt != attempt)
    return begin();
  if (!verdict.committed) {
    for (std::uint32_t member = 0; member < spec.members; ++member) {
      if (spec.kind == StepKind::allGather) {
        std::uint32_t seen = board.contributed(member).load(std::memory_order_acquire);
        if (has(settled.contributors, member) && piecesIn(seen) < spec.pieces())
          return {Progress::Kind::wait, &board.contributed(member), seen};
      } else if (has(settled.owners, member)) {
        std::uint32_t seen = board.combined(member).load(std::memory_order_acquire);
        if (seen != Combined{use, attempt, piecesOf(shardEnd(member) - shardBegin(member))}.word())
          return {Progress::Kind::wait, &board.combined(member), seen};
      }
    }
    if (!board.commit(use, attempt))
      return {}; // the coordinator was first: its attempt is in force
  }
  return collectFrom(attempt);
}

Progress BoardStep::collect() {
  std::uint64_t count = std::min<std::uint64_t>(spec.pieceBytes, output.size() - collected);
  base::MutableBytes into = output.subspan(collected, count);
  if (spec.kind == StepKind::allGather) {
    // Inputs follow each other; a piece may begin in one and end in the next.
    for (std::uint64_t done = 0; done < count;) {
      std::uint64_t at = collected + done, within = at % spec.inputBytes;
      std::uint64_t part = std::min(count - done, spec.inputBytes - within);
      copy(into.subspan(done, part),
           board.contribution(static_cast<std::uint32_t>(at / spec.inputBytes)).subspan(within, part));
      done += part;
    }
  } else {
    std::uint64_t from = (spec.kind == StepKind::reduceScatter ? shardBegin(self) : 0) + collected;
    for (std::uint32_t owner = 0; owner < spec.members; ++owner) {
      if (!has(settled.owners, owner))
        continue;
      std::uint64_t begin = std::max(from, shardBegin(owner)), end = std::min(from + count, shardEnd(owner));
      if (begin < end)
        copy(into.subspan(begin - from, end - begin), board.result(owner).subspan(begin, end - begin));
    }
  }
  collected += count;
  if (collected < output.size())
    return {};
  phase = Phase::done;
  return {Progress::Kind::done, nullptr, 0};
}

} // namespace weft::collective
