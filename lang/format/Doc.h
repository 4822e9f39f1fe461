//===- Doc.h - Text that may be broken into lines -------------------------===//
//
// A document is text with places where a line may end. A group is laid out on
// one line if it fits, else all of its own places become ends of lines; groups
// inside it decide for themselves. After Wadler, "A prettier printer".
//
//===----------------------------------------------------------------------===//
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace weft::format {

struct DocNode;
/// Immutable and shared; never null.
using Doc = std::shared_ptr<const DocNode>;

/// Verbatim; may hold line breaks of its own (a block string).
Doc text(std::string content);
Doc concat(std::vector<Doc> parts);
/// A blank on one line, an end of line in a broken group.
Doc line();
/// Nothing on one line, an end of line in a broken group.
Doc softLine();
/// Always an end of line; every group around it is broken.
Doc hardLine();
/// An empty line; stands directly before a `hardLine`.
Doc emptyLine();
Doc indent(Doc content);
Doc group(Doc content);
/// One of two, by whether the group around it is broken.
Doc ifBroken(Doc broken, Doc flat);
/// On one line whatever the groups around it do; it must not be broken.
Doc flat(Doc content);
/// `first` if what stands before its first end of line fits there, else `other`. Not inside a group on one line.
Doc ifHeadFits(Doc first, Doc other);
/// `first` if `probe` would fit on a line of its own, one level in, else `other`. Not inside a group on one line.
Doc ifFitsInside(Doc probe, Doc first, Doc other);
Doc join(const std::vector<Doc> &parts, const Doc &between);

/// It cannot stand on one line.
bool isBroken(const Doc &doc);

/// Lays out at most `width` code points on a line where the places allow it.
/// Blanks at the ends of lines are dropped.
std::string layOut(const Doc &doc, unsigned width);

} // namespace weft::format
