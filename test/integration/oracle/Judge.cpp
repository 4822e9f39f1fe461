//===- Judge.cpp - One run against the reference --------------------------===//

#include "test/integration/oracle/Judge.h"

#include "lang/diagnostics/Render.h"
#include "test/integration/oracle/Compare.h"
#include "test/integration/oracle/RecordedWorld.h"
#include "test/reference/workflow/Tensors.h"

#include <fstream>
#include <sstream>

namespace weft::oracle {
namespace {

std::optional<std::string> textOfFile(const std::string &path) {
  std::ifstream file(path);
  if (!file)
    return std::nullopt;
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string shown(const reference::Failure &failure) {
  return std::string(sema::failureKinds[static_cast<std::size_t>(failure.kind)]) + ": " + failure.why;
}

/// Kinds must agree; texts where the program or a provider wrote them.
Verdict compareFailures(const Recording &run, const reference::Outcome &wanted) {
  if (run.failure && wanted.failure && run.failure->kind == wanted.failure->kind &&
      (!wanted.failure->said || run.failure->why == wanted.failure->why))
    return {Verdict::Kind::equal, "both fail, " + shown(*run.failure)};
  auto side = [](const auto &failure, const auto &result) {
    return failure ? "failed, " + shown(*failure) : result ? "gave " + text(*result).substr(0, 400) : "did not end";
  };
  return {Verdict::Kind::different, "\n  the run       " + side(run.failure, run.result) + "\n  the reference " +
                                        side(wanted.failure, wanted.result)};
}

} // namespace

base::Result<std::unique_ptr<Judge>> Judge::open(const std::string &spec, const sema::Options &options) {
  std::string folder = spec.find('/') == spec.npos ? "." : spec.substr(0, spec.rfind('/'));
  std::optional<std::string> source = textOfFile(spec);
  if (!source)
    return base::error(base::Code::notFound, "there is no file " + spec);
  auto judge = std::make_unique<Judge>();
  judge->spec = spec;
  diagnostics::DiagnosticEngine engine;
  source::FileId root = judge->sources.add(spec, *source).id();
  judge->program = sema::check(
      judge->sources, root, engine, [&](const std::string &name) { return textOfFile(folder + "/" + name); }, options);
  if (engine.hasErrors())
    return base::error(base::Code::invalid, diagnostics::renderText(engine, judge->sources));
  for (const auto &module : judge->program->modules)
    for (const sema::Symbol *symbol : module->declared)
      if (symbol->agent) {
        source::Location at = judge->sources.file(symbol->span.file).location(symbol->span.begin);
        judge->agents.insert(std::to_string(at.line) + ":" + std::to_string(at.column));
      }
  return judge;
}

Verdict Judge::judge(std::shared_ptr<const plan::Plan> plan, const std::vector<journal::Record> &records,
                     const Recording::LoadBlob &blob) {
  auto recording = Recording::read(std::move(plan), records, blob, agents);
  if (!recording)
    return {Verdict::Kind::cannotSay, recording.error().message};
  return compare(*recording);
}

std::vector<std::string> Judge::tests() const {
  std::vector<std::string> titles;
  for (const sema::TestInfo &test : program->tests)
    titles.push_back(test.decl->title->plainText());
  return titles;
}

reference::Outcome Judge::runTest(const std::string &title) {
  reference::ScriptedWorld nothing;
  return reference::Interpreter(sources, *program, nothing).runTest(title);
}

Verdict Judge::compare(const Recording &recording) {
  RecordedWorld world(recording, [&](const sema::Symbol *fn, const reference::Values &arguments) {
    return reference::tensorCall(*program, fn, arguments);
  });
  try {
    reference::Outcome wanted = reference::Interpreter(sources, *program, world).run(recording.entry, recording.inputs);
    if (!recording.result || !wanted.result)
      return compareFailures(recording, wanted);
    if (std::string found = difference(*recording.result, *wanted.result, world.usedTensors); !found.empty())
      return {Verdict::Kind::different, found};
    return {Verdict::Kind::equal, std::to_string(world.answered) + " recorded answers asked for"};
  } catch (const reference::Unsupported &what) {
    source::Location at = sources.file(what.span.file).location(what.span.begin);
    return {Verdict::Kind::cannotSay,
            spec + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + what.what};
  }
}

} // namespace weft::oracle
