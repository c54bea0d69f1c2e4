/**
 * The layers of the house, checked: who may import whom, and which words stand where.
 *
 *     cli ──► runtime ──► sources | operators | sinks | catalog ──► kernels ──► model
 *
 * Works on tokens, not on a syntax tree: it sees every import (static, dynamic, of types) and every use of a
 * word outside comments and text. It does not follow aliases of a global (`const log = console.log` is seen,
 * `const { log } = globals` is not).
 */
import { posix } from "node:path";
import { type Import, importsOf } from "./imports.ts";
import { scopesOf } from "./scopes.ts";
import { moduleState } from "./state.ts";
import { type Token, tokensOf } from "./tokens.ts";

export interface Violation {
  /** Path from the repository's root, with slashes. */
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** What of the tree each room may import, besides itself. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  model: [],
  kernels: ["model"],
  "operators/metrics": ["kernels", "model"],
  "operators/derive": ["kernels", "model"],
  "operators/flow": ["operators", "kernels", "model"],
  operators: ["operators", "kernels", "model"],
  sources: ["kernels", "model"],
  sinks: ["kernels", "model"],
  catalog: ["kernels", "model"],
  // What users' own tests of metrics are made of.
  testing: ["operators", "kernels", "model"],
  compat: ["operators", "sources", "sinks", "catalog", "kernels", "model"],
  runtime: ["operators", "sources", "sinks", "catalog", "kernels", "model", ""],
  cli: ["runtime", "operators", "sources", "sinks", "catalog", "kernels", "model", ""],
  // Files of src itself: the public lists.
  "": ["runtime", "testing", "operators", "sources", "sinks", "catalog", "kernels", "model"],
};

/** Modules that reach a disk, a network, another process. */
const inputOutput: ReadonlySet<string> = new Set([
  ...[
    "fs",
    "fs/promises",
    "http",
    "http2",
    "https",
    "net",
    "tls",
    "dgram",
    "dns",
    "dns/promises",
    "readline",
  ],
  ...["readline/promises", "repl", "inspector", "undici"],
]);

/** Modules only cli and runtime know: processes, threads, signals. */
const processes: ReadonlySet<string> = new Set(["process", "child_process", "worker_threads", "cluster"]);

const builtin = /^node:/;
const pure = ["kernels", "operators/metrics", "operators/derive"];

/** Every violation in one file. `file` is its path from the repository's root: `src/kernels/sum.ts`. */
export const checkFile = (file: string, text: string): readonly Violation[] => {
  const tokens = tokensOf(text);
  const imports = importsOf(tokens);
  const found: Violation[] = [];
  const report = (line: number, message: string) => void found.push({ file, line, message });
  const room = roomOf(file);
  for (const one of imports) checkImport(file, room, one, report);
  checkWords(file, room, tokens, report);
  if (room === "catalog") checkImportTime(tokens, imports, report);
  if (file === "src/index.ts") checkPublicList(tokens, report);
  if (!knowsTheWorld(file, room))
    for (const { line, what } of moduleState(tokens, imports)) report(line, what);
  return found.sort((a, b) => a.line - b.line);
};

/** The room a file of `src` lies in; files of `src` itself lie in "". */
export const roomOf = (file: string): string => {
  const [, first = "", second = "", third] = file.split("/");
  if (second === "") return "";
  const inner = `${first}/${second}`;
  return third !== undefined && Object.hasOwn(rooms, inner) ? inner : first;
};

/** cli, runtime and the budget: the only places with process, console, subscriptions and state of a module. */
const knowsTheWorld = (file: string, room: string): boolean =>
  room === "cli" || room === "runtime" || file === "src/operators/flow/budget.ts";

type Report = (line: number, message: string) => void;

const checkImport = (file: string, room: string, one: Import, report: Report): void => {
  const { from, line } = one;
  if (from === null) {
    if (room !== "cli" && room !== "runtime")
      report(line, `a computed import: only cli and runtime load modules`);
  } else if (from.startsWith(".")) checkInner(file, room, one, posix.join(posix.dirname(file), from), report);
  else checkPackage(file, room, one, from, report);
};

const checkInner = (
  file: string,
  room: string,
  { typeOnly, dynamic, line }: Import,
  to: string,
  report: Report,
) => {
  if (!to.startsWith("src/")) return report(line, `imports ${to}, outside src`);
  const other = roomOf(to);
  if (room === "model" && !typeOnly)
    return report(line, `model imports types only, with import type (${to})`);
  if (other === "compat" && room !== "compat") {
    // The loader hands the wing's public list to the pipelines that ask for it.
    if (room === "runtime" && dynamic && to === "src/compat/ewb11/index.ts") return;
    return report(line, `${nameOf(room)} must not import compat: nothing outside it does (${to})`);
  }
  if (room === "kernels" && other === "model" && /\/(source|openSource|chunk|budget|run)\.ts$/.test(to)) {
    return report(line, `kernels know no Source and no Chunk (${to})`);
  }
  if (room === "sources" && other === "sources") return checkTier(file, to, typeOnly, line, report);
  const allowed = rooms[room] ?? [];
  if (other === room || allowed.includes(other) || (other !== "" && allowed.includes(other.split("/")[0]!)))
    return;
  report(line, `${nameOf(room)} must not import ${nameOf(other)} (${to})`);
};

/** Inside sources: codecs below stores below formats; the files of sources itself are above all. */
const checkTier = (file: string, to: string, typeOnly: boolean, line: number, report: Report): void => {
  const [mine, theirs] = [tierOf(file), tierOf(to)];
  // The contract between tiers is types, and lies at the top.
  if (theirs <= mine || (theirs === 3 && typeOnly)) return;
  report(line, `imports in sources point downward, format to stores to codecs (${to})`);
};

const tierOf = (path: string): number => {
  const [, , folder, file] = path.split("/");
  if (file === undefined) return 3;
  return folder === "codecs" ? 0 : folder === "stores" ? 1 : 2;
};

const checkPackage = (
  file: string,
  room: string,
  { typeOnly, line }: Import,
  from: string,
  report: Report,
) => {
  const name = from.replace(builtin, "");
  const isRxjs = /^rxjs(\/|$)/.test(from);
  if (/^ewb(\/|$)/.test(from)) return report(line, `imports itself by name (${from}); import the file`);
  if (processes.has(name) && !knowsTheWorld(file, room)) {
    return report(line, `only cli and runtime know processes and threads (${from})`);
  }
  if (room === "model" && !(isRxjs && typeOnly)) return report(line, `model imports nothing (${from})`);
  if (isRxjs && (pure.includes(room) || room === "catalog")) {
    return report(line, `${nameOf(room)} must not import rxjs (${from})`);
  }
  if (pure.includes(room))
    return report(line, `${nameOf(room)} imports no packages and does no I/O (${from})`);
  if (room === "operators/flow" || room === "operators") {
    if (inputOutput.has(name)) return report(line, `${nameOf(room)} does no I/O (${from})`);
    if (!isRxjs && !builtin.test(from)) {
      return report(line, `${nameOf(room)} knows no file formats, only rxjs (${from})`);
    }
  }
};

const checkWords = (file: string, room: string, tokens: readonly Token[], report: Report): void => {
  const world = knowsTheWorld(file, room);
  tokens.forEach(({ kind, text, line }, at) => {
    const next = tokens[at + 1]?.text;
    if (kind === "punctuation" && room === "kernels" && (text === "**" || text === "**=")) {
      report(
        line,
        `kernels use no ${text}: it differs between versions of Node; multiply, or Math.exp and Math.log`,
      );
    }
    if (kind !== "word") return;
    if (!world && (text === "process" || text === "console") && isGlobal(tokens, at)) {
      report(line, `${text} belongs to cli and runtime`);
    }
    const called = next === "(" || next === "<" || (next === "?." && tokens[at + 2]?.text === "(");
    if (!world && text === "subscribe" && isProperty(tokens, at) && called) {
      report(
        line,
        "subscribe() belongs to cli and runtime; return the observable, or build it with defer and finalize",
      );
    }
    if (room === "kernels") {
      if (text === "pow") report(line, "kernels use no Math.pow: it differs between versions of Node");
      if (["async", "await", "Promise", "PromiseLike"].includes(text) && isGlobal(tokens, at)) {
        report(line, `kernels know no promises (${text})`);
      }
    }
    if (pure.includes(room)) {
      const what = impurity(tokens, at);
      if (what !== undefined) report(line, `${nameOf(room)} knows no ${what}`);
    }
  });
};

const timers = ["setTimeout", "setInterval", "setImmediate", "queueMicrotask"];
const network = ["fetch", "WebSocket", "XMLHttpRequest", "EventSource"];

/** What makes the word at `at` depend on more than its arguments. */
const impurity = (tokens: readonly Token[], at: number): string | undefined => {
  const word = tokens[at]!.text;
  const rest = tokens.slice(at + 1, at + 3).map(({ text }) => text);
  const member = rest[0] === "." || rest[0] === "?." ? rest[1] : undefined;
  if (!isGlobal(tokens, at)) return undefined;
  if (word === "Date") {
    const empty = rest[0] === "(" && rest[1] === ")";
    const bare = tokens[at - 1]?.text === "new" && rest[0] !== "(";
    const called = rest[0] === "(" && tokens[at - 1]?.text !== "new";
    if (member === "now" || empty || bare || called) return "clocks (Date)";
  }
  if (word === "Math" && member === "random") return "randomness (Math.random)";
  if (word === "crypto") return "randomness (crypto)";
  if (word === "performance" || (word === "Temporal" && member === "Now")) return `clocks (${word})`;
  if (timers.includes(word)) return `clocks (${word})`;
  if (network.includes(word)) return `I/O (${word})`;
  return undefined;
};

const isProperty = (tokens: readonly Token[], at: number): boolean =>
  [".", "?."].includes(tokens[at - 1]?.text ?? "");

/** Whether a word is a global that is used: no property of something else, no key, no name of a method. */
const isGlobal = (tokens: readonly Token[], at: number): boolean => {
  if (isProperty(tokens, at)) return ["globalThis", "global"].includes(tokens[at - 2]?.text ?? "");
  const before = tokens[at - 1]?.text ?? "";
  const next = tokens[at + 1]?.text ?? "";
  const opens = ["{", ",", ";", "(", "readonly"].includes(before);
  const isKey = opens && (next === ":" || (next === "?" && tokens[at + 2]?.text === ":"));
  return !isKey;
};

/** Importing a file of the catalogue reads nothing. */
const checkImportTime = (tokens: readonly Token[], imports: readonly Import[], report: Report): void => {
  const scopes = scopesOf(tokens);
  const reaching = imports.filter(
    ({ from, typeOnly }) => !typeOnly && from !== null && inputOutput.has(from.replace(builtin, "")),
  );
  const names = new Set([...network, ...reaching.flatMap(({ locals }) => locals)]);
  const lines = new Set(reaching.map(({ line }) => line));
  tokens.forEach(({ kind, text, line }, at) => {
    if (kind !== "word" || scopes[at]!.later || isProperty(tokens, at)) return;
    if (text === "await") report(line, "catalog does no I/O when it is imported (await)");
    if (names.has(text) && !isImported(tokens, at, lines) && isGlobal(tokens, at)) {
      report(line, `catalog does no I/O when it is imported (${text})`);
    }
  });
};

/** Whether the word stands in an import declaration. */
const isImported = (tokens: readonly Token[], at: number, lines: ReadonlySet<number>): boolean => {
  for (let i = at; i >= 0 && tokens[i]!.text !== ";"; i -= 1) {
    if (tokens[i]!.text === "import") return lines.has(tokens[i]!.line);
  }
  return false;
};

/** `src/index.ts` is the public list and nothing else. */
const checkPublicList = (tokens: readonly Token[], report: Report): void => {
  const scopes = scopesOf(tokens);
  tokens.forEach(({ text, line }, at) => {
    if (scopes[at]!.depth > 0 || text === ";") return;
    const starts = at === 0 || tokens[at - 1]!.text === ";";
    const lists = text === "export" && ["{", "*", "type"].includes(tokens[at + 1]?.text ?? "");
    if (starts && !lists) report(line, "src/index.ts is the public list and nothing else");
  });
};

const nameOf = (room: string): string => (room === "" ? "a public list" : room);
