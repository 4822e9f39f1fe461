//===- Recording.h - What a journal says, by places in the program --------===//
//
// A record names its step by a hash of the way to it. The plan knows which ways
// there are, so each record is found again as the forms and calls of the source
// that lead to it. Nothing is evaluated: values are only carried over as JSON.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/frame/RecordBody.h"
#include "runtime/journal/Journal.h"
#include "runtime/plan/Plan.h"
#include "test/reference/workflow/World.h"

#include <functional>
#include <memory>
#include <set>

namespace weft::oracle {

namespace reference = weft::reference::workflow;

/// One attempt of a call, or a person's answer.
struct Answer {
  std::string name; ///< "docs.read"; of models and people the binding's.
  std::optional<reference::Json> value;
  std::optional<reference::Failure> failure;
  std::size_t number = 0; ///< Among all, in the order in which the plan leads to them.
  bool inAgent = false;   ///< An agent with a prompt asked the model.
  source::Location at;    ///< Where the call is written; of an agent's, where that is declared.
  bool inCell = false;    ///< Made in front of the `for` that it stands in, for all items.
};

/// Everything of one run that the reference must be told.
class Recording {
public:
  using LoadBlob = std::function<base::Result<base::Bytes>(const base::Digest &)>;

  /// Reads all records. `agents`: places of agent declarations, "line:column"; calls of models are written there.
  /// Errors: what the bodies are damaged by.
  static base::Result<Recording> read(std::shared_ptr<const plan::Plan> plan,
                                      const std::vector<journal::Record> &records, const LoadBlob &blob,
                                      std::set<std::string> agents);

  std::string entry;
  reference::Json inputs;
  std::map<std::string, std::string> environment;
  std::optional<reference::Json> result;
  std::optional<reference::Failure> failure;
  std::size_t unplaced = 0; ///< Records of steps that no way of the plan leads to.

  using PlaceAndAttempt = std::pair<std::string, std::uint32_t>;
  /// By the text of the place and the attempt; several where copies of one body stand in a block, in program order.
  std::map<PlaceAndAttempt, std::vector<Answer>> answers;
  /// By the same text without calls that were on the way.
  std::map<PlaceAndAttempt, std::vector<const Answer *>> loose;
  std::map<std::string, std::vector<std::uint32_t>> races, votes;
  std::set<std::string> seconds;                   ///< First activations of what is hedged whose second one ended it.
  std::map<std::string, reference::Failure> tries; ///< What ended their bodies, by `textOfTry`.

private:
  class Reader;
};

/// "for 12:3 4/call 13:7". Loose: without the calls on the way.
std::string textOf(const std::vector<reference::Step> &steps, bool loose = false);

/// Of a `try` that stands there: it is no step of a place, so its own place is named behind that of the steps around
/// it.
std::string textOfTry(const std::vector<reference::Step> &steps, source::Location at);

} // namespace weft::oracle
