//===- Remarks.cpp - What passes say of what they did ---------------------===//

#include "compiler/driver/Remarks.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Location.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/Regex.h"

#include <cassert>
#include <set>
#include <tuple>

namespace weft::driver {

struct Remarks::Lines {
  using Line = std::tuple<std::string, unsigned, unsigned, std::string>; ///< File, line, column, text.
  std::set<Line> all;

  void add(const mlir::remark::detail::Remark &remark) {
    std::string text = remark.getCategoryName().str() + ": ";
    text += remark.getRemarkType() == llvm::remarks::Type::Passed ? "done" : "not done";
    for (const auto &argument : remark.getArgs())
      if (argument.key == "Reason")
        text += ": " + argument.val;
    auto place = remark.getLocation()->findInstanceOf<mlir::FileLineColLoc>();
    if (place)
      all.emplace(place.getFilename().str(), place.getLine(), place.getColumn(), text);
    else
      all.emplace("", 0, 0, text);
  }
};

Remarks::Remarks(mlir::MLIRContext &context, llvm::StringRef pass) : lines(std::make_shared<Lines>()) {
  struct Streamer : mlir::remark::detail::MLIRRemarkStreamerBase {
    explicit Streamer(std::shared_ptr<Lines> lines) : lines(std::move(lines)) {}
    void streamOptimizationRemark(const mlir::remark::detail::Remark &remark) override { lines->add(remark); }
    std::shared_ptr<Lines> lines;
  };
  mlir::remark::RemarkCategories categories;
  categories.passed = categories.missed = pass.empty() ? ".*" : "^" + llvm::Regex::escape(pass) + "$";
  [[maybe_unused]] auto enabled =
      mlir::remark::enableOptimizationRemarks(context, std::make_unique<Streamer>(lines),
                                              std::make_unique<mlir::remark::RemarkEmittingPolicyAll>(), categories);
  assert(succeeded(enabled) && "a context has one engine of remarks");
}

Remarks::~Remarks() = default;

std::string Remarks::text() const {
  std::string out;
  for (const auto &[file, line, column, text] : lines->all)
    out += (file.empty() ? "" : file + ":" + std::to_string(line) + ":" + std::to_string(column) + ": ") + text + "\n";
  return out;
}

} // namespace weft::driver
