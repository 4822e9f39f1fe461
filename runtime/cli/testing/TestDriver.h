//===- TestDriver.h - What answers the calls of a test --------------------===//
//
// Mocks first, by the functions that the plan has for them; then recordings;
// `files` and `extractive` as in a run; whatever is left fails, and the test
// with it. What a test asks about its calls is answered here, too.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/agent/Driver.h"
#include "runtime/cli/testing/Recording.h"
#include "runtime/io/Doors.h"
#include "runtime/plan/Plan.h"
#include "runtime/value/Evaluator.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace weft::cli {

/// One attempt that was sent.
struct CallMade {
  std::string path; ///< Of the step, 32 hexadecimal digits.
  std::uint32_t member = 0, attempt = 0;
  std::vector<value::Value> args = {};
};

/// What answers calls that no mock answers. Outlives the test's process: a call that is made again after a crash is
/// answered as before.
struct Replayed {
  std::vector<Recording> recordings;
  /// How often a call with these arguments was made by other attempts.
  std::map<std::pair<std::string, std::string>, std::size_t> times;
  std::map<std::pair<std::string, std::uint32_t>, std::size_t> known; ///< By step and attempt.

  /// What the attempt of the step was answered; null when no recording has the call.
  const RecordedCall *find(const std::string &step, std::uint32_t attempt, const std::string &call,
                           const std::string &arguments);
};

/// Attempts of a test, over all its lives: one that is made again after a crash is the one that it was.
struct Asked {
  struct Attempt {
    std::size_t turn = 0;        ///< How many of the same thing were made before.
    std::int64_t answeredNs = 0; ///< When a slow one answers, of the test's clock; 0: not known yet.
  };
  /// The attempt, which counts from now on if it is not known. `step` is its path.
  Attempt &note(const plan::Plan &plan, std::uint32_t member, const std::string &step, std::uint32_t attempt,
                const std::vector<value::Value> &args);

  std::map<std::pair<std::string, std::uint32_t>, Attempt> attempts; ///< By step and attempt.
  std::map<std::string, std::vector<value::Value>> sent; ///< By what is called, in the order of the attempts.
};

/// What was asked in one life of a test's process.
struct CallLog {
  std::vector<CallMade> calls;
  std::string unanswered; ///< The first call that nothing answered, ready to be shown; empty when there was none.
};

/// Serves all bindings of a plan. Destruction drops what is under way: nobody is called back then.
class TestDriver final : public agent::Driver {
public:
  /// `folder` is the spec's, where relative roots begin; `log`, `replayed` and `asked` outlive the driver.
  TestDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, const plan::Entry &test, std::string folder,
             CallLog &log, Replayed &replayed, Asked &asked);
  ~TestDriver() override;

  void start(agent::CallRequest request, Done done) override;
  void cancel(agent::CallId id) override;

private:
  const plan::Mock *mockOf(std::uint32_t member) const;
  /// `calls(x)`, `arguments(x)`.
  agent::CallOutcome counted(const agent::CallRequest &request);
  void mocked(const plan::Mock &mock, const agent::CallRequest &request, Asked::Attempt &attempt, Done done);
  /// False: no recording has the call.
  bool replay(const agent::CallRequest &request, const Done &done);
  agent::CallOutcome unanswered(const agent::CallRequest &request, const std::string &why);
  void answer(agent::CallOutcome outcome, Done done);
  /// The driver that a run would have; null, and why in `why`, where a test has none.
  agent::Driver *real(std::uint32_t member, std::string &why);

  io::Doors &doors;
  std::shared_ptr<const plan::Plan> plan;
  const plan::Entry &test;
  std::string folder;
  CallLog &log;
  Replayed &replayed;
  Asked &asked;
  value::Evaluator evaluator;
  std::map<std::uint32_t, std::unique_ptr<agent::Driver>> drivers; ///< Made when they are first called.
  std::map<agent::CallId, agent::Driver *> underWay;
  std::shared_ptr<bool> alive = std::make_shared<bool>(true);
};

} // namespace weft::cli
