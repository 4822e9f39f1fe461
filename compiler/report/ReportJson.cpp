//===- ReportJson.cpp - The report for programs ---------------------------===//

#include "compiler/report/Cost.h"
#include "compiler/report/GangCost.h"
#include "compiler/report/Report.h"
#include "compiler/report/Width.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace weft::report {
namespace {

llvm::StringRef text(std::string_view view) { return {view.data(), view.size()}; }

class Json {
public:
  explicit Json(const plan::Plan &plan) : plan(plan), stream(string), json(stream, 2) {}

  std::string run() {
    json.object([&] {
      json.attributeArray("workflows", [&] {
        for (const plan::Entry &entry : plan.entries)
          if (entry.kind == plan::fb::EntryKind::workflow)
            json.object([&] { workflow(entry); });
      });
      json.attributeArray("gangs", [&] {
        for (const plan::Gang &gang : plan.gangs)
          json.object([&] { gangFields(gang); });
      });
    });
    return string + "\n";
  }

private:
  void workflow(const plan::Entry &entry) {
    Cost cost = costOf(plan, entry.block);
    applyBudget(plan, entry.budget, cost);
    json.attribute("name", text(entry.name));
    place(entry.span);
    json.attribute("gives_a_result", cost.succeeds);
    json.attribute("recursive", cost.recursive);
    json.attributeArray("calls", [&] {
      for (const auto &[index, times] : cost.calls)
        json.object([&] {
          const plan::Member &member = plan.members[index];
          json.attribute("member", memberName(plan, index));
          json.attribute("effect", plan::fb::EnumNameEffect(member.effect));
          json.attribute("paid", member.paid);
          amount("least", times.least);
          amount("most", times.most);
        });
    });
    Width width = widthOf(plan, cost);
    json.attributeObject("width", [&] {
      amount("most", width.total);
      json.attributeArray("bindings", [&] {
        for (const BindingWidth &one : width.bindings)
          json.object([&] {
            json.attribute("binding", text(plan.bindings[one.binding].name));
            amount("most", one.most);
            json.attribute("by_limit", one.limited);
          });
      });
    });
    json.attributeObject("critical_path", [&] {
      amount("calls", cost.path.calls);
      json.attribute("cut", cost.path.cut);
      json.attributeArray("steps", [&] {
        for (const PathStep &step : cost.path.steps)
          json.object([&] {
            json.attribute("what", step.what);
            json.attribute("call", step.call);
            json.attribute("depth", step.depth);
            place(step.span);
          });
      });
    });
    bound("tokens", cost.tokens);
    bound("money_nano_dollars", cost.moneyNano);
    Least least = leastOf(plan, cost);
    amount("least_tokens", least.tokens);
    amount("least_money_nano_dollars", least.moneyNano);
    bound("time_most_ms", cost.timeMs);
    std::int64_t timeMs = entry.budget == plan::noIndex ? -1 : plan.budgets[entry.budget].timeMs;
    json.attribute("time_ms", timeMs < 0 ? llvm::json::Value(nullptr) : llvm::json::Value(timeMs));
    json.attributeObject("memory", [&] {
      amount("frames", cost.frames);
      amount("frame_bytes", cost.frameBytes);
    });
    json.attributeArray("gangs", [&] {
      for (const auto &[index, times] : cost.gangs)
        json.object([&] {
          json.attribute("gang", text(plan.gangs[index].name));
          amount("least", times.least);
          amount("most", times.most);
        });
    });
  }

  void place(std::uint32_t span) {
    plan::SourceSpan at = plan.at(span);
    json.attribute("file", text(at.file));
    json.attribute("line", at.line);
    json.attribute("column", at.column);
  }

  /// Null where there is no bound, else what is to be added up.
  void amount(llvm::StringRef name, const Amount &amount) {
    if (amount.isOpen())
      return json.attribute(name, nullptr);
    json.attributeArray(name, [&] {
      for (const auto &[factors, number] : amount.terms())
        json.object([&] {
          json.attribute("number", static_cast<std::int64_t>(number));
          json.attributeArray("per", [&] {
            static constexpr const char *kinds[] = {"item", "round", "sample", "parallel"};
            for (const Factor &factor : factors)
              json.object([&] {
                json.attribute("kind", kinds[static_cast<int>(factor.kind)]);
                place(factor.span);
              });
          });
        });
    });
  }

  void bound(llvm::StringRef name, const Bound &bound) { amount(name, bound.openAt ? Amount::open() : bound.most); }

  void gangFields(const plan::Gang &gang) {
    GangCost cost = costOf(plan, gang);
    json.attribute("name", text(gang.name));
    json.attribute("mesh", text(plan.meshes[gang.mesh].name));
    json.attribute("steps", gang.steps);
    json.attributeArray("slots", [&] {
      for (const SlotCost &slot : cost.slots)
        json.object([&] {
          json.attributeArray("slots", [&] {
            for (std::uint32_t number : slot.slots)
              json.value(number);
          });
          auto bytes = [&](llvm::StringRef name, std::uint64_t count) {
            json.attribute(name, static_cast<std::int64_t>(count));
          };
          bytes("peak_bytes", slot.arenaBytes);
          bytes("workspace_bytes", slot.workspaceBytes);
          bytes("state_bytes", slot.stateBytes);
          bytes("code_bytes", slot.codeBytes);
          bytes("checkpoint_bytes", slot.checkpointBytes);
          bytes("evaluation_bytes", slot.evaluationBytes);
          bytes("frame_bytes", slot.frameBytes);
          bytes("member_bytes", slot.memberBytes(0));
          bytes("thread_bytes", slot.threadBytes);
          json.attribute("buffers", static_cast<std::int64_t>(slot.buffers));
          json.attribute("kernels", static_cast<std::int64_t>(slot.kernels));
        });
    });
    json.attributeArray("collectives", [&] {
      for (const CollectiveCost &one : cost.collectives)
        json.object([&] {
          json.attribute("kind", one.kind);
          json.attribute("axes", one.axes);
          json.attribute("slots", one.slots);
          json.attribute("bytes", static_cast<std::int64_t>(one.bytes));
          json.attribute("sent_formula", one.formula);
          json.attribute("sent_bytes", static_cast<std::int64_t>(one.sentBytes));
        });
    });
  }

  const plan::Plan &plan;
  std::string string;
  llvm::raw_string_ostream stream;
  llvm::json::OStream json;
};

} // namespace

std::string printReportJson(const plan::Plan &plan) { return Json(plan).run(); }

} // namespace weft::report
