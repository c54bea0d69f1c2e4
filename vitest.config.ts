import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** What measures memory or time of a process: one file after the other, when all else is over. */
const alone = ["test/memory/**/*.test.ts"];

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
          name: "all",
          include: ["test/**/*.test.ts", "*.test.ts"],
          exclude: [...alone, "node_modules/**"],
          // More than cores: many wait for servers and processes.
          maxWorkers: 3,
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
