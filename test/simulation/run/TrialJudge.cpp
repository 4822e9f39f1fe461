//===- TrialJudge.cpp - A trial before the sequential reference -----------===//

#include "test/simulation/run/Trial.h"

namespace weft::test {
namespace {

/// Of each example, opened once.
oracle::Judge &judgeOf(const Example &example) {
  static std::map<std::string, std::unique_ptr<oracle::Judge>> judges;
  std::unique_ptr<oracle::Judge> &judge = judges[example.name];
  if (!judge) {
    auto opened = oracle::Judge::open(example.spec);
    WEFT_ASSERT(opened);
    judge = *std::move(opened);
  }
  return *judge;
}

} // namespace

oracle::Verdict Trial::judged() const {
  return judgeOf(example).judge(example.plan, records, [&](const base::Digest &digest) -> base::Result<base::Bytes> {
    auto found = blobs.find(digest);
    if (found == blobs.end())
      return base::error(base::Code::notFound, "no blob " + digest.hex());
    return found->second;
  });
}

} // namespace weft::test
