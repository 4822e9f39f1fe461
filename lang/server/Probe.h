//===- Probe.h - A program with a placeholder where something is typed ----===//
//
// What may stand at the cursor is asked of sema: the word there is replaced by
// the placeholder, in forms that make the text a program again, and the messages
// about it carry the names that fit.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "lang/server/Cursor.h"
#include "lang/server/Workspace.h"

namespace weft::server {

/// What stands for the word at the cursor.
enum class ProbeForm : std::uint8_t {
  name, ///< The placeholder alone.
  key,  ///< The placeholder, a colon and a value.
  arm,  ///< The placeholder as a pattern, with an arm.
};

/// The text with the placeholder; the brackets that were opened on its line are closed behind it if `close`.
std::string probeText(std::string_view text, const Cursor &cursor, ProbeForm form, bool close);

/// The program with the placeholder in this form, if the declaration around it is sound then; else null. Tries first
/// without and then with closed brackets.
std::shared_ptr<const Analysis> probe(const Workspace &workspace, const std::string &path, std::string_view text,
                                      const Cursor &cursor, ProbeForm form);

/// The names that sema says may stand there.
std::vector<std::string> candidatesOf(const Analysis &probed);

} // namespace weft::server
