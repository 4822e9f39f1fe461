//===- Plan.h - A plan in memory: flat pools, read-only, shared -----------===//
//
// What runs most (nodes, registers, words) is used in place, in the mapped
// file. What runs once per call or per run (bindings, policies, entries) is
// copied out of FlatBuffers tables into plain structs, so that nothing above
// this folder knows the file format. Strings point into the file.
//
// A Plan comes from `readPlan`, which also checks it (PlanCheck.h): code that
// holds one may index its pools without further tests.
//
//===----------------------------------------------------------------------===//
#pragma once

#include "runtime/base/Digest.h"
#include "runtime/base/ElementType.h"
#include "runtime/plan/plan_generated.h"
#include "runtime/value/Types.h"
#include "runtime/value/Value.h"
#include "runtime/value/Words.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weft::plan {

using fb::Effect;
using fb::Node;
using fb::Op;
using fb::Range;

inline constexpr std::uint32_t noIndex = 0xffffffff;

/// Items in flight of a map whose node names no window: enough to hide the wait for an answer, few enough that a long
/// list does not fill memory with frames.
inline constexpr std::uint32_t defaultWindow = 16;

/// An isolated region of nodes; see README.md for what each op does.
struct Block {
  std::string_view name;
  Range params, nodes, result; ///< params and result index `Plan::registers`, nodes `Plan::nodes`.
  std::uint32_t registers, depth;
  std::uint64_t stableId;
};

struct Setting {
  std::string_view name;
  std::uint32_t value;          ///< Index of a const, or noIndex.
  std::string_view env, secret; ///< Names, resolved when a run starts and when a request is sent.
};

struct Binding {
  std::string_view name, provider;
  fb::BindingKind kind;
  std::vector<Setting> settings;
  std::uint32_t concurrency, ratePerMin, contextTokens; ///< 0: no limit declared.
  std::int64_t priceInputNano, priceOutputNano;         ///< Nano-dollars per million tokens; -1: not declared.
  std::int32_t temperatureMilli;                        ///< -1: not declared.
  std::uint32_t batch;                                  ///< Calls that fit one request, at least 1.

  /// The setting of that name, or null.
  const Setting *setting(std::string_view name) const;
};

struct Member {
  std::uint32_t binding;
  std::string_view name;
  std::vector<value::Field> params;
  std::uint32_t result;
  Effect effect;
  std::uint32_t undo;                   ///< Block of the parameters, or of those and the result; or noIndex.
  std::vector<std::uint32_t> templates; ///< Functions of the parameters that render argv or the request.
  bool paid;                            ///< An intent is journaled before it leaves.
  std::uint64_t stableId;
  std::uint32_t span;
};

/// Calls that begin with the same text: a server that keeps what it has read saves it where they follow each other.
struct Group {
  std::uint64_t digest;      ///< Of the text; equal in all plans.
  std::uint32_t prefixBytes; ///< Its length, system prompt included.
};

struct Policy {
  std::uint32_t retry, retryOn; ///< retryOn: bit per FailKind; meaningful when retryOnSet.
  bool retryOnSet;
  std::uint32_t backoffMs, hedgeMs, repairs;
  std::uint64_t timeoutMs, cacheMs; ///< 0: none.
  fb::Cache cache;
  std::uint32_t budget; ///< Index or noIndex.
  std::string_view on;
};

struct Budget {
  std::int64_t costNano, tokens, timeMs; ///< -1: not bounded.
  std::int32_t turns;
  fb::OnExceed onExceed;
  std::uint32_t fallback;
};

struct Param {
  std::string_view name, doc;
  std::uint32_t type, defaultValue; ///< defaultValue: const or noIndex.
};

struct Mock {
  /// What is mocked: a member, or a whole binding, or a block; of a block `member` is what is called in its place.
  std::uint32_t member, block, binding;
  /// Of the call's arguments, giving what the mocked call answers (MockAnswer.h). noIndex, of a block alone: it runs,
  /// and each of its activations counts as a call of `member`.
  std::uint32_t function;
};

struct Entry {
  std::string_view name;
  std::string_view doc; ///< Of a test its title: its name is another one where something else is called so.
  fb::EntryKind kind;
  std::uint32_t block, result, emits, budget, span;
  std::vector<Param> params;
  Effect effect;
  std::vector<Mock> mocks;
  bool crashEverywhere;
  std::vector<std::string_view> recordings; ///< Files beside the spec that answer calls of a test, the first one first.
};

struct Mesh {
  std::string_view name;
  std::vector<std::string_view> axes;
  std::vector<std::uint32_t> sizes;
  std::vector<bool> elastic;

  std::uint32_t slots() const; ///< Product of the sizes.
};

struct Variant {
  std::string_view isa; ///< "x86-64", "x86-64-v3", "x86-64-v4".
  base::Digest digest;
  base::ConstBytes image; ///< An ELF shared object.
};

/// The entry point that a symbol is, and what phases and items are: runtime/device/Device.h.
struct Kernel {
  std::string_view symbol;
  std::vector<Variant> variants;
  std::uint64_t workspaceBytes;      ///< Of one buffer behind the outputs; 0: there is none.
  std::vector<std::uint64_t> phases; ///< Items of work of each, at least one phase, each of at least one item.
  std::uint64_t threadBytes;         ///< Scratch of each thread.
};

/// The part of a whole tensor that a slot's buffer holds: a hyper-rectangle.
struct Port {
  std::uint32_t value, buffer; ///< value: which operand or result of the gang.
  base::ElementType dtype;
  std::vector<std::uint64_t> whole, offsets, sizes; ///< Per dimension, in elements.
};

struct Role {
  std::vector<std::uint32_t> slots;
  std::vector<std::uint64_t> arenas; ///< Bytes of each.
  std::span<const fb::Buffer> buffers;
  std::span<const fb::Actor> actors;
  std::span<const std::uint32_t> indices; ///< What the actors' ranges index.
  std::vector<Port> inputs, outputs;
  std::vector<Port> states;            ///< Of state `value`: where its part lies when a step begins.
  std::vector<std::uint32_t> kept;     ///< For each of `states` the buffer that holds the part when the step has ended.
  std::vector<Port> feeds;             ///< Of feed `value`: where its part lies when a step begins.
  std::vector<Port> reports;           ///< Report `value`: where it lies when the step has ended.
  std::uint32_t step;                  ///< Buffer of the step's number, an i32; or noIndex.
  std::vector<std::uint32_t> storages; ///< Of each buffer: equal ones share bytes on purpose. Empty: all are apart.
};

/// Windows of `context + 1` bytes of the files that match a pattern; runtime/data tells which ones a step gets.
struct TextSource {
  std::string_view files; ///< Pattern, relative to the spec's folder.
  std::uint32_t context, batch;
  std::uint64_t seed;
  double heldOut; ///< Share at the end of each file that is not drawn; at least 0, below 1.
};

/// What a buffer is filled with before each step: i32 [batch, context] of a source.
struct Feed {
  std::uint32_t source;
  fb::FeedPart part;
  std::uint32_t type;
};

/// A number that a gang tells after each step.
struct Report {
  std::string_view name;
  std::uint32_t type; ///< f32 of rank 0.
};

/// An operand that comes from a safetensors file beside the spec, and not from the node.
struct FileOperand {
  std::uint32_t operand;
  std::string_view file, tensor;
};

/// A gang of one slot and one step that reads what another one's sources hold out.
struct Evaluation {
  std::uint32_t gang;
  std::vector<std::uint32_t> states; ///< Of the gang that is evaluated: what each operand is.
  std::uint32_t batches;             ///< At most; 0: as many as there are.
};

/// A tensor that a gang keeps from step to step. Slots with equal boxes of it hold the same bits.
struct State {
  std::string_view name;
  std::uint32_t type;
  std::vector<std::int64_t> shardDims;
  std::uint8_t replicas;
  std::uint32_t init; ///< The operand that it begins with; noIndex: zeros.
};

struct Gang {
  std::string_view name;
  std::uint32_t mesh;
  std::vector<Role> roles;
  std::vector<State> states;
  std::vector<std::uint32_t> params, results; ///< Types of operands and results.
  std::uint32_t checkpointEvery;              ///< Steps; 0: never.
  std::uint64_t stableId;
  std::uint32_t steps; ///< How often the roles run.
  std::vector<TextSource> sources;
  std::vector<Feed> feeds;
  std::vector<Report> reports;
  std::uint32_t checkpointKeep;             ///< The newest so many stay; at least 1.
  std::string_view checkpointTo;            ///< Folder beside the spec for files of whole states; empty: none.
  std::vector<std::string_view> paramNames; ///< Of the operands, or empty.
  std::vector<FileOperand> files;           ///< By operand, rising.
  std::optional<Evaluation> evaluation;

  /// Operands that the node gives: those that no file gives, in order.
  std::size_t given() const { return params.size() - std::min(params.size(), files.size()); }
};

/// Bytes of an entry's name: the first record of a run holds it.
inline constexpr std::size_t maxEntryNameBytes = 1024;
/// Arms of one race and samples of one vote: when all of them fail, one journal record names each with 16 bytes and
/// stays below the 64 KiB that suit a journal.
inline constexpr std::uint32_t maxAlternatives = 3000;

/// Steps of one gang: its boards number their uses, and what they write of a number is told apart from the last one.
inline constexpr std::uint32_t maxGangSteps = 1U << 30;
/// Of a text source: bytes of one window, windows of one step. A window is copied on the way of every step.
inline constexpr std::uint32_t maxContext = 1U << 20, maxBatch = 1U << 20;
/// Numbers that a gang tells after each step: a line of progress holds them.
inline constexpr std::size_t maxReports = 16;
/// Checkpoints of one gang that stay.
inline constexpr std::uint32_t maxCheckpointsKept = 1024;
/// Parts of all states of one gang, equal ones counted once: a checkpoint's list of them fits into one journal record.
inline constexpr std::uint32_t maxStateShards = 2048;
/// Bytes of a state's name, which stands in that list once per part.
inline constexpr std::size_t maxStateNameBytes = 128;

struct Limits {
  std::uint32_t frames, depth;
  std::uint64_t valueBytes, journalBytes, steps, fuel;
};

struct SourceSpan {
  std::string_view file;
  std::uint32_t line, column;
};

class Plan {
public:
  base::Digest digest;
  value::TypeTable types;
  std::vector<value::Value> consts;
  std::vector<value::Function> functions;
  std::vector<std::uint32_t> functionSpans; ///< Of each function, for `at`.
  std::vector<Block> blocks;
  std::span<const Node> nodes;
  std::span<const std::uint32_t> registers, users, bodies, words;
  std::span<const fb::WordPlace> places; ///< By word, rising.
  std::vector<Policy> policies;
  std::vector<Budget> budgets;
  std::vector<Binding> bindings;
  std::vector<Member> members;
  std::vector<Entry> entries; ///< Sorted by name.
  std::vector<Mesh> meshes;
  std::vector<Kernel> kernels;
  std::vector<Gang> gangs;
  std::vector<Group> groups;
  std::vector<std::string_view> files;
  std::span<const fb::Span> spans;
  std::string_view compiler;
  base::Digest source; ///< Of the source text that was compiled.
  Limits limits{};

  /// The group of a call, or null.
  const Group *groupOf(const Node &node) const { return node.group() == 0 ? nullptr : &groups[node.group() - 1]; }
  /// The entry of that name, or null.
  const Entry *entry(std::string_view name) const;
  /// Where a node, function, member or entry with this span index was written.
  SourceSpan at(std::uint32_t span) const;
  /// Where what a word of this plan computes was written; line 0 where that is not known, or for null. O(log of them).
  SourceSpan atWord(const std::uint32_t *word) const;

  std::span<const Node> nodesOf(const Block &block) const { return slice(nodes, block.nodes); }
  std::span<const std::uint32_t> paramsOf(const Block &block) const { return slice(registers, block.params); }
  std::span<const std::uint32_t> resultOf(const Block &block) const { return slice(registers, block.result); }
  std::span<const std::uint32_t> operandsOf(const Node &node) const { return slice(registers, node.operands()); }
  std::span<const std::uint32_t> resultsOf(const Node &node) const { return slice(registers, node.results()); }
  std::span<const std::uint32_t> usersOf(const Node &node) const { return slice(users, node.users()); }
  std::span<const std::uint32_t> afterOf(const Node &node) const { return slice(users, node.after()); }
  std::span<const std::uint32_t> bodiesOf(const Node &node) const { return slice(bodies, node.body()); }
  std::span<const std::uint32_t> wordsOf(const Node &node) const { return slice(words, node.eval()); }
  /// What words refer to; points into this plan.
  value::Program program() const { return {consts, functions, &types}; }

  /// The file's bytes; everything above points into them.
  std::shared_ptr<const base::Bytes> file;

private:
  template <typename T> static std::span<const T> slice(std::span<const T> pool, const Range &range) {
    return pool.subspan(range.first(), range.count());
  }
};

/// What a step is called, for people: "docs.read", "editor", the workflow that it invokes, else the form, "for".
std::string nameOfStep(const Plan &plan, const Node &node);

/// What one of several frames of a step is called, "item"; null for steps whose bodies are run at most once.
const char *nameOfRound(Op op);

} // namespace weft::plan
