//===- GangPlan.h - What one tensor function becomes in the plan file -----===//
//
// Plain data in the shape of the plan's gang tables, so that the writer copies
// and decides nothing. Everything is static: slots, buffers and steps are fixed
// here, whoever runs them. No MLIR: the plan writer's tests build these by hand.
//
// One role stands for each slot. An actor is one kernel or one step of a
// collective; actors of a role are listed in an order in which they can run, and
// steps with one `opId` are the same step on all slots.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/ElementType.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace weft::lowering {

/// The numbers of `Collective` in plan.fbs.
enum class CollectiveKind : std::uint8_t { allReduce = 0, reduceScatter = 1, allGather = 2 };

/// The numbers of `Reduce` in plan.fbs.
enum class CombineKind : std::uint8_t { sum = 0, min = 1, max = 2 };

struct GangMesh {
  std::string name;
  std::vector<std::string> axes;    ///< The slowest first; slots are numbered row by row.
  std::vector<std::uint32_t> sizes; ///< Slots along each axis.
  std::vector<bool> elastic;
};

/// Bytes in a slot's arena; contiguous, row-major.
struct GangBuffer {
  std::uint64_t offset; ///< In the arena; a multiple of 64, but for views within another one.
  std::uint64_t bytes;
  base::ElementType type;
  std::vector<std::uint64_t> shape;
  std::uint32_t storage = 0; ///< Buffers of one storage share bytes on purpose.
};

struct GangActor {
  bool isKernel;
  std::uint32_t kernel = 0;                              ///< Index into `GangModule::kernels`.
  CollectiveKind collective = CollectiveKind::allReduce; ///< Of a collective, like what follows.
  CombineKind combine = CombineKind::sum;                ///< Unused by allGather.
  base::ElementType type = base::ElementType::f32;       ///< What is combined or moved.
  std::uint32_t axesMask = 0;                            ///< The group: bit i is axis i of the mesh.
  std::vector<std::uint32_t> inputs, outputs;            ///< Buffers, in the kernel's order of arguments.
  std::vector<std::uint32_t> consumers;                  ///< Actors that read an output; increasing.
  std::uint32_t opId = 0;                                ///< Unique in the role, equal on all slots.
};

/// Which part of a whole operand or result a slot's buffer holds. A slot that holds a copy has the same port as its
/// equals; of a result, every copy has the same bits.
struct GangPort {
  std::uint32_t value;  ///< Which operand or result of the tensor function.
  std::uint32_t buffer; ///< A result that is an operand unchanged has the operand's buffer.
  base::ElementType type;
  std::vector<std::uint64_t> whole, offsets, sizes; ///< Elements, one entry for each dimension.
};

struct GangRole {
  std::uint32_t slot;
  std::uint64_t arenaBytes;
  std::vector<GangBuffer> buffers;
  std::vector<GangActor> actors;
  std::vector<GangPort> inputs, outputs;
  std::vector<GangPort> states = {};      ///< Where the part of state `value` lies when a step begins.
  std::vector<std::uint32_t> kept = {};   ///< For each of them the buffer that holds it when the step has ended.
  std::vector<GangPort> feeds = {};       ///< Where the part of feed `value` lies when a step begins.
  std::vector<GangPort> reports = {};     ///< Report `value`: one f32, when the step has ended.
  std::optional<std::uint32_t> step = {}; ///< Buffer of one i32 that is filled with the step's number, 0 first.
};

/// A tensor that is kept from step to step.
struct GangState {
  std::string name;                  ///< What files of weights call it.
  std::optional<std::uint32_t> init; ///< The operand that it begins with; none: zeros.
};

struct GangTextSource {
  std::string files; ///< Pattern, relative to the spec's folder.
  std::uint32_t context, batch;
  std::uint64_t seed;
  double heldOut; ///< Share of each file that is not drawn: 0 to below 1.
};

/// Of a source's windows x, or y, which is x one byte further: i32 [batch, context].
struct GangFeed {
  std::uint32_t source;
  bool isY;
};

/// An operand that comes from a safetensors file, and not from the node.
struct GangFile {
  std::uint32_t operand;
  std::string file, tensor;
};

/// A gang of one slot that is run on what the sources hold out.
struct GangEvaluation {
  std::uint32_t gang;                ///< Index into `GangModule::gangs`.
  std::vector<std::uint32_t> states; ///< Which state each of its operands is.
  std::uint32_t batches = 0;         ///< At most; 0 is all.
};

struct GangPlan {
  std::string name;            ///< The tensor function's symbol.
  std::uint32_t mesh;          ///< Index into `GangModule::meshes`.
  std::vector<GangRole> roles; ///< In slot order, one for each.
  std::vector<GangState> states = {};
  std::uint32_t steps = 1;                               ///< How often the roles run.
  std::uint32_t checkpointEvery = 0, checkpointKeep = 0; ///< In steps, 0 is never; the newest so many stay.
  std::string checkpointTo = {};                         ///< Folder for files of whole states; empty: none.
  std::vector<GangTextSource> sources = {};
  std::vector<GangFeed> feeds = {};
  std::vector<std::string> reports = {};    ///< Names.
  std::vector<std::string> paramNames = {}; ///< What files of weights call the operands; none, or one for each.
  std::vector<GangFile> files = {};         ///< By operand, rising.
  std::optional<GangEvaluation> evaluation = {};
};

struct GangModule {
  std::vector<GangMesh> meshes;
  std::vector<std::string> kernels; ///< Symbols; `compileKernels` gives an image for each.
  std::vector<GangPlan> gangs;
};

} // namespace weft::lowering
