import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** What measures memory or time of a process: one file after the other, when all else is over. */
const alone = ["test/memory/**/*.test.ts"];

/** What leaves nothing behind in what it imports, so that files share that. */
const together = ["catalog", "compat", "golden", "kernels", "laws", "operators", "sources"];
/** What of them hides the engine from modules, or looks at the memory of the process. */
const apart = [
  "test/kernels/leafTotal.test.ts",
  "test/catalog/caseFile.test.ts",
  "test/operators/flow/pairs.test.ts",
  "test/sources/codecs/faults.test.ts",
];
const shared = together.map((folder) => `test/${folder}/**/*.test.ts`);

// More than cores: many wait for servers and processes.
const maxWorkers = 3;

export default defineConfig({
  resolve: {
    alias: [
      { find: /^ewb$/, replacement: source("index.ts") },
      { find: /^ewb\/run$/, replacement: source("run.ts") },
      { find: /^ewb\/metrics$/, replacement: source("operators/metrics/index.ts") },
      { find: /^ewb\/derive$/, replacement: source("operators/derive/index.ts") },
      { find: /^ewb\/catalog$/, replacement: source("catalog/index.ts") },
      { find: /^ewb\/compat\/ewb11$/, replacement: source("compat/ewb11/index.ts") },
      { find: /^ewb\/testing$/, replacement: source("testing.ts") },
    ],
  },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    projects: [
      {
        extends: true,
        test: {
          name: "shared",
          include: shared,
          exclude: apart,
          isolate: false,
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: "all",
          include: ["test/*.test.ts", `test/!(${[...together, "memory"].join("|")})/**/*.test.ts`, ...apart],
          maxWorkers,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: "alone", include: alone, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
