//===- Settings.cpp - Entries of providers' bodies ------------------------===//
//
// Each key says what it takes. Values are constants, or names of the environment
// and of secrets, which are looked up where the request is sent: a plan holds
// names of secrets, never what they stand for.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include <algorithm>

namespace weft::sema {
using syntax::as;

namespace {

struct Wanted {
  const char *what; ///< Behind "takes".
  const char *example;
};

Wanted wantedOf(Takes takes) {
  switch (takes) {
  case Takes::text:
    return {"a string or `env(\"NAME\")`", "\"…\""};
  case Takes::address:
    return {"an address or `env(\"NAME\")`", "\"https://api.example.org\""};
  case Takes::key:
    return {"`secret(\"NAME\")` or `env(\"NAME\")`", "secret(\"API_KEY\")"};
  case Takes::words:
    return {"a list of words, the program first", "[\"npx\", \"-y\", \"a-server\"]"};
  case Takes::duration:
    return {"a duration longer than nothing", "30s"};
  case Takes::warmth:
    return {"a number from 0.0 to 2.0", "0.0"};
  case Takes::count:
    return {"a whole number, at least 1", "1024"};
  case Takes::flag:
    return {"true or false", "true"};
  case Takes::texts:
    return {"names with a string, `env(\"NAME\")` or `secret(\"NAME\")` each", "{ \"X-Key\": secret(\"KEY\") }"};
  }
  return {"", ""};
}

bool isAddress(const std::string &text) {
  std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
  return scheme != 0 && text.size() > scheme && text.find_first_of(" \t\n") == std::string::npos && text[scheme] != '/';
}

bool isRight(const Constant &value, Takes takes) {
  switch (takes) {
  case Takes::text:
  case Takes::texts:
    return value.string() && !value.string()->empty();
  case Takes::address:
    return value.string() && isAddress(*value.string());
  case Takes::key:
    return false;
  case Takes::words:
    if (!value.list() || value.list()->empty())
      return false;
    for (const Constant &word : *value.list())
      if (!word.string())
        return false;
    return !value.list()->front().string()->empty();
  case Takes::duration:
    return value.quantity() && value.quantity()->quantity == syntax::Quantity::duration && value.quantity()->amount > 0;
  case Takes::warmth:
    return value.number() && *value.number() >= 0 && *value.number() <= 2;
  case Takes::count:
    return value.integer() && *value.integer() >= 1;
  case Takes::flag:
    return value.boolean() != nullptr;
  }
  return false;
}

} // namespace

bool Checker::readOutside(const syntax::Expr *value, Takes takes, const std::string &name, Setting &setting) {
  const auto *call = as<syntax::CallExpr>(value);
  const auto *called = call ? as<syntax::NameExpr>(call->callee) : nullptr;
  if (!called || (called->name.text != "env" && called->name.text != "secret"))
    return false;
  bool env = called->name.text == "env";
  const auto *argument = call->arguments.size() == 1 ? as<syntax::StringExpr>(call->arguments[0].value) : nullptr;
  note(call);
  note(called);
  for (const syntax::Argument &one : call->arguments)
    note(one.value);
  if (!argument || !argument->isPlain() || argument->plainText().empty()) {
    error(Code::notConstant, value->span,
          "`" + called->name.text + "` takes a name, `" + called->name.text + "(\"NAME\")`");
    return true;
  }
  bool mayBe =
      takes == Takes::key || takes == Takes::texts || (env && (takes == Takes::text || takes == Takes::address));
  if (!mayBe) {
    Wanted wanted = wantedOf(takes);
    error(Code::typeMismatch, value->span, "`" + name + "` takes " + wanted.what)
        .hint("`" + name + ": " + wanted.example + "`");
    return true;
  }
  (env ? setting.env : setting.secret) = argument->plainText();
  return true;
}

Setting Checker::readSetting(const std::string &name, const syntax::Expr *value, Takes takes) {
  Setting setting;
  setting.name = name;
  setting.span = value->span;
  if (readOutside(value, takes, name, setting))
    return setting;
  Wanted wanted =
      takes == Takes::texts ? Wanted{"a string, `env(\"NAME\")` or `secret(\"NAME\")`", "\"…\""} : wantedOf(takes);
  std::string hint = "`" + name + ": " + wanted.example + "`";
  Type type = infer(value);
  if (takes == Takes::key) {
    if (!resolved(type)->is(TypeKind::error))
      error(Code::secretPlace, value->span, "`" + name + "` takes " + wanted.what + ": a key stands in no program")
          .hint(hint);
    return setting;
  }
  setting.value = known(value);
  if (!setting.value && !resolved(type)->is(TypeKind::error))
    error(Code::notConstant, value->span, "`" + name + "` must be known when the program is compiled")
        .hint("a literal, `env(\"NAME\")` or `secret(\"NAME\")`");
  else if (setting.value && !isRight(*setting.value, takes))
    error(Code::typeMismatch, value->span, "`" + name + "` takes " + wanted.what).hint(hint);
  return setting;
}

void Checker::readSettings(const syntax::Entry *entry, Takes takes, std::vector<Setting> &settings) {
  const std::string &name = entry->key.text;
  if (takes != Takes::texts) {
    settings.push_back(readSetting(name, entry->value, takes));
    return;
  }
  note(entry->value);
  std::map<std::string, Span> seenNames;
  auto one = [&](const std::string &key, Span span, const syntax::Expr *value) {
    if (auto [first, fresh] = seenNames.emplace(key, span); !fresh)
      error(Code::duplicateKey, span, "`" + key + "` stands twice").note(first->second, "the first one");
    settings.push_back(readSetting(name + "." + key, value, Takes::texts));
  };
  if (const auto *record = as<syntax::RecordExpr>(entry->value); record && record->type.empty()) {
    for (const syntax::Entry *inner : record->entries)
      one(inner->key.text, inner->key.span, inner->value);
  } else if (const auto *map = as<syntax::MapExpr>(entry->value)) {
    for (const syntax::MapEntry &inner : map->entries) {
      note(inner.key);
      if (inner.key->isPlain() && !inner.key->plainText().empty())
        one(inner.key->plainText(), inner.key->span, inner.value);
      else
        error(Code::notConstant, inner.key->span, "a name in `" + name + "` is a plain string");
    }
  } else {
    Wanted wanted = wantedOf(takes);
    error(Code::typeMismatch, entry->value->span, "`" + name + "` takes " + wanted.what)
        .hint("`" + name + ": " + wanted.example + "`");
  }
}

void Checker::readBody(const std::vector<syntax::Entry *> &entries, const std::vector<Key> &keys, const char *what,
                       std::vector<Setting> &settings, const std::function<bool(const syntax::Entry *)> &special) {
  std::vector<std::string> names;
  for (const Key &key : keys)
    names.push_back(key.name);
  checkKeys(entries, names, what);
  for (const syntax::Entry *one : entries) {
    if (special(one))
      continue;
    if (one->key.text == "takes" || one->key.text == "gives") {
      note(one->value);
      error(Code::labelNotCarried, one->key.span, "labels are not carried by this build");
      continue;
    }
    auto key = std::find_if(keys.begin(), keys.end(), [&](const Key &known) { return known.name == one->key.text; });
    if (key != keys.end())
      readSettings(one, key->takes, settings);
    else
      infer(one->value);
  }
}

} // namespace weft::sema
