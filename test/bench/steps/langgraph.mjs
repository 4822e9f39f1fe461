// langgraph.mjs - the peer of steps.cpp: the same shapes of work in LangGraph JS.
//
// Prints one JSON object {figure: value}. Each figure is the median of several rounds after a warm-up; loops are bounded.
import { StateGraph, Annotation, START, END, Send, MemorySaver } from "@langchain/langgraph";

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

// A chain of n no-op nodes, each one step.
function chain(n, checkpointer) {
  const State = Annotation.Root({ value: Annotation() });
  const graph = new StateGraph(State);
  for (let i = 0; i < n; ++i) graph.addNode(`n${i}`, (s) => ({ value: s.value + 1 }));
  graph.addEdge(START, "n0");
  for (let i = 1; i < n; ++i) graph.addEdge(`n${i - 1}`, `n${i}`);
  graph.addEdge(`n${n - 1}`, END);
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

const result = {};
{
  const n = 200, graph = chain(n);
  const ms = await timed(5, () => graph.invoke({ value: 0 }, { recursionLimit: n + 10 }));
  result["no-op step"] = (ms * 1000) / n;
}
{
  const n = 10000, graph = fanOut(n);
  result["fan-out and join of 10,000"] = await timed(3, () => graph.invoke({ parts: [] }, { recursionLimit: 20 }));
}
{
  // 10,000 distinct steps: its graphs of thousands of nodes take minutes to run, so a chain of 1,000 is timed and multiplied.
  const n = 1000, graph = chain(n);
  result["10,000 distinct steps"] = (await timed(1, () => graph.invoke({ value: 0 }, { recursionLimit: n + 10 }))) * 10 / 1000;
}
{
  const n = 50, graph = chain(n, new MemorySaver());
  let thread = 0;
  const ms = await timed(3, () => graph.invoke({ value: 0 }, { recursionLimit: n + 10, configurable: { thread_id: String(thread++) } }));
  result["step with an in-memory checkpoint"] = (ms * 1000) / n;
}
{
  // Bytes of a run that waits for a person, as resident memory of the process.
  const runs = 500, graph = chain(1, new MemorySaver());
  global.gc?.();
  const before = process.memoryUsage().rss;
  for (let i = 0; i < runs; ++i) await graph.invoke({ value: 0 }, { configurable: { thread_id: `p${i}` } });
  global.gc?.();
  result["parked run"] = Math.max(0, process.memoryUsage().rss - before) / runs;
}
console.log(JSON.stringify(result));
