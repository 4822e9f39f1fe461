//===- WeightsDriver.cpp - Tensors read from files, and written to them ---===//

#include "runtime/agent/weights/WeightsDriver.h"

#include "runtime/base/Limits.h"
#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/tensor/Weights.h"
#include "runtime/value/Builders.h"

#include <algorithm>

namespace weft::agent {
namespace {

using base::FailKind;
using value::TypeId;
using value::TypeKind;
using value::Value;

constexpr std::string_view wholeName = "params";
constexpr std::string_view reads = "weights ", writes = "save ";

/// Whether a type is a tensor, or a record or tuple of them: these hold themselves in no way.
bool isTensors(const value::TypeTable &types, TypeId id) {
  const value::Type &type = types[id];
  return type.kind == TypeKind::tensor ||
         ((type.kind == TypeKind::record || type.kind == TypeKind::tuple) &&
          std::all_of(type.fields.begin(), type.fields.end(),
                      [&](const value::Field &field) { return isTensors(types, field.type); }));
}

bool isSound(const plan::Plan &plan, const plan::Member &member) {
  if (member.name.starts_with(reads))
    return member.params.size() == 1 && isTensors(plan.types, member.result);
  return member.name.starts_with(writes) && member.params.size() == 2 && isTensors(plan.types, member.params[0].type);
}

std::string below(const std::string &path, const std::string &field) {
  return path.empty() ? field : path + "." + field;
}

class WeightsWork final : public PoolDriver::Work {
public:
  WeightsWork(io::Storage &storage, std::shared_ptr<const plan::Plan> plan, WeightsSpec spec)
      : storage(storage), plan(std::move(plan)), spec(std::move(spec)) {}

  CallOutcome perform(const CallRequest &request, const std::atomic<bool> &) override {
    WEFT_ASSERT(request.member < plan->members.size());
    const plan::Member &member = plan->members[request.member];
    bool saves = member.name.starts_with(writes);
    std::size_t wanted = saves ? 2 : 1;
    if (member.binding != spec.binding || request.args.size() != wanted || !request.args.back().is(value::Tag::string))
      return failed(FailKind::schema, "weights: wants the name of a file");
    std::string file(request.args.back().asText());
    if (file.empty() || file.back() == '/' || file.find('\0') != std::string::npos)
      return failed(FailKind::refused, (saves ? "save" : "weights") + std::string(": '") + file +
                                           "' is no name of a file; write `\"weights/lm.safetensors\"`");
    return saves ? save(request.args[0], member.params[0].type, file) : load(member.result, file);
  }

private:
  CallOutcome load(TypeId type, const std::string &file) {
    auto weights = tensor::Weights::open(storage, file.starts_with('/') ? file : spec.folder + "/" + file);
    if (!weights)
      return toolFailed(weights.error());
    auto value = read(type, "", **weights);
    if (!value)
      return toolFailed(value.error());
    if (std::string why = value::beyondLimits(*value); !why.empty())
      return failed(FailKind::failed, "weights '" + file + "': " + why);
    return succeeded(*std::move(value));
  }

  base::Result<Value> read(TypeId id, const std::string &path, const tensor::Weights &weights) {
    const value::Type &type = plan->types[id];
    if (type.kind != TypeKind::tensor) {
      std::vector<Value> fields;
      for (const value::Field &field : type.fields) {
        auto one = read(field.type, below(path, field.name), weights);
        if (!one)
          return one;
        fields.push_back(*std::move(one));
      }
      return type.kind == TypeKind::tuple ? Value::list(fields) : Value::record(fields);
    }
    auto bytes = weights.tensor(path.empty() ? wholeName : std::string_view(path), type);
    if (!bytes)
      return std::move(bytes).error();
    if (bytes->size() > base::maxValueBytes)
      return base::error(base::Code::limit, "tensor '" + path + "' has " + std::to_string(bytes->size()) +
                                                " bytes, a value of a workflow at most " +
                                                std::to_string(base::maxValueBytes));
    value::TensorBuilder builder(type.dtype, type.dims);
    std::copy(bytes->begin(), bytes->end(), builder.data().begin());
    return std::move(builder).tensor();
  }

  CallOutcome save(const Value &params, TypeId type, const std::string &file) {
    std::vector<checkpoint::NamedTensor> tensors;
    collect(params, type, "", tensors);
    if (std::any_of(tensors.begin(), tensors.end(), [](const auto &one) { return one.name == "__metadata__"; }))
      return failed(FailKind::failed,
                    "save: the format keeps the name '__metadata__' for itself; call the field otherwise");
    if (file.starts_with('/'))
      return failed(FailKind::refused, "save: '" + file + "' is an absolute path; names begin in the spec's folder");
    auto root = storage.openRoot(spec.folder);
    if (!root)
      return toolFailed(std::move(root).error().in("save: the spec's folder"));
    if (auto written = (*root)->writeWhole(file, checkpoint::encodedSafeTensors(tensors, {{"by", "weft"}})); !written)
      return toolFailed(std::move(written).error().in("save"));
    return succeeded(Value::none());
  }

  void collect(const Value &value, TypeId id, const std::string &path, std::vector<checkpoint::NamedTensor> &tensors) {
    const value::Type &type = plan->types[id];
    if (type.kind != TypeKind::tensor) {
      for (std::size_t at = 0; at < type.fields.size(); ++at)
        collect(value.items()[at], type.fields[at].type, below(path, type.fields[at].name), tensors);
      return;
    }
    value::TensorView view = value.asTensor();
    tensors.push_back(
        {path.empty() ? std::string(wholeName) : path, view.type, {view.dims.begin(), view.dims.end()}, view.data});
  }

  io::Storage &storage;
  std::shared_ptr<const plan::Plan> plan;
  WeightsSpec spec;
};

class WeightsDriver final : public PoolDriver {
public:
  WeightsDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan, WeightsSpec spec)
      : PoolDriver(doors), files(std::make_shared<WeightsWork>(doors.storage, std::move(plan), std::move(spec))) {}

private:
  std::shared_ptr<Work> work() override { return files; }
  std::shared_ptr<WeightsWork> files;
};

} // namespace

base::Result<std::unique_ptr<Driver>> makeWeightsDriver(io::Doors &doors, std::shared_ptr<const plan::Plan> plan,
                                                        WeightsSpec spec) {
  for (const plan::Member &member : plan->members)
    if (member.binding == spec.binding && !isSound(*plan, member))
      return base::error(base::Code::invalid, "binding '" + std::string(plan->bindings[spec.binding].name) +
                                                  "': member '" + std::string(member.name) +
                                                  "' neither reads nor writes tensors of a file");
  return std::unique_ptr<Driver>(std::make_unique<WeightsDriver>(doors, std::move(plan), std::move(spec)));
}

} // namespace weft::agent
