/** The program as it is built: few files, and one copy of everything for it and for the pipelines it loads. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { ewb, temporary } from "../cli/ewb.ts";

/** The run, its budget and its cases were made by the program: a pipeline sees that they are of its own imports. */
const asking = (more = "") => `import { cases, MemoryBudget, type Run } from "ewb";
import * as catalog from "ewb/catalog";
import * as ewb11 from "ewb/compat/ewb11";
import * as derivations from "ewb/derive";
import * as metrics from "ewb/metrics";
import * as running from "ewb/run";
import * as laws from "ewb/testing";
import { Observable, map } from "rxjs";
import * as operators from "rxjs/operators";
import pipeline from "./question.ts";
${more}
export default (run: Run) => {
  if (!(run.budget instanceof MemoryBudget)) throw new Error("another ewb");
  if (!(cases(run) instanceof Observable)) throw new Error("another rxjs");
  if (operators.map !== map) throw new Error("other operators");
  for (const entry of [catalog, ewb11, derivations, metrics, running, laws]) {
    if (Object.keys(entry).length === 0) throw new Error("an empty entry");
  }
  return pipeline(run);
};
`;

describe("a pipeline gets the running copies", () => {
  const folder = temporary();
  const stream = async (text: string, kind: string) => {
    writeFileSync(join(folder, "asking.ts"), text);
    const args = ["stream", "asking.ts", "--limit", "2", "--workers", "1", "--workers-as", kind];
    return ewb(args, { cwd: folder });
  };

  beforeAll(async () => {
    expect((await ewb(["new", "question.ts"], { cwd: folder })).code).toBe(0);
  });

  test.each(["thread", "process"])("in a worker that is a %s", async (kind) => {
    const { code, err } = await stream(asking(), kind);
    expect(code, err).toBe(0);
    // What Node itself cannot strip is loaded in another way.
    const { code: compiled, err: said } = await stream(asking("enum Kind { One }\nvoid Kind.One;"), kind);
    expect(compiled, said).toBe(0);
  });
});

test("a cache folder that cannot be written to stops nobody", async () => {
  const folder = join(temporary(), "file");
  writeFileSync(folder, "");
  const { code, err } = await ewb(["new", `${folder}.ts`], { env: { EWB_CACHE: folder } });
  expect({ code, err }).toEqual({ code: 0, err: "" });
});

const version = (name: string): string =>
  JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8")).version;

test("the licenses of what was bundled are with it", () => {
  const text = readFileSync("dist/program/licenses.txt", "utf8");
  for (const name of ["commander", "hyparquet", "rxjs", "yaml"])
    expect(text).toContain(`${name} ${version(name)}: `);
  expect(text).toMatch(/Apache License/);
});
