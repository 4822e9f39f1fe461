//===- JsonText.cpp - Texts in JSON, and values in texts ------------------===//

#include "runtime/base/Units.h"
#include "runtime/value/Json.h"

namespace weft::value {

void appendJsonString(std::string &out, std::string_view text) {
  constexpr char digits[] = "0123456789abcdef";
  out += '"';
  std::size_t start = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\')
      continue;
    out.append(text, start, i - start);
    start = i + 1;
    out += '\\';
    constexpr std::string_view from = "\"\\\b\f\n\r\t", to = "\"\\bfnrt";
    if (std::size_t known = from.find(text[i]); known != from.npos)
      out += to[known];
    else
      out.append("u00").append(1, digits[c >> 4]).append(1, digits[c & 15]);
  }
  out.append(text, start, text.size() - start);
  out += '"';
}

base::Result<void> appendText(const Value &value, TypeId id, const TypeTable &types, std::string &out) {
  const Type &type = types[id];
  auto misfit = [&] {
    return base::error(base::Code::invalid,
                       "expected " + types.text(id) + ", found a " + std::string(name(value.tag())));
  };
  switch (type.kind) {
  case TypeKind::string:
    if (!value.is(Tag::string))
      return misfit();
    out += value.asText();
    return {};
  case TypeKind::integer:
    if (!value.is(Tag::integer))
      return misfit();
    out += std::to_string(value.asInt());
    return {};
  case TypeKind::duration:
    if (!value.is(Tag::duration))
      return misfit();
    out += base::durationText(value.asDurationNs());
    return {};
  case TypeKind::size:
    if (!value.is(Tag::size))
      return misfit();
    out += base::sizeText(value.asSizeBytes());
    return {};
  case TypeKind::money:
    if (!value.is(Tag::money))
      return misfit();
    out += base::moneyText(value.asMoneyNano());
    return {};
  case TypeKind::json:
    // A json string is a string; everything else is its JSON.
    if (!value.is(Tag::string))
      break;
    out += value.asText();
    return {};
  case TypeKind::sum:
    if (!types.isPlainSum(id))
      break;
    if (!value.is(Tag::variant) || value.caseIndex() >= type.cases.size())
      return misfit();
    out += type.cases[value.caseIndex()].name;
    return {};
  case TypeKind::tensor:
    // A tensor of rank 0 is a number.
    if (type.dims.empty())
      break;
    [[fallthrough]];
  case TypeKind::none:
  case TypeKind::optional:
  case TypeKind::bytes:
  case TypeKind::file:
    return base::error(base::Code::unsupported, types.text(id) + " does not go into a text");
  default:
    break;
  }
  return toJson(value, id, types, out);
}

} // namespace weft::value
