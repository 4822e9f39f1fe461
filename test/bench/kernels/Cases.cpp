//===- Cases.cpp - The kernels that are measured --------------------------===//

#include "test/bench/kernels/Cases.h"

namespace weft::bench {
namespace {

std::string tensor(std::vector<int> sizes) {
  std::string text = "tensor<";
  for (int size : sizes)
    text += std::to_string(size) + "x";
  return text + "f32>";
}

/// Writes one op after another; values are numbered.
class Text {
public:
  std::string op(const std::string &name, const std::string &operands, const std::string &types) {
    std::string value = "%" + std::to_string(count++);
    body += "  " + value + " = " + name + " " + operands + " : " + types + "\n";
    return value;
  }
  std::string binary(const std::string &kind, const std::string &a, const std::string &b, const std::string &type) {
    return op("nn.elementwise " + kind, a + ", " + b, "(" + type + ", " + type + ") -> " + type);
  }
  std::string unary(const std::string &kind, const std::string &a, const std::string &type) {
    return op("nn.elementwise " + kind, a, "(" + type + ") -> " + type);
  }
  std::string constant(const std::string &value, const std::string &type) {
    return op("nn.constant", "dense<" + value + ">", type);
  }
  std::string repeated(const std::string &a, const std::string &from, const std::string &to) {
    return op("nn.broadcast", a + " dims [1]", from + " -> " + to);
  }
  std::string function(const std::string &name, const std::string &params, const std::string &results,
                       const std::string &types) const {
    return "func.func private @" + name + "(" + params + ") -> (" + types + ") attributes {dist.kernel} {\n" + body +
           "  return " + results + " : " + types + "\n}\n";
  }

private:
  std::string body;
  int count = 0;
};

Case product(int n) {
  Text text;
  std::string type = tensor({n, n});
  std::string result = text.op("nn.matmul", "%a, %b", type + ", " + type + " -> " + type);
  return {"gemm " + std::to_string(n), {text.function("gemm", "%a: " + type + ", %b: " + type, result, type)}};
}

std::string linear(const std::string &name, int rows, int in, int out, bool gelu) {
  Text text;
  std::string x = tensor({rows, in}), w = tensor({in, out}), b = tensor({out}), y = tensor({rows, out});
  std::string result = text.op("nn.matmul", "%x, %w", x + ", " + w + " -> " + y);
  result = text.binary("add", result, text.repeated("%b", b, y), y);
  if (gelu)
    result = text.unary("gelu", result, y);
  return text.function(name, "%x: " + x + ", %w: " + w + ", %b: " + b, result, y);
}

Case layerNorm(int rows, int columns) {
  Text text;
  std::string x = tensor({rows, columns}), s = tensor({columns});
  std::string value = text.op("nn.layer_norm", "%x dim 1 eps 1.0e-5", x + " -> " + x);
  value = text.binary("mul", value, text.repeated("%scale", s, x), x);
  value = text.binary("add", value, text.repeated("%shift", s, x), x);
  return {"layer norm 512x768", {text.function("norm", "%x: " + x + ", %scale: " + s + ", %shift: " + s, value, x)}};
}

Case softmax(int rows, int columns) {
  Text text;
  std::string x = tensor({rows, columns});
  std::string value = text.op("nn.softmax", "%x dim 1", x + " -> " + x);
  return {"softmax 512x768", {text.function("softmax", "%x: " + x, value, x)}};
}

Case attention(int heads, int length, int width) {
  Text text;
  std::string x = tensor({length, heads * width}), lse = tensor({heads, length});
  std::string body = "  %o, %lse = nn.attention %q, %k, %v heads " + std::to_string(heads) + " scale 1.25e-01 : (" + x +
                     ", " + x + ", " + x + ") -> (" + x + ", " + lse + ")\n";
  return {"attention 8x512x64",
          {"func.func private @attention(%q: " + x + ", %k: " + x + ", %v: " + x + ") -> (" + x + ", " + lse +
           ") attributes {dist.kernel} {\n" + body + "  return %o, %lse : " + x + ", " + lse + "\n}\n"}};
}

Case chain(int count) {
  Text text;
  std::string t = tensor({count});
  std::string value = text.binary("add", "%x", text.constant("1.0", t), t);
  value = text.binary("mul", value, text.constant("0.5", t), t);
  value = text.binary("sub", value, "%x", t);
  value = text.unary("relu", value, t);
  value = text.binary("mul", value, "%x", t);
  value = text.binary("add", value, text.constant("0.25", t), t);
  return {"chain of 6, 16M", {text.function("chain", "%x: " + t, value, t)}};
}

Case adamw(int count) {
  Text text;
  std::string t = tensor({count});
  auto scaled = [&](const std::string &value, const std::string &factor) {
    return text.binary("mul", value, text.constant(factor, t), t);
  };
  std::string mean = text.binary("add", scaled("%m", "0.9"), scaled("%g", "0.1"), t);
  std::string square = text.binary("mul", "%g", "%g", t);
  square = text.binary("add", scaled("%v", "0.999"), scaled(square, "0.001"), t);
  std::string root = text.binary("add", text.unary("sqrt", square, t), text.constant("1.0e-8", t), t);
  std::string step = text.binary("add", text.binary("div", mean, root, t), scaled("%p", "0.01"), t);
  std::string next = text.binary("sub", "%p", scaled(step, "3.0e-4"), t);
  return {"adamw, 16M",
          {text.function("adamw", "%p: " + t + ", %g: " + t + ", %m: " + t + ", %v: " + t,
                         next + ", " + mean + ", " + square, t + ", " + t + ", " + t)}};
}

} // namespace

std::vector<Case> cases() {
  std::vector<Case> all;
  for (int n : {256, 512, 1024, 2048})
    all.push_back(product(n));
  all.push_back({"mlp 512x768x3072", {linear("up", 512, 768, 3072, true), linear("down", 512, 3072, 768, false)}});
  all.push_back(attention(8, 512, 64));
  all.push_back(layerNorm(512, 768));
  all.push_back(softmax(512, 768));
  all.push_back(chain(1 << 24));
  all.push_back(adamw(1 << 24));
  return all;
}

} // namespace weft::bench
