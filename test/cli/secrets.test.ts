import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureSample } from "../../src/runtime/sampleData.ts";
import { giveFolder, serve } from "../sources/stores/server.ts";
import { cache, ewb, temporary } from "./ewb.ts";

test("what a worker says of an address is without its password and its signed query", async () => {
  const { folder } = await ensureSample(cache);
  const out = temporary();
  await using server = await serve(giveFolder(folder));
  const base = server.url.replace("://", "://me:pw123@");
  const data = join(out, "web.yaml");
  writeFileSync(
    data,
    `name: web
cases: ${join(folder, "cases.yaml")}
forecasts: [{ name: model, zarr: "${base}/model-b.zarr?sig=SECRET" }]
targets:
  - { name: analysis, zarr: "${base}/era5.zarr?sig=SECRET" }
  - { name: wrong, zarr: "${base}/model-b.zarr?sig=SECRET" }
`,
  );
  // No run has such leads: a gap for each case.
  const none = ["--leads", "9000..9001", "--workers", "1", "--json"];
  const { out: told, err } = await ewb([
    "stream",
    "pipelines/heatwave.ts",
    "--data",
    data,
    "--out",
    out,
    ...none,
  ]);
  expect(told).toMatch(/"event":"gap"/);
  expect(told).toMatch(/"event":"failure"/);
  expect(told + err).not.toMatch(/SECRET|pw123/);
});
