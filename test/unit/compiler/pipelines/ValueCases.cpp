//===- ValueCases.cpp - A function for each op and form -------------------===//

#include "test/unit/compiler/pipelines/ValueCases.h"

#include "dialects/nn/Nn.h"

namespace weft::test {
namespace {

using Sizes = std::vector<int>;

std::string tensor(const Sizes &sizes, const std::string &element = "f32") {
  std::string text = "tensor<";
  for (int size : sizes)
    text += std::to_string(size) + "x";
  return text + element + ">";
}

/// A function of `arguments` ("%x: tensor<4xf32>") whose body is `body`, and whose results are %0 of `results`, %1, ...
std::string function(const std::string &arguments, const std::string &body, const std::vector<std::string> &results) {
  std::string names, types;
  for (size_t i = 0; i < results.size(); ++i) {
    names += (i ? ", %r" : "%r") + std::to_string(i);
    types += (i ? ", " : "") + results[i];
  }
  return "func.func @f(" + arguments + ") -> (" + types + ") {\n" + body + "\n  return " + names + " : " + types +
         "\n}";
}

/// Of one argument %x by one op: "nn.softmax %x dim 1".
ValueCase ofOne(const std::string &name, const std::string &op, const std::string &from, const std::string &to) {
  return {name, function("%x: " + from, "  %r0 = " + op + " : " + from + " -> " + to, {to})};
}

ValueCase elementwise(nn::ElementwiseKind kind, const Sizes &sizes, const std::string &element) {
  std::string type = tensor(sizes, element), name = nn::stringifyElementwiseKind(kind).str();
  bool isBinary = nn::arity(kind) == 2;
  return {name + "_" + element + "_" + std::to_string(sizes[0]),
          function("%x: " + type + (isBinary ? ", %y: " + type : ""),
                   "  %r0 = nn.elementwise " + name + (isBinary ? " %x, %y : (" + type + ", " : " %x : (") + type +
                       ") -> " + type,
                   {type}),
          name == "log" || name == "sqrt" || name == "rsqrt"};
}

/// Every kind; numbers of enum cases have gaps.
template <typename Kind> std::vector<Kind> kindsOf(std::optional<Kind> (*symbolize)(std::uint32_t)) {
  std::vector<Kind> kinds;
  for (std::uint32_t number = 0; number < 256; ++number)
    if (auto kind = symbolize(number))
      kinds.push_back(*kind);
  return kinds;
}

ValueCase product(const std::string &name, Sizes a, Sizes b, const Sizes &c, bool left, bool right,
                  const std::string &element = "f32") {
  if (left)
    std::swap(a[a.size() - 1], a[a.size() - 2]);
  if (right)
    std::swap(b[b.size() - 1], b[b.size() - 2]);
  std::string lhs = tensor(a, element), rhs = tensor(b, element), to = tensor(c, element);
  return {name + (left ? "_left" : "") + (right ? "_right" : ""),
          function("%a: " + lhs + ", %b: " + rhs,
                   "  %r0 = nn.matmul %a, %b" + std::string(left ? " transpose_lhs" : "") +
                       (right ? " transpose_rhs" : "") + " : " + lhs + ", " + rhs + " -> " + to,
                   {to})};
}

ValueCase attention(const std::string &name, int queries, int keys, int width, const std::string &how,
                    const std::string &offset) {
  std::string q = tensor({2, queries, 2 * width}), k = tensor({2, keys, 2 * width}), l = tensor({2, 2, queries});
  std::string more = offset.empty() ? "" : ", tensor<i32>";
  std::string body = offset.empty() ? "" : "  %s = nn.constant dense<" + offset + "> : tensor<i32>\n";
  std::string settings = " heads 2 " + how + (offset.empty() ? "" : " offset %s") + " scale 3.0e-1 : (";
  body += "  %r0, %r1 = nn.attention %q, %k, %v" + settings + q + ", " + k + ", " + k + more + ") -> (" + q + ", " + l +
          ")\n  %r2, %r3, %r4 = nn.attention_grad %q, %k, %v, %r0, %r1, %g" + settings + q + ", " + k + ", " + k +
          ", " + q + ", " + l + ", " + q + more + ") -> (" + q + ", " + k + ", " + k + ")";
  return {name, function("%q: " + q + ", %k: " + k + ", %v: " + k + ", %g: " + q, body, {q, l, q, k, k})};
}

} // namespace

std::vector<ValueCase> elementCases() {
  std::vector<ValueCase> cases;
  for (nn::ElementwiseKind kind : kindsOf(nn::symbolizeElementwiseKind)) {
    cases.push_back(elementwise(kind, {5, 37}, "f32"));
    cases.push_back(elementwise(kind, {3, 7}, "f64"));
    if (!nn::isFloatKind(kind))
      for (const char *element : {"i32", "i64"})
        cases.push_back(elementwise(kind, {41}, element));
  }
  // Beyond one item of a chain.
  cases.push_back(elementwise(nn::ElementwiseKind::gelu, {70000}, "f32"));
  for (nn::CompareKind kind : kindsOf(nn::symbolizeCompareKind))
    for (std::string element : {"f32", "i32", "ui8"}) {
      std::string type = tensor({300}, element), bools = tensor({300}, "i1");
      std::string name = nn::stringifyCompareKind(kind).str();
      cases.push_back(
          {"compare_" + name + "_" + element,
           function("%x: " + type + ", %y: " + type,
                    "  %r0 = nn.compare " + name + " %x, %y : " + type + ", " + type + " -> " + bools +
                        "\n  %r1 = nn.select %r0, %x, %y : " + bools + ", " + type + ", " + type + " -> " + type,
                    {bools, type})});
    }
  std::vector<std::string> elements = {"f32", "f64", "bf16", "f16", "i64", "i32", "i8", "ui8", "i1"};
  for (const std::string &from : elements) {
    std::string body, type = tensor({40}, from);
    std::vector<std::string> results;
    for (const std::string &to : elements) {
      results.push_back(tensor({40}, to));
      body += "  %r" + std::to_string(results.size() - 1) + " = nn.cast %x : " + type + " -> " + results.back() + "\n";
    }
    cases.push_back({"cast_" + from, function("%x: " + type, body, results)});
  }
  cases.push_back({"constant", function("%x: tensor<f32>",
                                        "  %r0 = nn.constant dense<[1.5, -2.0, 3.25]> : tensor<3xf32>\n"
                                        "  %r1 = nn.constant dense<7> : tensor<2x2xi64>",
                                        {"tensor<3xf32>", "tensor<2x2xi64>"})});
  return cases;
}

std::vector<ValueCase> productCases() {
  std::vector<ValueCase> cases;
  for (auto [m, k, n] : {std::tuple{1, 1, 1}, {13, 17, 33}, {50, 300, 70}, {1, 70, 130}, {4, 70, 300}})
    for (bool left : m > 4 ? std::vector<bool>{false, true} : std::vector<bool>{false})
      for (bool right : {false, true})
        cases.push_back(product("product_of_" + std::to_string(m) + "_" + std::to_string(k) + "_" + std::to_string(n),
                                {m, k}, {k, n}, {m, n}, left, right));
  for (bool right : {false, true}) {
    cases.push_back(product("batched", {3, 9, 20}, {3, 20, 35}, {3, 9, 35}, !right, right));
    cases.push_back(product("serving", {2, 3, 5, 8}, {8, 6}, {2, 3, 5, 6}, right, right));
  }
  cases.push_back(product("product_f64", {17, 20}, {20, 35}, {17, 35}, false, true, "f64"));
  cases.push_back(product("product_bf16", {16, 32}, {32, 16}, {16, 16}, false, false, "bf16"));
  return cases;
}

std::vector<ValueCase> rowCases() {
  std::vector<ValueCase> cases;
  for (auto [rows, columns] : {std::pair{3, 5}, {9, 700}})
    for (int dim : {0, 1}) {
      std::string x = tensor({rows, columns}), rest = tensor({dim ? rows : columns}), at = std::to_string(dim);
      std::string size = "_" + std::to_string(rows) + "_" + at, along = " %x dim " + at;
      for (std::string kind : {"sum", "min", "max"})
        cases.push_back(ofOne("reduce_" + kind + size, "nn.reduce " + kind + " %x dims [" + at + "]", x, rest));
      cases.push_back(ofOne("softmax" + size, "nn.softmax" + along, x, x));
      cases.push_back(ofOne("layer_norm" + size, "nn.layer_norm" + along + " eps 1.0e-5", x, x));
      cases.push_back(ofOne("rms_norm" + size, "nn.rms_norm" + along + " eps 1.0e-5", x, x));
      std::string places = tensor({dim ? rows : columns}, "i32");
      cases.push_back(ofOne("argmax" + size, "nn.argmax" + along, x, places));
      std::string top = tensor(dim ? Sizes{rows, 4} : Sizes{2, columns});
      std::string topPlaces = tensor(dim ? Sizes{rows, 4} : Sizes{2, columns}, "i32");
      cases.push_back(
          {"top_k" + size,
           function("%x: " + x, "  %r0, %r1 = nn.top_k" + along + " : " + x + " -> " + top + ", " + topPlaces,
                    {top, topPlaces})});
      std::string ids = tensor({rows}, "i32"), loss = tensor({rows});
      if (dim == 1)
        cases.push_back({"cross_entropy" + size,
                         function("%x: " + x + ", %i: " + ids,
                                  "  %r0 = nn.cross_entropy %x, %i : " + x + ", " + ids + " -> " + loss, {loss})});
    }
  cases.push_back(ofOne("reduce_all", "nn.reduce sum %x dims [0, 1, 2]", tensor({4, 5, 70}), "tensor<f32>"));
  cases.push_back(ofOne("reduce_i32", "nn.reduce sum %x dims [0]", tensor({5, 9}, "i32"), tensor({9}, "i32")));
  return cases;
}

std::vector<ValueCase> moveCases() {
  std::vector<ValueCase> cases;
  for (std::string element : {"f32", "i32", "i1"}) {
    auto of = [&](const Sizes &sizes) { return tensor(sizes, element); };
    auto add = [&](const std::string &name, const std::string &op, const Sizes &from, const Sizes &to) {
      cases.push_back(ofOne(name + "_" + element, op, of(from), of(to)));
    };
    add("reshape", "nn.reshape %x", {4, 6}, {3, 8});
    add("transpose", "nn.transpose %x perm [2, 0, 1]", {3, 4, 5}, {5, 3, 4});
    add("broadcast", "nn.broadcast %x dims [0, 2]", {3, 4}, {3, 2, 4});
    add("slice", "nn.slice %x offsets [1, 2]", {5, 8}, {3, 4});
    add("pad", "nn.pad %x low [1, 0]", {3, 4}, {5, 7});
    std::string a = of({3, 2}), b = of({3, 4}), c = of({3, 8});
    cases.push_back({"concat_" + element,
                     function("%x: " + a + ", %y: " + b,
                              "  %r0 = nn.concat %x, %y, %x dim 1 : (" + a + ", " + b + ", " + a + ") -> " + c, {c})});
    std::string whole = of({2, 5, 3}), part = of({2, 2, 3});
    for (int start : {-2, 1, 9})
      cases.push_back({"update_slice_at_" + std::to_string(start + 2) + "_" + element,
                       function("%x: " + whole + ", %y: " + part,
                                "  %s = nn.constant dense<" + std::to_string(start) +
                                    "> : tensor<i32>\n  %r0 = nn.update_slice %x, %y dim 1 at %s : " + whole + ", " +
                                    part + ", tensor<i32> -> " + whole,
                                {whole})});
    std::string table = of({2, 7, 3}), ids = "tensor<3x2xi64>", picked = of({2, 3, 2, 3});
    cases.push_back({"gather_" + element,
                     function("%x: " + table + ", %i: " + ids,
                              "  %r0 = nn.gather %x, %i dim 1 : " + table + ", " + ids + " -> " + picked, {picked})});
    if (element != "i1")
      cases.push_back(
          {"scatter_add_" + element,
           function("%x: " + picked + ", %i: " + ids,
                    "  %r0 = nn.scatter_add %x, %i dim 1 : " + picked + ", " + ids + " -> " + table, {table})});
  }
  cases.push_back({"iota", function("%s: tensor<i32>",
                                    "  %r0 = nn.iota dim 1 -> tensor<3x4xf32>\n"
                                    "  %r1 = nn.iota dim 0 start %s : tensor<i32> -> tensor<3x4xi64>",
                                    {"tensor<3x4xf32>", "tensor<3x4xi64>"})});
  return cases;
}

std::vector<ValueCase> otherCases() {
  std::vector<ValueCase> cases;
  cases.push_back(attention("attention", 70, 130, 20, "", ""));
  cases.push_back(attention("attention_causal", 70, 130, 20, "causal", ""));
  cases.push_back(attention("attention_of_few", 5, 7, 3, "causal", ""));
  for (std::string offset : {"3", "-2"})
    cases.push_back(attention("attention_from_" + std::to_string(std::stoi(offset) + 2), 3, 7, 4, "causal", offset));
  for (std::string element : {"f32", "f64"}) {
    std::string type = tensor({3, 50}, element);
    cases.push_back({"random_" + element, function("%k: tensor<i64>",
                                                   "  %r0 = nn.random uniform %k place 3 : tensor<i64> -> " + type +
                                                       "\n  %r1 = nn.random normal %k place 4 : tensor<i64> -> " + type,
                                                   {type, type})});
  }
  cases.push_back(
      {"fold_in", function("%k: tensor<i64>, %n: tensor<i64>",
                           "  %r0 = nn.fold_in %k, %n : tensor<i64>, tensor<i64> -> tensor<i64>", {"tensor<i64>"})});
  for (std::string reverse : {"", " reverse"})
    cases.push_back(
        {"scan" + std::string(reverse.empty() ? "" : "_reverse"),
         R"(
func.func @f(%x: tensor<2x3xf32>, %w: tensor<4x3x3xf32>, %b: tensor<3xf32>) -> (tensor<2x3xf32>, tensor<4x2x3xf32>) {
  %0:2 = nn.scan count 4)" +
             reverse +
             R"( carry(%x) stacked(%w) shared(%b) : (tensor<2x3xf32>, tensor<4x3x3xf32>, tensor<3xf32>) -> (tensor<2x3xf32>, tensor<4x2x3xf32>) {
  ^bb0(%i: tensor<i32>, %h: tensor<2x3xf32>, %m: tensor<3x3xf32>, %bias: tensor<3xf32>):
    %1 = nn.matmul %h, %m : tensor<2x3xf32>, tensor<3x3xf32> -> tensor<2x3xf32>
    %2 = nn.broadcast %bias dims [1] : tensor<3xf32> -> tensor<2x3xf32>
    %3 = nn.elementwise add %1, %2 : (tensor<2x3xf32>, tensor<2x3xf32>) -> tensor<2x3xf32>
    %4 = nn.elementwise tanh %3 : (tensor<2x3xf32>) -> tensor<2x3xf32>
    nn.yield %4, %1 : tensor<2x3xf32>, tensor<2x3xf32>
  }
  return %0#0, %0#1 : tensor<2x3xf32>, tensor<4x2x3xf32>
})"});
  return cases;
}

} // namespace weft::test
