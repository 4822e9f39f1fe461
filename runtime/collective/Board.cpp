//===- Board.cpp - Shared memory of one collective step -------------------===//
//
//   words: verdict, unused, contributed[n], combined[n] · attempts: 2 masks
//   each · contributions · results, one a member, each 64-byte aligned
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
std::uint64_t attemptsBytes() { return aligned(2 * Board::maxAttempts * sizeof(std::uint64_t)); }

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

Attempt Board::attempt(std::uint32_t number) const {
  if (number == 0)
    return {allOf(dimensions.members), allOf(dimensions.members)};
  return {attempts()[2 * number].load(std::memory_order_acquire),
          attempts()[2 * number + 1].load(std::memory_order_acquire)};
}

bool Board::commit(std::uint32_t number) const {
  std::uint32_t expected = number;
  return verdict().compare_exchange_strong(expected, number | committedBit, std::memory_order_acq_rel) ||
         expected == (number | committedBit);
}

bool Board::replace(std::uint32_t number, const Attempt &next) const {
  WEFT_ASSERT(number + 1 < maxAttempts);
  attempts()[2 * (number + 1)].store(next.contributors, std::memory_order_release);
  attempts()[2 * (number + 1) + 1].store(next.owners, std::memory_order_release);
  std::uint32_t expected = number;
  return verdict().compare_exchange_strong(expected, number + 1, std::memory_order_acq_rel);
}

} // namespace weft::collective
