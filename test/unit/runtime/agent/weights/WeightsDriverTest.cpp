//===- WeightsDriverTest.cpp - Tensors through files ----------------------===//

#include "runtime/agent/weights/WeightsDriver.h"
#include "runtime/checkpoint/SafeTensors.h"
#include "runtime/value/Builders.h"
#include "test/simulation/Simulation.h"

#include <gmock/gmock.h>

namespace weft::agent {
namespace {

using base::ElementType;
using base::FailKind;
using testing::HasSubstr;
using value::TypeId;
using value::Value;

Value tensor(std::vector<std::int64_t> dims, float first) {
  value::TensorBuilder builder(ElementType::f32, dims);
  std::fill(builder.data().begin(), builder.data().end(), std::byte(0));
  std::memcpy(builder.data().data(), &first, sizeof first);
  return std::move(builder).tensor();
}

/// `type Net { layers: (Layer, f32[2]), scale: f32 }`, `type Layer { w: f32[2, 3] }`.
class WeightsDriverTest : public testing::Test {
protected:
  WeightsDriverTest() {
    value::TypeTable &types = made->types;
    text = types.simple(value::TypeKind::string);
    TypeId layer = types.record("Layer", {{"w", types.tensor(ElementType::f32, {2, 3})}});
    TypeId pair = types.tuple({layer, types.tensor(ElementType::f32, {2})});
    net = types.record("Net", {{"layers", pair}, {"scale", types.tensor(ElementType::f32, {})}});
    lone = types.tensor(ElementType::f32, {2});
    made->bindings.push_back({"std.safetensors", "safetensors", plan::fb::BindingKind::files, {}, 0, 0, 0, -1, -1, -1});
    readNet = reads("weights Net", net), readLone = reads("weights f32[2]", lone);
    saveNet = saves("save Net", net), saveLone = saves("save f32[2]", lone);
    EXPECT_TRUE(storage().makeFolders("/spec"));
    driver = *make();
  }

  std::uint32_t add(std::string_view name, std::vector<value::Field> params, TypeId result) {
    made->members.push_back({0, name, std::move(params), result, plan::Effect::read, plan::noIndex, {}, false, 1, 0});
    return static_cast<std::uint32_t>(made->members.size() - 1);
  }
  std::uint32_t reads(std::string_view name, TypeId type) { return add(name, {{"file", text}}, type); }
  std::uint32_t saves(std::string_view name, TypeId type) {
    return add(name, {{"params", type}, {"file", text}}, made->types.simple(value::TypeKind::none));
  }
  base::Result<std::unique_ptr<Driver>> make() { return makeWeightsDriver(simulation.doors(host), made, {0, "/spec"}); }
  io::Storage &storage() { return simulation.doors(host).storage; }

  CallOutcome call(std::uint32_t member, std::vector<Value> args) {
    CallRequest request;
    request.id = ++lastId;
    request.member = member;
    request.args = std::move(args);
    std::optional<CallOutcome> outcome;
    driver->start(std::move(request), [&](CallOutcome result) { outcome = std::move(result); });
    simulation.runUntil([&] { return outcome.has_value(); });
    return std::move(*outcome);
  }
  std::string why(std::uint32_t member, std::vector<Value> args, FailKind kind = FailKind::tool) {
    CallOutcome outcome = call(member, std::move(args));
    EXPECT_FALSE(outcome);
    EXPECT_EQ(outcome.failure.kind, kind);
    return outcome.failure.why;
  }

  simulation::Simulation simulation{1};
  simulation::HostId host = simulation.addHost("a");
  std::shared_ptr<plan::Plan> made = std::make_shared<plan::Plan>();
  TypeId text = 0, net = 0, lone = 0;
  std::uint32_t readNet = 0, readLone = 0, saveNet = 0, saveLone = 0;
  std::unique_ptr<Driver> driver;
  CallId lastId = 0;
  Value whole = Value::record({Value::list({Value::record({tensor({2, 3}, 1)}), tensor({2}, 2)}), tensor({}, 3)});
};

TEST_F(WeightsDriverTest, WhatIsSavedIsRead) {
  ASSERT_TRUE(call(saveNet, {whole, Value::text("out/net.safetensors")}));
  CallOutcome read = call(readNet, {Value::text("out/net.safetensors")});
  ASSERT_TRUE(read) << read.failure.why;
  EXPECT_EQ(*read.value, whole);
  EXPECT_TRUE(call(readNet, {Value::text("/spec/out/net.safetensors")}));

  base::Bytes file = *io::readWhole(storage(), "/spec/out/net.safetensors", 10'000);
  auto tensors = checkpoint::readSafeTensors(file);
  ASSERT_TRUE(tensors);
  std::vector<std::string> names;
  for (const checkpoint::TensorEntry &one : tensors->tensors)
    names.push_back(one.name);
  EXPECT_THAT(names, testing::ElementsAre("layers.0.w", "layers.1", "scale"));
  ASSERT_TRUE(call(saveNet, {whole, Value::text("again.safetensors")}));
  EXPECT_EQ(*io::readWhole(storage(), "/spec/again.safetensors", 10'000), file);
}

TEST_F(WeightsDriverTest, ATensorAloneHasTheNameThatTrainingsGiveIt) {
  ASSERT_TRUE(call(saveLone, {tensor({2}, 4), Value::text("a.safetensors")}));
  EXPECT_EQ(*call(readLone, {Value::text("a.safetensors")}).value, tensor({2}, 4));
  EXPECT_THAT(why(readNet, {Value::text("a.safetensors")}),
              HasSubstr("wanted a tensor 'layers.0.w', f32[2, 3]; the file has params"));
}

TEST_F(WeightsDriverTest, FilesThatDoNotFitAreToldWithBothShapes) {
  ASSERT_TRUE(call(saveNet, {whole, Value::text("net.safetensors")}));
  base::Bytes three(12, std::byte(0));
  checkpoint::NamedTensor other[] = {{"params", ElementType::f32, {3}, three}};
  ASSERT_TRUE(io::writeWhole(storage(), "/spec/other.safetensors", checkpoint::encodedSafeTensors(other, {})));
  EXPECT_EQ(
      why(readLone, {Value::text("other.safetensors")}),
      "weights '/spec/other.safetensors': tensor 'params' is f32[3], wanted f32[2]; the file is of another model, "
      "or the declaration has other sizes");
  base::Bytes file = *io::readWhole(storage(), "/spec/net.safetensors", 10'000);
  for (std::size_t size : {std::size_t(0), std::size_t(7), file.size() / 2, file.size() - 1}) {
    ASSERT_TRUE(io::writeWhole(storage(), "/spec/cut.safetensors", base::ConstBytes(file).first(size)));
    EXPECT_THAT(why(readNet, {Value::text("cut.safetensors")}), HasSubstr("weights '/spec/cut.safetensors': "));
  }
  EXPECT_THAT(why(readNet, {Value::text("nobody.safetensors")}), HasSubstr("nobody.safetensors"));
}

TEST_F(WeightsDriverTest, SavedFilesStayBelowTheFolder) {
  for (const char *name : {"../net.safetensors", "a/../../net.safetensors", "/spec/net.safetensors"})
    why(saveNet, {whole, Value::text(name)}, FailKind::refused);
  for (const char *name : {"", "folder/"}) {
    why(saveNet, {whole, Value::text(name)}, FailKind::refused);
    why(readNet, {Value::text(name)}, FailKind::refused);
  }
  EXPECT_FALSE(storage().stat("/net.safetensors"));
}

TEST_F(WeightsDriverTest, MembersOfADamagedPlanAreRefused) {
  reads("weights string", text);
  EXPECT_THAT(make().error().message, HasSubstr("member 'weights string' neither reads nor writes"));
  made->members.back() = made->members.front();
  made->members.back().name = "steal Net";
  EXPECT_FALSE(make());
}

} // namespace
} // namespace weft::agent
