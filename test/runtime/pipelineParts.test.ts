/** What a pipeline is made of: what a change of each makes of its fingerprint, and what cannot be followed. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { fingerprintOf, pipelineParts } from "../../src/runtime/pipelineParts.ts";
import { changeOf, filesAndPackages } from "../../src/runtime/watch/about.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-parts-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder with a pipeline and what is beside it. */
const world = (pipeline: string, more: Readonly<Record<string, string>> = {}) => {
  const folder = mkdtempSync(join(root, "p-"));
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text, name.endsWith(".wasm") ? "latin1" : "utf8");
  };
  for (const [name, text] of Object.entries(more)) put(name, text);
  put("pipeline.ts", pipeline);
  const file = join(folder, "pipeline.ts");
  return {
    folder,
    file,
    put,
    parts: () => pipelineParts(file),
    mark: () => fingerprintOf(pipelineParts(file)),
  };
};

const about = (version: string, more: object = {}) => JSON.stringify({ name: "x", version, ...more });
const ofPackage = {
  "node_modules/a/package.json": about("1.0.0", {
    dependencies: { b: "*" },
    optionalDependencies: { none: "*" },
  }),
  "node_modules/a/index.js": "export const a = 1;",
  "node_modules/b/package.json": about("2.0.0"),
  "node_modules/@s/c/package.json": about("3.0.0"),
};

describe("a change counts", () => {
  test.each<[string, string, string, string]>([
    ["of what is imported", 'import { x } from "./lib/x.ts";', "lib/x.ts", "2"],
    ["of what that imports, by the name of its compiled file", 'import "./lib/y.js";', "lib/x.ts", "2"],
    ["of what is required", 'const x = require("./lib/x");', "lib/x.ts", "2"],
    ["of what is exported from elsewhere", 'export * from "./lib/x";', "lib/x.ts", "2"],
    ["of what is imported later on", "await import(`./lib/x.ts`);", "lib/x.ts", "2"],
    ["of what follows a type", 'export type T = number\nexport { x } from "./lib/x.ts"', "lib/x.ts", "2"],
    ["of one byte of what is no text", 'import "./a.wasm";', "a.wasm", "\u00ff"],
    ["of a file of data", 'import x from "./data.json" with { type: "json" };', "data.json", "[2]"],
    ["of the version of a package", 'import a from "a";', "node_modules/a/package.json", about("1.0.1")],
    [
      "of a package that is required, by a path in it",
      'require("a/more.js")',
      "node_modules/a/package.json",
      about("2"),
    ],
    ["of a package of a package", 'import a from "a";', "node_modules/b/package.json", about("2.1.0")],
    [
      "of a package in a scope",
      'import { c } from "@s/c/deep";',
      "node_modules/@s/c/package.json",
      about("4"),
    ],
    ["of a package of a local file", 'import "./lib/z.ts";', "node_modules/b/package.json", about("5")],
    ["of a workspace, anywhere in its code", 'import w from "w";', "packages/w/src/deep/one.ts", "2"],
    ["of what a workspace depends on", 'import w from "w";', "node_modules/b/package.json", about("5")],
  ])("%s", (_, pipeline, path, text) => {
    const { folder, put, mark, parts } = world(pipeline, {
      ...ofPackage,
      "lib/x.ts": "export const x = 1;",
      "lib/y.ts": 'import "./x.ts";',
      "lib/z.ts": 'import "b";',
      "data.json": "[1]",
      "a.wasm": "\u00fe",
      "packages/w/package.json": about("1.0.0", { dependencies: { b: "*" } }),
      "packages/w/src/deep/one.ts": "1",
    });
    symlinkSync(join(folder, "packages", "w"), join(folder, "node_modules", "w"), "junction");
    symlinkSync(join(folder, "nowhere"), join(folder, "packages", "w", "gone.ts"), "junction");
    const before = mark();
    expect(mark()).toBe(before);
    put(path, text);
    expect(mark()).not.toBe(before);
    expect(parts().unfollowed).toEqual([]);
  });

  test("of what moves from the end of one file to the beginning of the next", () => {
    const { put, mark } = world('import "./x.ts";\n1;', { "x.ts": "2;" });
    const before = mark();
    put("pipeline.ts", 'import "./x.ts";\n');
    put("x.ts", "1;2;");
    expect(mark()).not.toBe(before);
  });

  test.each<[string, string, string, string]>([
    ["of types", 'import type { T } from "./lib/x.ts";', "lib/x.ts", "2"],
    ["of types, all of them", 'export type * as T from "./lib/x.ts"', "lib/x.ts", "2"],
    ["of a type by its name", 'import type T from "./lib/x.ts"', "lib/x.ts", "2"],
    ["of a package without another version", 'import a from "a";', "node_modules/a/index.js", "2"],
    ["of what is not imported", 'import "node:fs"; import "ewb"; import "rxjs";', "lib/x.ts", "2"],
  ])("not %s", (_, pipeline, path, text) => {
    const { put, mark, parts } = world(pipeline, { ...ofPackage, "lib/x.ts": "1" });
    const before = mark();
    put(path, text);
    expect(mark()).toBe(before);
    expect(parts().unfollowed).toEqual([]);
  });
});

test.each([
  ["await import(name);", ["pipeline.ts: a name that is worked out"]],
  ["await import(`./$" + "{name}.ts`);", ["pipeline.ts: a name that is worked out"]],
  ['import "./lib/x.ts";', [`${join("lib", "x.ts")}: a name that is worked out`]],
  ['import x from "#x";\nimport y from "nowhere/y";', ["pipeline.ts: #x", "pipeline.ts: nowhere/y"]],
  ['// import(name), import "nowhere"\n/* require(name) */ from("a");', []],
])("what cannot be followed is told: %s", (pipeline, expected) => {
  expect(world(pipeline, { "lib/x.ts": "require(join(a, b))" }).parts().unfollowed).toEqual(expected);
});

test("what has changed is said by name", () => {
  const { file, put, parts } = world('import a from "a"; import "./x.ts"; import "./y.ts";', {
    ...ofPackage,
    "x.ts": "1",
    "y.ts": "1",
  });
  const now = (version = "1") => ({
    ...{ pipeline: fingerprintOf(parts()), version },
    ...filesAndPackages(file, parts()),
  });
  const before = now();
  expect(changeOf(undefined, before)).toBeUndefined();
  expect(changeOf(before, now())).toBeUndefined();
  expect(changeOf(before, now("2"))).toBe("ewb was 1, it is 2");
  put("x.ts", "2");
  put("node_modules/b/package.json", about("2.1.0"));
  expect(changeOf(before, now())).toBe(
    "the pipeline, or something it imports, has changed (x.ts, package b is 2.1.0, was 2.0.0)",
  );
  put(basename(file), 'import "./x.ts"; import "./z.ts";');
  put("z.ts", "1");
  expect(changeOf(before, now("2"))).toBe(
    "ewb was 1, it is 2; the pipeline, or something it imports, has changed " +
      "(pipeline.ts, x.ts, y.ts is gone, z.ts is new, package a is gone, was 1.0.0 and 1 more)",
  );
});
