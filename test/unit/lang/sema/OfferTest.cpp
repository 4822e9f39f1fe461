//===- OfferTest.cpp - What may stand in a place --------------------------===//
//
// A misspelt name carries what was meant; the placeholder gets all names that
// could stand there, which is what an editor completes from.
//
//===----------------------------------------------------------------------===//

#include "test/unit/lang/sema/CheckText.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace weft::sema {
namespace {
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using testing::UnorderedElementsAre;

const std::string base = R"(model local = extractive
type Note { title: string, score: float }
type Verdict = accept | revise(why: string)
fn half(x: float) -> float { x / 2.0 }
)";

const diagnostics::Diagnostic &first(const Checked &checked) { return *checked.engine.sorted().front(); }

std::vector<std::string> candidates(std::string text) {
  text.replace(text.find("$$"), 2, diagnostics::placeholder);
  auto checked = checkText(base + text);
  for (const diagnostics::Diagnostic *each : checked->engine.sorted())
    if (!each->candidates.empty())
      return each->candidates;
  ADD_FAILURE() << checked->messages();
  return {};
}

TEST(Offer, SaysWhatWasMeant) {
  auto checked = checkText(base + "fn f(x: float) -> float { hafl(x) }\n");
  EXPECT_EQ(first(*checked).meant, "half");
  EXPECT_THAT(first(*checked).help, ElementsAre("did you mean `half`?"));
  EXPECT_THAT(first(*checked).candidates, IsEmpty());
}

TEST(Offer, NothingNear) {
  auto checked = checkText(base + "fn f(x: float) -> float { quite_another(x) }\n");
  EXPECT_EQ(first(*checked).meant, "");
}

TEST(Offer, WrongCapitalIsMeantToo) {
  auto checked = checkText(base + "fn f(x: float) -> float { Half(x) }\n");
  EXPECT_EQ(first(*checked).meant, "half");
}

TEST(Offer, ACaseWhereItsTypeIsKnown) {
  auto checked = checkText(base + "fn f() -> Verdict { acept }\n");
  EXPECT_EQ(first(*checked).meant, "accept");
}

TEST(Offer, NamesInSight) {
  auto names =
      candidates("fn f(near: float) -> float { let other = near * 2.0\n other + $$ }\nfn later() -> int { 1 }\n");
  EXPECT_THAT(names, IsSupersetOf({"near", "other", "half", "later", "len"}));
}

TEST(Offer, AlsoWhereAnotherDeclarationIsBroken) {
  auto names = candidates("fn f(near: float) -> float { near + $$ }\nfn ( {\n");
  EXPECT_THAT(names, IsSupersetOf({"near", "half"}));
}

TEST(Offer, FieldsOfARecord) {
  EXPECT_THAT(candidates("fn f(n: Note) -> float { n.$$ }\n"), UnorderedElementsAre("title", "score"));
  EXPECT_THAT(candidates("fn f() -> Note { Note { $$: 1 } }\n"), UnorderedElementsAre("title", "score"));
}

TEST(Offer, CasesInAMatch) {
  EXPECT_THAT(candidates("fn f(v: Verdict) -> int { match v { $$ => 1, _ => 2 } }\n"),
              UnorderedElementsAre("accept", "revise"));
}

TEST(Offer, Types) {
  auto names = candidates("fn f(v: $$) -> int { 1 }\n");
  EXPECT_THAT(names, IsSupersetOf({"Note", "Verdict", "string", "list"}));
  EXPECT_THAT(names, Not(Contains("half")));
}

TEST(Offer, KeysOfABody) {
  EXPECT_THAT(candidates("agent a(x: string) -> string { model: local, prompt: x, $$: 1 }\n"),
              IsSupersetOf({"model", "prompt", "system", "budget"}));
  EXPECT_THAT(candidates("workflow w() { local(\"x\") with { $$: 1 } }\n"), IsSupersetOf({"retry", "timeout"}));
}

TEST(Offer, NamesOfParameters) { EXPECT_THAT(candidates("fn f() -> float { half($$: 1.0) }\n"), ElementsAre("x")); }

} // namespace
} // namespace weft::sema
