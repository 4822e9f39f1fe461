//===- SmallPlan.h - One plan with most kinds of nodes, to be broken ------===//
#pragma once

#include "runtime/plan/PlanFile.h"
#include "runtime/plan/PlanReader.h"
#include "test/support/PlanBuilder.h"

namespace weft::test {

/// `main(list) -> list`: maps a call over the list, branches on its length, writes what comes out.
inline base::Bytes smallPlan() {
  PlanBuilder plan;
  auto integer = plan.type(TypeKind::integer), text = plan.type(TypeKind::string), texts = plan.list(text);
  auto docs = plan.binding("docs", fb::BindingKind::files);
  auto read = plan.member(docs, "read", {text}, text, Effect::read);
  auto write = plan.member(docs, "write", {text, text}, text, Effect::write);
  fb::PolicyT retried;
  retried.retry = 2;
  retried.timeout_ms = 1000;
  auto policy = plan.policy(retried);
  plan.function("shout", 1, 2, [](value::WordsBuilder &words) {
    words.builtin(value::Builtin::upper, 1, {value::reg(0)});
    words.return_(value::reg(1));
  });

  auto &item = plan.block("item", 1);
  NodeOptions options;
  options.policy = static_cast<std::int32_t>(policy);
  item.result(item.call(read, {item.param(0)}, options));
  auto &few = plan.block("few", 1);
  few.result(few.param(0));
  auto &many = plan.block("many", 1);
  many.result(many.param(0));
  auto &main = plan.block("main", 1);
  auto all = main.map(main.param(0), item);
  auto count = main.builtin(value::Builtin::len, {all});
  auto zero = main.constant(plan.constant(Value::integer(0), integer));
  auto larger = main.builtin(value::Builtin::min, {count, zero});
  auto chosen = main.branch(larger, {&few, &many}, {all});
  auto name = main.constant(plan.constant(Value::text("out"), text));
  main.call(write, {name, name});
  main.result(chosen);
  plan.entry("main", main, {texts}, texts);
  return plan.file();
}

/// The payload as objects that can be changed, and back to a file with a digest that fits.
inline std::unique_ptr<fb::PlanT> unpacked(const base::Bytes &file) {
  return fb::UnPackPlan(file.data() + plan::headerBytes);
}
inline base::Bytes packed(const fb::PlanT &plan) {
  flatbuffers::FlatBufferBuilder builder;
  fb::FinishPlanBuffer(builder, fb::Plan::Pack(builder, &plan));
  return plan::sealPlan(std::as_bytes(std::span(builder.GetBufferPointer(), builder.GetSize())));
}

} // namespace weft::test
