//===- TypeExprs.cpp - Types as they are written, to types ----------------===//
//
// A name that is no type is told once; the nearest one is looked for among all
// types there are, the built-in ones included.
//
//===----------------------------------------------------------------------===//

#include "lang/sema/Checker.h"

#include "lang/sema/ForeignNames.h"

namespace weft::sema {
using syntax::as;

namespace {

const std::map<std::string, TypeKind, std::less<>> &simpleTypes() {
  static const std::map<std::string, TypeKind, std::less<>> names = {
      {"bool", TypeKind::boolean},      {"int", TypeKind::integer}, {"float", TypeKind::floating},
      {"string", TypeKind::string},     {"bytes", TypeKind::bytes}, {"json", TypeKind::json},
      {"duration", TypeKind::duration}, {"size", TypeKind::size},   {"money", TypeKind::money},
      {"file", TypeKind::file},         {"rng", TypeKind::rng}};
  return names;
}
} // namespace

Type Checker::resolveType(const syntax::TypeExpr *type) {
  Type made = fail();
  if (const auto *named = as<syntax::NamedType>(type)) {
    made = resolveNamed(named);
  } else if (const auto *optional = as<syntax::OptionalType>(type)) {
    Type inner = resolveType(optional->inner);
    if (base(inner)->is(TypeKind::optional))
      error(Code::nestedOptional, type->span, "`" + text(inner) + "` may already be absent")
          .hint("write `" + text(inner) + "`, or a sum that says what each absence means");
    made = program.types.optional(inner);
  } else if (const auto *tuple = as<syntax::TupleType>(type)) {
    std::vector<Type> elements;
    for (const syntax::TypeExpr *element : tuple->elements)
      elements.push_back(resolveType(element));
    made = elements.empty() ? simple(TypeKind::none) : program.types.tuple(std::move(elements));
  } else if (const auto *function = as<syntax::FunctionType>(type)) {
    std::vector<Type> parameters;
    for (const syntax::TypeExpr *parameter : function->parameters)
      parameters.push_back(resolveType(parameter));
    Type result = resolveType(function->result);
    made = function->isAgent ? program.types.agent(std::move(parameters), result)
                             : program.types.function(std::move(parameters), result);
  }
  module().types[type->id] = made;
  return made;
}

Type Checker::resolveNamed(const syntax::NamedType *type) {
  const std::string &name = type->name.text;
  auto noArguments = [&](Type made) {
    if (!type->arguments.empty())
      error(Code::wrongTypeArguments, type->span, "`" + name + "` takes no type arguments");
    return made;
  };
  if (!type->qualifier.empty()) {
    std::vector<syntax::Name> path = type->qualifier;
    path.push_back(type->name);
    bool ofLibrary = path.size() == 3 && path[0].text == "std";
    Symbol *symbol = ofLibrary ? qualified(path, type->span) : nullptr;
    if (symbol && symbol->kind == SymbolKind::type) {
      Type made = symbol->type ? symbol->type : fail();
      bool sized = !type->dimensions.empty() || base(made)->is(TypeKind::record);
      return noArguments(sized ? resolveRecord(type, made) : made);
    }
    if (!ofLibrary || symbol) // Else it is told.
      error(Code::unknownType, type->span,
            "there is no type `" + std::string(sources.file(type->span.file).text(type->span)) + "`");
    return fail();
  }
  if (name == "list" || name == "map") {
    if (type->arguments.size() != 1) {
      error(Code::wrongTypeArguments, type->span, "`" + name + "` takes one type, `" + name + "<T>`");
      return fail();
    }
    Type element = resolveType(type->arguments[0]);
    if (name == "map" && base(element)->is(TypeKind::optional))
      error(Code::nestedOptional, type->span, "`m[k]` is already absent where a key is")
          .hint("`map<" + text(base(element)->element) + ">`");
    return name == "list" ? program.types.list(element) : program.types.map(element);
  }
  // `bool` alone is the type of values; with sizes it is an element type.
  if (std::optional<ElementType> element = findElementType(name);
      element && (name != "bool" || !type->dimensions.empty()))
    return noArguments(resolveTensor(type, *element));
  if (auto known = simpleTypes().find(name); known != simpleTypes().end()) {
    if (!type->dimensions.empty())
      error(Code::unknownType, type->span, "`" + name + "` is no element type of tensors")
          .hint("f64 f32 bf16 f16 i64 i32 i8 u8 bool");
    return noArguments(simple(known->second));
  }
  if (auto parameter = typeParameters.find(name); parameter != typeParameters.end())
    return noArguments(parameter->second);
  Symbol *symbol = inModule(name);
  if (symbol && symbol->kind == SymbolKind::type) {
    if (symbol->module == body.module && !symbol->type) {
      if (filledTypes.contains(symbol)) {
        error(Code::infiniteType, type->span, "`" + name + "` stands for itself");
        return fail();
      }
      fillType(symbol);
    }
    Type made = symbol->type ? symbol->type : fail();
    if (!type->dimensions.empty() || base(made)->is(TypeKind::record)) {
      // What is stacked, or has open sizes, must be known to the last field.
      if (symbol->module == body.module && !fillingTypes.contains(symbol))
        fillType(symbol);
      made = resolveRecord(type, made);
    }
    return noArguments(made);
  }
  if (symbol && symbol->kind == SymbolKind::refused)
    return fail();
  if (symbol) {
    error(Code::unknownType, type->name.span, "`" + name + "` is not a type").note(symbol->span, "declared here");
    return fail();
  }
  if (mayBeMissing(body.module, name) || unknownImports.contains(name))
    return fail();
  std::vector<std::string> names = {"list", "map", "f32", "f64", "bf16", "f16", "i64", "i32", "i8", "u8"};
  for (const auto &[known, kind] : simpleTypes())
    names.push_back(known);
  for (const auto &[known, other] : moduleScopes[body.module].own())
    if (other->kind == SymbolKind::type)
      names.push_back(known);
  for (const auto &[known, parameter] : typeParameters)
    names.push_back(known);
  Diagnostic &report = error(Code::unknownType, type->name.span, "there is no type `" + name + "`");
  if (report.offer(name, names))
    return fail();
  if (std::string_view advice = adviceOnType(name); !advice.empty())
    report.hint(std::string(advice));
  return fail();
}

std::optional<std::vector<Dim>> Checker::resolveDimensions(const syntax::NamedType *type) {
  std::vector<Dim> dims;
  Marks marks;
  bool sound = true;
  for (const syntax::Dimension *dimension : type->dimensions) {
    if (dimension->partialSum) {
      for (const syntax::Name &axis : dimension->axes)
        marks.partialSum.push_back(axis.text);
      continue;
    }
    std::optional<Dim> size = resolveSize(dimension);
    sound &= size.has_value();
    dims.push_back(size.value_or(Dim::number(1)));
    DimMark mark;
    mark.whole = dimension->split == syntax::Split::whole;
    for (const syntax::Name &axis : dimension->axes)
      mark.axes.push_back(axis.text);
    marks.dims.push_back(std::move(mark));
  }
  bool marked = !marks.partialSum.empty();
  for (const DimMark &mark : marks.dims)
    marked |= !mark.empty();
  if (marked) {
    checkMarks(type, marks);
    module().marks[type->id] = std::move(marks);
  }
  return sound ? std::optional(std::move(dims)) : std::nullopt;
}

Type Checker::resolveTensor(const syntax::NamedType *type, ElementType element) {
  std::optional<std::vector<Dim>> dims = resolveDimensions(type);
  return dims ? program.types.tensor(element, std::move(*dims)) : fail();
}

Type Checker::resolveRecord(const syntax::NamedType *type, Type written) {
  Type record = base(written);
  std::optional<std::vector<Dim>> stack = resolveDimensions(type);
  if (record->is(TypeKind::error) || !stack)
    return fail();
  if (!stack->empty() && !isTensors(record)) {
    error(Code::badSize, type->span,
          "`" + type->name.text + "[…]` stacks records of tensors, and `" + text(record) + "` is not one")
        .hint("many of them are a `list<" + type->name.text + ">`");
    return fail();
  }
  // A size that the record leaves open is the size of this name here.
  std::vector<Dim> sizes;
  for (const DimSymbol *open : record->open) {
    DimSymbol *here = resolveDimName(open->name, type->span);
    if (!here)
      return fail();
    sizes.push_back(Dim::named(here));
  }
  return stack->empty() && sizes.empty() ? written
                                         : program.types.instance(record, std::move(*stack), std::move(sizes));
}

std::optional<Dim> Checker::resolveSize(const syntax::Dimension *dimension) {
  std::optional<Dim> size;
  for (const syntax::SizeFactor &factor : dimension->size) {
    Dim next = Dim::number(factor.number);
    if (!factor.name.empty()) {
      DimSymbol *symbol = resolveDimName(factor.name, factor.span);
      if (!symbol)
        return std::nullopt;
      next = Dim::named(symbol);
    }
    std::optional<Dim> made = !size ? next : factor.divides ? divide(*size, next) : multiply(*size, next);
    if (!made) {
      error(Code::badSize, dimension->span,
            "`" + size->text() + (factor.divides ? "/" : "*") + next.text() + "` is not a size");
      return std::nullopt;
    }
    size = made;
  }
  if (size->known() && !size->value()) {
    error(Code::badSize, dimension->span, "`" + size->text() + "` is not a whole number");
    return std::nullopt;
  }
  return size;
}

DimSymbol *Checker::resolveDimName(const std::string &name, Span span) {
  if (Symbol *symbol = inModule(name)) {
    if (symbol->kind == SymbolKind::dim)
      return symbol->dim;
    error(Code::badSize, span, "`" + name + "` is not a size").note(symbol->span, "declared here");
    return nullptr;
  }
  if (signatureDims) {
    DimSymbol *&known = (*signatureDims)[name];
    if (!known) {
      program.dims.push_back({name, std::nullopt, false, span});
      known = &program.dims.back();
    }
    return known;
  }
  if (body.callable)
    if (auto known = dimsOf[body.callable].find(name); known != dimsOf[body.callable].end())
      return known->second;
  if (!mayBeMissing(body.module, name))
    error(Code::badSize, span, "there is no size `" + name + "`").hint("declare it: `dim " + name + " = …`");
  return nullptr;
}

} // namespace weft::sema
