import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { cache, run, temporary } from "./ewb.ts";

test("a stream that is given up before it has begun leaves nothing that keeps the program alive", async () => {
  const out = temporary();
  const options = { cache, data: "sample", workers: 1, out };
  const file = join(out, "program.mjs");
  writeFileSync(
    file,
    `import { stream } from ${JSON.stringify(pathToFileURL(resolve("dist/run.js")).href)};
    stream(${JSON.stringify(resolve("pipelines/heatwave.ts"))}, ${JSON.stringify(options)}).subscribe().unsubscribe();`,
  );
  // Whoever waits for it kills it.
  const kill = AbortSignal.timeout(15_000);
  const { code } = await run(process.execPath, [file], {
    with: (child) => kill.addEventListener("abort", () => child.kill("SIGKILL")),
  });
  expect(code).toBe(0);
}, 30_000);
