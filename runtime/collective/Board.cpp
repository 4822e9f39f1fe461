//===- Board.cpp - Shared memory of one collective step -------------------===//
//
//   verdict (64 bits) · words: contributed[n], combined[n] · attempts: use and
//   2 masks each · contributions · results, one a member, each 64-byte aligned
//
//===----------------------------------------------------------------------===//

#include "runtime/collective/Board.h"

namespace weft::collective {
namespace {

constexpr std::uint64_t lineBytes = 64;

std::uint64_t aligned(std::uint64_t bytes) { return (bytes + lineBytes - 1) / lineBytes * lineBytes; }

std::uint64_t wordsBytes(std::uint32_t members) {
  return aligned((2 + 2 * std::uint64_t(members)) * sizeof(std::uint32_t));
}
std::uint64_t attemptsBytes() { return aligned(3 * Board::maxAttempts * sizeof(std::uint64_t)); }

// Bits of the verdict: attempt 0-7, previous 8-15, committed 16, use 32-63.
constexpr std::uint64_t committedBit = 1U << 16;
static_assert(Board::maxAttempts <= 1U << Combined::attemptBits);

static_assert(std::atomic<std::uint32_t>::is_always_lock_free && std::atomic<std::uint64_t>::is_always_lock_free);

} // namespace

std::uint64_t Board::sizeBytes(const BoardShape &shape) {
  return wordsBytes(shape.members) + attemptsBytes() +
         shape.members * (aligned(shape.contributionBytes) + aligned(shape.resultBytes));
}

Board::Board(base::MutableBytes memory, const BoardShape &shape)
    : memory(memory), dimensions(shape), words(reinterpret_cast<std::atomic<std::uint32_t> *>(memory.data())) {
  WEFT_ASSERT(shape.members >= 1 && shape.members <= maxMembers && memory.size() >= sizeBytes(shape));
}

std::atomic<std::uint64_t> *Board::attempts() const {
  return reinterpret_cast<std::atomic<std::uint64_t> *>(memory.data() + wordsBytes(dimensions.members));
}

base::MutableBytes Board::contribution(std::uint32_t member) const {
  WEFT_ASSERT(member < dimensions.members);
  std::uint64_t at = wordsBytes(dimensions.members) + attemptsBytes() + member * aligned(dimensions.contributionBytes);
  return memory.subspan(at, dimensions.contributionBytes);
}

base::MutableBytes Board::result(std::uint32_t owner) const {
  WEFT_ASSERT(owner < dimensions.members);
  std::uint64_t at = wordsBytes(dimensions.members) + attemptsBytes() +
                     dimensions.members * aligned(dimensions.contributionBytes) +
                     owner * aligned(dimensions.resultBytes);
  return memory.subspan(at, dimensions.resultBytes);
}

Verdict Verdict::of(std::uint64_t word) {
  return {static_cast<std::uint32_t>(word >> 32), static_cast<std::uint32_t>(word & 0xff),
          static_cast<std::uint32_t>(word >> 8 & 0xff), (word & committedBit) != 0};
}

std::uint64_t Verdict::word() const {
  return std::uint64_t(use) << 32 | (committed ? committedBit : 0) | previous << 8 | attempt;
}

std::atomic<std::uint64_t> &Board::verdictWord() const {
  return *reinterpret_cast<std::atomic<std::uint64_t> *>(memory.data());
}

Verdict Board::verdict() const { return Verdict::of(verdictWord().load(std::memory_order_acquire)); }

Attempt Board::attempt(std::uint32_t number, std::uint32_t use) const {
  if (number == 0)
    return {allOf(dimensions.members), allOf(dimensions.members)};
  const std::atomic<std::uint64_t> *entry = attempts() + 3 * number;
  Members owners = entry[2].load(std::memory_order_acquire);
  bool madeNow = entry[0].load(std::memory_order_acquire) == use;
  return {madeNow ? entry[1].load(std::memory_order_acquire) : owners, owners};
}

void Board::open(std::uint32_t use) const {
  WEFT_ASSERT(use > 0);
  for (Verdict now = verdict(); now.use == use - 1;) {
    WEFT_ASSERT(now.committed); // whoever opens a use has the result of the one before
    std::uint64_t expected = now.word();
    if (verdictWord().compare_exchange_strong(expected, Verdict{use, now.attempt, now.attempt, false}.word(),
                                              std::memory_order_acq_rel))
      return;
    now = Verdict::of(expected);
  }
}

bool Board::commit(std::uint32_t use, std::uint32_t number) const {
  for (Verdict now = verdict(); now.use == use && now.attempt == number;) {
    if (now.committed)
      return true;
    std::uint64_t expected = now.word();
    now.committed = true;
    if (verdictWord().compare_exchange_strong(expected, now.word(), std::memory_order_acq_rel))
      return true;
    now = Verdict::of(expected);
  }
  return false;
}

void Board::leave(std::uint32_t member, std::uint32_t pieces) const {
  const Members self = Members(1) << member;
  std::uint64_t expected = verdictWord().load(std::memory_order_acquire);
  for (;;) {
    Verdict now = Verdict::of(expected), next = now;
    if (now.committed)
      next = {now.use + 1, now.attempt, now.attempt, false};
    Attempt settled = attempt(now.attempt, next.use);
    if (Contributed::of(contributed(member).load(std::memory_order_acquire)).in(next.use) < pieces)
      settled.contributors &= ~self;
    settled.owners &= ~self;
    if (settled.contributors == 0 || settled.owners == 0)
      return;
    ++next.attempt;
    WEFT_ASSERT(next.attempt < maxAttempts);
    std::atomic<std::uint64_t> *entry = attempts() + 3 * next.attempt;
    entry[0].store(next.use, std::memory_order_release);
    entry[1].store(settled.contributors, std::memory_order_release);
    entry[2].store(settled.owners, std::memory_order_release);
    if (verdictWord().compare_exchange_strong(expected, next.word(), std::memory_order_acq_rel))
      return;
  }
}

} // namespace weft::collective
