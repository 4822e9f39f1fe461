//===- ConstructsTest.cpp - Every way through the grammar has a golden ----===//
//
// The accepted goldens, and those of constructs that this build refuses by name
// (W00xx), are parsed by the grammar's own automaton, which notes where it was. A
// place of the grammar that none of them reaches is told by its rule; so is a unit
// that no golden writes. What the words mean is test/unit/lang/sema's.
//
//===----------------------------------------------------------------------===//

#include "lang/grammar/WeftParser.h"
#include "lang/syntax/Lines.h"
#include "lang/syntax/TokenKinds.h"
#include "test/unit/lang/syntax/Parsed.h"

#include <antlr4-runtime.h>
#include <gmock/gmock.h>
#include <regex>
#include <set>

namespace weft::syntax {
namespace {

using antlr4::atn::ATNState;
using antlr4::atn::Transition;

/// A place of the grammar, and the token that was read there; EPSILON for a rule that was entered.
using Step = std::pair<std::size_t, std::size_t>;

/// More tokens than this in one place are names: which of them is written says nothing.
constexpr std::size_t maxChoices = 12;

class Walker : public antlr4::ParserInterpreter {
public:
  Walker(const antlr4::Parser &like, antlr4::TokenStream *input, std::set<Step> &seen)
      : ParserInterpreter("Weft", like.getVocabulary(), like.getRuleNames(), like.getATN(), input), seen(seen) {
    removeErrorListeners();
    setErrorHandler(std::make_shared<antlr4::BailErrorStrategy>());
  }

protected:
  void visitState(ATNState *state) override {
    for (const Transition *next : state->transitions)
      seen.emplace(state->stateNumber, next->isEpsilon() ? antlr4::Token::EPSILON : _input->LA(1));
    ParserInterpreter::visitState(state);
  }

private:
  std::set<Step> &seen;
};

/// Every step that a program may take, and what a reader calls it.
std::map<Step, std::string> allSteps(const antlr4::Parser &parser) {
  const antlr4::atn::ATN &automaton = parser.getATN();
  std::map<Step, std::string> all;
  for (const ATNState *state : automaton.states)
    for (const Transition *next : state ? state->transitions : std::vector<Transition *>()) {
      bool rule = next->getSerializationType() == Transition::RULE;
      if (next->isEpsilon() && !rule)
        continue;
      antlr4::misc::IntervalSet tokens = next->label();
      if (rule || tokens.size() > maxChoices)
        all[{state->stateNumber, antlr4::Token::EPSILON}] =
            rule ? parser.getRuleNames()[next->target->ruleIndex] : "a word of many";
      else
        for (ssize_t token : tokens.toList())
          all[{state->stateNumber, static_cast<std::size_t>(token)}] =
              parser.getVocabulary().getSymbolicName(static_cast<std::size_t>(token));
    }
  return all;
}

/// Accepted programs, and those in which nothing but a construct is refused by its own code.
std::vector<std::filesystem::path> goldens() {
  std::vector<std::filesystem::path> out = programsBelow("lang/accepted");
  for (const std::filesystem::path &file : programsBelow("lang/sema")) {
    std::string stem = file.stem().string();
    if (stem.starts_with("accepted_") || stem.starts_with("w00"))
      out.push_back(file);
  }
  return out;
}

/// The run's tokens, as the parser sees them. One walker for all: it learns the grammar's choices as it goes.
void walk(Walker &walker, const TokenList &list, const std::vector<std::uint32_t> &kept) {
  std::vector<std::unique_ptr<antlr4::Token>> tokens;
  auto add = [&](std::size_t type) {
    auto token = std::make_unique<antlr4::CommonToken>(type);
    token->setTokenIndex(tokens.size());
    tokens.push_back(std::move(token));
  };
  for (std::uint32_t index : kept)
    add(list.tokens[index].type);
  add(antlr4::Token::EOF);
  antlr4::ListTokenSource source(std::move(tokens));
  antlr4::CommonTokenStream stream(&source);
  walker.setTokenStream(&stream);
  walker.parse(grammar::WeftParser::RuleDeclarationAlone);
}

TEST(Constructs, EveryWayThroughTheGrammarIsTaken) {
  std::set<Step> seen;
  grammar::WeftParser parser(nullptr);
  Walker walker(parser, nullptr, seen);
  for (const std::filesystem::path &golden : goldens()) {
    Parsed parsed(readFile(golden), golden.filename().string());
    ASSERT_TRUE(parsed.result.ok) << golden << parsed.messages();
    diagnostics::DiagnosticEngine engine;
    TokenList list = readTokens(parsed.file, engine);
    for (TokenRun &run : list.runs)
      walk(walker, list, dropNewlines(parsed.file, list, run, engine));
  }
  // Places of which one way is enough.
  std::set<std::size_t> reached;
  for (const auto &[state, token] : seen)
    reached.insert(state);
  std::map<Step, std::string> all = allSteps(parser);
  std::size_t untaken = 0;
  for (const auto &[step, wanted] : all) {
    const auto &[state, token] = step;
    bool taken = token == antlr4::Token::EPSILON ? reached.contains(state) : seen.contains(step);
    const std::string &rule = parser.getRuleNames()[parser.getATN().states[state]->ruleIndex];
    // A sum of one case is read in order to be refused (W0124); so is a second type argument (W0231).
    bool refused = rule == "fullCase" || wanted == "fullCase";
    if (!taken && rule == "namedType" && (wanted == "COMMA" || wanted == "type"))
      refused = ++untaken <= 2;
    EXPECT_TRUE(taken || refused) << "no golden takes " << wanted << " of the rule `" << rule << "`";
  }
  EXPECT_GT(all.size(), 200u);
}

TEST(Constructs, EveryUnitIsWritten) {
  std::string source = readFile(testFolder() / ".." / "lang" / "syntax" / "Literals.cpp"), written;
  for (const std::filesystem::path &golden : goldens())
    written += readFile(golden);
  auto expectAll = [&](const std::regex &row, const std::string &before, std::size_t least) {
    std::size_t count = 0;
    for (auto at = std::sregex_iterator(source.begin(), source.end(), row); at != std::sregex_iterator(); ++at, ++count)
      EXPECT_TRUE(std::regex_search(written, std::regex(before + (*at)[1].str() + "\\b")))
          << "no golden writes the unit `" << (*at)[1] << "`";
    EXPECT_GE(count, least);
  };
  expectAll(std::regex(R"re(\{"(\w+)", (?:true|false), )re"), "[0-9]", 30);
  written += "per call"; // No key of this build takes it: test/lang/sema/w0238_prices.
  expectAll(std::regex(R"re(\{"(\w+)", \{RateBase::)re"), "\\bper ", 8);
}

/// A program and, beside it, what is said of it.
TEST(Constructs, ThereAreThreeHundredPairs) {
  std::size_t accepted = programsBelow("lang/accepted").size(), refused = 0;
  for (const std::filesystem::path &file : programsBelow("lang/sema")) {
    std::filesystem::path beside = file;
    bool silent = readFile(beside.replace_extension(".expected")).empty();
    (silent ? accepted : refused) += 1;
  }
  accepted += programsBelow("lang/syntax/trees").size();
  refused += programsBelow("lang/syntax/errors").size();
  EXPECT_GE(accepted + refused, 300u) << accepted << " accepted, " << refused << " refused";
  EXPECT_GE(accepted, 100u);
  EXPECT_GE(refused, 150u);
}

} // namespace
} // namespace weft::syntax
