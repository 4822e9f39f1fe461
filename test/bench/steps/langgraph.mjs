// langgraph.mjs FIGURE - the peer of StepsBench.cpp: the same shape of work in LangGraph JS.
//
// Prints one JSON object. Each figure is the median of several rounds after a warm-up; loops are bounded. LangGraph's time grows faster than its number
// of nodes, so the two large figures are taken at a tenth of the size and multiplied by ten, in LangGraph's favour.
import { StateGraph, Annotation, START, END, Send, MemorySaver } from "@langchain/langgraph";
import { readFileSync } from "node:fs";

const median = (xs) => [...xs].sort((a, b) => a - b)[Math.floor(xs.length / 2)];

async function timed(rounds, run) {
  await run();
  const out = [];
  for (let i = 0; i < rounds; ++i) {
    const start = process.hrtime.bigint();
    await run();
    out.push(Number(process.hrtime.bigint() - start) / 1e6);
  }
  return median(out);
}

// n no-op nodes in a row, or all beside each other.
function nodes(n, row, checkpointer) {
  const State = Annotation.Root({ value: Annotation({ reducer: (a, b) => b, default: () => 0 }) });
  const graph = new StateGraph(State);
  for (let i = 0; i < n; ++i) graph.addNode(`n${i}`, (s) => ({ value: s.value + 1 }));
  for (let i = 0; i < n; ++i) {
    if (!row || i === 0) graph.addEdge(START, `n${i}`);
    if (!row || i === n - 1) graph.addEdge(`n${i}`, END);
    else graph.addEdge(`n${i}`, `n${i + 1}`);
  }
  return graph.compile(checkpointer ? { checkpointer } : {});
}

// n workers started by one node, joined by another.
function fanOut(n) {
  const State = Annotation.Root({ parts: Annotation({ reducer: (a, b) => a.concat(b), default: () => [] }), item: Annotation() });
  return new StateGraph(State)
    .addNode("split", () => ({}))
    .addNode("work", (s) => ({ parts: [s.item] }))
    .addNode("join", () => ({}))
    .addEdge(START, "split")
    .addConditionalEdges("split", () => Array.from({ length: n }, (_, item) => new Send("work", { item })))
    .addEdge("work", "join")
    .addEdge("join", END)
    .compile();
}

const pss = () => Number(/Pss:\s+(\d+)/.exec(readFileSync("/proc/self/smaps_rollup", "utf8"))[1]) * 1024;

const figures = {
  async noop() {
    const n = 200, graph = nodes(n, true);
    return { us: ((await timed(5, () => graph.invoke({ value: 0 }, { recursionLimit: n + 10 }))) * 1000) / n };
  },
  async call() {
    const n = 50, graph = nodes(n, true, new MemorySaver());
    let thread = 0;
    const run = () => graph.invoke({ value: 0 }, { recursionLimit: n + 10, configurable: { thread_id: String(thread++) } });
    return { us: ((await timed(3, run)) * 1000) / n };
  },
  async fanout() {
    const graph = fanOut(1000);
    return { ms: 10 * (await timed(3, () => graph.invoke({ parts: [] }, { recursionLimit: 20 }))) };
  },
  async distinct() {
    const graph = nodes(1000, false);
    return { ms: 10 * (await timed(1, () => graph.invoke({ value: 0 }, { recursionLimit: 20 }))) };
  },
  async parked() {
    const runs = 500, graph = nodes(1, true, new MemorySaver());
    await graph.invoke({ value: 0 }, { configurable: { thread_id: "warm" } });
    global.gc?.();
    const before = pss();
    for (let i = 0; i < runs; ++i) await graph.invoke({ value: 0 }, { configurable: { thread_id: `p${i}` } });
    global.gc?.();
    return { bytes: Math.max(0, pss() - before) / runs };
  },
};
console.log(JSON.stringify(await figures[process.argv[2]]()));
