import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { lastValueFrom, tap, toArray } from "rxjs";
import { beforeAll, expect, test } from "vitest";
import type { RunEvent } from "../../src/model/event.ts";
import { fingerprint } from "../../src/runtime/pipelineModule.ts";
import { ensureSample } from "../../src/runtime/sampleData.ts";
import { sourceAddresses } from "../../src/runtime/sourceAddresses.ts";
import { stream } from "../../src/runtime/stream.ts";
import { cache, temporary } from "../cli/ewb.ts";
import { giveFolder, serve } from "../sources/stores/server.ts";

const pipeline = resolve("pipelines/heatwave.ts");
let sample: string;
beforeAll(async () => {
  sample = (await ensureSample(cache)).folder;
});

test("an aborted signal stops at once: an error, nothing published, no failures", async () => {
  const out = temporary();
  const controller = new AbortController();
  const events: RunEvent[] = [];
  const rows = stream(pipeline, {
    cache,
    out,
    workers: 0,
    signal: controller.signal,
    onEvent: (event) => events.push(event),
  }).pipe(tap(() => controller.abort()));
  await expect(lastValueFrom(rows)).rejects.toMatchObject({ tag: "Stopped" });
  await new Promise((later) => setTimeout(later, 300));
  expect(readdirSync(out)).toEqual([]);
  expect(events.filter(({ event }) => event === "failure" || event === "published")).toEqual([]);
  await expect(
    lastValueFrom(stream(pipeline, { cache, out, signal: controller.signal })),
  ).rejects.toMatchObject({ tag: "Stopped" });
});

test("passwords and signed queries of addresses get into no file and no event", async () => {
  const out = temporary();
  await using server = await serve(giveFolder(sample));
  const base = server.url.replace("://", "://me:pw123@");
  const data = join(out, "web.yaml");
  writeFileSync(
    data,
    `name: web
cases: ${join(sample, "cases.yaml")}
forecasts: [{ name: model, zarr: "${base}/model-b.zarr?sig=SECRET" }]
targets:
  - { name: analysis, zarr: "${base}/era5.zarr?sig=SECRET" }
  - { name: wrong, zarr: "${base}/model-b.zarr?sig=SECRET" }
`,
  );
  const told: RunEvent[] = [];
  const options = { cache, out, data, workers: 0, select: { limit: 1 } };
  const rows = stream(pipeline, { ...options, onEvent: (event) => told.push(event) });
  expect((await lastValueFrom(rows.pipe(toArray()))).length).toBeGreaterThan(0);
  expect(told.filter(({ event }) => event === "failure").length).toBeGreaterThan(0);
  expect(JSON.stringify(told)).not.toMatch(/SECRET|pw123/);
  for (const name of readdirSync(out).filter((file) => file !== "web.yaml")) {
    expect(readFileSync(join(out, name), "latin1"), name).not.toMatch(/SECRET|pw123/);
  }
});

test("addresses are told without what is secret, also within a message", () => {
  const { learn, told } = sourceAddresses();
  for (const address of ["https://me:secret@host/x.zarr?sig=key", "/a/folder", "gs://bucket/x"])
    learn(address);
  expect(told("https://me:secret@host/x.zarr?sig=key: no such store")).toBe(
    "https://host/x.zarr: no such store",
  );
  expect([told("/a/folder"), told("gs://bucket/x"), told(null)]).toEqual([
    "/a/folder",
    "gs://bucket/x",
    null,
  ]);
});

test("the fingerprint of a pipeline follows its imports, with ending, without, and of a folder", () => {
  const folder = temporary();
  const file = join(folder, "pipeline.ts");
  mkdirSync(join(folder, "lib"));
  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  write("pipeline.ts", 'import "./one.ts"; import "./two"; import "./lib"; export default 1;');
  for (const name of ["one.ts", "two.ts", "lib/index.ts"]) write(name, "export const a = 1;");
  const first = fingerprint(file);
  for (const name of ["one.ts", "two.ts", "lib/index.ts"]) {
    write(name, "export const a = 2;");
    expect(fingerprint(file), name).not.toBe(first);
    write(name, "export const a = 1;");
  }
  expect(fingerprint(file)).toBe(first);
});
