//===- DimsTest.cpp - Sizes, effects, interned types ----------------------===//

#include "lang/sema/Dims.h"
#include "lang/sema/Effects.h"
#include "lang/sema/Inference.h"

#include <gtest/gtest.h>

namespace weft::sema {
namespace {

const DimSymbol d{"D", 12, true, {}}, h{"H", 4, true, {}}, b{"B", std::nullopt, false, {}},
    otherB{"B", std::nullopt, false, {}};

Dim of(const DimSymbol &symbol) { return Dim::named(&symbol); }

TEST(Dims, ProductsHaveOneForm) {
  Dim left = *multiply(*multiply(Dim::number(3), of(b)), of(h)),
      right = *multiply(of(h), *multiply(of(b), Dim::number(3)));
  EXPECT_EQ(left, right);
  EXPECT_EQ(left.text(), "3*B*H");
  EXPECT_FALSE(left.value().has_value());
}

TEST(Dims, QuotientsAreReducedAndMustBeWhole) {
  EXPECT_EQ(divide(of(d), Dim::number(2))->value(), 6);
  EXPECT_EQ(divide(of(d), Dim::number(5))->value(), std::nullopt);
  EXPECT_EQ(divide(*multiply(of(b), of(h)), of(h))->text(), "B");
  EXPECT_EQ(divide(of(d), of(h))->value(), 3);
  EXPECT_EQ(divide(Dim::number(6), of(b)), std::nullopt);
}

TEST(Dims, EqualBySizeOrByForm) {
  EXPECT_TRUE(sameSize(of(d), Dim::number(12)));
  EXPECT_TRUE(sameSize(*multiply(of(h), Dim::number(3)), of(d)));
  EXPECT_FALSE(sameSize(of(d), of(h)));
  EXPECT_TRUE(sameSize(of(b), of(b)));
  EXPECT_FALSE(sameSize(of(b), of(otherB))) << "a name belongs to its signature";
}

TEST(Dims, OverflowIsNoSize) {
  EXPECT_EQ(multiply(Dim::number(INT64_MAX), Dim::number(2)), std::nullopt);
  EXPECT_EQ(multiply(Dim::number(INT64_MAX / 2), of(d))->value(), std::nullopt);
}

TEST(Effects, JoinIsTheLeastThatAllowsBoth) {
  EXPECT_EQ(join(Effect::pure, Effect::read), Effect::read);
  EXPECT_EQ(join(Effect::writeIdempotent, Effect::writeUndo), Effect::write);
  EXPECT_EQ(join(Effect::writeIdempotent, Effect::read), Effect::writeIdempotent);
  EXPECT_TRUE(within(Effect::compute, Effect::pure));
  EXPECT_FALSE(within(Effect::read, Effect::pure));
  EXPECT_TRUE(within(Effect::writeUndo, Effect::write));
  EXPECT_FALSE(within(Effect::writeUndo, Effect::read));
}

TEST(Types, EqualOnesAreOne) {
  TypeTable types;
  Type number = types.simple(TypeKind::integer);
  EXPECT_EQ(types.list(types.optional(number)), types.list(types.optional(number)));
  EXPECT_NE(types.list(number), types.map(number));
  EXPECT_EQ(types.optional(types.optional(number)), types.optional(number));
  EXPECT_EQ(text(types.function({number, types.list(number)}, types.tuple({number, number}))),
            "fn(int, list<int>) -> (int, int)");
  EXPECT_NE(types.declare(TypeKind::record, "A", "", {}), types.declare(TypeKind::record, "A", "", {}));
  EXPECT_EQ(types.tensor(ElementType::f32, {of(d)}), types.tensor(ElementType::f32, {of(d)}));
  EXPECT_NE(types.tensor(ElementType::f32, {of(b)}), types.tensor(ElementType::f32, {of(otherB)}));
}

TEST(Inference, BindsOnceAndNeverInACircle) {
  TypeTable types;
  Inference inference(types);
  Type a = inference.fresh(), c = inference.fresh(), number = types.simple(TypeKind::integer);
  EXPECT_NE(a, c);
  EXPECT_TRUE(inference.unify(types.list(a), types.list(types.map(c))));
  EXPECT_TRUE(inference.unify(c, number));
  EXPECT_EQ(text(inference.settle(a)), "map<int>");
  EXPECT_FALSE(inference.unify(c, types.simple(TypeKind::string)));
  Type e = inference.fresh();
  EXPECT_FALSE(inference.unify(e, types.list(e)));
}

TEST(Inference, FitsWhatCostsNothing) {
  TypeTable types;
  Inference inference(types);
  Type number = types.simple(TypeKind::integer), real = types.simple(TypeKind::floating);
  EXPECT_TRUE(inference.fits(types.list(number), types.list(types.optional(number))));
  EXPECT_FALSE(inference.fits(types.list(types.optional(number)), types.list(number)));
  EXPECT_FALSE(inference.fits(number, real)) << "that is a conversion";
  EXPECT_TRUE(inference.fits(types.agent({number}, number), types.agent({number}, types.optional(number))));
  EXPECT_TRUE(inference.fits(types.function({types.optional(number)}, number), types.function({number}, number)));
  EXPECT_FALSE(inference.fits(types.function({number}, number), types.function({types.optional(number)}, number)));
}

} // namespace
} // namespace weft::sema
