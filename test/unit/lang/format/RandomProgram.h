//===- RandomProgram.h - Programs that nobody would write -----------------===//
//
// Every construct of the grammar, nested at random, laid out at random: blanks
// or none, line breaks wherever they do not separate, comments at the ends of
// lines. Names mean nothing: only the form is right.
//
//===----------------------------------------------------------------------===//
#pragma once

#include <random>
#include <string>
#include <vector>

namespace weft::format {

class RandomProgram {
public:
  explicit RandomProgram(std::uint64_t seed) : random(seed) {}

  std::string make() {
    for (unsigned count = 1 + below(6); count > 0; --count) {
      declaration();
      add(below(3) == 0 ? "\n\n\n" : "\n");
      if (below(4) == 0)
        add("// between " + std::to_string(++comments) + "\n");
    }
    return text;
  }

private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random() % bound); }
  void add(const std::string &piece) { text += piece; }
  std::string name() { return std::string(1, "abcdefgh"[below(8)]) + (below(3) ? "" : "_long_name_of_a_thing"); }
  std::string typeName() { return std::string("T") + "abc"[below(3)]; }
  /// Where blanks and, inside ( and [, line breaks mean nothing.
  void gap(bool breaks = false) {
    unsigned kind = below(12);
    if (breaks && kind == 0)
      add(" // gap " + std::to_string(++comments) + "\n");
    else if (breaks && kind == 1)
      add("\n\n");
    else if (kind < 5)
      add(std::string(kind, ' '));
    else
      add(" ");
  }
  /// Between statements, entries, arms.
  void separator(const char *mark) {
    switch (below(4)) {
    case 0:
      add(std::string(" // end ") + std::to_string(++comments) + "\n");
      break;
    case 1:
      add(std::string(mark) + " ");
      break;
    default:
      add(below(5) ? "\n" : "\n\n\n");
    }
  }
  template <typename Each> void list(const char *open, const char *close, unsigned least, const Each &each) {
    add(open);
    for (unsigned count = least + below(3), at = 0; at < count; ++at) {
      if (at > 0)
        add(",");
      gap(true);
      each();
    }
    gap(true);
    add(close);
  }
  template <typename Each> void braces(const char *mark, unsigned least, const Each &each) {
    add(below(2) ? "{ " : "{\n");
    for (unsigned count = least + below(3), at = 0; at < count; ++at) {
      if (at > 0)
        separator(mark);
      each();
    }
    add(below(2) ? " }" : "\n}");
  }
  void entries() {
    std::string key = "k";
    braces(",", 1, [&] {
      if (below(6) == 0)
        add("\n/// of " + std::to_string(++comments) + "\n");
      add(key += "k");
      add(":");
      gap();
      expression(2);
    });
  }

  void type() {
    switch (below(6)) {
    case 0:
      return add("list<int>");
    case 1:
      return add("map< " + typeName() + ">?");
    case 2:
      return add("(int,string)");
    case 3:
      return add("fn( int ) -> " + typeName());
    case 4:
      return add("f32[ B,D@data ]");
    default:
      return add(typeName());
    }
  }
  void parameters() {
    std::string each = "p";
    list("(", ")", 0, [&] {
      add(each += "p");
      add(":");
      gap();
      type();
      if (below(4) == 0)
        add(" where true");
      if (below(4) == 0)
        add(" = 1");
    });
  }
  void declaration() {
    if (below(3) == 0)
      add("/// what it is\n///   in two lines\n");
    switch (below(8)) {
    case 0:
      add("type " + typeName() + " ");
      return braces(",", 1, [&] {
        add(name() + std::to_string(++fields) + ": ");
        type();
      });
    case 1:
      return add("type " + typeName() + (below(2) ? "=one|two( why:string )|\nthree" : " = one\n| two"));
    case 2:
      return add("type " + typeName() + "=float where 0.0<=it and it<= 10.0");
    case 3:
      add("model " + name() + " =  openai");
      return entries();
    case 4:
      add("tool " + name() + " = exec ");
      return braces(",", 1, [&] {
        add(name() + std::to_string(++fields));
        parameters();
        add(below(2) ? " -> string effect read = [\"x\"]" : " effect write idempotent = [ \"y\" ]");
      });
    case 5:
      add("agent " + name());
      parameters();
      add(" -> " + typeName() + " ");
      return entries();
    case 6:
      add("fn " + name());
      parameters();
      add(" -> int ");
      return block(3);
    default:
      add("workflow " + name());
      parameters();
      if (below(2))
        add(" -> int");
      if (below(3) == 0)
        add("\n  budget { tokens: 4k }\n");
      if (below(3) == 0)
        add(" depth 4");
      gap();
      block(4);
    }
  }

  void block(unsigned depth) {
    braces(";", 1, [&] { statement(depth); });
  }
  void statement(unsigned depth) {
    switch (below(6)) {
    case 0:
      add("let " + name() + "=");
      return expression(depth);
    case 1:
      add("let (a,b)  = ");
      return expression(depth);
    case 2:
      add("assert ");
      expression(depth > 0 ? depth - 1 : 0);
      return add(", \"why\"");
    case 3:
      add("emit ");
      return expression(depth);
    default:
      return expression(depth);
    }
  }
  void leaf() {
    static const std::vector<std::string> leaves{"1_000", "20k",
                                                 "0.5",   "3e-4",
                                                 "30s",   "64KiB",
                                                 "$0.05", "true",
                                                 "none",  "\"a ${b+1} c\"",
                                                 "x.f",   "xs[ 0 ].g",
                                                 "t.0",   "\"\"\"\n  a\n    b\n  \"\"\"",
                                                 "\"\"",  "f(a)",
                                                 "f()"};
    add(below(3) ? name() : leaves[below(static_cast<unsigned>(leaves.size()))]);
  }
  void expression(unsigned depth) {
    static const std::vector<std::string> operators{"+", "*", "-", "/", "@", "??", "and", "or", "%"};
    if (depth == 0)
      return leaf();
    unsigned inner = depth - 1;
    switch (below(16)) {
    case 0:
    case 1:
      expression(inner);
      add(" " + operators[below(static_cast<unsigned>(operators.size()))] + (below(5) ? " " : "\n  "));
      return leaf();
    case 2:
      add("(");
      expression(inner);
      return add(" )");
    case 3:
    case 4:
      add(name());
      list("(", ")", 0, [&] { expression(inner); });
      return;
    case 5:
      return list("[", "]", 0, [&] { expression(inner); });
    case 6:
      add(below(2) ? typeName() + " " : "");
      return entries();
    case 7:
      add("if (");
      expression(inner);
      add(") ");
      block(inner);
      add(below(4) ? " else " : "\nelse\n");
      return block(inner);
    case 8:
      add("match " + name());
      gap();
      return braces(",", 1, [&] {
        add(below(2) ? "one" : "two( w )");
        add(below(2) ? "=>" : " => ");
        expression(inner);
      });
    case 9:
      add("for x in " + name() + (below(2) ? " parallel 8 " : " "));
      return block(inner);
    case 10:
      add("loop d = 1 max  4 {\n break d\n}" + std::string(below(2) ? " else { 0 }" : ""));
      return;
    case 11:
      add("race ");
      return braces(",", 1, [&] { expression(inner); });
    case 12:
      add("vote 2 of 3 ");
      block(inner);
      return add(below(2) ? " by  judge" : "");
    case 13:
      add("try f(x) catch { timeout=>1, err => ");
      expression(inner);
      return add(" }");
    case 14:
      add("xs.map(|a,b|  ");
      expression(inner);
      return add(")");
    default:
      add("f( x ) " + std::string(below(2) ? "as T " : "") + "with{retry:2, timeout : 3s}");
    }
  }

  std::mt19937_64 random;
  std::string text;
  unsigned comments = 0, fields = 0;
};

} // namespace weft::format
