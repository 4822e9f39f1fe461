//===- Session.h - One client, from initialize to exit --------------------===//
//
// Takes the texts of messages and says what goes back; knows neither file
// descriptors nor clocks, so a test drives it as a client does.
//
//   session.receive(body);                      for each message that came
//   while (session.step()) {}                   until nothing is left to do
//   … wait for input, at most session.waitMs()
//
// Changes are taken in at once and looked at when the queue is empty: typing
// never waits for messages about a text that is gone already.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Features.h"

#include <deque>
#include <set>

namespace weft::server {

class Session {
public:
  struct Options {
    std::string library;                 ///< Folder of the modules of `std`; empty if there is none.
    std::string pages;                   ///< Folder of the explanations of codes; empty if there is none.
    std::function<std::int64_t()> nowMs; ///< Since whenever; never goes back.
  };
  using Send = std::function<void(const json::value &)>;

  Session(Options options, Send send);

  /// Queues a message; one that takes a request back is obeyed at once.
  void receive(std::string_view body);
  /// So much waits to be done that no more should be received before the next step.
  bool full() const { return queuedBytes >= maxQueuedBytes; }
  /// Does the next thing; false if there is nothing to do now.
  bool step();
  /// Until a text is due to be looked at; nothing if none is.
  std::optional<std::int64_t> waitMs() const;

  /// Called while something takes long, to take in what came meanwhile.
  std::function<void()> takeInput;
  /// `exit` came: nothing more is to be done.
  bool ended() const { return over; }
  /// 0 after `shutdown`, 1 without.
  int exitCode() const { return state == State::shutDown ? 0 : 1; }

private:
  enum class State : std::uint8_t { fresh, initialized, shutDown };
  static constexpr std::size_t maxQueuedBytes = std::size_t{64} << 20; ///< One message may have as many.
  struct Message {
    json::value body;
    std::string method;
    std::size_t bytes = 0;
    const json::value *id() const { return at(body, "id"); }
  };

  void handle(const Message &message);
  void watchFiles();
  void notification(const Message &message);
  Answer request(const Message &message);
  Answer initialize(const json::value &params);
  Answer onDocument(const std::string &method, const json::value &params);
  Answer onPlace(const std::string &method, const json::value &params, const std::string &path,
                 const std::shared_ptr<const Analysis> &analysis);
  void reply(const json::value &id, Answer answer);
  void change(const json::value &params);
  void touch(const std::string &path = "");
  void publish(const std::string &path);
  bool cancelled();

  Options options;
  Send send;
  Workspace workspace;
  State state = State::fresh;
  bool over = false;
  bool watches = false; ///< The client can be asked to tell of changes on the disk.
  std::deque<Message> queue;
  std::size_t queuedBytes = 0;
  std::set<std::string> takenBack; ///< Ids of requests, as JSON.
  std::string running;             ///< The id of the request that is being answered.
  std::set<std::string> stale;     ///< Paths of open documents whose messages may not be up to date.
  std::string edited;              ///< The one of them that is looked at first.
  std::map<std::string, std::shared_ptr<const Analysis>> published;
  std::int64_t dueMs = 0;  ///< When they are looked at.
  std::int64_t tookMs = 0; ///< What the last look took.
};

} // namespace weft::server
