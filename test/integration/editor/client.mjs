// Drives `weft lsp` with the protocol library of VS Code: every request that an editor makes, on real files.
//
//   client.mjs COMMAND... -- FOLDER      FOLDER is emptied and used as the workspace
//
// Prints one line for each step and ends with 1 at the first that is not as it must be.
import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import protocol from "vscode-languageserver-protocol/node.js";

const { createProtocolConnection, StreamMessageReader, StreamMessageWriter, CancellationTokenSource } = protocol;
const split = process.argv.indexOf("--");
const command = process.argv.slice(2, split);
const folder = process.argv[split + 1];
fs.rmSync(folder, { recursive: true, force: true });
fs.mkdirSync(folder, { recursive: true });

// The cat counts as two units in a column, and as four bytes.
const main = `use ./parts.{Note, weigh as weight}
use std.vote.{majority}

model local = extractive
tool docs = files { root: "./docs", write: true }

/// Reads one document.
agent reader(text: string) -> Note {
  model: local
  prompt: "🐈 Summarise:\\n\${text}"
  budget: { tokens: 4k }
}

workflow brief(pattern: string) -> list<Note> {
  let notes = for name in docs.list(pattern) { reader(docs.read(name)) }
  let total = weight(notes)
  assert total >= 0.0, "🐈 \${total}"
  docs.write("out.md", "done")
  notes
}
`;
const parts = `/// What a reader takes away.
type Note { title: string, score: float }
fn weigh(notes: list<Note>) -> float { sum(notes.map(|n| n.score)) }
`;
const uri = (name) => pathToFileURL(path.join(folder, name)).href;
fs.writeFileSync(path.join(folder, "main.weft"), main);
fs.writeFileSync(path.join(folder, "parts.weft"), parts);

/// Where a text stands in another, as the protocol counts.
function place(text, wanted, plus = 0) {
  const at = text.indexOf(wanted);
  assert.notEqual(at, -1, `there is no ${wanted}`);
  const before = text.slice(0, at + plus).split("\n");
  return { line: before.length - 1, character: before.at(-1).length };
}

function applied(text, edits) {
  const offset = ({ line, character }) => text.split("\n").slice(0, line).reduce((sum, one) => sum + one.length + 1, 0) + character;
  return [...edits].sort((a, b) => offset(b.range.start) - offset(a.range.start))
    .reduce((out, edit) => out.slice(0, offset(edit.range.start)) + edit.newText + out.slice(offset(edit.range.end)), text);
}

const server = spawn(command[0], command.slice(1), { stdio: ["pipe", "pipe", "inherit"] });
const ended = new Promise((done) => server.on("exit", (code, signal) => done({ code, signal })));
const connection = createProtocolConnection(new StreamMessageReader(server.stdout), new StreamMessageWriter(server.stdin));
const published = new Map(), waiting = [];
connection.onNotification("textDocument/publishDiagnostics", (params) => {
  published.set(params.uri, params);
  for (const one of waiting.splice(0)) one();
});
const registered = [];
connection.onRequest("client/registerCapability", ({ registrations }) => { registered.push(...registrations.map((one) => one.method)); });
connection.onError(([error]) => { throw error; });
connection.listen();

/// The messages about this version of a document, when they have come.
async function messages(name, version) {
  const until = Date.now() + 20000;
  while ((published.get(uri(name))?.version ?? -1) < version) {
    if (Date.now() > until) throw new Error(`no messages about ${name} ${version}`);
    await new Promise((done) => { waiting.push(done); setTimeout(done, 100); });
  }
  return published.get(uri(name)).diagnostics;
}

const version = new Map(), texts = new Map();
function open(name, text) {
  version.set(name, 1), texts.set(name, text);
  connection.sendNotification("textDocument/didOpen", { textDocument: { uri: uri(name), languageId: "weft", version: 1, text } });
}
/// Replaces what stands there first, as an editor does: by a range.
function edit(name, wanted, by) {
  const text = texts.get(name), start = place(text, wanted), end = place(text, wanted, wanted.length);
  version.set(name, version.get(name) + 1), texts.set(name, text.replace(wanted, () => by));
  connection.sendNotification("textDocument/didChange", {
    textDocument: { uri: uri(name), version: version.get(name) }, contentChanges: [{ range: { start, end }, text: by }],
  });
  return messages(name, version.get(name));
}
const at = (name, wanted, plus = 0) => ({ textDocument: { uri: uri(name) }, position: place(texts.get(name), wanted, plus) });
// A third argument, even an undefined one, would be a second parameter of the request.
const ask = (method, params, ...token) => connection.sendRequest(`textDocument/${method}`, params, ...token);
const step = (text) => console.log(`ok ${text}`);

const hello = await connection.sendRequest("initialize", {
  processId: process.pid, rootUri: null, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: "w" }],
  capabilities: { general: { positionEncodings: ["utf-16"] }, workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
});
assert.equal(hello.capabilities.positionEncoding, "utf-16");
assert.equal(hello.capabilities.textDocumentSync.change, 2);
connection.sendNotification("initialized", {});
step("initialize");

open("main.weft", main), open("parts.weft", parts);
assert.deepEqual(await messages("main.weft", 1), []);
assert.deepEqual(await messages("parts.weft", 1), []);
step("a sound program has no messages");

{
  const [one, ...more] = await edit("main.weft", "reader(docs", "raeder(docs");
  assert.equal(more.length, 0);
  assert.equal(one.code, "W0201");
  assert.deepEqual(one.range.start, place(texts.get("main.weft"), "raeder(docs"));
  assert.match(fs.readFileSync(new URL(one.codeDescription.href), "utf8"), /W0201/);
  const [fix] = await ask("codeAction", { textDocument: { uri: uri("main.weft") }, range: one.range, context: { diagnostics: [one] } });
  assert.equal(applied(texts.get("main.weft"), fix.edit.changes[uri("main.weft")]), main);
  assert.deepEqual(await edit("main.weft", "raeder", "reader"), []);
  step("a message leads to its page, a quick fix mends it");
}
{
  const list = await edit("parts.weft", "score: float", "score: string");
  assert.ok(list.length > 0);
  await edit("parts.weft", "score: string", "score: float");
  const broken = await edit("main.weft", "budget: {", "budget: }");
  assert.ok(broken.length > 0);
  assert.deepEqual(await edit("main.weft", "budget: }", "budget: {"), []);
  step("broken texts have messages, mended ones none");
}
{
  const shown = await ask("hover", at("main.weft", "reader(docs", 2));
  for (const wanted of ["agent reader(text: string) -> Note", "effect: read", "4000 tokens", "Reads one document."])
    assert.ok(shown.contents.value.includes(wanted), `${wanted} in ${shown.contents.value}`);
  assert.deepEqual(shown.range.start, place(main, "reader(docs"));
  const inside = await ask("hover", at("main.weft", "${total}", 3));
  assert.match(inside.contents.value, /let total: float/);
  assert.deepEqual(inside.range.start, place(main, "${total}", 2));
  step("hover, behind a cat too");
}
{
  const there = await ask("definition", at("main.weft", "weight(notes)", 1));
  assert.equal(there.uri, uri("main.weft"));
  const note = await ask("definition", at("main.weft", "-> Note", 4));
  assert.equal(note.uri, uri("parts.weft"));
  assert.deepEqual(note.range.start, place(parts, "Note {"));
  const library = await ask("definition", at("main.weft", "majority", 1));
  assert.match(library.uri, /vote\.weft$/);
  step("definition, here, in another module, in the library");
}
{
  const uses = await ask("references", { ...at("parts.weft", "Note {", 1), context: { includeDeclaration: true } });
  assert.deepEqual([...new Set(uses.map((one) => one.uri))].sort(), [uri("main.weft"), uri("parts.weft")].sort());
  assert.equal(uses.length, 5);
  const without = await ask("references", { ...at("parts.weft", "Note {", 1), context: { includeDeclaration: false } });
  assert.equal(without.length, 4);
  assert.equal((await ask("documentHighlight", at("main.weft", "notes = for", 1))).length, 3);
  step("references and highlights");
}
{
  assert.equal((await ask("prepareRename", at("parts.weft", "Note {", 1))).placeholder, "Note");
  const { changes } = await ask("rename", { ...at("parts.weft", "Note {", 1), newName: "Memo" });
  assert.equal(applied(parts, changes[uri("parts.weft")]), parts.replaceAll("Note", "Memo"));
  assert.equal(applied(main, changes[uri("main.weft")]), main.replaceAll("Note", "Memo"));
  await assert.rejects(ask("rename", { ...at("main.weft", "total =", 1), newName: "notes" }), /would/);
  await assert.rejects(ask("rename", { ...at("main.weft", "total =", 1), newName: "let" }), /would/);
  step("rename, checked");
}
const labels = async (name, wanted, plus) => {
  const got = await ask("completion", at(name, wanted, plus));
  return (Array.isArray(got) ? got : got.items).map((one) => one.label);
};
{
  await edit("main.weft", "let total = weight(notes)", "let total = \n");
  const names = await labels("main.weft", "let total = ", 12);
  for (const wanted of ["notes", "pattern", "weight", "reader", "len", "if"]) assert.ok(names.includes(wanted), wanted);
  await edit("main.weft", "let total = \n", "let total = docs.\n");
  assert.deepEqual((await labels("main.weft", "total = docs.", 13)).sort(), ["list", "read", "write"]);
  await edit("main.weft", "let total = docs.\n", "let total = weight(\n");
  const help = await ask("signatureHelp", at("main.weft", "total = weight(", 15));
  assert.equal(help.signatures[0].parameters[0].label, "notes: list<Note>");
  assert.equal(help.activeParameter, 0);
  await edit("main.weft", "let total = weight(\n", "let total = weight(notes)");
  assert.deepEqual(await edit("main.weft", "assert total", "assert total"), []);
  assert.equal(texts.get("main.weft"), main);
  await edit("main.weft", "budget: { tokens: 4k }", "bu");
  assert.ok((await labels("main.weft", "\n  bu", 5)).includes("system"));
  await edit("main.weft", "  bu", "  budget: { tokens: 4k }");
  assert.equal(texts.get("main.weft"), main);
  step("completion and signature help in texts that are no programs");
}
{
  const hints = await ask("inlayHint", { textDocument: { uri: uri("main.weft") }, range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } } });
  const shown = hints.map((one) => one.label);
  for (const wanted of [": list<Note>", ": float", ": string", "effect write idempotent"]) assert.ok(shown.includes(wanted), `${wanted} in ${shown}`);
  const outline = await ask("documentSymbol", { textDocument: { uri: uri("main.weft") } });
  assert.deepEqual(outline.map((one) => one.name), ["local", "docs", "reader", "brief"]);
  step("inlay hints and outline");
}
{
  const legend = hello.capabilities.semanticTokensProvider.legend;
  const { data } = await ask("semanticTokens/full", { textDocument: { uri: uri("main.weft") } });
  const lines = texts.get("main.weft").split("\n"), named = new Map();
  for (let at = 0, line = 0, column = 0; at < data.length; at += 5) {
    column = data[at] ? data[at + 1] : column + data[at + 1];
    line += data[at];
    const word = lines[line].slice(column, column + data[at + 2]);
    assert.match(word, /^[a-zA-Z_][a-zA-Z0-9_]*$/, `${line}:${column}`);
    named.set(word, legend.tokenTypes[data[at + 3]]);
  }
  const wanted = { Note: "struct", weight: "function", docs: "namespace", read: "method", reader: "function", pattern: "parameter", total: "variable" };
  for (const [word, type] of Object.entries(wanted)) assert.equal(named.get(word), type, word);
  const found = await connection.sendRequest("workspace/symbol", { query: "BRI" });
  assert.deepEqual(found.map((one) => [one.name, one.location.uri]), [["brief", uri("main.weft")]]);
  step("semantic tokens and symbols of the workspace");
}
{
  assert.deepEqual(registered, ["workspace/didChangeWatchedFiles"]);
  const disk = path.join(folder, "disk.weft");
  fs.writeFileSync(disk, "fn one() -> int { 1 }\n");
  open("user.weft", "use ./disk.{one}\nfn two() -> int { one() + one() }\n");
  assert.deepEqual(await messages("user.weft", 1), []);
  fs.writeFileSync(disk, "fn other() -> int { 1 }\n");
  const changed = new Promise((done) => waiting.push(done));
  connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uri("disk.weft"), type: 2 }] });
  await changed;
  assert.equal((await messages("user.weft", 1)).length, 1);
  step("a module that changes on the disk");
}
{
  await edit("parts.weft", "title: string, ", "title:string,   ");
  const edits = await ask("formatting", { textDocument: { uri: uri("parts.weft") }, options: { tabSize: 2, insertSpaces: true } });
  assert.equal(applied(texts.get("parts.weft"), edits), parts);
  await edit("parts.weft", "title:string,   ", "title: string, ");
  assert.deepEqual(await ask("formatting", { textDocument: { uri: uri("parts.weft") }, options: { tabSize: 2, insertSpaces: true } }), []);
  step("formatting");
}
{
  const source = new CancellationTokenSource();
  const asked = [1, 2, 3].map(() => ask("references", { ...at("main.weft", "local =", 1), context: { includeDeclaration: true } }, source.token));
  source.cancel();
  const results = await Promise.allSettled(asked);
  for (const one of results) assert.ok(one.status === "fulfilled" || one.reason.code === -32800, `${one.reason}`);
  assert.ok(results.some((one) => one.status === "rejected"), "nothing was taken back");
  await assert.rejects(connection.sendRequest("textDocument/noSuchThing", {}), (error) => error.code === -32601);
  step("cancellation, unknown methods");
}
await connection.sendRequest("shutdown");
await connection.sendNotification("exit");
assert.deepEqual(await ended, { code: 0, signal: null });
step("shutdown and exit");
process.exit(0);
