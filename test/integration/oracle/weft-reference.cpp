//===- weft-reference.cpp - One run against the reference -----------------===//
//
// weft-reference SPEC [--dim NAME=SIZE...]
// weft-reference --tests SPEC
//
// Takes the last run in the journal beside SPEC, runs the reference over the
// source with what the journal recorded, and compares. Exit codes: 0 equal,
// 1 different, 2 the reference cannot say.
//
// With --tests, runs the tests of SPEC, which their mocks alone answer. Exit
// codes: 0 all pass, 1 one fails, 2 the reference cannot say.
//
//===----------------------------------------------------------------------===//

#include "runtime/io/AsioRuntime.h"
#include "runtime/io/Command.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanReader.h"
#include "test/integration/oracle/Judge.h"

#include <cstdio>

namespace weft::oracle {
namespace {

constexpr std::uint64_t maxPlanBytes = 256ull << 20;

int cannot(const std::string &why) {
  std::printf("weft-reference: %s\n", why.c_str());
  return 2;
}

/// The last run of the journal: its head and its records.
struct LastRun {
  journal::RunHead head;
  std::vector<journal::Record> records;
};

base::Result<LastRun> lastRun(io::AsioRuntime &runtime, journal::Journal &journal) {
  std::optional<base::Result<std::vector<journal::RunHead>>> heads;
  journal.runs([&](auto read) { heads = std::move(read); });
  runtime.runUntil([&] { return heads.has_value(); });
  if (!heads || !*heads)
    return heads ? std::move(*heads).error() : base::error(base::Code::cancelled, "interrupted");
  if ((*heads)->empty())
    return base::error(base::Code::notFound, "the journal has no run");
  LastRun out;
  out.head = (*heads)->back();
  std::optional<base::Result<std::vector<journal::Record>>> records;
  journal.read(out.head.run, 0, [&](auto read) { records = std::move(read); });
  runtime.runUntil([&] { return records.has_value(); });
  if (!records || !*records)
    return records ? std::move(*records).error() : base::error(base::Code::cancelled, "interrupted");
  out.records = *std::move(*records);
  return out;
}

int tests(const std::string &spec) {
  auto judge = Judge::open(spec, {});
  if (!judge)
    return cannot(judge.error().message);
  int code = 0;
  for (const std::string &title : (*judge)->tests()) {
    try {
      reference::Outcome end = (*judge)->runTest(title);
      std::printf("%s %s\n", end.failure ? "FAILED" : "ok    ",
                  (title + (end.failure ? ": " + end.failure->why : "")).c_str());
      code = std::max(code, end.failure ? 1 : 0);
    } catch (const reference::Unsupported &what) {
      code = cannot(title + ": " + what.what);
    }
  }
  return code;
}

int check(int argc, char **argv) {
  if (argc == 3 && std::string_view(argv[1]) == "--tests")
    return tests(argv[2]);
  if (argc < 2)
    return cannot("usage: weft-reference SPEC [--dim NAME=SIZE...], or weft-reference --tests SPEC");
  std::string spec = argv[1], folder = spec.find('/') == spec.npos ? "." : spec.substr(0, spec.rfind('/'));
  sema::Options options;
  for (int i = 2; i + 1 < argc; i += 2) {
    std::string binding = argv[i + 1];
    options.dims[binding.substr(0, binding.find('='))] = std::stoll(binding.substr(binding.find('=') + 1));
  }
  auto judge = Judge::open(spec, options);
  if (!judge)
    return cannot(judge.error().message);

  io::AsioRuntime runtime;
  auto journal = journal::openSqliteJournal(runtime.doors(), folder + "/.weft/journal");
  if (!journal)
    return cannot(journal.error().message);
  auto last = lastRun(runtime, **journal);
  if (!last)
    return cannot(last.error().message);
  auto bytes =
      io::readWhole(runtime.doors().storage, folder + "/.weft/plans/" + last->head.planDigest.hex(), maxPlanBytes);
  if (!bytes)
    return cannot("the plan of the run: " + bytes.error().message);
  auto plan = plan::readPlan(*std::move(bytes));
  if (!plan)
    return cannot(plan.error().message);
  auto blob = [&](const base::Digest &digest) -> base::Result<base::Bytes> {
    std::optional<base::Result<base::Bytes>> read;
    (*journal)->readBlob(digest, [&](base::Result<base::Bytes> done) { read = std::move(done); });
    runtime.runUntil([&] { return read.has_value(); });
    return read ? std::move(*read) : base::error(base::Code::cancelled, "interrupted");
  };
  Verdict verdict = (*judge)->judge(*plan, last->records, blob);
  switch (verdict.kind) {
  case Verdict::Kind::equal:
    std::printf("equal: %s\n", verdict.text.c_str());
    return 0;
  case Verdict::Kind::different:
    std::printf("different: %s\n", verdict.text.c_str());
    return 1;
  case Verdict::Kind::cannotSay:
    return cannot(verdict.text);
  }
  WEFT_UNREACHABLE();
}

} // namespace
} // namespace weft::oracle

int main(int argc, char **argv) { return weft::oracle::check(argc, argv); }
