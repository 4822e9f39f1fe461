//===- Pools.cpp - Types, constants, spans and functions by index ---------===//

#include "compiler/lowering/FlowToPlan/Pools.h"

#include "compiler/lowering/FlowToPlan/TypeTable.h"
#include "dialects/expr/ConstantValue.h"
#include "runtime/value/Encoding.h"
#include "runtime/value/Schema.h"

using namespace mlir;

namespace weft::lowering {
namespace {

using expr::Kind;

fb::TypeKind kindOf(Kind kind) {
  switch (kind) {
  case Kind::none:
    return fb::TypeKind::none;
  case Kind::boolean:
    return fb::TypeKind::bool_;
  case Kind::integer:
    return fb::TypeKind::int_;
  case Kind::real:
    return fb::TypeKind::float_;
  case Kind::string:
    return fb::TypeKind::string;
  case Kind::bytes:
    return fb::TypeKind::bytes;
  case Kind::json:
    return fb::TypeKind::json;
  case Kind::duration:
    return fb::TypeKind::duration;
  case Kind::size:
    return fb::TypeKind::size;
  case Kind::money:
    return fb::TypeKind::money;
  case Kind::file:
    return fb::TypeKind::file;
  case Kind::rng:
    return fb::TypeKind::rng;
  case Kind::list:
    return fb::TypeKind::list;
  case Kind::map:
    return fb::TypeKind::map;
  case Kind::optional:
    return fb::TypeKind::optional;
  case Kind::tuple:
    return fb::TypeKind::tuple;
  case Kind::function:
    return fb::TypeKind::function;
  case Kind::agent:
    return fb::TypeKind::agent;
  case Kind::named:
  case Kind::parsed:
    break; // Named types are filled from their op; a parsed value never reaches the type table.
  }
  WEFT_UNREACHABLE();
}

std::string textOr(StringAttr text) { return text ? text.str() : std::string(); }

} // namespace

Pools::Pools(ModuleOp module, fb::PlanT &plan) : plan(plan), module(module), symbols(module) {
  plan.spans.emplace_back(0, 1, 1); // What has no place in a source points here.
  plan.files.push_back("");
  for (auto function : module.getOps<expr::FunctionOp>()) {
    functions[function.getSymName()] = static_cast<std::uint32_t>(plan.code->functions.size());
    plan.code->functions.push_back(std::make_unique<fb::FunctionT>());
  }
}

std::uint32_t Pools::type(Type type) {
  auto found = types.find(type);
  return found != types.end() ? found->second : addType(type);
}

std::uint32_t Pools::addType(Type type) {
  // The index is known before the parts are filled in: a type may hold itself.
  std::uint32_t index = static_cast<std::uint32_t>(plan.types.size());
  types[type] = index;
  plan.types.push_back(std::make_unique<fb::TypeT>());
  if (auto tensor = dyn_cast<RankedTensorType>(type)) {
    auto dtype = expr::elementTypeOf(tensor.getElementType());
    WEFT_ASSERT(dtype);
    plan.types[index]->kind = fb::TypeKind::tensor;
    plan.types[index]->dtype = static_cast<std::uint8_t>(*dtype);
    plan.types[index]->dims.assign(tensor.getShape().begin(), tensor.getShape().end());
    return index;
  }
  fillValueType(cast<expr::ValueType>(type), index);
  return index;
}

void Pools::fillValueType(expr::ValueType type, std::uint32_t index) {
  if (type.getKind() == Kind::named) {
    auto op = symbols.lookup<expr::TypeOp>(type.getSymbol().getValue());
    WEFT_ASSERT(op);
    return fillNamed(op, index);
  }
  plan.types[index]->kind = kindOf(type.getKind());
  ArrayRef<Type> elements = type.getElements();
  bool callable = type.getKind() == Kind::function || type.getKind() == Kind::agent;
  if (callable || type.getKind() == Kind::tuple) {
    for (auto [position, element] : llvm::enumerate(callable ? elements.drop_back() : elements)) {
      auto part = field(std::to_string(position), element);
      plan.types[index]->fields.push_back(std::move(part));
    }
  }
  if (callable || (!elements.empty() && type.getKind() != Kind::tuple)) {
    std::int32_t element = static_cast<std::int32_t>(this->type(elements.back()));
    plan.types[index]->element = element;
  }
}

void Pools::fillNamed(expr::TypeOp op, std::uint32_t index) {
  fb::TypeT filled;
  if (op.getForm() == expr::TypeForm::alias) {
    // An alias is its base under another name, with a check of its own. `plan.types` may move while the base is added.
    std::uint32_t base = type(*op.getOf());
    filled = *plan.types[base];
  } else if (op.getForm() == expr::TypeForm::record) {
    filled.kind = fb::TypeKind::record;
    filled.fields = fieldsOf(*op.getFields());
  } else {
    filled.kind = fb::TypeKind::sum;
    for (auto one : op.getCases()->getAsRange<expr::CaseAttr>()) {
      auto made = std::make_unique<fb::CaseT>();
      made->name = one.getName().str();
      made->fields = fieldsOf(one.getFields());
      made->doc = textOr(one.getDoc());
      filled.cases.push_back(std::move(made));
    }
  }
  filled.name = op.getUnnamed() ? "" : op.getSymName().str();
  filled.doc = textOr(op.getDocAttr());
  filled.check = op.getCheck() ? static_cast<std::int32_t>(function(*op.getCheck())) : -1;
  filled.check_text = textOr(op.getTextAttr());
  *plan.types[index] = std::move(filled);
}

std::unique_ptr<fb::FieldT> Pools::field(std::string name, Type type) {
  auto made = std::make_unique<fb::FieldT>();
  made->name = std::move(name);
  made->type = this->type(type);
  return made;
}

std::vector<std::unique_ptr<fb::FieldT>> Pools::fieldsOf(ArrayAttr fields) {
  std::vector<std::unique_ptr<fb::FieldT>> made;
  for (auto one : fields.getAsRange<expr::FieldAttr>()) {
    auto part = field(one.getName().str(), one.getType());
    part->check = one.getCheck() ? static_cast<std::int32_t>(function(one.getCheck().getValue())) : -1;
    part->check_text = textOr(one.getText());
    part->doc = textOr(one.getDoc());
    made.push_back(std::move(part));
  }
  return made;
}

std::uint32_t Pools::constant(Attribute attribute, Type type) {
  auto value = expr::valueOf(attribute);
  WEFT_ASSERT(value);
  return constant(*value, type);
}

std::uint32_t Pools::constant(const value::Value &value, Type type) {
  base::Bytes encoded = value::encoded(value);
  std::vector<std::uint8_t> bytes(encoded.size());
  std::memcpy(bytes.data(), encoded.data(), encoded.size());
  // None has a type of its own wherever it stands for an absent value.
  std::uint32_t typeIndex = this->type(value.isNone() ? expr::simple(module.getContext(), Kind::none) : type);
  auto [entry, added] = constants.try_emplace({typeIndex, bytes}, static_cast<std::uint32_t>(plan.consts.size()));
  if (added) {
    auto made = std::make_unique<fb::ConstT>();
    made->type = typeIndex;
    made->bytes = std::move(bytes);
    plan.consts.push_back(std::move(made));
  }
  return entry->second;
}

std::uint32_t Pools::integer(std::int64_t value) {
  Builder builder(module.getContext());
  return constant(builder.getI64IntegerAttr(value), expr::simple(module.getContext(), Kind::integer));
}

std::uint32_t Pools::schema(Type type) {
  std::uint32_t index = this->type(type);
  value::TypeTable table = typeTableOf(plan);
  auto schema = value::schemaOf(index, table);
  Builder builder(module.getContext());
  return constant(builder.getStringAttr(schema ? *schema : ""), expr::simple(module.getContext(), Kind::string));
}

std::uint32_t Pools::file(StringRef name) {
  auto found = llvm::find(plan.files, name);
  if (found == plan.files.end())
    found = plan.files.insert(plan.files.end(), name.str());
  return static_cast<std::uint32_t>(found - plan.files.begin());
}

std::uint32_t Pools::span(Location place) {
  auto at = place->findInstanceOf<FileLineColLoc>();
  if (!at)
    return 0;
  auto key = std::make_tuple(file(at.getFilename()), at.getLine(), at.getColumn());
  auto [entry, added] = spans.try_emplace(key, static_cast<std::uint32_t>(plan.spans.size()));
  if (added)
    plan.spans.emplace_back(static_cast<std::uint16_t>(std::get<0>(key)),
                            static_cast<std::uint16_t>(std::min(at.getColumn(), 65535u)), at.getLine());
  return entry->second;
}

std::uint32_t Pools::addFunction(std::unique_ptr<fb::FunctionT> function) {
  plan.code->functions.push_back(std::move(function));
  return static_cast<std::uint32_t>(plan.code->functions.size()) - 1;
}

void Pools::needs(StringRef feature) {
  if (!llvm::is_contained(plan.features, feature))
    plan.features.push_back(feature.str());
}

fb::Range Pools::addWords(ArrayRef<std::uint32_t> words, ArrayRef<WordPlace> places) {
  fb::Range range(static_cast<std::uint32_t>(plan.code->words.size()), static_cast<std::uint32_t>(words.size()));
  plan.code->words.insert(plan.code->words.end(), words.begin(), words.end());
  // Also the words that no place was told of: they are not those of the words before.
  if (!words.empty() && (places.empty() || places.front().word > 0) && !plan.code->places.empty())
    plan.code->places.emplace_back(range.first(), 0);
  for (const WordPlace &place : places)
    if (std::uint32_t at = span(place.place); plan.code->places.empty() || plan.code->places.back().span() != at)
      plan.code->places.emplace_back(range.first() + place.word, at);
  return range;
}

} // namespace weft::lowering
