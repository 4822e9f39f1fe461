//===- Analysis.h - A program and what was said about it ------------------===//
//
// One checking of one program, from a file as its root. Never changes once it is
// made; what features need more than once is worked out when it is first asked.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/sema/Check.h"
#include "lang/server/Occurrences.h"
#include "lang/server/Positions.h"

#include <map>
#include <memory>

namespace weft::server {

class Analysis {
public:
  Analysis(Encoding encoding, std::string library) : encoding(encoding), library(std::move(library)) {}
  Analysis(const Analysis &) = delete;
  Analysis &operator=(const Analysis &) = delete;

  source::Sources sources; ///< The root is file 0.
  diagnostics::DiagnosticEngine engine;
  std::unique_ptr<sema::CheckedProgram> program;
  /// Paths that it was made from, with what marks the state of each.
  std::vector<std::pair<std::string, std::string>> madeFrom;
  /// Of open documents among them: as the editor writes it, which need not be as `uriOf` does.
  std::map<std::string, std::string> uris;

  const source::SourceFile &root() const { return sources.file(0); }
  const sema::CheckedModule &rootModule() const { return *program->modules[0]; }

  /// Where a source lies on the disk: "std/vote" is in the library.
  std::string pathOf(source::FileId file) const;
  std::string uri(source::FileId file) const;
  std::uint32_t offset(Position position) const { return offsetAt(root().text(), position, encoding); }
  json::value range(source::Span span) const;
  json::value position(source::FileId file, std::uint32_t offset) const;
  /// Of the root.
  const LineTable &lines() const { return table(0); }
  Position positionOf(std::uint32_t offset) const { return lines().positionAt(offset); }
  /// Of a place on one line, in columns.
  std::uint32_t units(source::Span span) const { return unitsOf(sources.file(span.file).text(span), encoding); }
  /// `{ uri, range }`
  json::value location(source::Span span) const;

  /// All names in the root's text, in order.
  const std::vector<Occurrence> &occurrences() const;
  /// The name at a byte, one whose end it is included; null if there is none.
  const Occurrence *nameAt(std::uint32_t offset) const;
  /// The declaration of the root around a byte; null if there is none.
  const syntax::Decl *declAt(std::uint32_t offset) const;

private:
  const LineTable &table(source::FileId file) const;

  Encoding encoding;
  std::string library;
  mutable std::vector<std::unique_ptr<LineTable>> tables;
  mutable std::unique_ptr<std::vector<Occurrence>> names;
};

} // namespace weft::server
