//===- Sabotage.h - One deliberate break per rule, for tests --------------===//
//
// A rule that no test can see broken is not tested: each switch breaks one, and
// test/conformance/journal shows that the suite notices. All are off outside
// test/; the journal takes them with its options and nowhere else.
//
//===----------------------------------------------------------------------===//
#pragma once

namespace weft::journal {

struct Sabotage {
  bool acknowledgeBeforeSync = false; ///< A group is called durable when it is written, not when it is synced.
  bool ignoreEpoch = false;           ///< The owner's epoch is not looked at when a group is written.
  bool blobsAfterRecords = false;     ///< A blob is written after the records that name it.
  bool trustPages = false;            ///< Checksums of the table's pages are not looked at.
  bool trustLog = false;              ///< The log ends where SQLite's recovery ends it.
};

} // namespace weft::journal
