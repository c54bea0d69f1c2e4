/** The modules that are committed are what their sources say. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compile, modules } from "../../tools/wasm.ts";

test.each(modules())("assembly/%s", async (name) => {
  expect(await compile(name), "run npm run wasm").toBe(
    readFileSync(`src/kernels/wasm/${name}.code.ts`, "utf8"),
  );
});
