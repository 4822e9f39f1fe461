//===- Workspace.h - Programs as they stand in the editor -----------------===//
//
// A program is checked from a file as its root, with the texts of open documents
// in place of what lies on the disk. What was found is kept until one of the
// texts that it was made from changes.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Analysis.h"
#include "lang/server/Documents.h"

namespace weft::server {

class Workspace {
public:
  /// `library`: the folder of the modules of `std`, empty if there is none.
  explicit Workspace(std::string library) : library(std::move(library)) {}

  Documents documents;
  /// Folders that the editor has open: where users of a name are looked for.
  std::vector<std::string> folders;

  /// The program whose root is `path`; null if there is no such text. About 20 ms for 1,000 lines where something
  /// changed.
  std::shared_ptr<const Analysis> analyse(const std::string &path);
  /// The same with other texts in place of some, and nothing kept.
  std::shared_ptr<const Analysis> analyse(const std::string &path,
                                          const std::map<std::string, std::string> &instead) const;

  /// Of an open document, or of the file; nothing if there is none, or it is larger than a module may be.
  std::optional<std::string> textOf(const std::string &path) const;
  /// All specs in the folders, and those that are open; sorted. At most 2,000, found among at most 50,000 files.
  std::vector<std::string> specs() const;
  /// Changes when the text does; asks the disk if it is not open.
  std::string stampOf(const std::string &path) const;
  std::string uriAt(const std::string &path) const;
  syntax::ParseMemory &parseMemory() const { return memory; }
  /// Names of modules in the library: "vote".
  std::vector<std::string> libraryModules() const;
  bool inLibrary(const std::string &path) const { return !library.empty() && path.starts_with(library + "/"); }

  /// What `workspace/symbol` looks through, by path.
  struct Outline {
    std::string stamp;
    json::array symbols;
  };
  std::map<std::string, Outline> outlines;

private:
  void makeRoom();

  std::string library;
  std::map<std::string, std::shared_ptr<const Analysis>> kept;
  mutable syntax::ParseMemory memory;
};

} // namespace weft::server
