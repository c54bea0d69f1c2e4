import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { UnitInputs } from "../../src/model/finished.ts";
import { fingerprint } from "../../src/runtime/pipelineModule.ts";
import { resumable } from "../../src/runtime/resumable.ts";
import { merged } from "./ledger/here.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-resume-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const hash = "0123456789abcdef";
const inputs: UnitInputs = {
  ...{ forecast: hash, target: hash, beside: hash },
  lacks: { forecast: false, target: false },
};
const unit = (leadHours: number) => ({ target: "o", initTime: 0, leadHours });

const pipelineFile = (name: string, text = "export default () => {};\n"): string => {
  const path = join(root, `${name}.ts`);
  writeFileSync(path, text);
  return path;
};

/** A run of a pipeline, with what it said. */
const run = async (file: string, more: { fresh?: boolean; keepAfter?: number } = {}) => {
  const said: string[] = [];
  const keeping = await resumable({
    ...{ file, out: root, fresh: false, say: (message: string) => said.push(message) },
    mark: fingerprint(file),
    ...{ keepAfter: 0, ...more },
  });
  return { ...keeping, said };
};

/** Resolves when the run keeps what it finishes. */
const begun = (keeping: { onKeep(act: (nothing: boolean) => void): void }) =>
  new Promise<boolean>((resolve) => keeping.onKeep(resolve));

test("what a run that did not end well has finished is there for the next one, and gone when that ends well", async () => {
  const file = pipelineFile("whole");
  const first = await run(file);
  expect(first.isResumed).toBe(false);
  const site = first.finished.site("a");
  expect(site.size).toBe(0);
  site.record(unit(0), inputs, [[1]]);
  await begun(first);
  site.record(unit(6), inputs, [[2]]);
  first.finished.site("b").record(unit(12), inputs, [[3]]);
  await first.end(false);

  const second = await run(file);
  expect(second.isResumed).toBe(true);
  expect(second.said.join()).toContain("going on where an earlier run of this pipeline ended");
  const again = second.finished.site("a");
  expect([again.size, again.find(unit(6)), again.find(unit(12))]).toEqual([2, inputs, undefined]);
  const merge = (_: number, a: any, b: any) => [...a, ...b].sort();
  expect(await merged(again, [unit(0), unit(6)], merge)).toEqual([[1, 2]]);
  await second.end(true);
  expect(existsSync(join(root, "whole.resume"))).toBe(false);
});

test("a short run leaves nothing behind, well or not", async () => {
  const file = pipelineFile("short");
  const short = await run(file, { keepAfter: 60_000 });
  short.finished.site("a").record(unit(0), inputs, [[1]]);
  await short.end(false);
  expect(existsSync(join(root, "short.resume"))).toBe(false);
});

test("--fresh, and another pipeline under the same name, begin anew", async () => {
  const file = pipelineFile("fresh");
  const leave = async () => {
    const first = await run(file);
    first.finished.site("a").record(unit(0), inputs, [[1]]);
    await begun(first);
    await first.end(false);
  };
  await leave();
  const fresh = await run(file, { fresh: true, keepAfter: 60_000 });
  expect(fresh.isResumed).toBe(false);
  await fresh.end(true);
  await leave();
  pipelineFile("fresh", "export default () => 1;\n");
  const changed = await run(file);
  expect(changed.finished.site("a").size).toBe(0);
  expect(changed.said.join()).toContain("has changed");
  expect(changed.said.join()).not.toContain("going on");
  await changed.end(true);
});

test("nothing is kept of a pipeline that was changed after the run began", async () => {
  const file = pipelineFile("edited");
  const first = await run(file, { keepAfter: 50 });
  first.finished.site("a").record(unit(0), inputs, [[1]]);
  pipelineFile("edited", "export default () => 2;\n");
  expect(await begun(first)).toBe(true);
  expect(first.said.join()).toContain("was changed after the run began");
  await first.end(false);
  expect(existsSync(join(root, "edited.resume"))).toBe(false);
});

test("a second run at the same time goes on without, and says so", async () => {
  const file = pipelineFile("twice");
  const first = await run(file);
  await begun(first);
  const second = await run(file);
  expect(second.said.join()).toMatch(/could not be resumed if it were killed: .*in use by/);
  second.finished.site("a").record(unit(0), inputs, [[1]]);
  await second.end(true);
  expect(existsSync(join(root, "twice.resume"))).toBe(true);
  await first.end(true);
  expect(existsSync(join(root, "twice.resume"))).toBe(false);
}, 20_000);
