//===- Functions.cpp - Pure functions, predicates, renderers --------------===//

#include "lang/lowering/BodyEmitter.h"

using namespace mlir;

namespace weft::lowering {

using expr::Kind;

namespace {

/// Makes the function, hands its parameters to `fill`, and yields what that gives.
void buildFunction(ModuleEmitter &module, BodyEmitter &body, const std::string &name, source::Span span,
                   ArrayRef<Type> parameters, Type result, llvm::function_ref<Value(Block::BlockArgListType)> fill) {
  auto type = FunctionType::get(module.module.getContext(), parameters, result);
  OpBuilder builder = OpBuilder::atBlockEnd(module.module.getBody());
  auto function =
      expr::FunctionOp::create(builder, module.at(span), name, type, StringAttr(), ArrayAttr(), ArrayAttr());
  SmallVector<Location> places(parameters.size(), module.at(span));
  Block *entry = builder.createBlock(&function.getBody(), {}, parameters, places);
  body.enter(entry);
  body.yield(span, body.as(span, fill(entry->getArguments()), result));
}

} // namespace

std::string ModuleEmitter::function(const sema::Symbol *fn, ArrayRef<Type> typeArguments) {
  const sema::Callable &callable = *fn->callable;
  std::string name = symbolOf(fn);
  Substitution substitution;
  for (auto [parameter, argument] : llvm::zip(callable.typeParameters, typeArguments))
    substitution[parameter] = argument;
  if (!typeArguments.empty()) {
    llvm::raw_string_ostream out(name);
    out << "<";
    llvm::interleaveComma(typeArguments, out);
    out << ">";
  }
  auto [entry, added] = instances.try_emplace("fn " + name, name);
  if (!added)
    return entry->second;
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : callable.parameters)
    parameters.push_back(type(parameter.type, substitution));
  Type result = type(callable.result, substitution);
  BodyEmitter body(*this, name, true, substitution);
  buildFunction(*this, body, name, fn->span, parameters, result, [&](Block::BlockArgListType given) {
    for (auto [parameter, value] : llvm::zip(callable.parameters, given))
      body.bind(parameter.symbol, value);
    for (const sema::Parameter &parameter : callable.parameters)
      body.checkParameter(parameter);
    return body.emit(fn->fn->decl->body, result);
  });
  return name;
}

std::string ModuleEmitter::predicate(const std::string &name, ArrayRef<const sema::Symbol *> sees,
                                     const syntax::Expr *check) {
  SmallVector<Type> parameters;
  for (const sema::Symbol *symbol : sees)
    parameters.push_back(type(symbol->type));
  BodyEmitter body(*this, name, true);
  buildFunction(*this, body, name, check->span, parameters, simple(Kind::boolean), [&](Block::BlockArgListType given) {
    for (auto [symbol, value] : llvm::zip(sees, given))
      body.bind(symbol, value);
    return body.emit(check, simple(Kind::boolean));
  });
  return name;
}

std::string ModuleEmitter::renderer(const std::string &name, const sema::Callable &callable, const syntax::Expr *value,
                                    Type result) {
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : callable.parameters)
    parameters.push_back(type(parameter.type));
  BodyEmitter body(*this, name, true);
  buildFunction(*this, body, name, value->span, parameters, result, [&](Block::BlockArgListType given) {
    for (auto [parameter, argument] : llvm::zip(callable.parameters, given))
      body.bind(parameter.symbol, argument);
    return body.emit(value, result);
  });
  return name;
}

std::string ModuleEmitter::piece(const std::string &name, const sema::Callable &callable,
                                 const syntax::StringPiece *written, source::Span span) {
  SmallVector<Type> parameters;
  for (const sema::Parameter &parameter : callable.parameters)
    parameters.push_back(type(parameter.type));
  BodyEmitter body(*this, name, true);
  buildFunction(*this, body, name, span, parameters, simple(Kind::string), [&](Block::BlockArgListType given) {
    for (auto [parameter, argument] : llvm::zip(callable.parameters, given))
      body.bind(parameter.symbol, argument);
    return body.string(span, written ? ArrayRef(*written) : ArrayRef<syntax::StringPiece>());
  });
  return name;
}

} // namespace weft::lowering
