import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

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
    include: ["test/**/*.test.ts", "*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
