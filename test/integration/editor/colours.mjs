// Reads every word and mark of the lexer grammar with VS Code's own tokeniser and the colours of lang/editor.
//
//   colours.mjs ROOT
//
// A word that gets no colour of a word of the language, a literal that gets none, a name that gets one: each is told, and the exit code is 1.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const textmate = require("vscode-textmate"), oniguruma = require("vscode-oniguruma");
const root = process.argv[2];
const at = (...parts) => path.join(root, ...parts);

await oniguruma.loadWASM(fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm")).buffer);
const registry = new textmate.Registry({
  onigLib: Promise.resolve({ createOnigScanner: (sources) => new oniguruma.OnigScanner(sources), createOnigString: (text) => new oniguruma.OnigString(text) }),
  loadGrammar: async (scope) => {
    const file = scope === "source.weft" ? "weft" : scope === "markdown.weft.codeblock" ? "weft.markdown" : null;
    return file && textmate.parseRawGrammar(fs.readFileSync(at("lang/editor/syntaxes", `${file}.tmLanguage.json`), "utf8"), "grammar.json");
  },
});
const grammar = await registry.loadGrammar("source.weft");

const faults = [];
let count = 0;

/// The innermost scopes of each piece of a text, line by line.
function pieces(text) {
  let stack = textmate.INITIAL;
  return text.split("\n").flatMap((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, stack);
    stack = ruleStack;
    return tokens.map((one) => ({ text: line.slice(one.startIndex, one.endIndex), scopes: one.scopes }));
  });
}
function wants(text, piece, scope) {
  count++;
  const found = pieces(text).filter((one) => one.text.trim() === piece);
  if (!found.some((one) => one.scopes.some((name) => name.startsWith(scope))))
    faults.push(`${piece} in ${JSON.stringify(text)}: wanted ${scope}, found ${JSON.stringify(found.map((one) => one.scopes.slice(1)))}`);
}
function refuses(text, piece, scope) {
  count++;
  for (const one of pieces(text).filter((one) => one.text.trim() === piece))
    if (one.scopes.some((name) => name.startsWith(scope))) faults.push(`${piece} in ${JSON.stringify(text)} must not be ${scope}`);
}

// Words: NAME: 'word'; every line before the first rule that is no word.
const lexer = fs.readFileSync(at("lang/grammar/WeftLexer.g4"), "utf8");
const words = [...lexer.slice(0, lexer.indexOf("LOWER:")).matchAll(/[A-Z]+: '([a-z]+)'/g)].map((one) => one[1]);
if (words.length < 60) faults.push(`the lexer grammar has ${words.length} words; the reading of it is wrong`);
const wordScopes = ["keyword.", "storage.", "constant.language"];
for (const word of words) {
  count++;
  // In the middle of a line, and at its beginning with a name behind it.
  for (const text of [`x ${word} y`, `${word} name`, `  ${word} {`]) {
    const found = pieces(text).find((one) => one.text.trim() === word || one.text.trim().startsWith(`${word} `));
    if (!found || !found.scopes.some((name) => wordScopes.some((scope) => name.startsWith(scope))))
      faults.push(`the word \`${word}\` has no colour in ${JSON.stringify(text)}: ${JSON.stringify(found?.scopes)}`);
  }
  // After a dot and before a colon every word is a name.
  refuses(`a.${word}`, word, "keyword");
  refuses(`{ ${word}: 1 }`, word, "keyword");
}
// Operators and brackets: NAME: 'mark'; of the default mode.
const marks = [...lexer.slice(lexer.indexOf("LPAREN:"), lexer.indexOf("DOC:")).matchAll(/[A-Z]+: '([^']+)'/g)].map((one) => one[1]);
for (const mark of marks.filter((one) => ![",", ";", ":", "."].includes(one)))
  wants(`a ${mark} b`, mark, /[()[\]{}]/.test(mark) ? "punctuation" : "keyword.operator");

for (const literal of ["42", "1_000", "3e-4", "0.5"]) wants(`let x = ${literal}`, literal, "constant.numeric");
for (const [number, unit] of [["30", "s"], ["64", "KiB"], ["25", "Gbps"], ["67", "TFLOPS"], ["20", "k"]]) {
  wants(`let x = ${number}${unit}`, number, "constant.numeric");
  wants(`let x = ${number}${unit}`, unit, "keyword.other.unit");
}
wants("let x = $0.15 per Mtok", "$0.15", "constant.numeric");
wants("/// so it is", "/// so it is", "comment.line.documentation");
wants("x // so it is", "// so it is", "comment.line");
wants('let x = "a ${name} b"', "a", "string.quoted");
wants('let x = "a ${if} b"', "if", "keyword");
wants('"""\na ${if} "b"\n"""', "if", "keyword");
wants('"""\na\n"""\nif', "if", "keyword");
wants('let x = "not closed\nif', "if", "keyword");
wants("type Note { title: string }", "Note", "entity.name.type");
wants("type Note { title: string }", "string", "support.type");
wants("agent reader(text: string) -> Note {", "reader", "entity.name.function");
wants("let x = notes.filter(f)", "filter", "entity.name.function");
// What stands in tests alone: WEFT_MOCK(id, "name(…").
const forms = [...fs.readFileSync(at("lang/sema/Builtins.def"), "utf8").matchAll(/^WEFT_MOCK\(\w+, "([a-z_]+)\(/gm)].map((one) => one[1]);
if (forms.length < 8) faults.push(`Builtins.def has ${forms.length} forms of tests; the reading of it is wrong`);
for (const form of forms) wants(`  mock local => ${form}(x)`, form, "support.function.test");
refuses("let slow = 1", "slow", "support.function");
refuses("let information = format", "information", "keyword");
refuses("let x = model(1)", "model", "storage");

// No text of the project colours the rest of a file as a string.
for (const file of fs.readdirSync(at("test/data/grammar/programs")).filter((one) => one.endsWith(".weft"))) {
  count++;
  const text = fs.readFileSync(at("test/data/grammar/programs", file), "utf8").trimEnd() + "\n\nworkflow last() { none }";
  if (!pieces(text).some((one) => one.text === "last" && one.scopes.includes("entity.name.function.weft"))) faults.push(`${file}: a string or bracket swallows what follows`);
}
for (const fault of faults) console.log(fault);
console.log(`${count} checks, ${faults.length} faults`);
process.exit(faults.length || count < 100 ? 1 : 0);
