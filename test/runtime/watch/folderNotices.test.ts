/** What is noticed of a data set's folders on a real disk. */
import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Source } from "../../../src/model/source.ts";
import { folderNotices } from "../../../src/runtime/watch/folderNotices.ts";
import { localPlaces } from "../../../src/runtime/watch/localPlaces.ts";
import { smallFeed } from "./smallFeed.ts";

const root = mkdtempSync(join(tmpdir(), "ewb-places-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const source = (address: string, more: Partial<Source> = {}): Source => ({
  role: "forecast",
  name: address,
  format: "zarr",
  address,
  variables: {},
  ...more,
});

test("the places of a data set are its folders on this machine, those of arrays and of chunks with them", () => {
  const at = (name: string) => join(root, "places", name);
  mkdirSync(at("a.zarr/t2m/c"), { recursive: true });
  mkdirSync(at("a.zarr/time"), { recursive: true });
  mkdirSync(at("inits"), { recursive: true });
  const sources = [
    source(at("a.zarr")),
    source(at("inits/{init:yyyyMMddHH}.zarr")),
    source("https://example.org/b.zarr"),
    source("gs://bucket/c.zarr"),
    source("m", { format: "memory" }),
  ];
  const targets = [source(`file://${at("stations.parquet")}`, { format: "stations" })];
  const places = localPlaces({ forecasts: sources, targets }, [at("data.yaml")]);
  expect([...places].sort()).toEqual(
    ["a.zarr", "a.zarr/t2m", "a.zarr/t2m/c", "a.zarr/time", "data.yaml", "inits", "stations.parquet"].map(at),
  );
});

test("a chunk, new metadata, the case file and the data set are noticed; a result beside them is not", async () => {
  const folder = join(root, "feed");
  const feed = smallFeed(folder);
  feed.arrive(0);
  let told = 0;
  const notices = folderNotices({ data: feed.data }, { tell: () => void told++ });
  const noticed = async (act: () => void) => {
    const before = told;
    act();
    for (let i = 0; i < 400 && told === before; i++) await new Promise((resolve) => setTimeout(resolve, 25));
    const quiet = told;
    // Events that belong together may come one after the other.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(told).toBeGreaterThan(before);
    return quiet;
  };
  try {
    await notices.renew();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await noticed(() => writeFileSync(join(folder, "model.zarr/2m_temperature/9.0.0.0"), "late"));
    await noticed(() => writeFileSync(join(folder, "model.zarr/.zmetadata"), "{}"));
    await noticed(() => appendFileSync(join(folder, "cases.yaml"), "\n"));
    await noticed(() => {
      writeFileSync(join(folder, "new"), "name: feed");
      renameSync(join(folder, "new"), feed.data);
    });
    const before = told;
    writeFileSync(join(folder, "rows.parquet"), "x");
    mkdirSync(join(folder, "pipeline.ledger"));
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(told).toBe(before);
  } finally {
    notices.close();
  }
  const after = told;
  writeFileSync(join(folder, "model.zarr/.zmetadata"), "{ }");
  await new Promise((resolve) => setTimeout(resolve, 1000));
  expect(told).toBe(after);
});
