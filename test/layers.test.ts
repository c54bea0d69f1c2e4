/** The layers of the house hold, and the check that says so sees what it must. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { checkFile, roomOf } from "../tools/layers.ts";

const root = resolve(import.meta.dirname, "..");

/** Every TypeScript file below src, with slashes. */
const sourceFiles = (): string[] =>
  readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.[cm]?tsx?$/.test(path))
    .map((path) => `src/${path.split(sep).join("/")}`)
    .filter((path) => existsSync(join(root, path)))
    .sort();

describe("src", () => {
  test("keeps its layers", () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(0);
    const found = files.flatMap((file) => checkFile(file, readFileSync(join(root, file), "utf8")));
    expect(found.map(({ file, line, message }) => `${file}:${line} ${message}`)).toEqual([]);
  });
});

describe("rooms", () => {
  test.each([
    ["src/index.ts", ""],
    ["src/model/case.ts", "model"],
    ["src/kernels/wasm/sum.ts", "kernels"],
    ["src/operators/flow/pairs.ts", "operators/flow"],
    ["src/operators/metrics/rmse.ts", "operators/metrics"],
    ["src/operators/other.ts", "operators"],
    ["src/sources/codecs/zlib.ts", "sources"],
    ["src/compat/ewb11/index.ts", "compat"],
  ])("%s", (file, room) => expect(roomOf(file)).toBe(room));
});

/** A file that breaks a rule, the line where, and words of the message. */
type Bad = readonly [rule: string, file: string, text: string, line: number, message: string];

const bad: readonly Bad[] = [
  // model
  ["model imports a value", "src/model/a.ts", 'import { b } from "./b.ts";', 1, "model imports types only"],
  ["model imports an inline type", "src/model/a.ts", 'import { type B } from "./b.ts";', 1, "types only"],
  ["model re-exports a value", "src/model/a.ts", 'export { b } from "./b.ts";', 1, "types only"],
  ["model imports a package", "src/model/a.ts", 'import fs from "node:fs";', 1, "model imports nothing"],
  [
    "model imports types of another room",
    "src/model/a.ts",
    'import type { B } from "../sinks/b.ts";',
    1,
    "not import sinks",
  ],
  ["model imports rxjs", "src/model/a.ts", 'import { map } from "rxjs";', 1, "model imports nothing (rxjs)"],
  // kernels
  [
    "kernels and rxjs",
    "src/kernels/a.ts",
    'import type { Observable } from "rxjs";',
    1,
    "must not import rxjs",
  ],
  [
    "kernels and operators of rxjs",
    "src/kernels/a.ts",
    'import { map } from "rxjs/operators";',
    1,
    "rxjs/operators",
  ],
  [
    "kernels and I/O",
    "src/kernels/a.ts",
    '\nimport { readFileSync } from "node:fs";',
    2,
    "does no I/O (node:fs)",
  ],
  ["kernels and a package", "src/kernels/a.ts", 'import * as zarr from "zarrita";', 1, "imports no packages"],
  [
    "kernels and Source",
    "src/kernels/a.ts",
    'import type { Source } from "../model/source.ts";',
    1,
    "no Source",
  ],
  [
    "kernels and chunks",
    "src/kernels/a.ts",
    'import type { ChunkRef } from "../model/chunk.ts";',
    1,
    "no Chunk",
  ],
  [
    "kernels and operators",
    "src/kernels/a.ts",
    'import { a } from "../operators/metrics/a.ts";',
    1,
    "kernels must not import operators/metrics",
  ],
  ["a power", "src/kernels/a.ts", "export const a = (x: number) =>\n  x ** 2;", 2, "no **"],
  [
    "a power assigned",
    "src/kernels/a.ts",
    "export const a = (x: number) => { x **= 2; return x; };",
    1,
    "no **=",
  ],
  ["Math.pow", "src/kernels/a.ts", "export const a = (x: number) => Math.pow(x, 2);", 1, "no Math.pow"],
  ["Math.pow by another name", "src/kernels/a.ts", "const { pow } = Math;", 1, "no Math.pow"],
  [
    "a promise",
    "src/kernels/a.ts",
    "export const a = (): Promise<number> => b();",
    1,
    "no promises (Promise)",
  ],
  ["an async function", "src/kernels/a.ts", "export const a = async () => 1;", 1, "no promises (async)"],
  ["a fetch in a kernel", "src/kernels/a.ts", 'export const a = () => fetch("x");', 1, "no I/O (fetch)"],
  // metrics, derive
  ["metrics and rxjs", "src/operators/metrics/a.ts", 'import { of } from "rxjs";', 1, "must not import rxjs"],
  ["metrics and I/O", "src/operators/metrics/a.ts", 'import "node:fs/promises";', 1, "does no I/O"],
  [
    "metrics and flow",
    "src/operators/metrics/a.ts",
    'import { score } from "../flow/score.ts";',
    1,
    "operators/metrics must not import operators/flow",
  ],
  [
    "metrics and sources",
    "src/operators/metrics/a.ts",
    'import type { A } from "../../sources/a.ts";',
    1,
    "must not import sources",
  ],
  [
    "metrics and the catalogue",
    "src/operators/metrics/a.ts",
    'import { era5 } from "../../catalog/publicData.ts";',
    1,
    "must not import catalog",
  ],
  ["a clock", "src/operators/metrics/a.ts", "export const a = () => Date.now();", 1, "clocks (Date)"],
  ["the present", "src/operators/derive/a.ts", "export const a = () => new Date();", 1, "clocks (Date)"],
  ["the present, bare", "src/operators/derive/a.ts", "export const a = () => new Date;", 1, "clocks (Date)"],
  ["the present, called", "src/operators/derive/a.ts", "export const a = () => Date();", 1, "clocks (Date)"],
  [
    "a stop watch",
    "src/operators/derive/a.ts",
    "export const a = () => performance.now();",
    1,
    "clocks (performance)",
  ],
  ["a timer", "src/operators/derive/a.ts", "setTimeout(a, 1);", 1, "clocks (setTimeout)"],
  ["randomness", "src/operators/derive/a.ts", "export const a = () => Math.random();", 1, "randomness"],
  [
    "randomness of crypto",
    "src/operators/derive/a.ts",
    "export const a = () => crypto.randomUUID();",
    1,
    "randomness",
  ],
  [
    "randomness of globalThis",
    "src/operators/derive/a.ts",
    "export const a = () => globalThis.crypto;",
    1,
    "randomness",
  ],
  // flow
  [
    "flow and a file format",
    "src/operators/flow/a.ts",
    'import { open } from "zarrita";',
    1,
    "knows no file formats",
  ],
  [
    "flow and Parquet",
    "src/operators/flow/a.ts",
    'const a = await import("hyparquet");',
    1,
    "knows no file formats",
  ],
  [
    "flow and a disk",
    "src/operators/flow/a.ts",
    'import { readFile } from "node:fs/promises";',
    1,
    "does no I/O",
  ],
  [
    "flow and sources",
    "src/operators/flow/a.ts",
    'import { openZarr } from "../../sources/zarr/openZarr.ts";',
    1,
    "operators/flow must not import sources",
  ],
  [
    "flow and types of sources",
    "src/operators/flow/a.ts",
    'import type { StoredArray } from "../../sources/storedArray.ts";',
    1,
    "must not import sources",
  ],
  [
    "flow and sinks",
    "src/operators/flow/a.ts",
    'export { a } from "../../sinks/a.ts";',
    1,
    "must not import sinks",
  ],
  [
    "flow and threads",
    "src/operators/flow/a.ts",
    'import { Worker } from "node:worker_threads";',
    1,
    "processes and threads",
  ],
  // sources, sinks
  [
    "sources and sinks",
    "src/sources/zarr/a.ts",
    'import { a } from "../../sinks/zarr/a.ts";',
    1,
    "sources must not import sinks",
  ],
  [
    "sinks and sources",
    "src/sinks/zarr/a.ts",
    'import { a } from "../../sources/codecs/a.ts";',
    1,
    "sinks must not import sources",
  ],
  [
    "sources and operators",
    "src/sources/zarr/a.ts",
    'import type { A } from "../../operators/flow/a.ts";',
    1,
    "must not import operators/flow",
  ],
  [
    "sources and the catalogue",
    "src/sources/cf/a.ts",
    'import { a } from "../../catalog/variables.ts";',
    1,
    "must not import catalog",
  ],
  [
    "sources and the runtime",
    "src/sources/cf/a.ts",
    'import { a } from "../../runtime/a.ts";',
    1,
    "must not import runtime",
  ],
  [
    "a codec and a store",
    "src/sources/codecs/a.ts",
    'import { a } from "../stores/a.ts";',
    1,
    "point downward",
  ],
  [
    "a codec and a format",
    "src/sources/codecs/a.ts",
    'import type { A } from "../zarr/a.ts";',
    1,
    "point downward",
  ],
  [
    "a store and a format",
    "src/sources/stores/a.ts",
    'const a = () => import("../zarr/a.ts");',
    1,
    "point downward",
  ],
  [
    "a format and what opens it",
    "src/sources/zarr/a.ts",
    'import { openSource } from "../openSource.ts";',
    1,
    "point downward",
  ],
  [
    "zarrita's registry",
    "src/sources/codecs/a.ts",
    'import { registry } from "zarrita";\nregistry.set("a", b);',
    1,
    "registry",
  ],
  // catalog
  [
    "the catalogue and rxjs",
    "src/catalog/a.ts",
    'import type { Observable } from "rxjs";',
    1,
    "catalog must not import rxjs",
  ],
  [
    "the catalogue and operators",
    "src/catalog/a.ts",
    'import { rmse } from "../operators/metrics/a.ts";',
    1,
    "must not import operators/metrics",
  ],
  [
    "reading when imported",
    "src/catalog/a.ts",
    'import { readFileSync } from "node:fs";\nconst a = readFileSync("b");',
    2,
    "I/O when it is imported (readFileSync)",
  ],
  [
    "reading in an object",
    "src/catalog/a.ts",
    'import * as fs from "node:fs";\nexport const a = {\n  b: fs.readFileSync("b"),\n};',
    3,
    "I/O when it is imported (fs)",
  ],
  [
    "reading in a block",
    "src/catalog/a.ts",
    'import * as fs from "node:fs";\nif (b) {\n  fs.mkdirSync("b");\n}',
    3,
    "I/O when it is imported (fs)",
  ],
  [
    "fetching when imported",
    "src/catalog/a.ts",
    'const a = fetch("b");',
    1,
    "I/O when it is imported (fetch)",
  ],
  [
    "waiting when imported",
    "src/catalog/a.ts",
    'const a = await import("./b.ts");',
    1,
    "I/O when it is imported (await)",
  ],
  // everywhere
  ["process", "src/sinks/a.ts", "export const a = () => process.env.HOME;", 1, "process belongs to cli"],
  ["process as an argument", "src/sinks/a.ts", "a(process);", 1, "process belongs to cli"],
  ["process of globalThis", "src/sinks/a.ts", "globalThis.process.exit(1);", 1, "process belongs to cli"],
  [
    "process as a module",
    "src/sinks/a.ts",
    'import { env } from "node:process";',
    1,
    "processes and threads",
  ],
  [
    "threads",
    "src/sources/zarr/a.ts",
    'import { Worker } from "worker_threads";',
    1,
    "processes and threads",
  ],
  ["console", "src/operators/flow/a.ts", 'console.log("a");', 1, "console belongs to cli"],
  [
    "console in a template",
    "src/sinks/a.ts",
    `const a = () => \`\${console.log(1)}\`;`,
    1,
    "console belongs to cli",
  ],
  ["subscribe", "src/operators/flow/a.ts", "a.subscribe(b);", 1, "subscribe() belongs to cli"],
  ["subscribe of perhaps nothing", "src/sinks/a.ts", "a?.subscribe?.(b);", 1, "subscribe() belongs to cli"],
  ["let", "src/sources/zarr/a.ts", "let a = 1;", 1, "keeps state (let a)"],
  ["an exported let", "src/sources/zarr/a.ts", "const b = 1;\nexport let a = 1;", 2, "keeps state (let a)"],
  ["var", "src/sources/zarr/a.ts", "var a;", 1, "keeps state (var a)"],
  [
    "a cache",
    "src/sources/zarr/a.ts",
    "const a = new Map<string, number>();",
    1,
    "keeps state (a = new Map)",
  ],
  [
    "a cache with a type",
    "src/sources/zarr/a.ts",
    "const a: Map<string, number> = new Map();",
    1,
    "keeps state (a = new Map)",
  ],
  [
    "an exported table that changes",
    "src/sources/zarr/a.ts",
    "export const a = new Map([[1, 2]]);",
    1,
    "keeps state (a = new Map)",
  ],
  [
    "a weak cache",
    "src/operators/metrics/a.ts",
    "const a = new WeakMap<object, number>();",
    1,
    "keeps state (a = new WeakMap)",
  ],
  ["a list", "src/sinks/a.ts", "const a: string[] = [];", 1, "keeps state (a = [])"],
  ["a record", "src/sinks/a.ts", "const a: Record<string, number> = {};", 1, "keeps state (a = {})"],
  [
    "a subject",
    "src/operators/flow/a.ts",
    'import { Subject } from "rxjs";\nconst a = new Subject<void>();',
    2,
    "keeps state (a = new Subject)",
  ],
  [
    "a queue",
    "src/sources/stores/a.ts",
    "export const a = new PQueue({ concurrency: 4 });",
    1,
    "keeps state (a = new PQueue)",
  ],
  [
    "a counter",
    "src/sinks/a.ts",
    "const a = { n: 0 };\nexport const b = () => {\n  a.n += 1;\n};",
    3,
    "a function changes a",
  ],
  [
    "scratch space",
    "src/kernels/a.ts",
    "const a = new Float64Array(4);\nexport const b = (x: number) => {\n  a[0] = x;\n};",
    3,
    "a function changes a",
  ],
  [
    "a table that grows",
    "src/sinks/a.ts",
    "const a = [1];\nexport function b(): void {\n  a.push(2);\n}",
    3,
    "a function changes a",
  ],
  [
    "a static field",
    "src/sinks/a.ts",
    "export class A {\n  static count = 0;\n}",
    2,
    "a class keeps state (static count)",
  ],
  [
    "globalThis",
    "src/sinks/a.ts",
    "export const a = () => {\n  globalThis.b = 1;\n};",
    2,
    "changes globalThis",
  ],
  [
    "the wing",
    "src/operators/metrics/a.ts",
    'import { a } from "../../compat/ewb11/index.ts";',
    1,
    "must not import compat",
  ],
  [
    "the wing from the runtime",
    "src/runtime/a.ts",
    'import { a } from "../compat/ewb11/index.ts";',
    1,
    "must not import compat",
  ],
  [
    "a part of the wing from the runtime",
    "src/runtime/a.ts",
    'import("../compat/ewb11/a.ts");',
    1,
    "must not import compat",
  ],
  [
    "the runtime and the command line",
    "src/runtime/a.ts",
    'import { a } from "../cli/a.ts";',
    1,
    "runtime must not import cli",
  ],
  [
    "the wing and the runtime",
    "src/compat/ewb11/a.ts",
    'import { a } from "../../runtime/a.ts";',
    1,
    "compat must not import runtime",
  ],
  ["its own name", "src/runtime/a.ts", 'import { pairs } from "ewb";', 1, "imports itself by name"],
  ["beyond src", "src/runtime/a.ts", 'import { a } from "../../test/shared.ts";', 1, "outside src"],
  ["a computed import", "src/sources/zarr/a.ts", "const a = (b: string) => import(b);", 1, "computed import"],
  [
    "a type of an import",
    "src/kernels/a.ts",
    'type A = import("../model/source.ts").Source;',
    1,
    "no Source",
  ],
  [
    "code in the public list",
    "src/index.ts",
    'export { a } from "./model/a.ts";\nexport const b = 1;',
    2,
    "nothing else",
  ],
];

describe("what is caught", () => {
  test.each(bad)("%s", (_, file, text, line, message) => {
    const found = checkFile(file, text);
    expect(found.map((violation) => violation.message).join("\n")).toContain(message);
    expect(found.find((violation) => violation.message.includes(message))).toMatchObject({ file, line });
  });
});

/** A file that keeps every rule. */
const good: readonly (readonly [why: string, file: string, text: string])[] = [
  [
    "model imports types",
    "src/model/a.ts",
    'import type { Observable } from "rxjs";\nimport type { B } from "./b.ts";',
  ],
  [
    "kernels import model",
    "src/kernels/a.ts",
    'import { b } from "../model/grid.ts";\nimport type { Field } from "../model/field.ts";',
  ],
  [
    "comments and text",
    "src/kernels/a.ts",
    `/** x ** 2, Math.pow, process */\n// console.log(1)\nconst a = "x ** 2 process console";\nconst b = \`Promise ** \${1 + 1} async\`;`,
  ],
  ["a regular expression", "src/kernels/a.ts", "const a = /process ** console/g;\nconst b = 4 / 2 / 1;"],
  ["products", "src/kernels/a.ts", "export const a = (x: number) => x * x * x;\nexport const wide = 1;"],
  [
    "dates of a number",
    "src/operators/derive/a.ts",
    "export const a = (time: number) => new Date(time).getUTCHours();\nexport const b = Date.UTC(2020, 1, 1);",
  ],
  [
    "keys and properties",
    "src/sinks/a.ts",
    "interface A { process: number; console?: string }\nexport const a = { process: 1 };\nexport const b = (c: A) => c.process + c.console;",
  ],
  ["a method called subscribe", "src/sinks/a.ts", "export const a = { subscribe(b: () => void) { b(); } };"],
  [
    "state inside a function",
    "src/sinks/a.ts",
    "export const a = () => {\n  let b = 0;\n  const c = new Map<string, number>();\n  c.set('b', (b += 1));\n  return c;\n};",
  ],
  [
    "read-only tables",
    "src/sinks/a.ts",
    'const a: ReadonlySet<string> = new Set(["b"]);\nconst c = new Set(["d"]);\nconst e: readonly string[] = [];\nconst f = [] as const;\nexport const g = { h: 1 };',
  ],
  [
    "a table made when imported",
    "src/sources/codecs/a.ts",
    "const table = new Uint32Array(256);\nfor (let i = 0; i < 256; i += 1) {\n  table[i] = i;\n}\nexport const a = (i: number) => table[i];",
  ],
  [
    "a name that is used again inside",
    "src/sinks/a.ts",
    "const values = [1];\nexport const a = (values: number[]) => {\n  values.push(1);\n};",
  ],
  [
    "formats, stores, codecs",
    "src/sources/zarr/a.ts",
    'import { a } from "../stores/a.ts";\nimport { b } from "../codecs/b.ts";\nimport { c } from "../cf/c.ts";\nimport type { StoredArray } from "../storedArray.ts";',
  ],
  [
    "the contract of codecs",
    "src/sources/codecs/a.ts",
    'import type { StoredValues } from "../storedArray.ts";',
  ],
  ["the door of sources", "src/sources/openSource.ts", 'import { a } from "./zarr/a.ts";'],
  [
    "flow and rxjs",
    "src/operators/flow/a.ts",
    'import { from } from "rxjs";\nimport { createHash } from "node:crypto";\nimport { a } from "../metrics/a.ts";',
  ],
  [
    "the budget's ledger",
    "src/operators/flow/budget.ts",
    "const held = new AsyncLocalStorage();\na.subscribe(b);",
  ],
  [
    "reading when asked",
    "src/catalog/a.ts",
    'import { readFile } from "node:fs/promises";\nexport const a = async (b: string): Promise<string> => {\n  return await readFile(b, "utf8");\n};\nexport const c = (d: string) => readFile(d);\nexport function e(f: string): Promise<string> {\n  return readFile(f);\n}',
  ],
  [
    "the runtime",
    "src/runtime/a.ts",
    'let a = 1;\nconsole.log(process.argv);\nb.subscribe(c);\nconst d = () => import("../compat/ewb11/index.ts");\nconst e = (f: string) => import(f);',
  ],
  ["the command line", "src/cli/a.ts", 'import { a } from "../runtime/a.ts";\nprocess.exit(0);'],
  [
    "the public list",
    "src/index.ts",
    '/** List. */\nexport type { A } from "./model/a.ts";\nexport { b } from "./operators/flow/b.ts";\nexport * from "./c.ts";\n',
  ],
  [
    "static and read-only",
    "src/sinks/a.ts",
    "export class A {\n  static readonly a = 1;\n  static of(b: number) {\n    return new A();\n  }\n}",
  ],
];

describe("what is not", () => {
  test.each(good)("%s", (_, file, text) => expect(checkFile(file, text)).toEqual([]));
});
