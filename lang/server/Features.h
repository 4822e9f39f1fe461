//===- Features.h - What can be asked of a document -----------------------===//
//
// One function for each request, each in a file of its own. Offsets are bytes of
// the document's text; answers are those of the protocol.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Workspace.h"

#include <functional>
#include <variant>

namespace weft::server {

/// Why there is no answer, with the protocol's number.
struct Refusal {
  static constexpr int invalidParams = -32602, methodNotFound = -32601, invalidRequest = -32600, parseError = -32700,
                       notInitialized = -32002, requestFailed = -32803, cancelled = -32800;
  int code = requestFailed;
  std::string message;
};
using Answer = std::variant<json::value, Refusal>;

/// Diagnostics of the root of an analysis, with weftc's words. `pages` is the folder of the explanations, or empty.
json::array diagnosticsOf(const Analysis &analysis, const std::string &pages);
/// For each message in the range that says what was meant, the change that writes it.
Answer codeActions(const Analysis &analysis, std::uint32_t begin, std::uint32_t end, const std::string &pages);

/// The changes that bring a text into its one form; an empty list if it is, null if it has errors of form.
Answer formatting(const Workspace &workspace, const std::string &path);

Answer documentSymbols(const Analysis &analysis);
/// The same of a text that was not checked.
json::array outlineOf(const syntax::Module &tree, const LineTable &lines);
/// Names of types and of modifiers, by whose places `semanticTokens` calls them.
json::value semanticLegend();
/// What the names in the range mean, five numbers each, as the protocol packs them.
Answer semanticTokens(const Analysis &analysis, std::uint32_t begin, std::uint32_t end);
Answer hover(const Analysis &analysis, std::uint32_t offset);
Answer definition(const Analysis &analysis, std::uint32_t offset);
Answer inlayHints(const Analysis &analysis, std::uint32_t begin, std::uint32_t end);
Answer completion(Workspace &workspace, const std::string &path, std::uint32_t offset);
Answer signatureHelp(Workspace &workspace, const std::string &path, std::uint32_t offset);

/// Whether the client has taken the request back: asked between files.
using Cancelled = std::function<bool()>;
/// Declarations of all specs of the workspace whose names have the letters of `query` in this order, whatever their
/// capitals. At most 500.
Answer workspaceSymbols(Workspace &workspace, const std::string &query, const Cancelled &cancelled);
/// Everything that is one thing: the same target, in all specs of the workspace.
struct Use {
  std::string path;
  source::Span span;
  json::value location;
  bool declares = false;
};
/// Of the name at a place; nothing if there is none, or it was taken back. Checks each spec whose text has the word.
std::optional<std::vector<Use>> usesOf(Workspace &workspace, const Analysis &analysis, std::uint32_t offset,
                                       const Cancelled &cancelled);
Answer references(Workspace &workspace, const Analysis &analysis, std::uint32_t offset, bool withDeclaration,
                  const Cancelled &cancelled);
Answer highlights(const Analysis &analysis, std::uint32_t offset);
Answer prepareRename(const Workspace &workspace, const Analysis &analysis, std::uint32_t offset);
/// Checked: every name must mean afterwards what it meant before, and no message may be new.
Answer rename(Workspace &workspace, const Analysis &analysis, std::uint32_t offset, const std::string &name,
              const Cancelled &cancelled);

} // namespace weft::server
