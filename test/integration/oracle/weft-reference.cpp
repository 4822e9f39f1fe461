//===- weft-reference.cpp - One run against the reference -----------------===//
//
// weft-reference SPEC [--dim NAME=SIZE...]
//
// Takes the last run in the journal beside SPEC, runs the reference over the
// source with what the journal recorded, and compares. Exit codes: 0 equal,
// 1 different, 2 the reference cannot say.
//
//===----------------------------------------------------------------------===//

#include "lang/diagnostics/Render.h"
#include "lang/sema/Check.h"
#include "runtime/io/AsioRuntime.h"
#include "runtime/io/Command.h"
#include "runtime/journal/sqlite/SqliteJournal.h"
#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanReader.h"
#include "test/integration/oracle/Compare.h"
#include "test/integration/oracle/RecordedWorld.h"
#include "test/reference/workflow/Interpreter.h"
#include "test/reference/workflow/Tensors.h"

#include <cstdio>
#include <fstream>
#include <sstream>

namespace weft::oracle {
namespace {

constexpr std::uint64_t maxPlanBytes = 256ull << 20;

int cannot(const std::string &why) {
  std::printf("weft-reference: %s\n", why.c_str());
  return 2;
}

std::optional<std::string> textOfFile(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    return std::nullopt;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
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

std::string shown(const reference::Failure &failure) {
  return std::string(sema::failureKinds[static_cast<std::size_t>(failure.kind)]) + ": " + failure.why;
}

/// Kinds must agree; texts where the program or a provider wrote them.
int compareFailures(const Recording &run, const reference::Outcome &wanted) {
  if (run.failure && wanted.failure && run.failure->kind == wanted.failure->kind &&
      (!wanted.failure->said || run.failure->why == wanted.failure->why)) {
    std::printf("equal: both fail, %s\n", shown(*run.failure).c_str());
    return 0;
  }
  auto side = [](const auto &failure, const auto &result) {
    return failure ? "failed, " + shown(*failure) : result ? "gave " + text(*result).substr(0, 400) : "did not end";
  };
  std::printf("different:\n  the run       %s\n  the reference %s\n", side(run.failure, run.result).c_str(),
              side(wanted.failure, wanted.result).c_str());
  return 1;
}

int check(int argc, char **argv) {
  if (argc < 2)
    return cannot("usage: weft-reference SPEC [--dim NAME=SIZE...]");
  std::string spec = argv[1], folder = spec.find('/') == spec.npos ? "." : spec.substr(0, spec.rfind('/'));
  sema::Options options;
  for (int i = 2; i + 1 < argc; i += 2) {
    std::string binding = argv[i + 1];
    options.dims[binding.substr(0, binding.find('='))] = std::stoll(binding.substr(binding.find('=') + 1));
  }
  std::optional<std::string> source = textOfFile(spec);
  if (!source)
    return cannot("there is no file " + spec);
  source::Sources sources;
  diagnostics::DiagnosticEngine engine;
  source::FileId root = sources.add(spec, *source).id();
  auto checked = sema::check(
      sources, root, engine, [&](const std::string &name) { return textOfFile(folder + "/" + name); }, options);
  if (engine.hasErrors())
    return cannot(diagnostics::renderText(engine, sources));
  std::set<std::string> agents;
  for (const auto &module : checked->modules)
    for (const sema::Symbol *symbol : module->declared)
      if (symbol->agent) {
        source::Location at = sources.file(symbol->span.file).location(symbol->span.begin);
        agents.insert(std::to_string(at.line) + ":" + std::to_string(at.column));
      }

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
  auto recording = Recording::read(*plan, last->records, blob, std::move(agents));
  if (!recording)
    return cannot(recording.error().message);

  RecordedWorld world(*recording, [&](const sema::Symbol *fn, const reference::Values &arguments) {
    return reference::tensorCall(*checked, fn, arguments);
  });
  try {
    reference::Outcome wanted =
        reference::Interpreter(sources, *checked, world).run(recording->entry, recording->inputs);
    if (!recording->result || !wanted.result)
      return compareFailures(*recording, wanted);
    if (std::string found = difference(*recording->result, *wanted.result, world.usedTensors); !found.empty()) {
      std::printf("different: %s\n", found.c_str());
      return 1;
    }
    std::printf("equal: %zu recorded answers asked for\n", world.answered);
    return 0;
  } catch (const reference::Unsupported &what) {
    source::Location at = sources.file(what.span.file).location(what.span.begin);
    return cannot(spec + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what.what);
  }
}

} // namespace
} // namespace weft::oracle

int main(int argc, char **argv) { return weft::oracle::check(argc, argv); }
