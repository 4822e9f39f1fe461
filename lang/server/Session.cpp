//===- Session.cpp - One client, from initialize to exit ------------------===//

#include "lang/server/Session.h"

#include <algorithm>

namespace weft::server {
namespace {

/// A look that takes longer than this waits until typing pauses for as long as it takes.
constexpr std::int64_t quickMs = 60;
constexpr std::int64_t longestPauseMs = 500;

json::value errorOf(int code, const std::string &message) { return {{"code", code}, {"message", message}}; }

json::value capabilities(Encoding encoding) {
  json::object folderChanges{{"supported", true}, {"changeNotifications", true}};
  json::object semanticTokens{{"legend", semanticLegend()}, {"full", true}, {"range", true}};
  return json::object{{"positionEncoding", nameOf(encoding)},
                      {"textDocumentSync", {{"openClose", true}, {"change", 2}, {"save", true}}},
                      {"hoverProvider", true},
                      {"definitionProvider", true},
                      {"referencesProvider", true},
                      {"documentHighlightProvider", true},
                      {"documentSymbolProvider", true},
                      {"documentFormattingProvider", true},
                      {"inlayHintProvider", true},
                      {"workspaceSymbolProvider", true},
                      {"workspace", json::object{{"workspaceFolders", folderChanges}}},
                      {"semanticTokensProvider", semanticTokens},
                      {"renameProvider", json::object{{"prepareProvider", true}}},
                      {"codeActionProvider", json::object{{"codeActionKinds", json::array{"quickfix"}}}},
                      {"completionProvider", json::object{{"triggerCharacters", json::array{".", "/"}}}},
                      {"signatureHelpProvider", json::object{{"triggerCharacters", json::array{"(", ","}}}}};
}

} // namespace

Session::Session(Options options, Send send)
    : options(options), send(std::move(send)), workspace(std::move(options.library)) {}

void Session::receive(std::string_view body) {
  boost::system::error_code error;
  json::parse_options reading;
  reading.max_depth = 256; // More than any message has; the text of a document is one string.
  json::value parsed = json::parse(std::string(body), error, {}, reading);
  const json::object *object = error ? nullptr : parsed.if_object();
  if (!object) {
    reply(nullptr, Refusal{error ? Refusal::parseError : Refusal::invalidRequest,
                           error ? "this is no JSON: " + error.message() : "a message is one JSON object"});
    return;
  }
  std::optional<std::string> method = textAt(parsed, "method");
  if (!method) {
    if (!object->contains("result") && !object->contains("error")) // An answer to a request: none is made.
      reply(object->contains("id") ? object->at("id") : json::value(nullptr),
            Refusal{Refusal::invalidRequest, "a message has a `method`"});
    return;
  }
  if (*method == "$/cancelRequest") {
    const json::value *id = at(parsed, "params.id");
    std::string text = id ? json::serialize(*id) : "";
    bool known = text == running && !running.empty();
    for (const Message &message : queue)
      known |= message.id() && json::serialize(*message.id()) == text;
    if (known)
      takenBack.insert(text);
    return;
  }
  queuedBytes += body.size();
  queue.push_back({std::move(parsed), std::move(*method), body.size()});
}

bool Session::step() {
  if (over)
    return false;
  if (!queue.empty()) {
    Message message = std::move(queue.front());
    queue.pop_front();
    queuedBytes -= message.bytes;
    handle(message);
    return true;
  }
  if (stale.empty() || options.nowMs() < dueMs)
    return false;
  std::string path = stale.contains(edited) ? edited : *stale.begin();
  stale.erase(path);
  publish(path);
  return true;
}

std::optional<std::int64_t> Session::waitMs() const {
  return stale.empty() ? std::nullopt : std::optional(std::max<std::int64_t>(0, dueMs - options.nowMs()));
}

bool Session::cancelled() {
  if (takeInput)
    takeInput();
  return takenBack.contains(running);
}

void Session::reply(const json::value &id, Answer answer) {
  json::object message{{"jsonrpc", "2.0"}, {"id", id}};
  if (auto *refusal = std::get_if<Refusal>(&answer))
    message["error"] = errorOf(refusal->code, refusal->message);
  else
    message["result"] = std::move(std::get<json::value>(answer));
  send(message);
}

void Session::handle(const Message &message) {
  const json::value *id = message.id();
  if (!id) {
    notification(message);
    return;
  }
  running = json::serialize(*id);
  Answer answer = takenBack.contains(running) ? Answer(Refusal{Refusal::cancelled, "taken back"}) : request(message);
  takenBack.erase(running);
  running.clear();
  reply(*id, std::move(answer));
}

void Session::notification(const Message &message) {
  const std::string &method = message.method;
  const json::value params = at(message.body, "params") ? *at(message.body, "params") : json::value(nullptr);
  if (method == "exit") {
    over = true;
    return;
  }
  if (state != State::initialized)
    return; // As the protocol asks: dropped.
  if (method == "initialized") {
    watchFiles();
    return;
  }
  std::string path = pathOf(textAt(params, "textDocument.uri").value_or(""));
  if (method == "textDocument/didOpen") {
    std::optional<std::string> uri = textAt(params, "textDocument.uri"), text = textAt(params, "textDocument.text");
    if (!uri || !text)
      return;
    workspace.documents.open(*uri, std::move(*text), numberAt(params, "textDocument.version").value_or(0));
    touch(path);
  } else if (method == "textDocument/didChange") {
    change(params);
  } else if (method == "textDocument/didClose") {
    const Document *document = workspace.documents.find(path);
    if (!document)
      return;
    json::object empty{{"uri", document->uri}, {"diagnostics", json::array{}}};
    workspace.documents.close(path);
    stale.erase(path);
    published.erase(path);
    send({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", empty}});
    touch();
  } else if (method == "textDocument/didSave" || method == "workspace/didChangeWatchedFiles") {
    touch();
  } else if (method == "workspace/didChangeWorkspaceFolders") {
    auto &folders = workspace.folders;
    if (const json::array *gone = listAt(params, "event.removed"))
      for (const json::value &one : *gone)
        std::erase(folders, pathOf(textAt(one, "uri").value_or("")));
    if (const json::array *come = listAt(params, "event.added"))
      for (const json::value &one : *come)
        folders.push_back(pathOf(textAt(one, "uri").value_or("")));
  }
}

/// Modules that are not open change on the disk, and a client tells of that only if it is asked to.
void Session::watchFiles() {
  if (!watches)
    return;
  json::object options{{"watchers", json::array{json::value(json::object{{"globPattern", "**/*.weft"}})}}};
  json::object watch{{"id", "specs"}, {"method", "workspace/didChangeWatchedFiles"}, {"registerOptions", options}};
  send({{"jsonrpc", "2.0"},
        {"id", "watch"},
        {"method", "client/registerCapability"},
        {"params", json::object{{"registrations", json::array{json::value(watch)}}}}});
}

/// Any of them may use what changed; what did not change is known, and costs nothing.
void Session::touch(const std::string &path) {
  for (const auto &[each, document] : workspace.documents.all())
    stale.insert(each);
  edited = path;
  dueMs = options.nowMs() + (tookMs > quickMs ? std::min(tookMs, longestPauseMs) : 0);
}

void Session::change(const json::value &params) {
  std::string path = pathOf(textAt(params, "textDocument.uri").value_or(""));
  const json::array *changes = listAt(params, "contentChanges");
  if (!changes || !workspace.documents.find(path))
    return;
  bool sound = true;
  for (const json::value &one : *changes)
    sound &= workspace.documents.change(path, one);
  workspace.documents.setVersion(path, numberAt(params, "textDocument.version").value_or(0));
  if (!sound)
    send({{"jsonrpc", "2.0"},
          {"method", "window/logMessage"},
          {"params", {{"type", 1}, {"message", "a change of " + path + " has neither a range nor a text"}}}});
  touch(path);
}

void Session::publish(const std::string &path) {
  const Document *document = workspace.documents.find(path);
  std::int64_t began = options.nowMs();
  std::shared_ptr<const Analysis> analysis = document ? workspace.analyse(path) : nullptr;
  if (!analysis || published[path] == analysis)
    return;
  tookMs = options.nowMs() - began;
  published[path] = analysis;
  json::object params{
      {"uri", document->uri}, {"version", document->version}, {"diagnostics", diagnosticsOf(*analysis, options.pages)}};
  send({{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", std::move(params)}});
}

Answer Session::request(const Message &message) {
  const json::value params = at(message.body, "params") ? *at(message.body, "params") : json::value(nullptr);
  if (message.method == "initialize")
    return state == State::fresh ? initialize(params)
                                 : Answer(Refusal{Refusal::invalidRequest, "`initialize` came before"});
  if (state == State::fresh)
    return Refusal{Refusal::notInitialized, "the first message is `initialize`"};
  if (state == State::shutDown)
    return Refusal{Refusal::invalidRequest, "`shutdown` came before: only `exit` may follow"};
  if (message.method == "shutdown") {
    state = State::shutDown;
    return json::value(nullptr);
  }
  return onDocument(message.method, params);
}

Answer Session::initialize(const json::value &params) {
  state = State::initialized;
  if (const json::array *known = listAt(params, "capabilities.general.positionEncodings"))
    // Bytes are what is at hand; code units are the common ground.
    for (Encoding one : {Encoding::utf32, Encoding::utf16, Encoding::utf8})
      if (std::any_of(known->begin(), known->end(),
                      [&](const json::value &name) { return textAt(name, "") == nameOf(one); }))
        workspace.documents.encoding = one;
  watches = flagAt(params, "capabilities.workspace.didChangeWatchedFiles.dynamicRegistration", false);
  if (const json::array *folders = listAt(params, "workspaceFolders"))
    for (const json::value &one : *folders)
      workspace.folders.push_back(pathOf(textAt(one, "uri").value_or("")));
  else if (std::optional<std::string> root = textAt(params, "rootUri"))
    workspace.folders.push_back(pathOf(*root));
  return json::object{{"capabilities", capabilities(workspace.documents.encoding)},
                      {"serverInfo", json::object{{"name", "weft"}}}};
}

Answer Session::onDocument(const std::string &method, const json::value &params) {
  static const std::set<std::string_view> known = {"textDocument/semanticTokens/full",
                                                   "textDocument/semanticTokens/range",
                                                   "textDocument/hover",
                                                   "textDocument/definition",
                                                   "textDocument/references",
                                                   "textDocument/completion",
                                                   "textDocument/formatting",
                                                   "textDocument/documentHighlight",
                                                   "textDocument/documentSymbol",
                                                   "textDocument/inlayHint",
                                                   "textDocument/rename",
                                                   "textDocument/prepareRename",
                                                   "textDocument/signatureHelp",
                                                   "textDocument/codeAction"};
  if (method == "workspace/symbol")
    return workspaceSymbols(workspace, textAt(params, "query").value_or(""), [this] { return cancelled(); });
  if (!known.contains(method))
    return Refusal{Refusal::methodNotFound, "there is no method `" + method + "`"};
  std::optional<std::string> uri = textAt(params, "textDocument.uri");
  if (!uri)
    return Refusal{Refusal::invalidParams, "`" + method + "` needs textDocument.uri"};
  std::string path = pathOf(*uri);
  if (method == "textDocument/formatting")
    return formatting(workspace, path);
  bool probes = method == "textDocument/completion" || method == "textDocument/signatureHelp";
  std::shared_ptr<const Analysis> analysis = probes ? nullptr : workspace.analyse(path);
  if (!probes && !analysis)
    return Refusal{Refusal::invalidParams, "there is no text of " + path};
  if (method == "textDocument/documentSymbol")
    return documentSymbols(*analysis);
  if (method == "textDocument/semanticTokens/full")
    return semanticTokens(*analysis, 0, static_cast<std::uint32_t>(analysis->root().text().size()));
  if (method == "textDocument/inlayHint" || method == "textDocument/codeAction" ||
      method == "textDocument/semanticTokens/range") {
    std::optional<Position> start = positionIn(params, "range.start"), end = positionIn(params, "range.end");
    if (!start || !end)
      return Refusal{Refusal::invalidParams, "`" + method + "` needs a range"};
    std::uint32_t from = analysis->offset(*start), to = analysis->offset(*end);
    return method == "textDocument/inlayHint"    ? inlayHints(*analysis, from, to)
           : method == "textDocument/codeAction" ? codeActions(*analysis, from, to, options.pages)
                                                 : semanticTokens(*analysis, from, to);
  }
  return onPlace(method, params, path, analysis);
}

Answer Session::onPlace(const std::string &method, const json::value &params, const std::string &path,
                        const std::shared_ptr<const Analysis> &analysis) {
  std::optional<Position> position = positionIn(params, "position");
  if (!position)
    return Refusal{Refusal::invalidParams, "`" + method + "` needs a position"};
  if (!analysis) {
    std::optional<std::string> text = workspace.textOf(path);
    if (!text)
      return Refusal{Refusal::invalidParams, "there is no text of " + path};
    std::uint32_t offset = offsetAt(*text, *position, workspace.documents.encoding);
    return method == "textDocument/completion" ? completion(workspace, path, offset)
                                               : signatureHelp(workspace, path, offset);
  }
  std::uint32_t offset = analysis->offset(*position);
  auto asked = [this] { return cancelled(); };
  if (method == "textDocument/hover")
    return hover(*analysis, offset);
  if (method == "textDocument/definition")
    return definition(*analysis, offset);
  if (method == "textDocument/documentHighlight")
    return highlights(*analysis, offset);
  if (method == "textDocument/references")
    return references(workspace, *analysis, offset, flagAt(params, "context.includeDeclaration", true), asked);
  if (method == "textDocument/prepareRename")
    return prepareRename(workspace, *analysis, offset);
  return rename(workspace, *analysis, offset, textAt(params, "newName").value_or(""), asked);
}

} // namespace weft::server
