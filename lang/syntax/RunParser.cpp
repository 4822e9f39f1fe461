//===- RunParser.cpp - One declaration's tokens to a parse tree -----------===//
//
// The expected tokens of an adaptive prediction cannot be asked for, so they
// are tried: each candidate is put in the place of the offending token, and it
// was expected if parsing then gets further.
//
//===----------------------------------------------------------------------===//

#include "lang/syntax/RunParser.h"

#include "lang/syntax/TokenKinds.h"

#include <algorithm>

namespace weft::syntax {
namespace {

using grammar::WeftParser;

/// Thrown inside this file only.
struct Stop {};

} // namespace

/// The tokens of one run, as the generated parser asks for them.
class RunParser::Stream : public antlr4::TokenStream {
public:
  void fill(const std::vector<Token> &all, const std::vector<std::uint32_t> &kept) {
    tokens.clear();
    tokens.reserve(kept.size() + 2);
    auto add = [&](std::size_t type) {
      antlr4::CommonToken &token = tokens.emplace_back(type);
      token.setTokenIndex(tokens.size() - 1);
    };
    for (std::uint32_t index : kept)
      add(all[index].type);
    // Twice, so that one can be replaced by what might have stood there.
    for (int times = 0; times < 2; ++times)
      add(antlr4::Token::EOF);
    place(tokens, kept);
    position = 0;
  }

  /// Says of the tokens of a run where they stand in its file.
  static void place(std::vector<antlr4::CommonToken> &tokens, const std::vector<std::uint32_t> &kept) {
    for (std::size_t i = 0; i < tokens.size(); ++i)
      tokens[i].setStartIndex(i < kept.size() ? kept[i] : kept.empty() ? 0 : kept.back() + 1);
  }

  /// What a tree points to.
  std::vector<antlr4::CommonToken> take() { return std::move(tokens); }

  antlr4::CommonToken &at(std::size_t index) { return tokens[index]; }

  antlr4::Token *LT(ssize_t k) override {
    if (k == 0 || (k < 0 && position < static_cast<std::size_t>(-k)))
      return nullptr;
    std::size_t index = k < 0 ? position - static_cast<std::size_t>(-k) : position + static_cast<std::size_t>(k) - 1;
    return &tokens[std::min(index, tokens.size() - 1)];
  }
  std::size_t LA(ssize_t k) override {
    antlr4::Token *token = LT(k);
    return token ? token->getType() : static_cast<std::size_t>(antlr4::Token::INVALID_TYPE);
  }
  antlr4::Token *get(std::size_t index) const override { return const_cast<antlr4::CommonToken *>(&tokens[index]); }
  void consume() override { position = std::min(position + 1, tokens.size() - 1); }
  std::size_t index() override { return position; }
  void seek(std::size_t index) override { position = std::min(index, tokens.size() - 1); }
  std::size_t size() override { return tokens.size(); }
  ssize_t mark() override { return 0; }
  void release(ssize_t) override {}
  antlr4::TokenSource *getTokenSource() const override { return nullptr; }
  std::string getSourceName() const override { return "run"; }
  std::string getText(const antlr4::misc::Interval &) override { return {}; }
  std::string getText() override { return {}; }
  std::string getText(antlr4::RuleContext *) override { return {}; }
  std::string getText(antlr4::Token *, antlr4::Token *) override { return {}; }

private:
  std::vector<antlr4::CommonToken> tokens;
  std::size_t position = 0;
};

/// Notes the first error and leaves the parser.
class RunParser::StopAtFirst : public antlr4::DefaultErrorStrategy {
public:
  void reportError(antlr4::Parser *, const antlr4::RecognitionException &error) override {
    position = error.getOffendingToken()->getTokenIndex();
    throw Stop();
  }
  antlr4::Token *recoverInline(antlr4::Parser *parser) override {
    position = parser->getCurrentToken()->getTokenIndex();
    throw Stop();
  }
  void sync(antlr4::Parser *) override {}

  std::size_t position = 0;
};

RunParser::RunParser(TreeMemory *memory)
    : memory(memory), stream(std::make_unique<Stream>()), strategy(std::make_shared<StopAtFirst>()),
      parser(std::make_unique<WeftParser>(stream.get())) {
  parser->removeErrorListeners();
  parser->setErrorHandler(strategy);
}

RunParser::~RunParser() = default;

WeftParser::DeclarationContext *RunParser::parse(const std::vector<Token> &tokens,
                                                 const std::vector<std::uint32_t> &kept, Failure &failure) {
  std::u16string types;
  if (memory) {
    types.reserve(kept.size());
    for (std::uint32_t index : kept)
      types += static_cast<char16_t>(tokens[index].type);
    if (KeptTree *known = memory->find(types)) {
      if (known->tree) {
        Stream::place(known->tokens, kept);
        return known->tree;
      }
      failure.position = known->failure.position;
      if (mayProbe(failure))
        failure.expected = known->failure.expected;
      return nullptr;
    }
  }
  stream->fill(tokens, kept);
  WeftParser::DeclarationContext *tree = parseAnew(failure);
  bool complete = tree;
  if (!tree && mayProbe(failure)) {
    probe(failure);
    complete = true;
  }
  if (!memory || !complete)
    return tree;
  KeptTree &made = memory->add(types);
  made.tree = tree;
  made.failure = failure;
  if (tree) {
    made.tokens = stream->take();
    std::swap(made.nodes, parser->getTreeTracker());
  }
  return tree;
}

WeftParser::DeclarationContext *RunParser::parseAnew(Failure &failure) {
  auto *simulator = parser->getInterpreter<antlr4::atn::ParserATNSimulator>();
  for (auto mode : {antlr4::atn::PredictionMode::SLL, antlr4::atn::PredictionMode::LL}) {
    simulator->setPredictionMode(mode);
    stream->seek(0);
    parser->reset();
    try {
      return parser->declarationAlone()->declaration();
    } catch (const Stop &) {
      failure.position = strategy->position;
    }
  }
  return nullptr;
}

/// Trying costs a parse of the text before the place for each candidate; a file with hundreds of mistakes gets the
/// short message for the later ones.
bool RunParser::mayProbe(const Failure &failure) {
  std::size_t cost = failure.position + 100;
  if (cost > probeBudget)
    return false;
  probeBudget -= cost;
  return true;
}

void RunParser::probe(Failure &failure) {
  static constexpr std::size_t candidates[] = {
      Kind::LOWER,      Kind::UPPER,    Kind::NUMBER,   Kind::QUOTE, Kind::LBRACE, Kind::RBRACE,  Kind::LPAREN,
      Kind::RPAREN,     Kind::LBRACKET, Kind::RBRACKET, Kind::COMMA, Kind::COLON,  Kind::NEWLINE, Kind::ASSIGN,
      Kind::ARROW,      Kind::FATARROW, Kind::BOTHWAYS, Kind::EQUAL, Kind::LESS,   Kind::GREATER, Kind::DOT,
      Kind::PLUS,       Kind::ORELSE,   Kind::QUESTION, Kind::IN,    Kind::MAX,    Kind::ON,      Kind::BY,
      Kind::CATCH,      Kind::ELSE,     Kind::AS,       Kind::WITH,  Kind::WHERE,  Kind::EFFECT,  Kind::READ,
      Kind::EVERYWHERE, Kind::BAR,      Kind::FN,       Kind::WRITE, Kind::PURE,   Kind::AT,      Kind::SLASH,
  };
  antlr4::CommonToken &place = stream->at(failure.position);
  std::size_t found = place.getType();
  for (std::size_t candidate : candidates) {
    place.setType(candidate);
    stream->seek(0);
    parser->reset();
    bool further = true;
    try {
      parser->declarationAlone();
    } catch (const Stop &) {
      further = strategy->position > failure.position;
    }
    if (further)
      failure.expected.insert(candidate);
  }
  place.setType(found);
}

} // namespace weft::syntax
