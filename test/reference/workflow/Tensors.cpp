//===- Tensors.cpp - Tensor functions in float64 --------------------------===//

#include "test/reference/workflow/Tensors.h"

#include <cmath>
#include <functional>

namespace weft::reference::workflow {

using sema::BuiltinId;
using sema::ElementType;
using syntax::as;
using syntax::BinaryOp;
using syntax::ExprKind;

namespace {

using Shape = std::vector<std::int64_t>;

std::int64_t countOf(const Shape &shape) {
  std::int64_t count = 1;
  for (std::int64_t size : shape)
    count *= size;
  return count;
}

/// The place of a result's element in an operand that is broadcast to it: sizes of 1 and missing ones repeat.
std::size_t placeIn(const Shape &operand, const Shape &result, std::int64_t index) {
  std::int64_t place = 0, step = 1;
  for (std::size_t back = 1; back <= result.size(); ++back) {
    std::int64_t size = result[result.size() - back], at = index % size;
    index /= size;
    if (back <= operand.size()) {
      place += operand[operand.size() - back] == 1 ? 0 : at * step;
      step *= operand[operand.size() - back];
    }
  }
  return static_cast<std::size_t>(place);
}

Shape broadcast(const Shape &left, const Shape &right) {
  Shape out(std::max(left.size(), right.size()), 1);
  for (const Shape *shape : {&left, &right})
    for (std::size_t back = 1; back <= shape->size(); ++back)
      if (std::int64_t size = (*shape)[shape->size() - back]; size != 1)
        out[out.size() - back] = size;
  return out;
}

Tensor elementwise(const Tensor &left, const Tensor &right, ElementType type,
                   const std::function<double(double, double)> &f) {
  Tensor out{type, broadcast(left.shape, right.shape), {}};
  for (std::int64_t i = 0; i < countOf(out.shape); ++i)
    out.elements.push_back(
        f(left.elements[placeIn(left.shape, out.shape, i)], right.elements[placeIn(right.shape, out.shape, i)]));
  return out;
}

Tensor mapped(Tensor tensor, const std::function<double(double)> &f) {
  for (double &element : tensor.elements)
    element = f(element);
  return tensor;
}

/// Batched over all but the last two dimensions, which broadcast.
Tensor matmul(const Tensor &left, const Tensor &right) {
  std::int64_t rows = left.shape[left.shape.size() - 2], inner = left.shape.back(), columns = right.shape.back();
  Shape a(left.shape.begin(), left.shape.end() - 2), b(right.shape.begin(), right.shape.end() - 2);
  Shape batch = broadcast(a, b);
  Tensor out{left.type, batch, {}};
  out.shape.push_back(rows);
  out.shape.push_back(columns);
  for (std::int64_t n = 0; n < countOf(batch); ++n) {
    auto first = static_cast<std::int64_t>(placeIn(a, batch, n)) * rows * inner;
    auto second = static_cast<std::int64_t>(placeIn(b, batch, n)) * inner * columns;
    for (std::int64_t i = 0; i < rows; ++i)
      for (std::int64_t j = 0; j < columns; ++j) {
        double sum = 0;
        for (std::int64_t k = 0; k < inner; ++k)
          sum += left.elements[static_cast<std::size_t>(first + i * inner + k)] *
                 right.elements[static_cast<std::size_t>(second + k * columns + j)];
        out.elements.push_back(sum);
      }
  }
  return out;
}

/// Groups of elements that differ in the reduced dimensions alone: for each result element the places in `shape`.
struct Groups {
  Shape kept; ///< Without the reduced dimensions.
  std::vector<std::vector<std::size_t>> places;

  Groups(const Shape &shape, const std::vector<bool> &gone) {
    for (std::size_t i = 0; i < shape.size(); ++i)
      if (!gone[i])
        kept.push_back(shape[i]);
    places.resize(static_cast<std::size_t>(countOf(kept)));
    for (std::int64_t index = 0; index < countOf(shape); ++index) {
      std::int64_t rest = index, place = 0, step = 1;
      for (std::size_t i = shape.size(); i-- > 0; rest /= shape[i])
        if (!gone[i]) {
          place += rest % shape[i] * step;
          step *= shape[i];
        }
      places[static_cast<std::size_t>(place)].push_back(static_cast<std::size_t>(index));
    }
  }
};

class TensorBody {
public:
  explicit TensorBody(const sema::CheckedProgram &program) : program(program) {}

  Value call(const sema::Symbol *fn, const Values &arguments) {
    std::map<const sema::Symbol *, Value> outer;
    outer.swap(values);
    for (std::size_t i = 0; i < arguments.size(); ++i)
      values[fn->callable->parameters[i].symbol] = arguments[i];
    Value out = eval(fn->fn->decl->body);
    outer.swap(values);
    return out;
  }

private:
  Tensor tensor(const syntax::Expr *expr) {
    Value value = eval(expr);
    if (value.isNumber())
      return {ElementType::f32, {}, {value.asReal()}};
    if (!value.is(Value::Kind::tensor))
      throw Unsupported{"this in a tensor function", expr->span};
    return *value.tensor;
  }

  Value eval(const syntax::Expr *expr) {
    switch (expr->kind) {
    case ExprKind::integer:
      return Value::integer(as<syntax::IntExpr>(expr)->value);
    case ExprKind::floating:
      return Value::floating(as<syntax::FloatExpr>(expr)->value);
    case ExprKind::name:
      if (auto found = values.find(program.of(expr).symbol); found != values.end())
        return found->second;
      break;
    case ExprKind::member:
      return eval(as<syntax::MemberExpr>(expr)->object).items->at(static_cast<std::size_t>(program.of(expr).index));
    case ExprKind::block: {
      Value last;
      for (const syntax::Stmt *statement : as<syntax::BlockExpr>(expr)->statements) {
        if (const auto *let = as<syntax::LetStmt>(statement)) {
          const auto *name = as<syntax::NamePattern>(let->pattern);
          if (!name)
            throw Unsupported{"a pattern in a tensor function", let->span};
          values[program.pattern(name).symbol] = eval(let->value);
        } else {
          last = eval(as<syntax::ExprStmt>(statement)->expr);
        }
      }
      return last;
    }
    case ExprKind::unary:
      return Value::of(mapped(tensor(as<syntax::UnaryExpr>(expr)->operand), [](double x) { return -x; }));
    case ExprKind::binary:
      return Value::of(binary(as<syntax::BinaryExpr>(expr)));
    case ExprKind::call: {
      const sema::CallInfo &info = *program.call(expr);
      if (info.kind == sema::CalleeKind::tensorCore)
        return Value::of(core(expr, info));
      if (info.kind != sema::CalleeKind::tensorFn)
        break;
      Values arguments;
      for (const sema::BoundArgument &argument : info.arguments)
        arguments.push_back(eval(argument.value));
      return call(info.callee, arguments);
    }
    default:
      break;
    }
    throw Unsupported{"this in a tensor function", expr->span};
  }

  Tensor binary(const syntax::BinaryExpr *expr) {
    Tensor left = tensor(expr->left), right = tensor(expr->right);
    // A number beside a tensor takes its element type.
    ElementType type = sema::base(program.of(expr->left).type)->is(sema::TypeKind::tensor) ? left.type : right.type;
    auto with = [&](auto f) { return elementwise(left, right, type, f); };
    auto test = [&](auto f) { return elementwise(left, right, ElementType::boolean, f); };
    switch (expr->op) {
    case BinaryOp::matmul:
      return matmul(left, right);
    case BinaryOp::multiply:
      return with([](double a, double b) { return a * b; });
    case BinaryOp::divide:
      if (!sema::isFloat(type))
        break;
      return with([](double a, double b) { return a / b; });
    case BinaryOp::add:
      return with([](double a, double b) { return a + b; });
    case BinaryOp::subtract:
      return with([](double a, double b) { return a - b; });
    case BinaryOp::equal:
      return test([](double a, double b) { return a == b; });
    case BinaryOp::notEqual:
      return test([](double a, double b) { return a != b; });
    case BinaryOp::less:
      return test([](double a, double b) { return a < b; });
    case BinaryOp::lessEqual:
      return test([](double a, double b) { return a <= b; });
    case BinaryOp::greater:
      return test([](double a, double b) { return a > b; });
    case BinaryOp::greaterEqual:
      return test([](double a, double b) { return a >= b; });
    default:
      break;
    }
    throw Unsupported{"this operator in a tensor function", expr->span};
  }

  Tensor core(const syntax::Expr *expr, const sema::CallInfo &info) {
    const auto &arguments = info.arguments;
    auto unary = [&](auto f) { return mapped(tensor(arguments[0].value), f); };
    switch (info.builtin) {
    case BuiltinId::tensorExp:
      return unary([](double x) { return std::exp(x); });
    case BuiltinId::tensorLog:
      return unary([](double x) { return std::log(x); });
    case BuiltinId::tensorSqrt:
      return unary([](double x) { return std::sqrt(x); });
    case BuiltinId::tensorRsqrt:
      return unary([](double x) { return 1 / std::sqrt(x); });
    case BuiltinId::tensorTanh:
      return unary([](double x) { return std::tanh(x); });
    case BuiltinId::tensorErf:
      return unary([](double x) { return std::erf(x); });
    case BuiltinId::tensorGelu:
      return unary([](double x) { return 0.5 * x * (1 + std::erf(x / std::sqrt(2.0))); });
    case BuiltinId::tensorSilu:
      return unary([](double x) { return x / (1 + std::exp(-x)); });
    case BuiltinId::tensorRelu:
      return unary([](double x) { return x > 0 ? x : 0.0; });
    case BuiltinId::tensorSigmoid:
      return unary([](double x) { return 1 / (1 + std::exp(-x)); });
    case BuiltinId::tensorAbs:
      return unary([](double x) { return std::fabs(x); });
    case BuiltinId::tensorSelect: {
      Tensor condition = tensor(arguments[0].value), a = tensor(arguments[1].value), b = tensor(arguments[2].value);
      Tensor both = elementwise(a, b, a.type, [](double x, double) { return x; });
      Tensor other = elementwise(a, b, a.type, [](double, double y) { return y; });
      Tensor out{both.type, broadcast(condition.shape, both.shape), {}};
      for (std::int64_t i = 0; i < countOf(out.shape); ++i) {
        std::size_t at = placeIn(both.shape, out.shape, i);
        bool first = condition.elements[placeIn(condition.shape, out.shape, i)] != 0;
        out.elements.push_back(first ? both.elements[at] : other.elements[at]);
      }
      return out;
    }
    case BuiltinId::tensorMin:
    case BuiltinId::tensorMax:
      if (arguments.size() == 2 && arguments[1].dimension < 0) {
        bool least = info.builtin == BuiltinId::tensorMin;
        Tensor a = tensor(arguments[0].value), b = tensor(arguments[1].value);
        return elementwise(a, b, a.type, [&](double x, double y) { return (least ? y < x : y > x) ? y : x; });
      }
      [[fallthrough]];
    case BuiltinId::tensorSum:
    case BuiltinId::tensorMean:
      return reduced(info);
    case BuiltinId::tensorSoftmax:
    case BuiltinId::tensorLayerNorm:
    case BuiltinId::tensorRmsNorm:
      return normalised(info);
    case BuiltinId::tensorTranspose:
      if (arguments.size() == 1)
        return transposed(tensor(arguments[0].value));
      break;
    default:
      break;
    }
    throw Unsupported{"the tensor function " + std::string(sema::nameOf(info.builtin)), expr->span};
  }

  static std::vector<bool> named(const sema::CallInfo &info, std::size_t rank) {
    std::vector<bool> gone(rank, true);
    if (info.arguments.size() > 1)
      gone.assign(rank, false);
    for (std::size_t i = 1; i < info.arguments.size(); ++i)
      if (info.arguments[i].dimension >= 0)
        gone[static_cast<std::size_t>(info.arguments[i].dimension)] = true;
    return gone;
  }

  Tensor reduced(const sema::CallInfo &info) {
    Tensor from = tensor(info.arguments[0].value);
    Groups groups(from.shape, named(info, from.shape.size()));
    Tensor out{from.type, groups.kept, {}};
    for (const auto &places : groups.places) {
      double total = 0, least = INFINITY, most = -INFINITY;
      for (std::size_t place : places) {
        total += from.elements[place];
        least = std::min(least, from.elements[place]);
        most = std::max(most, from.elements[place]);
      }
      out.elements.push_back(info.builtin == BuiltinId::tensorSum    ? total
                             : info.builtin == BuiltinId::tensorMean ? total / static_cast<double>(places.size())
                             : info.builtin == BuiltinId::tensorMin  ? least
                                                                     : most);
    }
    return out;
  }

  Tensor normalised(const sema::CallInfo &info) {
    Tensor out = tensor(info.arguments[0].value);
    double eps = 1e-5;
    for (std::size_t i = 1; i < info.arguments.size(); ++i)
      if (info.arguments[i].value && info.arguments[i].dimension < 0)
        eps = tensor(info.arguments[i].value).elements[0];
    for (const auto &places : Groups(out.shape, named(info, out.shape.size())).places) {
      double count = static_cast<double>(places.size()), mean = 0, squares = 0, most = -INFINITY, total = 0;
      for (std::size_t place : places) {
        mean += out.elements[place] / count;
        squares += out.elements[place] * out.elements[place] / count;
        most = std::max(most, out.elements[place]);
      }
      double variance = 0;
      for (std::size_t place : places) {
        variance += (out.elements[place] - mean) * (out.elements[place] - mean) / count;
        total += std::exp(out.elements[place] - most);
      }
      for (std::size_t place : places) {
        double &x = out.elements[place];
        x = info.builtin == BuiltinId::tensorSoftmax     ? std::exp(x - most) / total
            : info.builtin == BuiltinId::tensorLayerNorm ? (x - mean) / std::sqrt(variance + eps)
                                                         : x / std::sqrt(squares + eps);
      }
    }
    return out;
  }

  static Tensor transposed(const Tensor &from) {
    Tensor out = from;
    std::size_t rank = from.shape.size();
    std::int64_t rows = from.shape[rank - 2], columns = from.shape[rank - 1];
    std::swap(out.shape[rank - 2], out.shape[rank - 1]);
    for (std::int64_t n = 0; n < countOf(from.shape); n += rows * columns)
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j)
          out.elements[static_cast<std::size_t>(n + j * rows + i)] =
              from.elements[static_cast<std::size_t>(n + i * columns + j)];
    return out;
  }

  const sema::CheckedProgram &program;
  std::map<const sema::Symbol *, Value> values;
};

} // namespace

Value tensorCall(const sema::CheckedProgram &program, const sema::Symbol *fn, const Values &arguments) {
  return TensorBody(program).call(fn, arguments);
}

} // namespace weft::reference::workflow
